import pytest

from benchmarks.faithfulness import LANGUAGES, REWRITES, attacks, sources
from summarizer.faithfulness import GateOptions, Source, Verdict, check


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_attacked_rewrite_passes(language: str) -> None:
    tried = list(attacks(language))

    passed = [(kind, rewrite) for kind, rewrite, cited in tried if check(rewrite, cited, language).accepted]

    assert len(tried) >= 60
    assert passed == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_most_faithful_compressions_pass(language: str) -> None:
    tried = [(text, sources(case, language)) for case in REWRITES[language] for text in case["faithful"]]

    refused = {text: check(text, cited, language).reasons for text, cited in tried}
    refused = {text: reasons for text, reasons in refused.items() if reasons}

    assert len(refused) <= 0.4 * len(tried), refused


def cited(*texts: str, side: str = "for") -> list[Source]:
    return [Source(f"author {row}", side, "en", text) for row, text in enumerate(texts)]


def test_the_quoted_sentence_itself_passes() -> None:
    sentence = "Buses help old people to reach the clinic."

    assert check(sentence, cited(sentence), "en") == Verdict("A", ())


def test_words_of_one_other_person_do_not_pass_but_those_of_two_do() -> None:
    medoid = "Buses help old people."
    other = "Buses help old people and nurses."

    alone = check(other, cited(medoid, other), "en")
    shared = check(other, cited(medoid, other, "Nurses take buses."), "en")

    assert not alone.accepted
    assert shared == Verdict("A", ())


def test_one_person_twice_is_one_person() -> None:
    medoid, other = "Buses help old people.", "Buses help old people and nurses."
    twice = [*cited(medoid, other), Source("author 1", "for", "en", "Nurses take buses.")]

    assert not check(other, twice, "en").accepted


def test_sources_of_two_sides_are_never_rewritten_together() -> None:
    mixed = [*cited("Buses help old people."), Source("Ben", "against", "en", "Buses help nobody.")]

    assert "its sources are on different sides" in check("Buses help old people.", mixed, "en").reasons


def test_a_rewrite_in_another_language_than_its_quotation_is_refused() -> None:
    verdict = check("Bus membantu orang tua.", cited("Buses help old people."), "id")

    assert verdict == Verdict(None, ("its quoted sentence is in another language or flagged",))


@pytest.mark.parametrize(
    ("language", "said", "left"),
    [
        (
            "en",
            "Flats far from the river and the market will make people lose their work.",
            "The market will make people lose their work.",
        ),
        (
            "id",
            "Rumah susun yang jauh dari sungai dan pasar akan membuat warga kehilangan pekerjaan.",
            "Pasar akan membuat warga kehilangan pekerjaan.",
        ),
    ],
)
def test_the_second_of_two_nouns_is_not_made_the_subject(language: str, said: str, left: str) -> None:
    assert not check(left, [Source("Ana", "for", language, said)], language).accepted


def test_because_is_a_new_claim() -> None:
    two = cited("Buses help old people.", "Buses help old people.", "Buses help old people and nurses.")

    assert not check("Buses help because old people.", two, "en").accepted


class AlwaysEntails:
    def judge(self, premise: str, hypothesis: str) -> tuple[float, float]:
        return 1.0, 0.0


class Contradicts:
    def judge(self, premise: str, hypothesis: str) -> tuple[float, float]:
        return 0.95, 0.3


def test_an_entailment_model_lets_other_word_orders_through_but_no_new_words() -> None:
    one = cited("The evening bus helps old people.")

    assert check("Old people: the evening bus helps.", one, "en", AlwaysEntails()) == Verdict("A and B", ())
    assert not check("Old people: the evening bus helps.", one, "en", Contradicts()).accepted
    assert not check("The evening bus never helps old people.", one, "en", AlwaysEntails()).accepted


def test_a_rewrite_without_sources_is_an_error() -> None:
    with pytest.raises(ValueError, match="at least one source"):
        check("Buses.", [], "en", options=GateOptions())
