import numpy as np

from summarizer.embedding import Encoder
from summarizer.similar import Similar, similar_texts

EAST = np.array([1.0, 0.0], dtype=np.float32)


def test_the_nearest_stand_out_from_the_rest() -> None:
    others = np.array([[0, 1], [0, 1], [1, 0], [0, 1], [0, 1]], dtype=np.float32)

    assert similar_texts(EAST, others) == (Similar(2, 2.0),)


def test_ties_go_to_the_earlier_text() -> None:
    others = np.array([[0, 1]] * 10 + [[1, 0], [1, 0]], dtype=np.float32)

    assert [similar.row for similar in similar_texts(EAST, others, most=1)] == [10]


def test_texts_that_are_all_alike_or_too_few_give_no_offer() -> None:
    assert similar_texts(EAST, np.array([[1, 0]] * 8, dtype=np.float32)) == ()
    assert similar_texts(EAST, np.array([[1, 0], [0, 1]], dtype=np.float32)) == ()


def test_the_same_wish_in_another_language_is_offered(encoder: Encoder) -> None:
    others = [
        "Pasang lampu di jalan setapak menuju sekolah.",
        "The market should open earlier on Sundays.",
        "Sungai harus dikeruk sebelum musim hujan.",
        "A clinic near the harbour would save hours.",
        "Tarif parkir sebaiknya dinaikkan di pusat kota.",
        "Libraries could lend tools as well as books.",
    ]

    vectors = encoder.encode(["Put lamps on the footpath to the school.", *others])

    assert [similar.row for similar in similar_texts(vectors[0], vectors[1:], most=1)] == [0]
