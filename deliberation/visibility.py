"""The one place that says who may see what: pages, JSON, sockets and exports all ask here."""

import json
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.db.models import Count, Exists, OuterRef, Prefetch, Q, QuerySet

from deliberation.models import (
    Appeal,
    Argument,
    Assembly,
    Candidate,
    Challenge,
    ConsensusMap,
    Consent,
    Decision,
    DraftingRound,
    ExpertAnswer,
    KitStep,
    Moderation,
    Note,
    Objection,
    Participant,
    Phase,
    Poll,
    Pool,
    Purpose,
    Question,
    QuestionInterest,
    RankingTurn,
    Redaction,
    Report,
    ReportFile,
    ResultsShown,
    Role,
    Session,
    Stage,
    Statement,
    Summary,
    SummaryState,
    Vote,
)
from deliberation.models.moderation import DECIDED_ON

FEW = 5  # of fewer people nothing is counted in public
WRITTEN = ("statement", "argument__proposal", "objection__round", "question", "note__item__session")
INTO = ("into_statement", "into_argument__proposal")


@dataclass(frozen=True)
class Results:
    """Whether somebody sees results now; if not, why, and how many votes of their own are still missing."""

    shown: bool
    reason: str = ""
    votes_missing: int = 0


def results_for(assembly: Assembly, participant: Participant | None) -> Results:
    """The rule of the open phase; between phases that of the last one that closed."""
    phase = _ruling_phase(assembly)
    if phase is None or phase.results == ResultsShown.ALWAYS:
        return Results(shown=True)
    if phase.state == "past" or (participant is not None and participant.is_facilitator):
        return Results(shown=True)
    if phase.results == ResultsShown.AFTER_CLOSE:
        return Results(shown=False, reason=ResultsShown.AFTER_CLOSE)
    own = Vote.objects.standing().filter(participant=participant).count() if participant else 0
    missing = max(phase.results_after - own, 0)
    return Results(shown=not missing, reason=ResultsShown.AFTER_OWN_VOTES if missing else "", votes_missing=missing)


def _ruling_phase(assembly: Assembly) -> Phase | None:
    begun = [phase for phase in assembly.phases.all() if phase.opened_at is not None]
    still_open = next((phase for phase in begun if phase.closed_at is None), None)
    return still_open or max(begun, key=lambda phase: phase.closed_at, default=None)


def maps_for(assembly: Assembly, participant: Participant | None) -> QuerySet[ConsensusMap]:
    made = ConsensusMap.objects.filter(assembly=assembly)
    return made if results_for(assembly, participant).shown else made.none()


def current_map(assembly: Assembly, participant: Participant | None) -> ConsensusMap | None:
    return maps_for(assembly, participant).first()


def summaries_for(assembly: Assembly, participant: Participant | None) -> QuerySet[Summary]:
    """Versions that are or were public, and the one participants are asked about; drafts are the facilitators'."""
    made = Summary.objects.filter(assembly=assembly)
    if not results_for(assembly, participant).shown:
        return made.none()
    if participant is not None and participant.is_facilitator:
        return made
    return made.filter(Q(published_at__isnull=False) | Q(state=SummaryState.OFFERED))


def published_summary(assembly: Assembly, participant: Participant | None) -> Summary | None:
    return summaries_for(assembly, participant).filter(state=SummaryState.PUBLISHED).first()


def offered_summary(assembly: Assembly, participant: Participant | None) -> Summary | None:
    return summaries_for(assembly, participant).filter(state=SummaryState.OFFERED).first()


def challenges_for(assembly: Assembly, participant: Participant | None) -> QuerySet[Challenge]:
    """Objections to sentences of any version that this reader sees, the oldest first."""
    seen = Challenge.objects.filter(summary__in=summaries_for(assembly, participant))
    return seen.select_related("summary", "participant", "answered_by", "corrected_in").order_by("created_at", "pk")


def reports_for(assembly: Assembly, participant: Participant | None) -> QuerySet[Report]:
    made = Report.objects.filter(assembly=assembly)
    return made if results_for(assembly, participant).shown else made.none()


def redactions_for(participant: Participant | None) -> list[Redaction]:
    """How much of what leads to people somebody may be given; never results that are hidden."""
    if participant is not None and participant.is_facilitator:
        return list(Redaction)
    if participant is not None and Role.COMMISSIONER in participant.roles:
        return [Redaction.PUBLIC, Redaction.COMMISSIONER]
    return [Redaction.PUBLIC]


