"""An assembly with everything that a report tells of: groups, proposals, arguments and a published summary."""

from deliberation.actions.mapping import refresh_map
from deliberation.actions.reporting import make_report
from deliberation.exports.content.words import sha256
from deliberation.models import (
    Argument,
    Assembly,
    Participant,
    Proposal,
    Report,
    RunState,
    Side,
    Statement,
    Summary,
    SummaryRun,
    SummaryState,
)
from deliberation.record.sealing import seal
from tests.people import a_proposal, an_assembly, two_camps

MODEL = {"model_id": "example/encoder", "revision": "abc123", "licence": "MIT", "weights_sha256": "0f" * 32}


def a_deliberated_assembly(slug: str = "river") -> Assembly:
    """Twenty people in two camps have voted; the first six have argued, three of them for the same."""
    assembly = an_assembly(slug)
    members, _statements = two_camps(assembly)
    proposal = a_proposal(assembly)
    said = [
        an_argument(proposal, member, f"Argument {n} of the river: it stays clean.")
        for n, member in enumerate(members[:5], 1)
    ]
    an_argument(proposal, members[5], "It costs too much.", Side.AGAINST)
    a_summary(assembly, proposal, said)
    refresh_map(assembly)
    seal(assembly)
    return assembly


def a_report(assembly: Assembly) -> Report:
    report = make_report(assembly, by=None)
    report.assembly = assembly
    return report


def an_argument(proposal: Proposal, author: Participant, text: str, side: Side = Side.FOR) -> Argument:
    return Argument.objects.create(
        assembly=proposal.assembly, proposal=proposal, author=author, side=side, text=text, language="en"
    )


def a_summary(assembly: Assembly, proposal: Proposal, said: list[Argument]) -> Summary:
    """One key point that three people stand behind, one single voice, and one argument that nothing reflects."""
    point, voice, unmatched = said[:3], said[3], said[4]
    side = {
        "side": "for",
        "people": 5,
        "covered": 3,
        "points": [{"quote": a_quote("point-1", point), "rewrite": None, "prevalence": {"n": 3, "denominator": 5}}],
        "voices": [a_quote("voice-1", [voice])],
        "unmatched": [unmatched.public_id],
        "not_read": {},
    }
    document = {
        "format": 2,
        "sources": {each.public_id: sha256(each.text) for each in said},
        "whole": {},
        "proposals": [{"id": proposal.public_id, "sides": [side]}],
        "topics": [],
        "groups": [],
    }
    run = SummaryRun.objects.create(
        assembly=assembly, state=RunState.DONE, input_digest="1" * 64, models_used=[MODEL], code_version="1"
    )
    return Summary.objects.create(
        assembly=assembly, version=1, state=SummaryState.PUBLISHED, run=run, document=document
    )


def a_quote(key: str, cited: list[Argument]) -> dict:
    return {
        "key": key,
        "kind": "quote",
        "place": {"id": cited[0].public_id, "start": 0, "end": len(cited[0].text)},
        "language": "en",
        "cites": [each.public_id for each in cited],
        "n": None,
        "denominator": None,
        "per_group": {},
        "interval": None,
        "gate": None,
    }


def statement_numbered(assembly: Assembly, number: int) -> Statement:
    return assembly.statements.get(number=number)
