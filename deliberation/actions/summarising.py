"""Runs of the summary: begun by a facilitator, done piece by piece by the language worker, stopped, gone on with."""

import dataclasses
import logging
from datetime import timedelta
from typing import Any

from django.conf import settings
from django.db import IntegrityError, transaction
from django.db.models import Max
from django.utils import timezone

from deliberation import enqueue, live, locks
from deliberation.actions import publishing
from deliberation.actions.errors import AlreadyBeingWritten, NothingToSummarise, NotInThisState
from deliberation.analysis import summary_inputs
from deliberation.analysis.language_models import ModelUnavailableError, card_of, reader, rewriting_is_on
from deliberation.analysis.summary_document import Made, make_document, tells_of_arguments
from deliberation.analysis.summary_inputs import InputChanged, Reading
from deliberation.analysis.summary_steps import CODE_VERSION, OPTIONS, STEPS, Results
from deliberation.models import Assembly, Participant, RunState, Step, Summary, SummaryRun, WhyStopped, Wording

logger = logging.getLogger(__name__)

MOST_TRIES = 5  # of one piece, before a run that kills its worker is given up
MOST_RESTARTS = 3  # of a run whose input keeps changing
LEFT_ALONE_AFTER = timedelta(seconds=5)
UNFINISHED = (RunState.WAITING, RunState.RUNNING)


@transaction.atomic
def start(assembly: Assembly, by: Participant | None, publishes: bool = False) -> SummaryRun:
    """Ask for a summary of what is there now. Raises NothingToSummarise, AlreadyBeingWritten."""
    _there_is_something(assembly)
    try:
        with transaction.atomic():
            run = SummaryRun.objects.create(assembly=assembly, started_by=by, publishes=publishes)
    except IntegrityError:
        raise AlreadyBeingWritten from None
    _ask(run)
    return run


def _there_is_something(assembly: Assembly) -> None:
    if not assembly.arguments.shown().exists():
        raise NothingToSummarise


@transaction.atomic
def cancel(run: SummaryRun) -> None:
    """Stop before the next piece; what was found so far is kept for whoever goes on."""
    SummaryRun.objects.filter(pk=run.pk, state__in=UNFINISHED).update(
        state=RunState.CANCELLED, cancel_wanted_at=timezone.now(), ended_at=timezone.now()
    )
    _tell(run)


@transaction.atomic
def go_on(run: SummaryRun) -> None:
    """Go on with a run that was stopped or failed, where it stopped.

    Raises NotInThisState, NothingToSummarise, AlreadyBeingWritten.
    """
    current = SummaryRun.objects.select_for_update().get(pk=run.pk)
    if not current.can_go_on:
        raise NotInThisState
    _there_is_something(current.assembly)
    if SummaryRun.objects.filter(assembly=current.assembly, state__in=UNFINISHED).exists():
        raise AlreadyBeingWritten
    SummaryRun.objects.filter(pk=run.pk).update(
        state=RunState.WAITING, why="", detail="", tries=0, restarts=0, ended_at=None, cancel_wanted_at=None
    )
    _ask(current)


def advance(run_id: int) -> bool:
    """Do the next piece; whether there is another. Another worker may be at it: then this one has nothing to do."""
    run = SummaryRun.objects.get(pk=run_id)
    with locks.locked_unless_held(locks.SUMMARISING, run.assembly_id) as mine:
        return mine and _advanced(run).is_unfinished


def write(assembly: Assembly, by: Participant | None = None) -> Summary | None:
    """A whole run at once, in this process; None if it failed."""
    run = start(assembly, by)
    with locks.locked(locks.SUMMARISING, assembly.pk):
        while _advanced(run).is_unfinished:
            pass
    return Summary.objects.filter(run=run).first()


def _advanced(run: SummaryRun) -> SummaryRun:
    run.refresh_from_db()
    if run.is_unfinished:
        _try(run)
        run.refresh_from_db()
    return run