def report_files_for(report: Report, participant: Participant | None) -> QuerySet[ReportFile]:
    """The files of a report that somebody may be given; find the report with `reports_for`."""
    return ReportFile.objects.filter(report=report, level__in=redactions_for(participant))


def may_be_helped(assembly: Assembly, helper: Participant) -> QuerySet[Participant]:
    """Who lets helpers of this assembly enter what they say; nobody but a helper of it is told."""
    allowed = Consent.objects.current().filter(purpose=Purpose.HELP)
    people = Participant.objects.present().filter(assembly=assembly, account__isnull=False)
    if helper.assembly_id != assembly.pk or not helper.may_help:
        return people.none()
    return people.filter(pk__in=allowed.values("participant")).exclude(pk=helper.pk).order_by("pseudonym")


def statements_for(assembly: Assembly) -> QuerySet[Statement]:
    """The statements anybody may read, ready to be shown in any language."""
    return Statement.objects.filter(assembly=assembly).shown().select_related("author").prefetch_related("translations")


def merged_statements(assembly: Assembly) -> dict[str, Statement]:
    """What says the same as each merged statement and goes on for it, by the public id of the one that points to it."""
    here = _merged("statement", Statement).filter(statement__assembly=assembly)
    return {each.statement.public_id: each.into_statement for each in here}


def merged_arguments(assembly: Assembly) -> dict[str, Argument]:
    """The same for arguments."""
    here = _merged("argument", Argument).filter(argument__assembly=assembly)
    return {each.argument.public_id: each.into_argument for each in here}


def goes_on_as(statement: Statement) -> Statement | None:
    """What takes new votes in its stead; None where it takes them itself."""
    merged = _merged("statement", Statement).filter(statement=statement).first()
    return merged and merged.into_statement


def _merged(kind: str, model: type[Statement] | type[Argument]) -> QuerySet[Moderation]:
    pointing = Moderation.objects.current().filter(decision=Decision.MERGED, **{f"{kind}__withdrawn_at__isnull": True})
    return pointing.filter(**{f"into_{kind}__in": model.objects.shown()}).select_related(kind, f"into_{kind}")


def importance_for(assembly: Assembly, participant: Participant | None) -> dict[int, dict[str, int]]:
    """To how many of those who voted on a statement it is important; with fewer than five votes nothing is told."""
    if not results_for(assembly, participant).shown:
        return {}
    counted = Vote.objects.standing().filter(assembly=assembly).values("statement")
    told = counted.annotate(votes=Count("pk"), important=Count("pk", Q(important=True)))
    return {
        each["statement"]: {"important": each["important"], "votes": each["votes"]}
        for each in told.filter(votes__gte=FEW, important__gte=1)
    }


def statements_with_decisions(assembly: Assembly) -> QuerySet[Statement]:
    """Every statement, hidden and withdrawn ones too: for moderators, and for authors what is their own."""
    return Statement.objects.filter(assembly=assembly).select_related("author").prefetch_related(*_decided())


def arguments_with_decisions(assembly: Assembly) -> QuerySet[Argument]:
    """The same for arguments."""
    everything = Argument.objects.filter(assembly=assembly)
    return everything.select_related("author", "proposal").prefetch_related(*_decided())


def objections_with_decisions(assembly: Assembly) -> QuerySet[Objection]:
    """The same for objections."""
    everything = Objection.objects.filter(assembly=assembly)
    return everything.select_related("author", "round").prefetch_related(*_decided())


def questions_with_decisions(assembly: Assembly) -> QuerySet[Question]:
    """The same for questions to the experts."""
    return Question.objects.filter(assembly=assembly).select_related("author").prefetch_related(*_decided())


def notes_with_decisions(assembly: Assembly) -> QuerySet[Note]:
    """The same for scribes’ notes, but for those that were taken back: these are on no page any more."""
    standing = Note.objects.filter(assembly=assembly, withdrawn_at__isnull=True)
    return standing.select_related("author", "item__session").prefetch_related(*_decided())


