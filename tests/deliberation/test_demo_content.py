"""The words of the demo assembly keep what its pages, its map and its summaries rely on."""

import re
import tomllib
from collections import Counter, defaultdict
from collections.abc import Iterator
from difflib import SequenceMatcher
from itertools import combinations, pairwise
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from lingua import Language, LanguageDetectorBuilder
from sklearn.cluster import KMeans
from sklearn.metrics import adjusted_rand_score

DEMO = Path(__file__).parents[2] / "deliberation" / "demo"
LANGUAGES = ("id", "en")
CAMPS = ("A", "B", "C")


def load(name: str) -> dict[str, Any]:
    return tomllib.loads((DEMO / f"{name}.toml").read_text(encoding="utf-8"))


ASSEMBLY = load("assembly")
KIT = load("kit")
STATEMENTS = load("statements")
PROPOSALS = load("proposals")["proposals"]
NAMES = load("names")
ARGUMENTS = [argument for proposal in PROPOSALS for argument in proposal["arguments"]]


def words(text: str) -> int:
    return len(text.split())


def figures(text: str, language: str) -> list[str]:
    """The numbers of a text, sorted, with the decimal point and thousands comma of English."""
    found = re.findall(r"\d+(?:[.,]\d+)*(?![\dA-Za-z])", text)
    swap = str.maketrans(".,", ",.") if language == "id" else {}
    return sorted(number.translate(swap) for number in found)


def translated_texts() -> Iterator[tuple[str, str]]:
    """Every authored text as (Indonesian, English)."""
    tables = [ASSEMBLY, *ASSEMBLY["phases"], *KIT["steps"], *KIT["glossary"], *PROPOSALS]
    for table in tables:
        for key, indonesian in table["id"].items():
            if key != "rules":
                yield indonesian, table["en"][key]
    yield from zip(ASSEMBLY["id"]["rules"], ASSEMBLY["en"]["rules"], strict=True)
    for each in [*STATEMENTS["statements"], *ARGUMENTS]:
        yield each["id"], each["en"]


def kind_of(statement: dict[str, Any]) -> str:
    leaning = statement["leaning"]
    low, middle, high = sorted(leaning.values())
    if low > 0.7:
        return "common ground"
    if high < 0.3:
        return "rejected"
    if high - middle >= 0.4:
        return f"divides {max(leaning, key=leaning.__getitem__)} from the rest"
    return "mild"


def simulated_votes(seed: int, residents: int = 240) -> tuple[np.ndarray, np.ndarray]:
    """Camps (residents,) and votes (residents, statements) in {1, -1, 0}, drawn from the shares and leanings."""
    random = np.random.default_rng(seed)
    rows = STATEMENTS["statements"]
    leaning = np.array([[row["leaning"][camp] for camp in CAMPS] for row in rows])
    unsure = np.array([row["unsure"] for row in rows])
    camps = random.choice(3, residents, p=[STATEMENTS["shares"][camp] for camp in CAMPS])
    votes = np.where(random.random((residents, len(rows))) < leaning[:, camps].T, 1, -1)
    votes[random.random(votes.shape) < unsure] = 0
    return camps, votes


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_first_screen_has_all_it_needs(language: str) -> None:
    texts = ASSEMBLY[language]

    assert list(texts) == ["title", "remit", "asked_by", "purpose", "duration", "simulated_notice", "rules"]
    assert len(texts["title"]) <= 60
    assert texts["remit"].endswith("?")
    assert "60" in texts["purpose"]
    assert texts["simulated_notice"]  # the number beside it is counted
    assert 4 <= len(texts["rules"]) <= 6


def test_the_languages_of_the_assembly_are_those_of_its_texts() -> None:
    assert (ASSEMBLY["slug"], ASSEMBLY["languages"]) == ("sungai-bersih", ["id", "en"])


