"""What somebody has written, and what became of each."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from deliberation import visibility
from deliberation.actions import withdrawing
from deliberation.actions.errors import NotInThisState, PhaseClosed, Reworded, TooLate, WordsStay
from deliberation.actions.rewording import keep_words, may_be_reworded, reword
from deliberation.forms.moderating import KeepWordsForm
from deliberation.forms.writing import RewordingForm
from deliberation.models import LONGEST_ARGUMENT, LONGEST_STATEMENT, Appeal, Decision
from deliberation.record.helped import entered_for
from deliberation.views.moderation import WITH_DECISIONS, Contribution, named
from deliberation.views.page import Visit, for_participants
from deliberation.views.rate_limits import limited
from deliberation.views.uses import Uses, uses_shown

LONGEST = {"statement": LONGEST_STATEMENT, "argument": LONGEST_ARGUMENT}
REFUSED = {
    PhaseClosed: gettext_lazy("Nothing can be changed in this phase any more. Your words stay as they are."),
    WordsStay: gettext_lazy("Others have voted on these words or built on them meanwhile, so they stay as they are."),
    Reworded: gettext_lazy("You changed these words elsewhere meanwhile. They stand above as they are now."),
}


@require_safe
@for_participants
def mine(visit: Visit) -> HttpResponse:
    statements = visibility.statements_with_decisions(visit.assembly).filter(author=visit.participant)
    arguments = visibility.arguments_with_decisions(visit.assembly).filter(author=visit.participant)
    objections = visibility.objections_with_decisions(visit.assembly).filter(author=visit.participant)
    questions = visibility.questions_with_decisions(visit.assembly).filter(author=visit.participant)
    notes = visibility.notes_with_decisions(visit.assembly).filter(author=visit.participant)
    uses = uses_shown(visit)
    return visit.render(
        "contributions/index.html",
        helped=entered_for(visit.participant),
        statements=_statements(visit, statements, uses),
        arguments=_arguments(visit, arguments, uses),
        objections=[fate_of(each, _appeals(visit).get(each.public_id)) for each in objections],
        notes=[fate_of(each, _appeals(visit).get(each.public_id)) for each in notes],
        questions=[
            {**fate_of(each, _appeals(visit).get(each.public_id)), "state": each.state}
            for each in questions.prefetch_related("answers")
        ],
    )


@require_POST
@for_participants
@limited("withdraw", "60/hour")
def withdrawals(visit: Visit, kind: str, public_id: str) -> HttpResponse:
    withdrawing.withdraw(_find_restorable(visit, kind, public_id))
    messages.success(visit.request, _("Withdrawn. For ten minutes you can undo that below."))
    return redirect("mine", slug=visit.assembly.slug)


@require_POST
@for_participants
@limited("withdraw", "60/hour")
def restorations(visit: Visit, kind: str, public_id: str) -> HttpResponse:
    try:
        withdrawing.restore(_find_restorable(visit, kind, public_id))
    except TooLate:
        messages.error(visit.request, _("The ten minutes are over, so this stays withdrawn. You may write it anew."))
    else:
        messages.success(visit.request, _("It is back, with all its votes."))
    return redirect("mine", slug=visit.assembly.slug)


@require_http_methods(["GET", "HEAD", "POST"])
@for_participants
@limited("reword", "60/hour")
def edits(visit: Visit, kind: str, public_id: str) -> HttpResponse:
    """Other words for one's own contribution, while nobody rests on those it has."""
    if kind not in LONGEST:
        raise Http404
    own = find_own(visit, kind, public_id)
    if visit.request.method != "POST":
        return _reword(visit, own, RewordingForm(initial={"text": own.text, "edits": own.edits}, longest=LONGEST[kind]))
    form = RewordingForm(visit.request.POST, longest=LONGEST[kind])
    if not form.is_valid():
        return _reword(visit, own, form, status=400)
    given = form.cleaned_data
    try:
        reword(own, given["text"], given["edits"], given["nonce"])
    except (PhaseClosed, WordsStay, Reworded) as refused:
        form.add_error(None, REFUSED[type(refused)])
        form.data = {**form.data.dict(), "edits": own.edits}  # who has read the words above may go on
        return _reword(visit, own, form, status=409)
    messages.success(visit.request, _("Your words are changed. The record keeps those before."), extra_tags="receipt")
    return redirect(f"{reverse('mine', args=[visit.assembly.slug])}#item-{own.public_id}")


@require_POST
@for_participants
@limited("reword", "60/hour")
def refusals(visit: Visit, kind: str, public_id: str) -> HttpResponse:
    """No to a moderator's wish for other words."""
    form = KeepWordsForm(visit.request.POST)
    if not form.is_valid():
        raise Http404
    try:
        keep_words(find_own(visit, kind, public_id), form.cleaned_data["nonce"])
    except NotInThisState:
        messages.error(visit.request, _("Nobody asks for other words any more. It stands below as it is now."))
    else:
        told = _("Your words stay as they are. A moderator decides whether they fit the rules.")
        messages.success(visit.request, told, extra_tags="receipt")
    return redirect(f"{reverse('mine', args=[visit.assembly.slug])}#item-{public_id}")