def questions_for(assembly: Assembly, participant: Participant | None = None) -> QuerySet[Question]:
    """The questions to the experts that anybody may read, and how many others want to know, this reader among them?

    An answer stays when its question is taken back: then the words of the question are not to be shown.
    """
    public = _public_questions(assembly)
    told = public.select_related("author", "owner", "follows").prefetch_related("answers__by")
    mine = QuestionInterest.objects.filter(question=OuterRef("pk"), participant=participant)
    return told.annotate(
        wanted=Count("interests", distinct=True),
        is_wanted=Exists(mine),
        follows_one_shown=Exists(public.filter(pk=OuterRef("follows"))),
    )


def _public_questions(assembly: Assembly) -> QuerySet[Question]:
    hidden = Moderation.objects.current().hiding().filter(question=OuterRef("pk"))
    answered = ExpertAnswer.objects.filter(question=OuterRef("pk"))
    standing = Q(withdrawn_at__isnull=True) | Exists(answered)
    return Question.objects.filter(standing, ~Exists(hidden), assembly=assembly)


def kit_steps_for(assembly: Assembly, participant: Participant | None) -> QuerySet[KitStep]:
    """The steps of the information kit; drafts are the facilitators'."""
    steps = KitStep.objects.filter(assembly=assembly).prefetch_related("translations", "clauses__translations")
    told = steps.select_related("file").defer("file__content")
    return told.standing() if participant is not None and participant.is_facilitator else told.published()


def _decided() -> list[Prefetch]:
    """The decision that holds with its appeal, and wishes for other words that their authors answered."""
    current = Moderation.objects.current().select_related("appeal", *INTO)
    answered = Moderation.objects.exclude(answer="").order_by("-lifted_at")
    return [
        Prefetch("moderations", current, to_attr="decided"),
        Prefetch("moderations", answered, to_attr="answered"),
    ]


def appeals_of(assembly: Assembly) -> QuerySet[Appeal]:
    """All appeals, the oldest first, with what they are about; without those whose author withdrew it."""
    stands = {f"moderation__{kind}__withdrawn_at__isnull": True for kind in DECIDED_ON}
    return Appeal.objects.filter(by__assembly=assembly, **stands).select_related(
        "by", "moderation__by", *(f"moderation__{each}" for each in (*WRITTEN, *INTO))
    )


def moderations_of(assembly: Assembly) -> QuerySet[Moderation]:
    """All decisions ever taken, newest first, with what they are about."""
    here = Q(statement__assembly=assembly) | Q(argument__assembly=assembly) | Q(objection__assembly=assembly)
    here |= Q(question__assembly=assembly) | Q(note__assembly=assembly)
    return Moderation.objects.filter(here).select_related(*WRITTEN, *INTO).order_by("-created_at", "-pk")


def drafting_rounds_for(assembly: Assembly, participant: Participant | None) -> QuerySet[DraftingRound]:
    """Drafting rounds; while one is prepared only those who prepare it see it."""
    rounds = DraftingRound.objects.filter(assembly=assembly).select_related("proposal", "assembly")
    told = rounds.prefetch_related("translations", "proposal__translations")
    if participant is not None and participant.is_facilitator:
        return told
    return told.exclude(stage=Stage.PREPARING)


def counted_turns(assembly: Assembly) -> QuerySet[RankingTurn]:
    """Rankings whose result is open: to everybody from the close on, and before that to nobody, facilitators too."""
    return RankingTurn.objects.filter(assembly=assembly, closed_at__isnull=False).select_related("round")


def drafting_results(assembly: Assembly, participant: Participant | None) -> list[dict[str, Any]]:
    """Each drafting round with what was counted, as plain data: participants' words by their ids alone."""
    counted: dict[int, list[RankingTurn]] = {}
    for turn in counted_turns(assembly).order_by("number"):
        counted.setdefault(turn.round_id, []).append(turn)
    return [
        {
            "id": each.public_id,
            "number": each.number,
            "stage": each.stage,
            "questions": {text.language: text.question for text in each.translations.all()},
            "proposal": each.proposal and each.proposal.public_id,
            "candidates": [
                _candidate(candidate) for candidate in each.candidates.standing().select_related("statement")
            ],
            "turns": [{"turn": turn.number, **turn.result} for turn in counted.get(each.pk, [])],
        }
        for each in drafting_rounds_for(assembly, participant)
    ]


def _candidate(candidate: Candidate) -> dict[str, Any]:
    return {
        "id": candidate.public_id,
        "number": candidate.number,
        "origin": candidate.origin,
        "statement": candidate.statement and candidate.statement.public_id,
        "texts": {text.language: text.text for text in candidate.translations.all()},
    }


