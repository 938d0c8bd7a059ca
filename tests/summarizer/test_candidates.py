import pytest

from summarizer.candidates import quotable_sentences, stands_alone


def test_sentences_of_the_right_length_without_a_link_may_be_quoted() -> None:
    text = "Too short. The bus is late every single day. See www.example.org for all the times of it."

    assert quotable_sentences(text, shortest=4, longest=22) == ["The bus is late every single day."]


@pytest.mark.parametrize(
    ("language", "sentence"),
    [
        ("en", "That smoke gets right into the bedroom."),
        ("en", "This would help us all."),
        ("en", "It costs far too much."),
        ("en", "If those become compost, less goes to the landfill."),
        ("id", "Itu terlalu mahal bagi kami."),
        ("id", "Hal ini sudah lama terjadi."),
        ("id", "Kalau itu menjadi kompos, muatan truk berkurang."),
        ("id", "Dengan syarat itu saya mendukung."),
        ("de", "Das würde allen helfen."),
    ],
)
def test_a_sentence_that_points_back_does_not_stand_alone(language: str, sentence: str) -> None:
    assert not stands_alone(sentence, language)


@pytest.mark.parametrize(
    ("language", "sentence"),
    [
        ("en", "This city has no park."),
        ("en", "It is unfair that only the pickers are paid."),
        ("en", "If kitchen scraps become compost, less goes to the landfill."),
        ("id", "Iuran itu terlalu mahal bagi kami."),
        ("id", "Dengan kompos, muatan truk berkurang."),
        ("de", "Die Bahn muss billiger werden."),
        ("ja", "Sore wa ii."),
    ],
)
def test_a_sentence_that_names_what_it_is_about_stands_alone(language: str, sentence: str) -> None:
    assert stands_alone(sentence, language)
