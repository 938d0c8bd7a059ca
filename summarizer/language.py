"""Which of an assembly's languages a text is written in."""

from collections.abc import Iterable

ENOUGH_LETTERS = 20
SURE_ENOUGH = 0.8


class LanguageDetector:
    """Chooses among an assembly's languages (ISO 639-1 codes); languages it has no model for are never chosen."""

    def __init__(self, languages: Iterable[str]) -> None:
        from lingua import IsoCode639_1, Language, LanguageDetectorBuilder  # slow import

        known = {language.iso_code_639_1.name.lower(): language for language in Language.all()}
        codes = sorted(set(languages) & set(known))
        self._detector = None
        if len(codes) > 1:
            chosen = [IsoCode639_1.from_str(code) for code in codes]
            self._detector = LanguageDetectorBuilder.from_iso_codes_639_1(*chosen).build()

    def language_of(self, text: str, otherwise: str) -> str:
        """The detected language when the text is long enough and the detector sure enough, else `otherwise`.

        `otherwise` is the writer's interface language: short texts in neighbouring languages fool any detector.
        """
        if self._detector is None or sum(character.isalpha() for character in text) < ENOUGH_LETTERS:
            return otherwise
        likeliest = self._detector.compute_language_confidence_values(text)[0]
        return likeliest.language.iso_code_639_1.name.lower() if likeliest.value >= SURE_ENOUGH else otherwise
