import pytest

from summarizer import wording
from summarizer.audit import Audit, corrected_share
from summarizer.wording import Choice


@pytest.mark.parametrize(
    ("n", "total", "expected"),
    [
        (0, 40, "0%"),
        (1, 1000, "<1%"),
        (1, 8, "13%"),
        (1, 3, "33%"),
        (173, 214, "81%"),
        (999, 1000, ">99%"),
        (1000, 1000, "100%"),
    ],
)
def test_nobody_is_rounded_away(n: int, total: int, expected: str) -> None:
    assert wording.percentage(n, total) == expected


def test_coverage_of_many_people_names_a_percentage_and_who_is_missing() -> None:
    assert wording.coverage(6, 173, 214) == {
        "en": "These 6 points cover 81% of 214 participants; 41 are not reflected here.",
        "id": "6 poin ini mencakup 81% dari 214 peserta; 41 peserta tidak tercermin di sini.",
    }


def test_one_point_and_one_missing_person_are_singular() -> None:
    assert wording.coverage(1, 9, 10)["en"] == "This point covers 9 of 10 participants; 1 is not reflected here."


def test_where_nobody_is_missing_coverage_says_all() -> None:
    assert wording.coverage(2, 7, 7) == {
        "en": "These 2 points cover all 7 participants.",
        "id": "2 poin ini mencakup semua 7 peserta.",
    }


def test_how_many_arguments_is_said_where_it_is_another_number_than_people() -> None:
    assert wording.opening("concern", 9, 9) == {
        "en": "9 participants raised a concern about it.",
        "id": "9 peserta menyampaikan kekhawatiran.",
    }
    assert wording.opening("condition", 1, 2) == {
        "en": "1 participant wrote 2 conditions for it.",
        "id": "1 peserta menulis 2 syarat.",
    }


def test_from_twenty_people_on_a_share_has_a_percentage() -> None:
    assert wording.prevalence("against", 9, 19) == {
        "en": "9 of the 19 participants who argued against it made this point.",
        "id": "9 dari 19 peserta yang menulis argumen menolak menyampaikan poin ini.",
    }
    assert wording.prevalence("against", 10, 20) == {
        "en": "10 of the 20 participants who argued against it (50%) made this point.",
        "id": "10 dari 20 peserta yang menulis argumen menolak (50%) menyampaikan poin ini.",
    }


def test_thousands_are_marked_as_each_language_does() -> None:
    opening = wording.opening("for", 1116, 1)

    assert opening == {
        "en": "1,116 participants wrote 1 argument for it.",
        "id": "1.116 peserta menulis 1 argumen yang mendukung.",
    }


def test_numbers_of_votes_become_words_in_one_place() -> None:
    assert {vote: Choice.of_vote(vote) for vote in (1, 0, -1)} == {1: "agree", 0: "pass", -1: "disagree"}
    with pytest.raises(KeyError):
        Choice.of_vote(2)


def test_a_perfect_audit_still_leaves_an_interval() -> None:
    estimate, low, high = corrected_share(50, 100, Audit(30, 30, 30, 0))

    assert (estimate, round(low, 2), round(high, 2)) == (0.5, 0.44, 0.56)


def test_a_share_cannot_be_corrected_by_what_was_not_read() -> None:
    with pytest.raises(ValueError, match="every kind"):
        corrected_share(50, 100, Audit(30, 30, 0, 0))


def test_an_audit_cannot_find_more_than_it_read() -> None:
    with pytest.raises(ValueError, match="more than it read"):
        Audit(3, 4, 0, 0)
