"""Appeals: an author asks for another look at what was hidden or merged, and another moderator decides."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_safe

from deliberation import visibility
from deliberation.actions import appealing
from deliberation.actions.errors import AlreadyAppealed, NotInThisState, SameModerator
from deliberation.forms.moderating import AppealForm, OutcomeForm
from deliberation.models import Appeal, Outcome
from deliberation.views.contributions import fate_of, find_own
from deliberation.views.moderation import named
from deliberation.views.page import Visit, for_moderators, for_participants
from deliberation.views.rate_limits import limited

REFUSED = {
    AlreadyAppealed: gettext_lazy("You have asked for another look already. What came of it stands below."),
    NotInThisState: gettext_lazy("That decision does not hold any more, so there is nothing to look at again."),
}


@require_http_methods(["GET", "HEAD", "POST"])
@for_participants
@limited("appeal", "20/hour")
def appeals(visit: Visit, kind: str, public_id: str) -> HttpResponse:
    """What was decided and why, and room to say why it should be otherwise."""
    contribution = find_own(visit, kind, public_id)
    row = fate_of(contribution, visit.participant.appeals.about(contribution))
    back = f"{reverse('mine', args=[visit.assembly.slug])}#item-{public_id}"
    if visit.request.method != "POST":
        page = visit.render("contributions/appeal.html", row=row, form=AppealForm(merged=row["merged"]))
        return page if row["appealable"] else redirect(back)
    form = AppealForm(visit.request.POST, merged=row["merged"])
    if not form.is_valid():
        return visit.render("contributions/appeal.html", row=row, form=form, status=400)
    try:
        appealing.appeal(contribution, form.cleaned_data["reason"], visit.language, form.cleaned_data["nonce"])
    except (AlreadyAppealed, NotInThisState) as refused:
        form.add_error(None, REFUSED[type(refused)])
        return visit.render("contributions/appeal.html", row=row, form=form, status=409)
    told = _("Sent. Somebody else than before looks at it again; you will read here what they decide.")
    messages.success(visit.request, told, extra_tags="receipt")
    return redirect(back)


@require_safe
@for_moderators
def queue(visit: Visit) -> HttpResponse:
    """Appeals that wait, the longest first, and those that are decided."""
    return _show_queue(visit)


@require_http_methods(["GET", "HEAD", "POST"])
@for_moderators
def outcomes(visit: Visit, public_id: str) -> HttpResponse:
    found = get_object_or_404(visibility.appeals_of(visit.assembly), public_id=public_id)
    if visit.request.method != "POST":
        return redirect("appeal_queue", slug=visit.assembly.slug)
    form = OutcomeForm(visit.request.POST, merged=found.is_about_merging)
    if not form.is_valid():
        return _show_queue(visit, wrong={public_id: form}, status=400)
    sent = form.cleaned_data
    try:
        appealing.decide(found, Outcome(sent["outcome"]), sent["answer"], visit.participant)
    except SameModerator:
        messages.error(visit.request, _("Somebody else has to look at this: you decided on it before, or wrote it."))
        return _show_queue(visit, status=409)
    except NotInThisState:
        messages.error(visit.request, _("Somebody has decided on this appeal meanwhile."))
        return _show_queue(visit, status=409)
    messages.success(visit.request, _("Decided. The author is told, with your reasons."))
    return redirect("appeal_queue", slug=visit.assembly.slug)


def _show_queue(visit: Visit, wrong: dict[str, OutcomeForm] | None = None, status: int = 200) -> HttpResponse:
    found = visibility.appeals_of(visit.assembly)
    return visit.render(
        "desk/appeals.html",
        waiting=[_row(each, visit, (wrong or {}).get(each.public_id)) for each in found.waiting()],
        decided=[_row(each, visit) for each in found.exclude(outcome="").order_by("-decided_at")],
        status=status,
    )


def _row(appeal: Appeal, visit: Visit, wrong: OutcomeForm | None = None) -> dict[str, Any]:
    moderation, contribution = appeal.moderation, appeal.moderation.about
    return {
        **named(contribution),
        "public_id": appeal.public_id,
        "text": contribution.text,
        "language": contribution.language,
        "author": appeal.by.pseudonym,
        "rule": moderation.get_rule_display(),
        "into": moderation.into and {**named(moderation.into), "text": moderation.into.text},
        "into_language": moderation.into and moderation.into.language,
        "decided_by": moderation.by and moderation.by.pseudonym,
        "taken_at": moderation.created_at,
        "said": moderation.reason,
        "reason": appeal.reason,
        "reason_language": appeal.language,
        "when": appeal.created_at,
        "outcome": appeal.outcome_in_words,
        "answer": appeal.answer,
        "decided_at": appeal.decided_at,
        "mine_to_decide": appealing.may_decide(appeal, visit.participant),
        "is_wrong": wrong is not None,
        "form": wrong or OutcomeForm(merged=appeal.is_about_merging, auto_id=f"{appeal.public_id}_%s"),
    }
