"""What becomes of a summary's document when facilitators move arguments, edit sentences and check counts."""

from copy import deepcopy

import pytest

from deliberation.analysis.review import Edit, Place, Said, Step, may_leave, places, revised, settled, share_after_audit

SAID = {
    f"a{n}": Said(author=author, group=group, sha256=f"digest{n}")
    for n, (author, group) in enumerate([(1, "A"), (2, "A"), (3, "B"), (4, "B"), (5, "B"), (6, None), (6, None)])
}


def sentence(key: str, cites: list[str], **more: object) -> dict:
    return {"key": key, "kind": "quote", "language": "en", "cites": cites, "gate": None, **more}


def a_point(key: str, cites: list[str], n: int, **more: object) -> dict:
    counted = {"A": {"n": 0, "denominator": 5}, "B": {"n": 0, "denominator": 6}}
    return {
        "quote": sentence(key, cites, place={"id": cites[0], "start": 0, "end": 4}),
        "rewrite": None,
        "prevalence": sentence(
            f"n-{key}", cites, kind="statistic", text={}, n=n, denominator=6, per_group=counted, interval=None
        ),
        **more,
    }


@pytest.fixture
def document() -> dict:
    noise, jobs = a_point("noise", ["a0", "a1", "a2"], 3), a_point("jobs", ["a2", "a3", "a4"], 3)
    side = {
        "side": "for",
        "arguments": 7,
        "people": 6,
        "covered": 5,
        "opening": sentence("opening", [], kind="statistic", text={}),
        "coverage": sentence("coverage", [], kind="statistic", text={}, n=5, denominator=6),
        "points": [noise, jobs],
        "voices": [sentence("voice", ["a5"], place={"id": "a5", "start": 0, "end": 4})],
        "unmatched": ["a5", "a6"],
        "not_read": {},
    }
    sources = {one: SAID[one].sha256 for one in ("a0", "a1", "a2", "a3", "a4", "a5")}
    return {"format": 2, "sources": sources, "proposals": [{"id": "p", "sides": [side]}]}


def after(document: dict, *steps: Step, **more: object) -> dict:
    return revised(document, steps, **{"verdicts": {}, "shares": {}, "said": SAID, **more})


def side_of(document: dict) -> dict:
    return document["proposals"][0]["sides"][0]


def place_of(document: dict, key: str) -> Place:
    return next(place for place in places(document) if place.key == key)


def test_without_steps_nothing_changes_and_the_document_given_never_does(document):
    before = deepcopy(document)

    assert after(document) == before
    after(document, Step("a1", "noise", "jobs"))
    assert document == before


def test_a_moved_argument_is_counted_where_it_went(document):
    noise, jobs = (place_of(after(document, Step("a1", "noise", "jobs")), key) for key in ("noise", "jobs"))

    assert (noise.cites, noise.point["prevalence"]["n"]) == (["a0", "a2"], 2)
    assert (jobs.cites, jobs.point["prevalence"]["n"]) == (["a2", "a3", "a4", "a1"], 4)
    assert jobs.point["prevalence"]["text"]["en"] == "4 of the 6 participants who argued for it made this point."
    assert jobs.point["prevalence"]["per_group"] == {"A": {"n": 1, "denominator": 5}, "B": {"n": 3, "denominator": 6}}


def test_two_arguments_of_one_person_count_once(document):
    moved = after(document, Step("a5", "", "jobs"), Step("a6", "", "jobs"))

    assert place_of(moved, "jobs").point["prevalence"]["n"] == 4
    assert (side_of(moved)["unmatched"], side_of(moved)["voices"]) == ([], [])
    assert side_of(moved)["coverage"]["text"]["en"] == "These 2 points cover all 6 participants."


def test_what_leaves_its_only_point_is_not_reflected(document):
    moved = after(document, Step("a1", "noise", ""), Step("a2", "noise", ""))

    assert side_of(moved)["unmatched"] == ["a5", "a6", "a1"]  # a2 still stands in the other point
    assert side_of(moved)["covered"] == 3


def test_a_step_back_restores_every_count(document):
    there_and_back = after(document, Step("a1", "noise", "jobs"), Step("a1", "jobs", "noise"))

    assert sorted(place_of(there_and_back, "noise").cites) == ["a0", "a1", "a2"]
    assert place_of(there_and_back, "noise").point["prevalence"]["n"] == 3
    assert side_of(there_and_back)["covered"] == 5


def test_a_point_with_too_few_people_is_told_in_single_voices_once_it_is_published(document):
    kept = settled(after(document, Step("a1", "noise", "jobs")), SAID)

    side = side_of(kept)
    assert [point["quote"]["key"] for point in side["points"]] == ["jobs"]
    assert [voice["key"] for voice in side["voices"]] == ["voice", "noise"]
    assert side["voices"][1]["cites"] == ["a0"]
    assert side["unmatched"] == ["a5", "a6", "a0"]
    assert side["covered"] == 4


def test_sources_are_exactly_what_is_cited_each_with_its_digest(document):
    sources = settled(after(document, Step("a6", "", "jobs"), Step("a1", "noise", "")), SAID)["sources"]

    assert sources == {one: SAID[one].sha256 for one in ("a0", "a2", "a3", "a4", "a5", "a6")}


def test_a_rewrite_goes_when_something_it_rests_on_is_moved_away(document):
    rewrite = sentence("rewrite", ["a0", "a1"], kind="rewrite", gate="A")
    side_of(document)["points"][0]["rewrite"] = rewrite

    assert place_of(after(document, Step("a2", "noise", "")), "noise").point["rewrite"] == rewrite
    assert place_of(after(document, Step("a1", "noise", "")), "noise").point["rewrite"] is None


def test_what_a_point_is_quoted_from_stays_and_so_does_what_an_edit_rests_on(document):
    drafted = sentence("rewrite", ["a0", "a1", "a2"], kind="rewrite", gate="A")
    side_of(document)["points"][0]["rewrite"] = drafted
    noise = place_of(document, "noise")
    edited = place_of(after(document, verdicts={"noise": Edit("en", ["a1"])}), "noise")

    assert [one for one in noise.cites if may_leave(noise, one)] == ["a1", "a2"]
    assert [one for one in edited.cites if may_leave(edited, one)] == ["a2"]


def test_an_edit_stands_where_the_quotation_stood_and_names_its_own_sources(document):
    edited = after(document, verdicts={"noise": Edit("id", ["a1", "a2"]), "jobs": None})

    assert place_of(edited, "noise").point["rewrite"] == {
        "key": "noise", "kind": "rewrite", "language": "id", "cites": ["a1", "a2"], "gate": None, "place": None,
    }  # fmt: skip
    assert place_of(edited, "jobs").point["rewrite"] is None


def test_a_checked_count_carries_its_interval(document):
    checked = place_of(after(document, shares={"noise": ([0.41, 0.33, 0.49], 60)}), "noise").point["prevalence"]

    assert (checked["interval"], checked["checked"]) == ([0.41, 0.33, 0.49], 60)


def test_an_audit_that_found_every_count_right_keeps_the_share_inside_its_interval():
    share, read = share_after_audit(60, 100, [(True, "yes")] * 30 + [(False, "no")] * 30 + [(True, "unsure")])

    assert read == 60
    assert share[0] == 0.6
    assert share[1] < 0.6 < share[2]


def test_an_audit_that_nobody_could_decide_corrects_nothing():
    assert share_after_audit(60, 100, [(True, "unsure")] * 30 + [(False, "no")] * 30) is None