def hidden_from(visit: Visit) -> list[dict[str, Any]]:
    """What moderators hid of what this reader wrote, so that they are told."""
    if visit.participant is None:
        return []
    found = (with_decisions(visit.assembly) for with_decisions in WITH_DECISIONS.values())
    mine = (each.with_decision(Decision.REJECTED).filter(author=visit.participant, withdrawn_at=None) for each in found)
    appeals = _appeals(visit)
    return [fate_of(each, appeals.get(each.public_id)) for of_a_kind in mine for each in of_a_kind]


def _appeals(visit: Visit) -> dict[str, Appeal]:
    """The reader's newest appeal about each contribution, by its id."""
    found = visibility.appeals_of(visit.assembly).filter(by=visit.participant)
    return {each.moderation.about.public_id: each for each in found}


def fate_of(contribution: Contribution, appeal: Appeal | None) -> dict[str, Any]:
    decided = next(iter(contribution.decided), None)
    hidden = decided is not None and decided.decision == Decision.REJECTED
    merged = decided is not None and decided.decision == Decision.MERGED
    if appeal is not None and (hidden or merged) and appeal.moderation_id != decided.pk:
        appeal = None  # that was about an earlier decision
    return {
        **named(contribution),
        "public_id": contribution.public_id,
        "text": contribution.text,
        "language": contribution.language,
        "when": contribution.created_at,
        "withdrawn": contribution.withdrawn_at,
        "restorable": withdrawing.may_be_restored(contribution),
        "hidden": hidden,
        "rule": decided.get_rule_display() if hidden else "",
        "reason": decided.reason if hidden else "",
        "unread": decided is not None and decided.keeps_back_unread,
        "merged": merged,
        "into": {
            **named(decided.into),
            "public_id": decided.into.public_id,
            "text": decided.into.text,
            "language": decided.into.language,
        }
        if merged
        else None,
        "asked": decided.reason if decided is not None and decided.decision == Decision.ASKED else "",
        "appeal": appeal,
        "appealable": (hidden or merged) and appeal is None and contribution.withdrawn_at is None,
    }


def find_own(visit: Visit, kind: str, public_id: str) -> Contribution:
    return get_object_or_404(WITH_DECISIONS[kind](visit.assembly), author=visit.participant, public_id=public_id)


def _find_restorable(visit: Visit, kind: str, public_id: str) -> Contribution:
    """Not a note: a scribe takes that back at the note, for good."""
    if kind == "note":
        raise Http404
    return find_own(visit, kind, public_id)


def _reword(visit: Visit, own: Contribution, form: RewordingForm, status: int = 200) -> HttpResponse:
    may = own.public_id in may_be_reworded(type(own).objects.filter(pk=own.pk))
    row = {**named(own), "public_id": own.public_id, "text": own.text, "language": own.language, "editable": may}
    return visit.render("contributions/reword.html", form=form, row=row, status=status)


def _statements(visit: Visit, own: Any, uses: Uses) -> list[dict[str, Any]]:
    """Votes as the public map counts them: from five voters on, and never newer than what everybody sees."""
    current = visibility.current_map(visit.assembly, visit.participant)
    counted = {each["id"]: each for each in current.snapshot["statements"]} if current else {}
    editable = may_be_reworded(own) if visit.can["state"] else set()
    appeals = _appeals(visit)
    return [
        {
            **fate_of(each, appeals.get(each.public_id)),
            "votes": _counts(counted.get(each.public_id)),
            "groups": _groups(counted.get(each.public_id)),
            "editable": each.public_id in editable,
            "uses": uses.get(each.public_id, []),
        }
        for each in own
    ]


def _counts(told: dict[str, Any] | None) -> dict[str, int] | None:
    if told is None:
        return None
    counts = {choice: told[choice] for choice in ("agree", "disagree", "pass")}
    return {**counts, "all": sum(counts.values())}


def _groups(told: dict[str, Any] | None) -> list[dict[str, Any]]:
    """How each opinion group answered; nothing of a group in which fewer than five did."""
    return [{"letter": letter, "shown": rates} for letter, rates in sorted(told["groups"].items())] if told else []


def _arguments(visit: Visit, own: Any, uses: Uses) -> list[dict[str, Any]]:
    editable = may_be_reworded(own) if visit.can["argue"] else set()
    appeals = _appeals(visit)
    return [
        {
            **fate_of(each, appeals.get(each.public_id)),
            "editable": each.public_id in editable,
            "uses": uses.get(each.public_id, []),
        }
        for each in own
    ]
