import pytest

from summarizer.language import LanguageDetector


@pytest.fixture(scope="module")
def detector() -> LanguageDetector:
    return LanguageDetector(["id", "en"])


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("Bus malam membuat perempuan pulang kerja dengan aman.", "id"),
        ("A ferry is cheaper than a bridge, said my aunt.", "en"),
    ],
)
def test_a_long_text_says_its_own_language(detector: LanguageDetector, text: str, language: str) -> None:
    other = {"id": "en", "en": "id"}[language]

    assert detector.language_of(text, otherwise=other) == language


def test_a_short_text_is_in_its_writers_language(detector: LanguageDetector) -> None:
    assert detector.language_of("Setuju sekali!", otherwise="en") == "en"


def test_numbers_and_signs_are_in_their_writers_language(detector: LanguageDetector) -> None:
    assert detector.language_of("1234567890 – 1234567890 !!!", otherwise="id") == "id"


def test_an_assembly_with_one_language_has_no_doubt() -> None:
    assert LanguageDetector(["id"]).language_of("A ferry is cheaper than a bridge.", otherwise="id") == "id"


def test_a_language_without_a_model_is_never_guessed() -> None:
    detector = LanguageDetector(["en", "jv"])

    assert detector.language_of("Bis wengi njalari wong wadon mulih slamet.", otherwise="jv") == "jv"