def sessions_for(assembly: Assembly, participant: Participant | None) -> QuerySet[Session]:
    """Sessions that were opened; what is only planned is the facilitators'."""
    made = Session.objects.filter(assembly=assembly).select_related("item").prefetch_related("translations")
    return made if participant is not None and participant.is_facilitator else made.filter(opened_at__isnull=False)


def notes_for(assembly: Assembly) -> QuerySet[Note]:
    """What scribes wrote down, the newest first; everybody may read and cite it."""
    found = Note.objects.filter(assembly=assembly).shown().select_related("author", "item__session")
    return found.prefetch_related("item__translations", "item__session__translations").order_by("-created_at", "-pk")


def poll_result(poll: Poll) -> dict[str, int] | None:
    """People by option, once it is closed; nothing, to nobody, where fewer than five answered."""
    if poll.result is None or sum(poll.result.values()) < FEW:
        return None
    return dict(poll.result)


def seats_told(pool: Pool) -> list[dict[str, Any]]:
    """Who has the seats of a lottery, against the targets, as public counts.

    Small counts are not told, nor the next that would tell them by subtraction; whether a target is met is.
    """
    told = []
    for category, counts in zip(pool.targets, pool.result["counts"], strict=True):
        small = {i for i, count in enumerate(counts) if count < FEW}
        if len(small) == 1 and len(counts) > 1:
            small.add(min((i for i in range(len(counts)) if i not in small), key=lambda i: counts[i]))
        rows = [
            {**value, "count": None if i in small else counts[i], "met": value["min"] <= counts[i] <= value["max"]}
            for i, value in enumerate(category["values"])
        ]
        told.append({"name": category["name"], "rows": rows})
    return told


def record_openings_for(assembly: Assembly, participant: Participant | None) -> Callable[[str, bytes, bytes], bool]:
    """Whether a content of the record (given its type, leaf and content) may leave the house for this reader.

    Votes wait until results are open; what is hidden or withdrawn is hidden here too, with the answers to a question
    that moderators hid, and so are the words of a moderator to an author, and what somebody consented to. To
    facilitators all but the last is shown. Rankings wait for everybody until they are counted; of too few only those
    taken back are shown, so that none can be left out.
    """
    votes = results_for(assembly, participant).shown
    facilitates = participant is not None and participant.is_facilitator
    counted, closed = _rankings(assembly, result__counted=True), _rankings(assembly)
    preparing = set(_being_prepared(assembly))
    asked = set(Summary.objects.filter(assembly=assembly, published_at__isnull=True).values_list("version", flat=True))
    hidden = _hidden_contributions(assembly)
    answered = set(_public_questions(assembly).values_list("public_id", flat=True))

    def shown(type: str, leaf: bytes, content: bytes) -> bool:
        if type == "ranking":
            told = json.loads(content)
            return (told["round"], told["turn"]) in (counted if told["places"] else closed)
        if type == "ratify":
            return json.loads(content)["summary"] not in asked
        if facilitates:
            return type != "consent"
        if type == "drafting":
            return json.loads(leaf)["id"] not in preparing
        if type == "vote":
            return votes
        if type == "consent":
            return False
        if type in ("statement", "argument", "edit", "objection", "question", "note"):
            return json.loads(leaf)["id"] not in hidden
        if type == "answer":
            return json.loads(content)["question"] in answered
        return type not in ("moderate", "appeal") or not json.loads(content).get("reason")

    return shown


def _rankings(assembly: Assembly, **which: object) -> set[tuple[str, int]]:
    """Rounds and turns that are closed, or those of them of which enough people took part for a result."""
    turns = counted_turns(assembly).filter(**which)
    return set(turns.values_list("round__public_id", "number"))


def _being_prepared(assembly: Assembly) -> QuerySet[DraftingRound, str]:
    made = DraftingRound.objects.filter(assembly=assembly, stage=Stage.PREPARING)
    return made.values_list("public_id", flat=True)


def _hidden_contributions(assembly: Assembly) -> set[str]:
    found: set[str] = set()
    for model in (Statement, Argument, Objection, Question, Note):
        everything = model.objects.filter(assembly=assembly)
        shown = everything.shown().values("pk")
        found |= set(everything.exclude(pk__in=shown).values_list("public_id", flat=True))
    return found
