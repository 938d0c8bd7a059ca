import pytest

from summarizer.text import fold, has_link, is_quote_of, normalise, says_something, sentences, words


def test_sentences_are_literal_parts_of_the_text() -> None:
    text = "Bus berhenti jam 8. Kami jalan kaki!  Mengapa?\nJl. Merdeka gelap, dll. Biayanya Rp10.000 saja"

    found = sentences(text)

    assert found == [
        "Bus berhenti jam 8.",
        "Kami jalan kaki!",
        "Mengapa?",
        "Jl. Merdeka gelap, dll. Biayanya Rp10.000 saja",
    ]
    assert all(sentence in text for sentence in found)


def test_closing_quotation_marks_stay_with_their_sentence() -> None:
    assert sentences("He said: “No.” Then he left.") == ["He said: “No.”", "Then he left."]


def test_no_text_has_no_sentences() -> None:
    assert sentences("  \n ") == []


def test_unseen_and_bidirectional_characters_are_taken_out() -> None:
    assert normalise("sa\u200bfe \u202eroad\u2066\u00ad e\u0301") == "safe road \u00e9"


def test_folding_keeps_words_and_joins_white_space() -> None:
    assert fold("  one\n\n two\u00a0three ") == "one two three"


@pytest.mark.parametrize(
    ("quote", "is_quote"), [("the bus", True), ("The  bus", False), ("bus stops", True), ("", False), ("buses", False)]
)
def test_a_quotation_is_a_substring(quote: str, is_quote: bool) -> None:
    assert is_quote_of(quote, "When the\nbus  stops") is is_quote


@pytest.mark.parametrize("text", ["see https://x.y", "www.example.org", "go to example.com now"])
def test_links_are_seen(text: str) -> None:
    assert has_link(text)


def test_amounts_and_hours_are_not_links() -> None:
    assert not has_link("Rp10.000 at 20.30, e.g. no.5")


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("[url removed]", False),
        ("https://example.org/plan.pdf", False),
        ("Siehe [Link entfernt] www.example.org!", True),
        ("123 %", False),
        ("Ya", True),
    ],
)
def test_a_text_of_which_only_a_link_is_left_says_nothing(text: str, says: bool) -> None:
    assert says_something(text) is says


def test_words_keep_numbers_and_hyphens_whole() -> None:
    assert words("Anak-anak butuh Rp10.000, don't they?") == ["anak-anak", "butuh", "rp10.000", "don't", "they"]
