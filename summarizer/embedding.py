"""Texts as vectors: near in meaning, near in space, also across languages."""

import os
from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from summarizer.models import (
    EncoderSpec,
    ModelCard,
    ModelUnavailableError,
    engine,
    faster_dtype,
    hub_snapshot,
    sha256_of_weights,
)
from summarizer.packaged_weights import LICENCE, REVISION, unpack_packaged_encoder

Vectors = NDArray[np.float32]

BATCH = 32
LENGTH_STEP = 8
DECIMALS = 6
_HUB_FILES = ["*.json", "model*.safetensors", "tokenizer*"]


class Encoder:
    """A loaded sentence encoder (E5: prefix, mean pooling, unit length; Wang et al. 2024, arXiv 2402.05672)."""

    def __init__(self, model: Any, tokenizer: Any, card: ModelCard, prefix: str) -> None:
        self.card = card
        self._model = model
        self._tokenizer = tokenizer
        self._prefix = prefix

    @property
    def dimensions(self) -> int:
        return int(self._model.config.hidden_size)

    def encode(self, texts: Sequence[str], on_progress: Callable[[int, int], None] | None = None) -> Vectors:
        """Return an array (len(texts), dimensions) of unit rows, rounded to six decimals.

        A text's vector does not depend on the texts beside it: batches hold one padded length only, because in
        half precision the length of the padding shows in the third decimal. Texts are cut at the model's maximum
        length. `on_progress(done, total)` is called after each batch.
        """
        vectors = np.zeros((len(texts), self.dimensions), dtype=np.float32)
        done = 0
        for length, rows, token_ids in self._batches(texts):
            vectors[rows] = self._embed(token_ids, length)
            done += len(rows)
            if on_progress:
                on_progress(done, len(texts))
        return vectors

    def _batches(self, texts: Sequence[str]) -> Iterator[tuple[int, list[int], list[list[int]]]]:
        if not texts:
            return
        encoded: list[list[int]] = self._tokenizer(
            [self._prefix + text for text in texts], truncation=True, max_length=self._longest()
        )["input_ids"]
        rows_by_length: dict[int, list[int]] = defaultdict(list)
        for row, token_ids in enumerate(encoded):
            rows_by_length[-(-len(token_ids) // LENGTH_STEP) * LENGTH_STEP].append(row)
        for length in sorted(rows_by_length):
            rows = rows_by_length[length]
            for start in range(0, len(rows), BATCH):
                batch = rows[start : start + BATCH]
                yield length, batch, [encoded[row] for row in batch]

    def _longest(self) -> int:
        positions = int(self._model.config.max_position_embeddings)
        return min(positions, 512) // LENGTH_STEP * LENGTH_STEP

    def _embed(self, token_ids: list[list[int]], length: int) -> Vectors:
        import torch  # slow import

        padding = self._tokenizer.pad_token_id
        ids = torch.tensor([row + [padding] * (length - len(row)) for row in token_ids])
        mask = torch.tensor([[1] * len(row) + [0] * (length - len(row)) for row in token_ids])
        with torch.inference_mode():
            hidden = self._model(input_ids=ids, attention_mask=mask).last_hidden_state
            weights = mask.unsqueeze(-1)
            pooled = (hidden.double() * weights).sum(dim=1) / weights.sum(dim=1)
            unit = torch.nn.functional.normalize(pooled, dim=1)
        rounded: Vectors = np.round(unit.numpy(), DECIMALS).astype(np.float32)
        return rounded


def load_encoder(spec: EncoderSpec) -> Encoder:
    """Load the encoder that `spec` names; raises ModelUnavailableError with one sentence when it cannot.

    Only safetensors weights are read. Nothing is fetched unless kind is "hub" and `offline` is false.
    """
    directory, revision = _locate(spec)
    weights = sorted(directory.glob("*.safetensors"))
    if not weights:
        raise ModelUnavailableError(f"The model directory {directory} holds no safetensors weights.")
    dtype = faster_dtype() if spec.dtype == "auto" else spec.dtype
    model, tokenizer = _load_with_transformers(directory, dtype)
    card = ModelCard(
        model_id=spec.model_id,
        revision=revision,
        weights_sha256=sha256_of_weights(weights),
        licence=LICENCE if spec.kind == "packaged" else spec.licence,
        dtype=dtype,
        engine=engine(),
    )
    return Encoder(model, tokenizer, card, spec.prefix)


def encode_packaged(texts: Sequence[str]) -> Vectors:
    """One unit row per text, by the encoder that the wheel carries; loaded when first asked, once a process."""
    return _packaged_encoder().encode(list(texts))


@cache
def _packaged_encoder() -> Encoder:
    return load_encoder(EncoderSpec())


def identify_encoder(spec: EncoderSpec) -> tuple[str, str]:
    """Revision and SHA-256 of the weights that would be loaded, without loading them; errors as in load_encoder."""
    directory, revision = _locate(spec)
    weights = sorted(directory.glob("*.safetensors"))
    if not weights:
        raise ModelUnavailableError(f"The model directory {directory} holds no safetensors weights.")
    return revision, sha256_of_weights(weights)


def _in_the_users_cache() -> Path:
    caches = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache")
    return caches / "majelis" / "multilingual-e5-small"


def _locate(spec: EncoderSpec) -> tuple[Path, str]:
    if spec.kind == "hub":
        snapshot = hub_snapshot(spec.model_id, spec.revision, _HUB_FILES, spec.offline)
        return snapshot, snapshot.name
    if spec.kind == "packaged":
        return unpack_packaged_encoder(spec.path or _in_the_users_cache()), REVISION
    if spec.path is None:
        raise ModelUnavailableError(f'An encoder of kind "{spec.kind}" needs a path.')
    if not spec.path.is_dir():
        raise ModelUnavailableError(f"There is no model directory at {spec.path}.")
    return spec.path, spec.revision or "local"


def _load_with_transformers(directory: Path, dtype: str) -> tuple[Any, Any]:
    import torch  # slow import
    from transformers import AutoModel, AutoTokenizer, logging  # slow import

    logging.disable_progress_bar()  # type: ignore[no-untyped-call]  # a function without types; a log is no terminal
    tokenizer = AutoTokenizer.from_pretrained(directory, local_files_only=True)
    model = AutoModel.from_pretrained(
        directory,
        local_files_only=True,
        use_safetensors=True,
        add_pooling_layer=False,
        dtype=torch.bfloat16 if dtype == "bfloat16" else torch.float32,
    )
    return model.eval(), tokenizer
