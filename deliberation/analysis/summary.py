"""From arguments to a summary that stores ids, places and counts, and no words: those are looked up when it is read."""

import dataclasses
import hashlib
from typing import Any

import rfc8785

from deliberation.analysis.consensus_map import group_letters
from deliberation.analysis.embedding import encoder, vectors_of
from deliberation.models import Argument, Assembly, ConsensusMap, Proposal, RunState, Summary, SummaryRun, SummaryState
from summarizer import key_points
from summarizer.key_points import KeyPoint, KeyPointOptions, SideKeyPoints, find_key_points

CODE_VERSION = "1"  # counts up whenever the same arguments would give another summary

Quote = dict[str, Any]


def next_summary(assembly: Assembly) -> Summary | None:
    """The summary that follows the current one, not yet saved; None if nothing it rests on has changed.

    Call it in a repeatable-read transaction.
    """
    newest = ConsensusMap.objects.filter(assembly=assembly).first()
    current = Summary.objects.filter(assembly=assembly).first()
    letters = group_letters(newest) if newest else {}
    said = {proposal: _arguments(proposal, letters) for proposal in assembly.proposals.all()}
    options = KeyPointOptions()
    digest = _digest_of_input(newest, said, options)
    if current is not None and current.run and current.run.input_digest == digest:
        return None
    run = SummaryRun(
        assembly=assembly,
        state=RunState.DONE,
        map=newest,
        input_digest=digest,
        models_used=[dataclasses.asdict(encoder().card)],
        parameters=dataclasses.asdict(options),
        code_version=CODE_VERSION,
    )
    return Summary(
        assembly=assembly,
        version=(current.version if current else 0) + 1,
        state=SummaryState.PUBLISHED,
        run=run,
        map=newest,
        document={
            "groups": _groups(newest) if newest else [],
            "proposals": [_proposal(proposal, arguments, options) for proposal, arguments in said.items()],
        },
    )


def quoted(text: str, quote: Quote) -> str | None:
    """The words quoted, as they stand in the text today; None if the text was changed since."""
    if _sha256(text) != quote["sha256"]:
        return None
    return text[quote["start"] : quote["end"]]


def _groups(newest: ConsensusMap) -> list[dict[str, Any]]:
    return [
        {"letter": group["letter"], "size": group["size"], "statements": group["representative"]}
        for group in newest.snapshot["groups"]
    ]


def _arguments(proposal: Proposal, letters: dict[int, str]) -> list[key_points.Argument]:
    return [
        key_points.Argument(
            id=argument.public_id,
            author=argument.author.public_id,
            side=argument.side,
            language=argument.language,
            text=argument.text,
            opinion_group=letters.get(argument.author_id),
        )
        for argument in Argument.objects.filter(proposal=proposal).shown().select_related("author")
    ]


def _proposal(proposal: Proposal, said: list[key_points.Argument], options: KeyPointOptions) -> dict[str, Any]:
    texts = {argument.id: argument.text for argument in said}
    found = find_key_points(said, lambda each: vectors_of(list(each)), options)
    return {"id": proposal.public_id, "sides": [_side(side, texts) for side in found]}


def _side(side: SideKeyPoints, texts: dict[str, str]) -> dict[str, Any]:
    return {
        "side": side.side,
        "arguments": len(side.arguments),
        "people": side.participants,
        "covered": side.covered,
        "points": [_point(point, side, texts[point.quoted_from]) for point in side.key_points],
        "voices": [_quote(voice.quote, voice.quoted_from, texts[voice.quoted_from]) for voice in side.voices],
        "unmatched": list(side.unmatched),
        "not_read": dict(side.flags),
    }


def _point(point: KeyPoint, side: SideKeyPoints, source: str) -> dict[str, Any]:
    return {
        "quote": _quote(point.quote, point.quoted_from, source),
        "cites": list(point.arguments),
        "people": point.authors,
        "of": side.participants,
        "groups": point.authors_by_group,
    }


def _quote(words: str, argument: str, source: str) -> Quote:
    """Where the words stand in their source. Raises ValueError if they do not stand there literally."""
    start = source.index(words)
    return {"argument": argument, "start": start, "end": start + len(words), "sha256": _sha256(source)}


def _digest_of_input(
    newest: ConsensusMap | None, said: dict[Proposal, list[key_points.Argument]], options: KeyPointOptions
) -> str:
    content = {
        "code": CODE_VERSION,
        "weights": encoder().card.weights_sha256,
        "options": repr(options),
        "groups": newest.snapshot["groups"] if newest else [],
        "said": {
            proposal.public_id: sorted([*dataclasses.astuple(argument)] for argument in arguments)
            for proposal, arguments in said.items()
        },
    }
    return hashlib.sha256(rfc8785.dumps(content)).hexdigest()


def _sha256(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()
