"""A sample read one by one corrects the share that is told, and widens its interval."""

import json

import pytest

from deliberation.actions import checking_counts, reviewing
from deliberation.analysis.auditing import sample
from deliberation.analysis.standing_review import StandingReview
from deliberation.models import Judgement
from deliberation.templatetags.summaries import checked_share
from tests.people import a_facilitator, a_member, a_proposal, an_assembly, browser_of
from tests.summaries import a_summary, arguments_of

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def ben():
    return a_facilitator(an_assembly("river"))


@pytest.fixture
def draft(ben):
    return a_summary(ben.assembly, arguments_of(a_proposal(ben.assembly), [a_member(ben.assembly) for _ in range(8)]))


def judge_all(audit, by, right: str = "yes", other: str = "no") -> None:
    for card in audit.cards.all():
        checking_counts.judge(audit, card.place, Judgement(right if card.counted else other), by)


def test_the_sample_follows_from_the_seed_and_mixes_both_kinds(draft):
    place = StandingReview(draft).place("noise")

    first, again, other = (sample(place, seed) for seed in ("one", "one", "two"))

    assert first == again
    assert first != other
    assert sorted(first) == sorted(other)
    assert {argument for argument, counted in first if counted} == {*place.cites}
    assert len(first) == 8


def test_drawing_twice_is_drawing_once(ben, draft):
    first, second = (checking_counts.start_audit(draft, "noise", ben) for _ in range(2))

    assert (first.pk, first.seed) == (second.pk, second.seed)


def test_when_all_is_read_the_share_is_corrected_and_its_interval_told(ben, draft):
    audit = checking_counts.start_audit(draft, "noise", ben)

    judge_all(audit, ben)

    prevalence = StandingReview(draft).place("noise").point["prevalence"]
    share, low, high = prevalence["interval"]
    assert (share, prevalence["checked"]) == (0.5, 8)
    assert 0 < low < share < high < 1
    assert checked_share(prevalence) == "About 4 of 8 people, between 2 and 6, after 8 arguments were checked."


def test_the_interval_goes_into_the_next_version(ben, draft):
    judge_all(checking_counts.start_audit(draft, "noise", ben), ben)

    offered = reviewing.offer_reviewed(draft, ben)

    assert StandingReview(offered).place("noise").point["prevalence"]["interval"][0] == 0.5


def test_what_nobody_could_decide_corrects_nothing(ben, draft):
    judge_all(checking_counts.start_audit(draft, "noise", ben), ben, right="unsure")

    assert StandingReview(draft).place("noise").point["prevalence"]["interval"] is None


def test_a_card_is_judged_once_and_taken_back_while_others_are_left(ben, draft):
    audit = checking_counts.start_audit(draft, "noise", ben)

    first = checking_counts.judge(audit, 1, Judgement.YES, ben)
    second = checking_counts.judge(audit, 1, Judgement.NO, ben)
    checking_counts.take_back(audit, 1)
    third = checking_counts.judge(audit, 1, Judgement.NO, ben)

    assert (first, second, third) == (True, False, True)
    assert audit.cards.get(place=1).judgement == "no"


def test_the_record_has_the_seed_before_and_the_judgements_after(ben, draft):
    audit = checking_counts.start_audit(draft, "noise", ben)
    judge_all(audit, ben)

    entries = ben.assembly.record.filter(type="audit").order_by("pk")
    before, after = (json.loads(bytes(entry.opening.content)) for entry in entries)
    assert before["seed"] == audit.seed
    assert set(before["arguments"]) == set(after["judged"])


def test_cards_are_judged_on_the_page_one_after_the_other_without_telling_which_kind(ben, draft):
    browser, address = browser_of(ben), "/a/river/desk/summaries/1/sentences/noise/audit/"
    browser.post(address)
    seen = []
    while (card := browser.get(address).context["card"]) is not None:
        seen.append(card.place)
        browser.post(f"{address}{card.place}/judgements/", {"judgement": "yes"})

    assert seen == list(range(1, 9))
    assert browser.get(address).context["found"] == {"counted": 4, "right": 4, "others": 4, "missed": 4, "unsure": 0}


def test_among_many_the_share_is_told_in_percent():
    told = checked_share({"interval": [0.41, 0.33, 0.492], "denominator": 214, "checked": 60})

    assert told == "About 41%, between 33% and 49%, after 60 arguments were checked."
