import pytest

from summarizer.near_copies import near_copies, people_of_copies

SLOGAN = "The second truck must come on Thursdays, or the bins will overflow in every street."


@pytest.mark.parametrize(
    "copy",
    [
        SLOGAN,
        SLOGAN.upper(),
        "The second truck must come on thursdays or the bins will overflow in every street!!",
        "On Thursdays the second truck must come, or in every street the bins will overflow.",
        "The second truck must come on Thursdays, or the bins wil overflow in each street.",
    ],
)
def test_nearly_the_same_words_are_one_group(copy: str) -> None:
    assert near_copies({"a": SLOGAN, "b": copy}) == (("a", "b"),)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (SLOGAN, "Four more drivers would find steady work in our own district."),
        (SLOGAN, "Unless a further collection is made late in the week, waste will pile up all over town."),
        ("The waste fee should rise next year.", "The waste fee should not rise next year."),
        ("Iuran sampah perlu naik tahun depan.", "Iuran sampah tidak perlu naik tahun depan."),
        ("A bag should cost 500 rupiah in every shop.", "A bag should cost 5000 rupiah in every shop."),
    ],
)
def test_other_words_another_negation_or_another_number_are_no_copy(one: str, other: str) -> None:
    assert near_copies({"a": one, "b": other}) == ()


def test_copies_of_copies_stand_together_whatever_order_they_come_in() -> None:
    texts = {"c": SLOGAN, "a": SLOGAN.replace("truck", "trucks"), "d": "Something else entirely.", "b": SLOGAN.lower()}

    assert near_copies(texts) == near_copies(dict(reversed(texts.items()))) == (("a", "b", "c"),)


def test_no_texts_and_empty_texts_are_no_copies() -> None:
    assert (near_copies({}), near_copies({"a": ""})) == ((), ())


def test_copies_are_counted_in_people() -> None:
    author_of = {"a": "Ana", "b": "Ben", "c": "Ana", "d": "Dewi"}

    assert people_of_copies(["a", "b", "c", "d"], [("a", "b", "c")], author_of) == 2
    assert people_of_copies(["d"], [("a", "b", "c")], author_of) == 0
