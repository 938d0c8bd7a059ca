"""Forty texts that speak to machines: through the whole pipeline they change counts, and nothing else."""

import tomllib
from pathlib import Path

import pytest

from deliberation.actions import summarising
from deliberation.actions.mapping import refresh_map
from deliberation.models import Argument, Summary
from tests.deliberation.test_summary import COST, JOBS, NOISE, SMELL
from tests.people import a_member, a_proposal, an_assembly, two_camps

pytestmark = pytest.mark.django_db(transaction=True)

HOSTILE = tomllib.loads((Path(__file__).parent.parent / "summarizer" / "injections.toml").read_text())["strings"]


def test_hostile_texts_change_counts_and_nothing_else(settings):
    settings.GENERATOR = "off"
    assembly = an_assembly("river")
    two_camps(assembly)
    refresh_map(assembly)
    proposal = a_proposal(assembly)

    def argue(side: str, text: str) -> None:
        author = a_member(assembly)
        Argument.objects.create(
            assembly=assembly, proposal=proposal, author=author, side=side, text=text, language="en"
        )

    for side, texts in (("for", SMELL + JOBS), ("against", COST + NOISE)):
        for text in texts:
            argue(side, text)
    before = summarising.write(assembly)
    for place, text in enumerate(HOSTILE):
        argue("for" if place % 2 else "against", text)

    after = summarising.write(assembly)

    assert len(HOSTILE) >= 40
    assert set(after.run.account["flagged"].values()) == {"injection"}
    assert len(after.run.account["flagged"]) == len(HOSTILE)
    assert told(after) == told(before)
    people = {side["side"]: side["people"] for side in after.document["proposals"][0]["sides"]}
    assert sum(people.values()) == 13 + len(HOSTILE)


def told(summary: Summary) -> dict:
    """Everything the summary says and what it rests on, without counts and without the hostile sources."""
    texts = dict(Argument.objects.values_list("public_id", "text"))

    def sources(ids: list[str]) -> set[str]:
        return {texts[one] for one in ids} - {*HOSTILE}

    return {
        "whole": summary.document["whole"],
        "groups": summary.document["groups"],
        "topics": summary.document["topics"],
        "sides": {
            side["side"]: (
                [(point["quote"]["key"], sources(point["quote"]["cites"])) for point in side["points"]],
                [(voice["key"], sources(voice["cites"])) for voice in side["voices"]],
                sources(side["unmatched"]),
            )
            for side in summary.document["proposals"][0]["sides"]
        },
    }
