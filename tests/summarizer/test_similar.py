import numpy as np

from summarizer.embedding import Encoder
from summarizer.similar import Similar, similar_texts

EAST = np.array([1.0, 0.0], dtype=np.float32)
FOUR_CORNERS = np.array([[0, 1], [0, -1], [1, 0], [-1, 0], [0, 1]], dtype=np.float32)
ENGLISH = ["en"] * 5

OTHERS = {
    "Pasang lampu di jalan setapak menuju sekolah.": "id",
    "The market should open earlier on Sundays.": "en",
    "Sungai harus dikeruk sebelum musim hujan.": "id",
    "A clinic near the harbour would save hours.": "en",
    "Tarif parkir sebaiknya dinaikkan di pusat kota.": "id",
    "Libraries could lend tools as well as books.": "en",
    "Pasar ikan perlu atap baru.": "id",
    "Buses should run until midnight.": "en",
    "Setiap RW butuh taman bermain.": "id",
    "Trees would cool the main street.": "en",
}


def test_only_what_lies_near_is_offered() -> None:
    centred = EAST - FOUR_CORNERS.mean(axis=0)
    there = np.array([1, 0]) - FOUR_CORNERS.mean(axis=0)
    cosine = centred @ there / np.linalg.norm(centred) / np.linalg.norm(there)

    assert similar_texts(EAST, "en", FOUR_CORNERS, ENGLISH) == (Similar(2, round(float(cosine), 4)),)


def test_ties_go_to_the_earlier_text() -> None:
    others = np.array([[0, 1], [0, -1], [-1, 0], [1, 0], [1, 0]], dtype=np.float32)

    assert [similar.row for similar in similar_texts(EAST, "en", others, ENGLISH, most=1)] == [3]


def test_only_rows_that_may_be_offered_are() -> None:
    others = np.array([[0, 1], [0, -1], [-1, 0], [1, 0], [1, 0]], dtype=np.float32)

    assert [similar.row for similar in similar_texts(EAST, "en", others, ENGLISH, among={0, 4})] == [4]


def test_texts_that_are_all_alike_or_too_few_give_no_offer() -> None:
    assert similar_texts(EAST, "en", np.array([[1, 0]] * 8, dtype=np.float32), ["en"] * 8) == ()
    assert similar_texts(EAST, "en", np.array([[1, 0], [0, 1]], dtype=np.float32), ["en"] * 2) == ()


def test_the_same_wish_in_another_language_is_offered_and_nothing_else(encoder: Encoder) -> None:
    vectors = encoder.encode(["Put lamps on the footpath to the school.", *OTHERS])

    found = similar_texts(vectors[0], "en", vectors[1:], list(OTHERS.values()))

    assert [similar.row for similar in found] == [0]


def test_a_wish_nobody_had_gets_no_offer(encoder: Encoder) -> None:
    vectors = encoder.encode(["Nurses need a raise.", "Perawat perlu naik gaji.", *OTHERS])

    assert similar_texts(vectors[0], "en", vectors[2:], list(OTHERS.values())) == ()
    assert similar_texts(vectors[1], "id", vectors[2:], list(OTHERS.values())) == ()
