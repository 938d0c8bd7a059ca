"""Questions as experts answer them, and as facilitators give them out."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from deliberation import visibility
from deliberation.actions import asking
from deliberation.actions.errors import NotInThisState
from deliberation.forms.questions import AssignmentForm, ExpertAnswerForm, language_names
from deliberation.models import Participant, Question, QuestionState
from deliberation.views.page import Visit, for_experts, for_facilitators
from deliberation.views.questions import find, shown
from deliberation.views.rate_limits import limited


@require_safe
@for_experts
def answering(visit: Visit) -> HttpResponse:
    """What the reader is to answer, what has no owner yet, and what was answered; the most urgent first."""
    rows = _by_urgency(visit)
    waiting = [row for row in rows if row["state"] != QuestionState.ANSWERED]
    return visit.render(
        "questions/answering.html",
        mine=[row for row in waiting if row["owner"] == visit.participant],
        free=[row for row in waiting if row["owner"] is None],
        answered=[row for row in rows if row["state"] == QuestionState.ANSWERED],
    )


@require_http_methods(["GET", "HEAD", "POST"])
@for_experts
@limited("answer", "60/hour")
def answers(visit: Visit, public_id: str) -> HttpResponse:
    """The answer to one question, in each language of the assembly, one at a time."""
    found = find(visit, public_id)
    if visit.request.method != "POST":
        return _show(visit, found)
    form = ExpertAnswerForm(visit.request.POST, assembly=visit.assembly)
    if not form.is_valid():
        return _show(visit, found, form, status=400)
    given = form.cleaned_data
    try:
        asking.answer(
            found,
            visit.participant,
            given["language"],
            given["text"],
            given["sources"],
            given["revision"],
            given["nonce"],
        )
    except NotInThisState:
        form.add_error(None, _("Somebody changed this answer meanwhile. It stands below as it is now."))
        form.data = {**form.data.dict(), "revision": _revision(found, given["language"])}
        return _show(visit, found, form, status=409)
    messages.success(visit.request, _("Your answer is public, and who asked is told."), extra_tags="receipt")
    return redirect("answers", slug=visit.assembly.slug, public_id=public_id)


@require_safe
@for_facilitators
def question_queue(visit: Visit) -> HttpResponse:
    return _queue(visit)


@require_http_methods(["GET", "HEAD", "POST"])
@for_facilitators
def assignments(visit: Visit, public_id: str) -> HttpResponse:
    """Give a question to an expert, with a day."""
    if visit.request.method != "POST":
        return redirect("question_queue", slug=visit.assembly.slug)
    found = find(visit, public_id)
    experts = _experts(visit)
    form = AssignmentForm(visit.request.POST, experts=experts)
    if not form.is_valid():
        return _queue(visit, wrong={public_id: form}, status=400)
    owner = next((each for each in experts if each.public_id == form.cleaned_data["owner"]), None)
    asking.assign(found, owner, form.cleaned_data["due_on"])
    if owner is None:
        messages.success(visit.request, _("Question %(n)s waits for an expert again.") % {"n": found.number})
    else:
        told = _("Question %(n)s is for %(name)s now.") % {"n": found.number, "name": owner.pseudonym}
        messages.success(visit.request, told)
    return redirect("question_queue", slug=visit.assembly.slug)


def _by_urgency(visit: Visit) -> list[dict[str, Any]]:
    """By the day they are due, then by how many people want to know: a queue for those who answer, not a ranking."""
    rows = [shown(each, visit) for each in visibility.questions_for(visit.assembly)]
    return sorted(rows, key=lambda row: (row["due_on"] is None, row["due_on"], -row["wanted"], row["number"]))


def _experts(visit: Visit) -> list[Participant]:
    present = visit.assembly.participants.present().exclude(roles=[]).order_by("pseudonym")
    return [each for each in present if each.answers_questions]


def _queue(visit: Visit, wrong: dict[str, AssignmentForm] | None = None, status: int = 200) -> HttpResponse:
    experts = _experts(visit)
    rows = [
        {**row, "form": (wrong or {}).get(row["public_id"]) or _assignment(row, experts)} for row in _by_urgency(visit)
    ]
    return visit.render(
        "questions/queue.html",
        waiting=[row for row in rows if row["state"] != QuestionState.ANSWERED],
        answered=[row for row in rows if row["state"] == QuestionState.ANSWERED],
        experts=len(experts),
        status=status,
    )


def _assignment(row: dict[str, Any], experts: list[Participant]) -> AssignmentForm:
    kept = {"owner": row["owner"].public_id if row["owner"] else "", "due_on": row["due_on"]}
    return AssignmentForm(experts=experts, initial=kept, auto_id=f"{row['public_id']}_%s")


def _revision(question: Question, language: str) -> int:
    return question.answers.filter(language=language).values_list("revision", flat=True).first() or 0


def _show(visit: Visit, question: Question, wrong: ExpertAnswerForm | None = None, status: int = 200) -> HttpResponse:
    question = get_object_or_404(visibility.questions_for(visit.assembly), pk=question.pk)
    written = {each.language: each for each in question.answers.all()}
    forms = []
    for code, name in language_names(visit.assembly):
        if wrong is not None and wrong.data.get("language") == code:
            forms.append({"language": code, "name": name, "form": wrong, "is_wrong": True})
            continue
        kept = written.get(code)
        first = {"language": code, "revision": kept.revision if kept else 0}
        first |= {"text": kept.text, "sources": kept.sources} if kept else {}
        form = ExpertAnswerForm(assembly=visit.assembly, initial=first, auto_id=f"id_{code}_%s")
        forms.append({"language": code, "name": name, "form": form, "written": kept is not None})
    return visit.render("questions/answer.html", row=shown(question, visit), forms=forms, status=status)