def test_the_phases_follow_one_another_and_the_deliberation_is_open_today() -> None:
    phases = [(phase["kind"], phase["starts_in_days"], phase["ends_in_days"]) for phase in ASSEMBLY["phases"]]

    assert phases == [("learning", -25, -11), ("statements", -11, -4), ("deliberation", -4, 10), ("closed", 10, 70)]
    assert all(earlier[2] == later[1] for earlier, later in pairwise(phases))


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_kit_is_five_short_steps_that_say_that_the_town_is_invented(language: str) -> None:
    marks = {"id": "rekaan", "en": "invented"}
    bodies = [step[language]["body"] for step in KIT["steps"]]

    assert len(bodies) == 5
    assert [words(body) for body in bodies if not 120 <= words(body) <= 200] == []
    assert [body for body in bodies if marks[language] not in body] == []
    assert [body for body in bodies if "](" in body or "://" in body or "<" in body] == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_glossary_explains_ten_different_terms_briefly(language: str) -> None:
    entries = [entry[language] for entry in KIT["glossary"]]

    assert len({entry["term"] for entry in entries}) == len(entries) == 10
    assert [entry for entry in entries if words(entry["meaning"]) > 25] == []


def test_both_languages_state_the_same_figures() -> None:
    different = [pair for pair in translated_texts() if figures(pair[0], "id") != figures(pair[1], "en")]

    assert different == []


def test_a_law_and_answers_state_the_same_figures_in_both_languages() -> None:
    learning = load("learning")
    pairs = [(each["id"], each["en"]) for each in learning["law"]["clauses"]]
    pairs += [(each["id"]["text"], each["en"]["text"]) for each in learning["questions"] if "id" in each]

    assert len(pairs) == 8
    assert [pair for pair in pairs if figures(pair[0], "id") != figures(pair[1], "en")] == []


def test_no_text_stands_twice() -> None:
    texts = [text for pair in translated_texts() for text in pair]

    assert [text for text, count in Counter(texts).items() if count > 1] == []


def test_no_text_has_stray_spaces() -> None:
    texts = [text for pair in translated_texts() for text in pair]

    assert [text for text in texts if "  " in text or text.strip() != text.removesuffix("\n")] == []


def test_statements_are_numbered_with_the_twenty_seeds_first() -> None:
    numbers = [(statement["number"], statement["seed"]) for statement in STATEMENTS["statements"]]

    assert numbers == [(number, number <= 20) for number in range(1, 61)]


@pytest.mark.parametrize("language", LANGUAGES)
def test_statements_fit_a_card(language: str) -> None:
    texts = [statement[language] for statement in STATEMENTS["statements"]]

    assert [text for text in texts if not 40 <= len(text) <= 140] == []
    assert [text for text in texts if not text.endswith(".")] == []


def test_statements_divide_three_camps_in_different_ways() -> None:
    kinds = Counter(kind_of(statement) for statement in STATEMENTS["statements"])

    assert kinds == {
        "common ground": 14,
        "rejected": 6,
        "divides A from the rest": 7,
        "divides B from the rest": 7,
        "divides C from the rest": 6,
        "mild": 20,
    }


def test_leanings_and_passes_are_probabilities_in_range() -> None:
    statements = STATEMENTS["statements"]

    assert sum(STATEMENTS["shares"].values()) == pytest.approx(1)
    assert [s["number"] for s in statements if set(s["leaning"]) != set(CAMPS)] == []
    assert [s["number"] for s in statements if not all(0 < share < 1 for share in s["leaning"].values())] == []
    assert [s["number"] for s in statements if not 0.05 <= s["unsure"] <= 0.3] == []


def test_one_statement_is_about_the_person() -> None:
    about_the_person = [statement["en"] for statement in STATEMENTS["statements"] if statement.get("meta")]

    assert about_the_person == ["My home is less than a five-minute walk from the River Rinai."]


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_simulated_votes_fall_into_the_three_camps(seed: int) -> None:
    camps, votes = simulated_votes(seed)

    groups = KMeans(n_clusters=3, n_init=10, random_state=seed).fit_predict(votes)

    assert adjusted_rand_score(camps, groups) > 0.9