def left_alone() -> list[int]:
    """Unfinished runs that no worker has touched for a while: their message was lost, or their worker died."""
    silent = SummaryRun.objects.filter(state__in=UNFINISHED, heard_at__lt=timezone.now() - LEFT_ALONE_AFTER)
    return [run.pk for run in silent if not _is_held(run.assembly_id)]


def forget_results(assembly: Assembly) -> None:
    """Words that unfinished and stopped runs keep between steps go when somebody is erased; such a run begins again."""
    SummaryRun.objects.filter(assembly=assembly).exclude(state=RunState.DONE).update(
        results={}, inputs={}, input_digest="", step=Step.NORMALISE, done=0, total=0
    )


def _try(run: SummaryRun) -> None:
    """One piece; whatever goes wrong, the last published version stays and the run says what happened."""
    SummaryRun.objects.filter(pk=run.pk, state__in=UNFINISHED).update(
        tries=run.tries + 1, state=RunState.RUNNING, heard_at=timezone.now()
    )
    if run.tries >= MOST_TRIES:
        return _fail(run, WhyStopped.CRASHED, f"{run.tries} tries at {run.step}")
    try:
        _piece(run)
    except InputChanged:
        _begin_again(run)
    except (NotInThisState, IntegrityError):
        logger.info("summary run %s was stopped, or a version was made beside it", run.pk)
    except ModelUnavailableError as error:
        _fail(run, WhyStopped.MODEL, str(error))
    except Exception as error:  # a run must not come back for ever; the log holds the trace
        logger.exception("summary run %s failed at %s", run.pk, run.step)
        _fail(run, WhyStopped.ERROR, f"{type(error).__name__} at {run.step}")
    return None


def _piece(run: SummaryRun) -> None:
    if not run.input_digest:
        _begin(run)
    reading = summary_inputs.read(run)
    if run.step == Step.DOCUMENT:
        return _finish(run, reading)
    piece = STEPS[Step(run.step)](reading, run.results)
    run.results = {**run.results, run.step: piece.found}
    run.done, run.total, run.tries = piece.done, piece.total, 0
    if piece.is_last:
        run.step, run.done, run.total = Step(run.step).next, 0, 0
    return _save(run, "results", "step", "done", "total", "tries")


def _begin(run: SummaryRun) -> None:
    """Fix the input, and say by what it is read."""
    models = [card_of("encoder", reader().card)]
    with locks.one_moment():
        summary_inputs.pin(run)
        run.code_version, run.models_used, run.results = CODE_VERSION, models, {}
        run.parameters = {
            **dataclasses.asdict(OPTIONS),
            "rewriter": settings.GENERATOR if _may_draft(run) else "off",
        }
        reading = summary_inputs.read(run)
        run.input_digest = summary_inputs.digest_of(reading, run.parameters, CODE_VERSION)
        run.account = {"in": {"arguments": len(reading.arguments), "statements": len(reading.statements)}}
    _save(run, "map", "inputs", "input_digest", "code_version", "parameters", "models_used", "account", "results")


def _may_draft(run: SummaryRun) -> bool:
    """Not where nobody will look: a draft needs a person's tick."""
    return rewriting_is_on(run.assembly) and not run.publishes


def _begin_again(run: SummaryRun) -> None:
    if run.restarts >= MOST_RESTARTS:
        return _fail(run, WhyStopped.CHANGED)
    run.inputs, run.input_digest, run.results, run.step = {}, "", {}, Step.NORMALISE
    run.done, run.total, run.tries, run.restarts = 0, 0, 0, run.restarts + 1
    return _save(run, "inputs", "input_digest", "results", "step", "done", "total", "tries", "restarts")


