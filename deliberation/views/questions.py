"""The board of questions to the experts: asking, wanting to know too, and the answers with their sources."""

from typing import Any

from django.conf import settings
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from deliberation import visibility
from deliberation.actions import asking
from deliberation.actions.errors import PhaseClosed
from deliberation.forms.questions import InterestForm, QuestionToExpertsForm, is_address
from deliberation.models import ExpertAnswer, Question, QuestionState, in_language
from deliberation.views.deck import problems_of
from deliberation.views.page import Visit, for_participants, in_assembly
from deliberation.views.rate_limits import limited


@require_safe
@in_assembly
def questions(visit: Visit) -> HttpResponse:
    """Those that wait in the order in which they were asked, then those that were answered, the newest first."""
    rows = [shown(each, visit) for each in visibility.questions_for(visit.assembly, visit.participant)]
    return visit.render(
        "questions/index.html",
        waiting=[row for row in rows if row["state"] != QuestionState.ANSWERED],
        answered=[row for row in reversed(rows) if row["state"] == QuestionState.ANSWERED],
    )


@require_safe
@in_assembly
def question(visit: Visit, public_id: str) -> HttpResponse:
    found = find(visit, public_id)
    follow_ups = visibility.questions_for(visit.assembly, visit.participant).filter(follows=found)
    return visit.render(
        "questions/show.html",
        row=shown(found, visit),
        follow_ups=[shown(each, visit) for each in follow_ups],
        address=f"{settings.BASE_URL}{reverse('question', args=[visit.assembly.slug, found.public_id])}",
    )


@require_http_methods(["GET", "HEAD", "POST"])
@for_participants
@limited("ask", "20/hour")
def new_question(visit: Visit) -> HttpResponse:
    """Ask; `?follows=` names the question whose answer led to this one."""
    if visit.request.method != "POST":
        follows = visit.request.GET.get("follows", "")
        first = {"language": visit.language, "follows": follows}
        return _ask(visit, QuestionToExpertsForm(assembly=visit.assembly, initial=first), follows)
    form = QuestionToExpertsForm(visit.request.POST, assembly=visit.assembly)
    if not form.is_valid():
        return _ask(visit, form, form.data.get("follows", ""), status=400)
    given = form.cleaned_data
    follows = _followed(visit, given["follows"])
    try:
        made = asking.ask(visit.participant, given["text"], given["language"], follows, given["nonce"])
    except PhaseClosed:
        form.add_error(None, _("Nothing can be asked any more. What you typed is still here."))
        return _ask(visit, form, given["follows"], status=409)
    if visibility.questions_for(visit.assembly).filter(pk=made.pk).exists():
        told = _("Your question is number %(n)s. You find the answer here, and among your news.")
    else:
        told = _("Your question is number %(n)s. A moderator reads it first; then everybody can.")
    messages.success(visit.request, told % {"n": made.number}, extra_tags="receipt")
    return redirect("questions", slug=visit.assembly.slug)


@require_POST
@for_participants
@limited("ask", "120/hour")
def question_interests(visit: Visit, public_id: str) -> HttpResponse:
    """That the reader wants to know this too, or no longer."""
    found, form = find(visit, public_id), InterestForm(visit.request.POST)
    if not form.is_valid():
        messages.error(visit.request, problems_of(form))
        return redirect("questions", slug=visit.assembly.slug)
    asking.want_to_know(visit.participant, found, form.cleaned_data["wants"] == "yes")
    return redirect(f"{reverse('questions', args=[visit.assembly.slug])}#question-{found.public_id}")


def find(visit: Visit, public_id: str) -> Question:
    return get_object_or_404(visibility.questions_for(visit.assembly, visit.participant), public_id=public_id)


def shown(question: Question, visit: Visit) -> dict[str, Any]:
    """A question as templates read it; one that was taken back has no words any more."""
    gone = question.withdrawn_at is not None
    answer = in_language(question.answers.all(), visit.language)
    return {
        "public_id": question.public_id,
        "number": question.number,
        "text": "" if gone else question.text,
        "language": question.language,
        "pseudonym": "" if gone else question.author.pseudonym,
        "is_simulated": question.author.is_simulated,
        "is_mine": visit.participant is not None and question.author_id == visit.participant.pk,
        "when": question.created_at,
        "state": question.state,
        "label": question.state.label,
        "owner": question.owner,
        "due_on": question.due_on,
        "is_overdue": question.is_overdue(timezone.localdate()),
        "wanted": question.wanted,
        "is_wanted": question.is_wanted,
        "follows": question.follows if question.follows_one_shown else None,
        "answer": answer and answer_shown(answer),
        "languages": [each.language for each in question.answers.all()],
    }


def answer_shown(answer: ExpertAnswer) -> dict[str, Any]:
    return {
        "text": answer.text,
        "language": answer.language,
        "sources": [{"text": line, "is_address": is_address(line)} for line in answer.sources.split("\n") if line],
        "by": answer.by and answer.by.pseudonym,
        "is_simulated": answer.by is not None and answer.by.is_simulated,
        "when": answer.changed_at,
        "revision": answer.revision,
    }


def _followed(visit: Visit, public_id: str) -> Question | None:
    return visibility.questions_for(visit.assembly).filter(public_id=public_id).first() if public_id else None


def _ask(visit: Visit, form: QuestionToExpertsForm, follows: str, status: int = 200) -> HttpResponse:
    followed = _followed(visit, follows)
    return visit.render("questions/new.html", form=form, followed=followed and shown(followed, visit), status=status)
