"""Objections to sentences of a published summary: made by anybody who takes part, answered in public."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from deliberation import visibility
from deliberation.actions import challenging
from deliberation.actions.errors import AlreadyChallenged, NotInThisState
from deliberation.analysis.ratification import rates
from deliberation.analysis.summary_changes import told
from deliberation.analysis.summary_document import sentences
from deliberation.forms.ratification import ChallengeForm
from deliberation.forms.summary_review import AnswerForm
from deliberation.models import Challenge, ChallengeState, Rule, Statement, Summary, SummaryState
from deliberation.views.page import Visit, for_facilitators, for_participants
from deliberation.views.rate_limits import limited
from deliberation.views.ratification import quotable_arguments


@require_http_methods(["GET", "HEAD", "POST"])
@for_participants
@limited("challenge", "10/hour")
def object_to(visit: Visit, version: int, key: str) -> HttpResponse:
    """The sentence, what was objected before, and room for an objection."""
    seen = visibility.summaries_for(visit.assembly, visit.participant).filter(published_at__isnull=False)
    summary = get_object_or_404(seen, version=version)
    sentence = told(summary, sources_of(visit), visit.language).get(key)
    if sentence is None:
        raise Http404
    if visit.request.method != "POST":
        return _show(visit, summary, key, ChallengeForm())
    form = ChallengeForm(visit.request.POST)
    if not form.is_valid():
        return _show(visit, summary, key, form, status=400)
    sent = form.cleaned_data
    try:
        challenging.challenge(visit.participant, summary, key, sent["reason"], visit.language, sent["nonce"])
    except AlreadyChallenged:
        form.add_error(None, _("Your objection to this sentence waits for an answer already."))
        return _show(visit, summary, key, form, status=409)
    except NotInThisState:
        form.add_error(
            None, _("A newer version has taken the place of this one. Please look whether it still says so.")
        )
        return _show(visit, summary, key, form, status=409)
    kept = _("Your objection is in the record. The facilitator’s answer will stand beside the sentence.")
    messages.success(visit.request, kept, extra_tags="receipt")
    return redirect("challenges", slug=visit.assembly.slug, version=version, key=key)


@require_safe
@for_facilitators
def queue(visit: Visit) -> HttpResponse:
    """All objections, those without an answer first."""
    return _show_queue(visit)


@require_http_methods(["GET", "HEAD", "POST"])
@for_facilitators
def answer(visit: Visit, public_id: str) -> HttpResponse:
    found = get_object_or_404(Challenge, summary__assembly=visit.assembly, public_id=public_id)
    if visit.request.method != "POST":
        return redirect("challenge_queue", slug=visit.assembly.slug)
    form = AnswerForm(visit.request.POST, prefix=None)
    if not form.is_valid():
        return _show_queue(visit, wrong={public_id: form}, status=400)
    sent = form.cleaned_data
    try:
        challenging.answer(found, ChallengeState(sent["state"]), sent["answer"], visit.participant, sent["rule"])
    except NotInThisState:
        messages.error(visit.request, _("This objection has been settled meanwhile."))
        return _show_queue(visit, status=409)
    messages.success(visit.request, _("Answered. It stands beside the sentence now."))
    return redirect("challenge_queue", slug=visit.assembly.slug)


def challenges_by_sentence(visit: Visit, keys: set[str]) -> dict[str, list[dict[str, Any]]]:
    """What was objected to these sentences in any version, and what became of it; by the key of the sentence."""
    found: dict[str, list[dict[str, Any]]] = {}
    for challenge in visibility.challenges_for(visit.assembly, visit.participant).filter(key__in=keys):
        found.setdefault(challenge.key, []).append(challenge_shown(challenge))
    return found


def said_about(summary: Summary, visit: Visit) -> dict[str, Any]:
    """What stands under the sentences of a public version: how participants answered, and objections."""
    keys = {sentence["key"] for sentence in sentences(summary.document)}
    return {
        "rates": rates(summary.ratifications.all()) if summary.published_at else None,
        "objections": challenges_by_sentence(visit, keys),
        "version": summary.version,
        "may_object": summary.state == SummaryState.PUBLISHED,
    }


def challenge_shown(challenge: Challenge) -> dict[str, Any]:
    return {
        "public_id": challenge.public_id,
        "version": challenge.summary.version,
        "key": challenge.key,
        "by": challenge.participant.pseudonym if challenge.participant else "",
        "reason": "" if challenge.hidden_by_rule else challenge.reason,
        "language": challenge.language,
        "hidden": Rule(challenge.hidden_by_rule).label if challenge.hidden_by_rule else "",
        "when": challenge.created_at,
        "state": challenge.state,
        "label": challenge.get_state_display(),
        "answer": challenge.answer,
        "answered_at": challenge.answered_at,
        "corrected_in": challenge.corrected_in.version if challenge.corrected_in else None,
    }


def sources_of(visit: Visit) -> dict[str, Any]:
    """Everything a summary may quote today, by public id."""
    statements = Statement.objects.filter(assembly=visit.assembly).shown().quotable()
    return {**quotable_arguments(visit), **{each.public_id: each for each in statements}}


def _show(visit: Visit, summary: Summary, key: str, form: ChallengeForm, status: int = 200) -> HttpResponse:
    return visit.render(
        "summaries/challenge.html",
        summary=summary,
        key=key,
        sentence=told(summary, sources_of(visit), visit.language)[key],
        is_current=summary.state == SummaryState.PUBLISHED,
        challenges=challenges_by_sentence(visit, {key}).get(key, []),
        form=form,
        status=status,
    )


def _show_queue(visit: Visit, wrong: dict[str, AnswerForm] | None = None, status: int = 200) -> HttpResponse:
    found = list(visibility.challenges_for(visit.assembly, visit.participant))
    sources = sources_of(visit)
    versions = {each.summary_id: each.summary for each in found}
    sentences = {pk: told(summary, sources, visit.language) for pk, summary in versions.items()}
    published = visibility.published_summary(visit.assembly, visit.participant)
    rows = [
        {
            **challenge_shown(each),
            "reason": each.reason,
            "sentence": sentences[each.summary_id].get(each.key),
            "form": (wrong or {}).get(each.public_id) or AnswerForm(auto_id=f"{each.public_id}_%s"),
            "is_wrong": each.public_id in (wrong or {}),
        }
        for each in found
    ]
    return visit.render(
        "summaries/review/challenges.html",
        waiting=[row for row in rows if row["state"] == ChallengeState.OPEN],
        answered=[row for row in reversed(rows) if row["state"] != ChallengeState.OPEN],
        current=published and published.version,
        status=status,
    )