def _finish(run: SummaryRun, reading: Reading) -> None:
    """Document, new words and the end of the run at once: there is never half a version."""
    made = make_document(reading, run.results)
    rewriting = run.results[Step.REWRITE]
    if card := rewriting.get("card"):
        run.models_used = [*run.models_used, {"job": "rewriter", **card}]
    run.account = {**run.account, **_account(run.results, made)}
    run.state, run.ended_at, run.results, run.tries = RunState.DONE, timezone.now(), {}, 0
    with transaction.atomic():
        summary = _draft(run, made)
        publishing.tell(summary)
        if run.publishes and tells_of_arguments(made.document):
            publishing.publish(summary, None)
        _save(run, "state", "ended_at", "results", "tries", "account", "models_used")


def _draft(run: SummaryRun, made: Made) -> Summary:
    """Raises IntegrityError if a person revised at this very moment; the piece is then tried again."""
    last = Summary.objects.filter(assembly=run.assembly).aggregate(last=Max("version", default=0))["last"]
    summary = Summary.objects.create(
        assembly=run.assembly, version=last + 1, run=run, map=run.map, document=made.document
    )
    Wording.objects.bulk_create(
        Wording(
            summary=summary, key=new.key, language=new.language, text=new.text, cites=list(new.cites), gate=new.gate
        )
        for new in made.new_words
    )
    return summary


def _account(results: Results, made: Made) -> dict[str, Any]:
    """What went in and came out, in counts, and why each contribution is behind no sentence."""
    refused = [reason for reasons in results[Step.GATE]["refused"].values() for reason in reasons]
    return {
        "unseen_characters": len(results[Step.NORMALISE]["with_unseen"]),
        "flagged": results[Step.FLAGS],
        "copies": len(results[Step.DUPLICATES]),
        "key_points": sum(len(side["points"]) for proposal in made.document["proposals"] for side in proposal["sides"]),
        "rewriter": results[Step.REWRITE]["rewriter"],
        "why_no_rewriter": results[Step.REWRITE].get("why", ""),
        "drafts": len(results[Step.REWRITE]["drafts"]),
        "let_through": len(made.new_words),
        "gave_up": results[Step.REWRITE].get("gave_up", False),
        "refused": {reason: refused.count(reason) for reason in sorted(set(refused))},
        "refused_points": _refused_points(results, made),
        "left_out": made.left_out,
    }


def _refused_points(results: Results, made: Made) -> dict[str, list[str]]:
    """Why the gate refused the draft for a point, by the key of its quotation, for whoever reviews it."""
    refused = results[Step.GATE]["refused"]
    return {
        point["quote"]["key"]: refused[name]
        for proposal in made.document["proposals"]
        for side in proposal["sides"]
        for place, point in enumerate(side["points"])
        if (name := f"{proposal['id']} {side['side']} {place}") in refused
    }


def _fail(run: SummaryRun, why: WhyStopped, detail: str = "") -> None:
    run.state, run.why, run.detail, run.ended_at = RunState.FAILED, why, detail, timezone.now()
    _save(run, "state", "why", "detail", "ended_at")


def _save(run: SummaryRun, *fields: str) -> None:
    """Keep what this piece found, unless the run was stopped meanwhile."""
    run.heard_at = timezone.now()
    values = {name: getattr(run, name) for name in (*fields, "heard_at")}
    with transaction.atomic():
        if not SummaryRun.objects.filter(pk=run.pk, state__in=UNFINISHED).update(**values):
            raise NotInThisState
        _tell(run)


def _ask(run: SummaryRun) -> None:
    _tell(run)
    enqueue.summary_on_commit(run.pk)


def _tell(run: SummaryRun) -> None:
    """Open desks hear how far it is; the number only has to grow."""
    moment = int(timezone.now().timestamp() * 1000)
    transaction.on_commit(lambda: live.announce(run.assembly_id, "summary_run", moment), robust=True)


def _is_held(assembly_id: int) -> bool:
    with transaction.atomic():
        return not locks.try_lock_until_commit(locks.SUMMARISING, assembly_id)
