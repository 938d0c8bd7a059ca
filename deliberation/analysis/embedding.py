"""Texts as vectors, each encoded once and then kept in the database."""

import hashlib
import logging
from collections.abc import Iterable
from functools import cache
from pathlib import Path

import numpy as np
from django.conf import settings
from django.db.models import Exists, F, OuterRef
from numpy.typing import NDArray

from deliberation.models import Argument, Embedding, Question, Statement, StatementText, text_digest
from deliberation.models.embedding import TextDigest
from summarizer.embedding import Encoder, load_encoder
from summarizer.models import EncoderSpec

logger = logging.getLogger(__name__)


@cache
def encoder() -> Encoder:
    """The assembly's encoder: the packaged one, a directory, or a model id of the hub, as the operator set it."""
    logger.info("loading the encoder (%s)", settings.ENCODER)
    return load_encoder(spec_of(settings.ENCODER))


def vectors_of(texts: list[str]) -> NDArray[np.float32]:
    """One unit row per text."""
    digests = [text_digest(text) for text in texts]
    kept = kept_vectors(digests)
    new = {digest: text for digest, text in zip(digests, texts, strict=True) if digest not in kept}
    if new:
        kept |= dict(zip(new, encoder().encode(list(new.values())), strict=True))
        Embedding.objects.bulk_create(
            [Embedding(text_digest=each, encoder=_which(), vector=kept[each].astype("<f4").tobytes()) for each in new],
            ignore_conflicts=True,
        )
    return np.stack([kept[digest] for digest in digests]) if texts else np.zeros((0, encoder().dimensions), np.float32)


def kept_vectors(digests: Iterable[bytes]) -> dict[bytes, NDArray[np.float32]]:
    """The vectors of those texts, by digest, that this encoder has met before."""
    return {
        bytes(row.text_digest): np.frombuffer(bytes(row.vector), dtype="<f4")
        for row in Embedding.objects.filter(text_digest__in=set(digests), encoder=_which())
    }


def embed_missing(most: int = 4) -> int:
    """Encode shown contributions of any assembly that have no vector yet, a few at a time; how many there were."""
    known = Embedding.objects.filter(text_digest=OuterRef("digest"), encoder=_which())
    shown = Statement.objects.shown()
    missing: list[str] = []
    texts = StatementText.objects.filter(statement__in=shown)
    for written in (shown, Argument.objects.shown(), texts, Question.objects.shown()):
        unknown = written.annotate(digest=TextDigest(F("text"))).filter(~Exists(known))
        missing += unknown.order_by("-pk").values_list("text", flat=True)[: most - len(missing)]
    vectors_of(missing)
    return len(missing)


@cache
def _which() -> str:
    return hashlib.sha256(repr(encoder().card).encode()).hexdigest()


def spec_of(name: str) -> EncoderSpec:
    if name == "packaged":
        return EncoderSpec(kind="packaged", path=settings.MODELS_DIR / "multilingual-e5-small")
    if Path(name).is_dir():
        return EncoderSpec("directory", Path(name), Path(name).name, licence=settings.ENCODER_LICENCE)
    model_id, _, revision = name.partition("@")
    return EncoderSpec(
        kind="hub",
        model_id=model_id,
        revision=revision or None,
        licence=settings.ENCODER_LICENCE,
        offline=settings.MODELS_OFFLINE,
    )
