"""The models that read and draft: which ones the operator chose, and whether their weights are what they should be."""

import dataclasses
import logging
from functools import cache
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.core.cache import cache as shared
from redis.exceptions import RedisError

from deliberation.analysis.embedding import encoder, spec_of
from deliberation.analysis.endpoint import EndpointModel
from deliberation.models import Assembly, ModelChoice
from summarizer.causal import WHEEL_LICENCE, identify_generator, load_generator
from summarizer.embedding import Encoder, identify_encoder
from summarizer.generation import Generator
from summarizer.models import EncoderSpec, GeneratorSpec, ModelCard, ModelUnavailableError
from summarizer.packaged_weights import LICENCE

logger = logging.getLogger(__name__)
KNOWN = "models-in-use"
PACKAGED_LICENCES = {"encoder": LICENCE, "rewriter": WHEEL_LICENCE}


def rewriting_is_on(assembly: Assembly) -> bool:
    """Whether neither a facilitator nor the operator switched drafting off."""
    chosen = ModelChoice.objects.filter(assembly=assembly).first()
    return rewriter_is_offered() and (chosen is None or chosen.rewriter)


def rewriter_is_offered() -> bool:
    """Whether the operator has one at all."""
    return bool(settings.GENERATOR != "off")


@cache
def generator() -> Generator:
    """Loaded once a process; only the language worker ever needs it. Raises ModelUnavailableError."""
    if settings.GENERATOR_URL:
        return EndpointModel(settings.GENERATOR_URL, settings.GENERATOR, settings.GENERATOR_KEY, languages())
    logger.info("loading the drafting model (%s)", settings.GENERATOR)
    return _pinned(load_generator(_spec(settings.GENERATOR)), settings.GENERATOR_SHA256)


def reader() -> Encoder:
    """The encoder, if its weights are those that the operator named. Raises ModelUnavailableError."""
    checked: Encoder = _pinned(encoder(), settings.ENCODER_SHA256)
    return checked


def languages() -> frozenset[str]:
    return frozenset(settings.GENERATOR_LANGUAGES.split())


def where_it_drafts() -> str:
    """The host that drafts; empty is this machine."""
    return urlsplit(settings.GENERATOR_URL).hostname or "" if settings.GENERATOR_URL else ""


def check_models() -> list[dict[str, Any]]:
    """Hash the weights that are configured and say what they are, for the public page, without loading them."""
    known = [_identified("encoder", settings.ENCODER_SHA256)]
    if rewriter_is_offered() and not settings.GENERATOR_URL:
        known.append(_identified("rewriter", settings.GENERATOR_SHA256))
    try:
        shared.set(KNOWN, known, timeout=None)
    except RedisError as error:
        logger.warning("Redis did not take note of the models in use (%s)", error)
    return known


def known_models() -> list[dict[str, Any]]:
    """What the language worker found when it started; empty before its first start."""
    try:
        found: list[dict[str, Any]] = shared.get(KNOWN) or []
    except RedisError:
        return []
    return found


def card_of(job: str, card: ModelCard, prompt: str = "") -> dict[str, Any]:
    return {"job": job, **dataclasses.asdict(card), **({"prompt_sha256": prompt} if prompt else {})}


def _identified(job: str, expected: str) -> dict[str, Any]:
    """What the weights are; one that is missing or another than expected is said in the log and on the page."""
    spec: EncoderSpec | GeneratorSpec = spec_of(settings.ENCODER) if job == "encoder" else _spec(settings.GENERATOR)
    try:
        revision, sha256 = identify_encoder(spec) if isinstance(spec, EncoderSpec) else identify_generator(spec)
        _check(spec.model_id, sha256, expected)
    except ModelUnavailableError as error:
        logger.error("the %s cannot be used: %s", job, error)
        return {"job": job, "unavailable": str(error)}
    licence = spec.licence if spec.kind != "packaged" else PACKAGED_LICENCES[job]
    return {"job": job, "model_id": spec.model_id, "revision": revision, "weights_sha256": sha256, "licence": licence}


def _pinned(model: Any, expected: str) -> Any:
    _check(model.card.model_id, model.card.weights_sha256, expected)
    return model


def _check(model_id: str, sha256: str, expected: str) -> None:
    """Raises ModelUnavailableError where the operator named another hash."""
    if expected and sha256 != expected:
        raise ModelUnavailableError(f"The weights of {model_id} have the hash {sha256}, not the one configured.")


def _spec(name: str) -> GeneratorSpec:
    if name == "packaged":
        return GeneratorSpec(languages=languages())
    if Path(name).is_dir():
        path = Path(name)
        return GeneratorSpec("directory", path, path.name, licence=settings.GENERATOR_LICENCE, languages=languages())
    model_id, _, revision = name.partition("@")
    return GeneratorSpec(
        kind="hub",
        model_id=model_id,
        revision=revision or None,
        licence=settings.GENERATOR_LICENCE,
        languages=languages(),
        offline=settings.MODELS_OFFLINE,
    )
