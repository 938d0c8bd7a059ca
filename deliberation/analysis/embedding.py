"""Texts as vectors, each encoded once and then kept in the database."""

import hashlib
import logging
from functools import cache
from pathlib import Path

import numpy as np
from django.conf import settings
from numpy.typing import NDArray

from deliberation.models import Embedding, text_digest
from summarizer.embedding import Encoder, load_encoder
from summarizer.models import EncoderSpec

logger = logging.getLogger(__name__)


@cache
def encoder() -> Encoder:
    """The assembly's encoder: the packaged one, a directory, or a model id of the hub, as the operator set it."""
    logger.info("loading the encoder (%s)", settings.ENCODER)
    return load_encoder(_spec(settings.ENCODER))


def vectors_of(texts: list[str]) -> NDArray[np.float32]:
    """One unit row per text."""
    which = hashlib.sha256(repr(encoder().card).encode()).hexdigest()
    digests = [text_digest(text) for text in texts]
    kept = {
        bytes(row.text_digest): np.frombuffer(bytes(row.vector), dtype="<f4")
        for row in Embedding.objects.filter(text_digest__in=set(digests), encoder=which)
    }
    new = {digest: text for digest, text in zip(digests, texts, strict=True) if digest not in kept}
    if new:
        kept |= dict(zip(new, encoder().encode(list(new.values())), strict=True))
        Embedding.objects.bulk_create(
            [Embedding(text_digest=each, encoder=which, vector=kept[each].astype("<f4").tobytes()) for each in new],
            ignore_conflicts=True,
        )
    return np.stack([kept[digest] for digest in digests]) if texts else np.zeros((0, encoder().dimensions), np.float32)


def _spec(name: str) -> EncoderSpec:
    if name == "packaged":
        return EncoderSpec(kind="packaged", path=settings.MODELS_DIR / "multilingual-e5-small")
    if Path(name).is_dir():
        return EncoderSpec(kind="directory", path=Path(name), model_id=Path(name).name)
    model_id, _, revision = name.partition("@")
    return EncoderSpec(kind="hub", model_id=model_id, revision=revision or None)
