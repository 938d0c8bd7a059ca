"""A small summary made by hand: two key points on one side of one proposal, as the pipeline would write them."""

from typing import Any

from deliberation.actions.arguing import argue
from deliberation.analysis.summary_inputs import sha256_of
from deliberation.models import Argument, Assembly, Participant, Proposal, Side, Summary, SummaryRun, Wording
from summarizer import wording

NOISE = [
    "Heavy trucks wake the children at five in the morning.",
    "The noise of a second truck before dawn keeps my baby awake.",
    "We already have enough lorries roaring past our windows at night.",
    "Before dawn the trucks wake our whole street.",
]
JOBS = [
    "Four more drivers would find steady work in our own district.",
    "It gives jobs to young people who now sit at home.",
    "The second round means new jobs for neighbours without work.",
]
ALONE = "Somebody could sort the glass on the way."
DRAFT = "Trucks wake the children at five in the morning."


def arguments_of(proposal: Proposal, authors: list[Participant]) -> list[Argument]:
    """One by each author: four about noise, three about jobs, one alone."""
    texts = [*NOISE, *JOBS, ALONE]
    return [argue(author, proposal, Side.AGAINST, text, "en") for author, text in zip(authors, texts, strict=True)]


def a_summary(assembly: Assembly, said: list[Argument], draft: str = DRAFT, **values: object) -> Summary:
    """A draft with the points "noise" (for which a model drafted a sentence) and "jobs"; the last argument is alone."""
    run = SummaryRun.objects.create(assembly=assembly, state="done", input_digest="0" * 64, code_version="2")
    noise, jobs = a_point("noise", said[:4]), a_point("jobs", said[4:7])
    if draft:
        noise["rewrite"] = {**noise["quote"], "key": "drafted", "kind": "rewrite", "place": None, "gate": "A"}
    side = {
        "side": "against",
        "people": 8,
        "covered": 7,
        "opening": a_sentence("opening", [], "statistic", text=wording.opening("against", 8, 8)),
        "coverage": a_sentence("coverage", [], "statistic", text=wording.coverage(2, 7, 8), n=7, denominator=8),
        "points": [noise, jobs],
        "voices": [],
        "unmatched": [said[7].public_id],
        "not_read": {},
    }
    proposal = {"id": said[0].proposal.public_id, "sides": [side]}
    cited = {argument.public_id: sha256_of(argument.text) for argument in said[:7]}
    document = {
        "format": 2, "whole": None, "proposals": [proposal], "topics": [], "groups": [], "sources": cited
    }  # fmt: skip
    made = {"version": assembly.summaries.count() + 1, "run": run, "document": document, **values}
    summary = Summary.objects.create(assembly=assembly, **made)
    if draft:
        cites = [argument.public_id for argument in said[:4]]
        Wording.objects.create(summary=summary, key="drafted", language="en", text=draft, cites=cites, gate="A")
    return summary


def a_point(key: str, said: list[Argument]) -> dict[str, Any]:
    cites, text = [argument.public_id for argument in said], wording.prevalence("against", len(said), 8)
    place = {"id": cites[0], "start": 0, "end": len(said[0].text)}
    return {
        "quote": a_sentence(key, cites, "quote", place=place, language="en"),
        "rewrite": None,
        "prevalence": a_sentence(f"n-{key}", cites, "statistic", text=text, n=len(said), denominator=8),
        "copies": None,
    }


def a_sentence(key: str, cites: list[str], kind: str, **more: object) -> dict[str, Any]:
    empty = {"place": None, "text": None, "language": None, "n": None, "denominator": None, "interval": None}
    return {"key": key, "kind": kind, "cites": list(cites), **empty, "per_group": {}, "gate": None, **more}