@pytest.mark.parametrize("language", LANGUAGES)
def test_proposals_are_short_and_concrete(language: str) -> None:
    assert [proposal["number"] for proposal in PROPOSALS] == [1, 2, 3, 4, 5, 6]
    for proposal in PROPOSALS:
        title, body = proposal[language]["title"], proposal[language]["body"]

        assert len(title) <= 70
        assert 60 <= words(body) <= 120
        assert "Rp" in body


@pytest.mark.parametrize("proposal", PROPOSALS, ids=lambda proposal: proposal["en"]["title"])
def test_forty_arguments_on_a_proposal_speak_for_all_sides_in_both_languages(proposal: dict[str, Any]) -> None:
    arguments = proposal["arguments"]
    shown = Counter(a["language"] for a in arguments)

    assert Counter(a["side"] for a in arguments) == {"for": 13, "against": 11, "concern": 9, "condition": 7}
    assert min(shown["id"], shown["en"]) >= 12
    assert min(Counter(a["camp"] for a in arguments)[camp] for camp in CAMPS) >= 6
    assert [a[language] for a in arguments for language in LANGUAGES if not 6 <= words(a[language]) <= 60] == []


@pytest.mark.parametrize("proposal", PROPOSALS, ids=lambda proposal: proposal["en"]["title"])
def test_a_point_is_one_side_s_and_has_three_voices_or_more(proposal: dict[str, Any]) -> None:
    voices = Counter((a["side"], a["point"]) for a in proposal["arguments"] if a["point"])
    points = Counter(side for side, _ in voices)
    singular = [a for a in proposal["arguments"] if not a["point"]]

    assert min(voices.values()) >= 3
    assert len({point for _, point in voices}) == len(voices)
    assert points == {"for": 3, "against": 3, "concern": 3, "condition": 2}
    assert 2 <= len(singular) <= 4


@pytest.mark.parametrize("proposal", PROPOSALS, ids=lambda proposal: proposal["en"]["title"])
def test_most_points_are_shown_in_both_languages(proposal: dict[str, Any]) -> None:
    languages: dict[str, set[str]] = defaultdict(set)
    for argument in proposal["arguments"]:
        if argument["point"]:
            languages[argument["point"]].add(argument["language"])

    assert sum(spoken == {"id", "en"} for spoken in languages.values()) > len(languages) / 2


@pytest.mark.parametrize("language", LANGUAGES)
def test_voices_of_one_point_are_no_copies_of_each_other(language: str) -> None:
    voices: dict[str, list[str]] = defaultdict(list)
    for argument in ARGUMENTS:
        voices[argument["point"]].append(argument[language].lower())

    alike = [
        pair
        for texts in voices.values()
        for pair in combinations(texts, 2)
        if SequenceMatcher(None, pair[0].split(), pair[1].split()).ratio() > 0.6
    ]
    assert alike == []


def test_every_text_is_in_the_language_it_claims() -> None:
    detector = LanguageDetectorBuilder.from_languages(Language.INDONESIAN, Language.ENGLISH).build()
    claimed = [(text, language) for pair in translated_texts() for text, language in zip(pair, LANGUAGES, strict=True)]

    def detected(text: str) -> str:
        language = detector.detect_language_of(text)
        assert language is not None
        return language.iso_code_639_1.name.lower()

    assert [text for text, language in claimed if words(text) > 6 and detected(text) != language] == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_two_hundred_and_forty_pseudonyms_can_differ(language: str) -> None:
    animals, adjectives = NAMES[language]["animals"], NAMES[language]["adjectives"]

    assert len(set(animals)) == len(animals) >= 40
    assert len(set(adjectives)) == len(adjectives) >= 40
    assert [name for name in animals + adjectives if not name[0].isupper() or " " in name] == []
