"""The packaged encoder, unpacked once under var/ for every benchmark."""

from pathlib import Path

from summarizer.embedding import Encoder, load_encoder
from summarizer.models import EncoderSpec

UNPACKED = Path(__file__).resolve().parents[1] / "var" / "models" / "multilingual-e5-small"


def packaged_encoder() -> Encoder:
    return load_encoder(EncoderSpec(path=UNPACKED))
