"""A drafting round as its facilitator leads it: from candidates to words that everybody ranked.

Every step is an entry of the record and news to browsers; the last one can be undone for ten minutes, unless people
have answered meanwhile.
"""

from enum import StrEnum
from typing import Any

from django.db import transaction
from django.db.models import Max
from django.utils import timezone

from deliberation import live, locks, record
from deliberation.actions.errors import (
    InUse,
    NotRevised,
    PhaseClosed,
    TooFewCandidates,
    TooLate,
    TooManyCandidates,
    WrongStage,
)
from deliberation.actions.withdrawing import UNDO_WITHIN
from deliberation.analysis.drafting import counted, objectors_by_group
from deliberation.models import (
    Assembly,
    Candidate,
    CandidateText,
    ConsensusMap,
    DraftingRound,
    DraftingText,
    Origin,
    Phase,
    Proposal,
    RankingTurn,
    RecordEntry,
    Stage,
    Statement,
    Verb,
    Wording,
)

FEWEST_CANDIDATES, MOST_CANDIDATES = 2, 9
RANKING = (Stage.RANKING, Stage.RANKING_AGAIN)


class Step(StrEnum):
    """What leads from one stage to the next."""

    OPEN = "open"
    CLOSE = "close"
    ASK = "ask"
    SETTLE = "settle"


LEADS: dict[Step, dict[Stage, Stage]] = {
    Step.OPEN: {Stage.PREPARING: Stage.RANKING, Stage.REVISING: Stage.RANKING_AGAIN},
    Step.CLOSE: {
        Stage.RANKING: Stage.RANKED,
        Stage.OBJECTING: Stage.REVISING,
        Stage.RANKING_AGAIN: Stage.FINAL,
    },
    Step.ASK: {Stage.RANKED: Stage.OBJECTING},
    Step.SETTLE: {Stage.RANKED: Stage.FINAL, Stage.REVISING: Stage.FINAL},
}


@transaction.atomic
def begin_round(assembly: Assembly, questions: dict[str, str], proposal: Proposal | None = None) -> DraftingRound:
    """Ask for words on one question, written in each language of the assembly."""
    locks.lock_until_commit(locks.NUMBERING, assembly.pk)
    last = assembly.drafting_rounds.aggregate(number=Max("number", default=0))["number"]
    drafting = DraftingRound.objects.create(assembly=assembly, number=last + 1, proposal=proposal)
    DraftingText.objects.bulk_create(
        DraftingText(round=drafting, language=language, question=question) for language, question in questions.items()
    )
    _tell(drafting, "begin", questions=questions, proposal=proposal.public_id if proposal else "")
    return drafting


@transaction.atomic
def pick_statement(drafting: DraftingRound, statement: Statement, shown_by: ConsensusMap) -> Candidate:
    """Make a statement a candidate; the map that shows how everybody voted on it is kept beside it."""
    return _pick(drafting, Origin.STATEMENT, {"statement": statement, "map": shown_by})


@transaction.atomic
def pick_wording(drafting: DraftingRound, wording: Wording) -> Candidate:
    """Make a sentence of a summary a candidate: it passed the gate, and somebody read it beside its sources."""
    return _pick(drafting, Origin.WORDING, {"wording": wording})


@transaction.atomic
def write_draft(drafting: DraftingRound, texts: dict[str, str]) -> Candidate:
    """Add words of the facilitator's own, in each language of the assembly."""
    return _pick(drafting, Origin.DRAFT, {}, texts)


@transaction.atomic
def drop(candidate: Candidate) -> None:
    """Take a candidate out again; it keeps its number and can be put back."""
    drafting = _at(candidate.round, Stage.PREPARING)
    if drafting.candidates.standing().filter(pk=candidate.pk).update(dropped_at=timezone.now()):
        _tell(drafting, "drop", candidate=candidate.public_id)


@transaction.atomic
def put_back(candidate: Candidate) -> None:
    """Undo that. Raises TooManyCandidates."""
    drafting = _at(candidate.round, Stage.PREPARING)
    _expect_room(drafting)
    if drafting.candidates.filter(pk=candidate.pk, dropped_at__isnull=False).update(dropped_at=None):
        _tell(drafting, "pick", candidate=candidate.public_id)


@transaction.atomic
def revise(drafting: DraftingRound, texts: dict[str, str]) -> Candidate:
    """Write the winner anew after the objections, or change what was written so far."""
    current = _at(drafting, Stage.REVISING)
    winner = winner_of(current)
    revision = current.candidates.filter(revises=winner).first()
    if revision is None:
        revision = current.candidates.create(
            assembly_id=current.assembly_id, number=_next_number(current), origin=Origin.REVISION, revises=winner
        )
    _write(revision, texts)
    _tell(current, "revise", candidate=revision.public_id, revises=winner.public_id, texts=texts)
    return revision


@transaction.atomic
def take_step(drafting: DraftingRound, step: Step) -> DraftingRound:
    """Lead the round on. Raises WrongStage where this step is not next, and whatever keeps it from being taken."""
    current = _locked(drafting)
    before, after = Stage(current.stage), LEADS[step].get(Stage(current.stage))
    if after is None or (step == Step.ASK and winner_of(current) is None):
        raise WrongStage
    if after in RANKING:
        _expect_enough(current, after)
        entry = _move(current, after, step, **_candidates_told(current))
        number = RankingTurn.FIRST if after == Stage.RANKING else RankingTurn.SECOND
        current.turns.create(assembly_id=current.assembly_id, number=number, opening=entry.leaf_hash)
    elif before in RANKING:
        _move(current, after, step, result=_close(current.turns.select_for_update().get(closed_at__isnull=True)))
    elif before == Stage.OBJECTING:
        current.objectors = objectors_by_group(current)
        current.save(update_fields=["objectors"])
        _move(current, after, step)
    else:
        _move(current, after, step)
    return current


@transaction.atomic
def undo_step(drafting: DraftingRound) -> DraftingRound:
    """Go back to the stage before the last step. Raises TooLate, or InUse where people have answered since."""
    current = _locked(drafting)
    if not may_be_undone(current):
        raise TooLate
    before, undone = Stage(current.stage_before), Stage(current.stage)
    if undone in RANKING:
        turn = current.turns.select_for_update().get(closed_at__isnull=True)
        if turn.rankings.exists():
            raise InUse
        turn.delete()
    elif undone == Stage.OBJECTING and current.objections.exists():
        raise InUse
    elif before in RANKING:
        current.turns.filter(pk=current.turns.latest("number").pk).update(closed_at=None, result=None)
    _move(current, before, "undo")
    current.stage_before = ""
    current.objectors = None if before == Stage.OBJECTING else current.objectors
    current.save(update_fields=["stage_before", "objectors"])
    return current


def may_be_undone(drafting: DraftingRound) -> bool:
    changed_at = drafting.stage_changed_at
    return bool(drafting.stage_before) and changed_at is not None and timezone.now() - changed_at <= UNDO_WITHIN


def winner_of(drafting: DraftingRound) -> Candidate | None:
    """What came first in the last ranking that was closed and counted."""
    for turn in drafting.turns.order_by("-number"):
        if turn.result is not None and turn.result["counted"]:
            return drafting.candidates.get(public_id=turn.result["order"][0])
    return None


def _locked(drafting: DraftingRound) -> DraftingRound:
    """The round as it is now; who else leads it waits until this commits."""
    return DraftingRound.objects.select_for_update(no_key=True).get(pk=drafting.pk)


def _at(drafting: DraftingRound, stage: Stage) -> DraftingRound:
    current = _locked(drafting)
    if current.stage != stage:
        raise WrongStage
    return current


def _pick(
    drafting: DraftingRound, origin: Origin, source: dict[str, Any], texts: dict[str, str] | None = None
) -> Candidate:
    current = _at(drafting, Stage.PREPARING)
    _expect_room(current)
    if source and (earlier := current.candidates.filter(**source).first()):
        put_back(earlier)
        return earlier
    candidate = current.candidates.create(
        assembly_id=current.assembly_id, number=_next_number(current), origin=origin, **source
    )
    _write(candidate, texts or {})
    _tell(current, "pick", **_told(candidate))
    return candidate


def _write(candidate: Candidate, texts: dict[str, str]) -> None:
    for language, text in texts.items():
        CandidateText.objects.update_or_create(candidate=candidate, language=language, defaults={"text": text})


def _expect_room(drafting: DraftingRound) -> None:
    if drafting.candidates.standing().count() >= MOST_CANDIDATES:
        raise TooManyCandidates


def _expect_enough(drafting: DraftingRound, after: Stage) -> None:
    """People must be allowed to answer, and have something to choose between."""
    if not Phase.objects.filter(assembly=drafting.assembly_id).allowing(Verb.RANK).exists():
        raise PhaseClosed
    standing = drafting.candidates.standing()
    if standing.count() < FEWEST_CANDIDATES:
        raise TooFewCandidates
    if after == Stage.RANKING_AGAIN and not standing.filter(origin=Origin.REVISION).exists():
        raise NotRevised


def _close(turn: RankingTurn) -> dict[str, Any]:
    """Count what came in; whoever is just ranking has waited for this lock or is told that it is closed."""
    turn.closed_at, turn.result = timezone.now(), counted(turn)
    turn.save(update_fields=["closed_at", "result"])
    return turn.result


def _next_number(drafting: DraftingRound) -> int:
    return drafting.candidates.aggregate(last=Max("number", default=0))["last"] + 1


def _candidates_told(drafting: DraftingRound) -> dict[str, Any]:
    return {"candidates": [each.public_id for each in drafting.candidates.standing()]}


def _told(candidate: Candidate) -> dict[str, Any]:
    """What the record says of a candidate: where it comes from, and the facilitator's own words."""
    texts = {each.language: each.text for each in candidate.translations.all()}
    sources = {
        "statement": candidate.statement and candidate.statement.public_id,
        "map": candidate.map and str(candidate.map.version),
        "cites": candidate.wording and list(candidate.wording.cites),
        "texts": texts,
    }
    known = {name: source for name, source in sources.items() if source}
    return {"candidate": candidate.public_id, "origin": candidate.origin, **known}


def _move(drafting: DraftingRound, after: Stage, step: str, **more: object) -> RecordEntry:
    drafting.stage_before, drafting.stage = drafting.stage, after
    drafting.stage_changed_at = timezone.now()
    drafting.save(update_fields=["stage", "stage_before", "stage_changed_at"])
    return _tell(drafting, str(step), stage=str(after), **more)


def _tell(drafting: DraftingRound, what: str, **more: object) -> RecordEntry:
    drafting.changes += 1
    drafting.save(update_fields=["changes"])
    content = {"what": what, **more}
    entry = record.append(
        drafting.assembly, type="drafting", id=drafting.public_id, n=drafting.changes, content=content
    )
    topic, version = live.topic_of_drafting(drafting.public_id), drafting.changes
    transaction.on_commit(lambda: live.announce(drafting.assembly_id, topic, version), robust=True)
    return entry
