"""Who takes part, who does what, and how others are let in. Nothing here tells how anybody voted."""

from itertools import zip_longest
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import Count, Max, OuterRef, QuerySet, Subquery, Sum
from django.db.models.functions import Coalesce
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from deliberation.actions.errors import LastFacilitator
from deliberation.actions.inviting import invite_by_mail
from deliberation.actions.trusting import give_roles, invite, revoke
from deliberation.forms.people import InvitationForm, MailInvitationForm, RolesForm
from deliberation.models import MailedInvitation, Participant, Role, Vote
from deliberation.views.desk import qr_of
from deliberation.views.page import Visit, for_facilitators
from deliberation.views.rate_limits import limited

A_PAGE = 25
LONGEST_SEARCH = 40


@require_safe
@for_facilitators
def people(visit: Visit) -> HttpResponse:
    """`?q=` part of a name; `?role=` only those who do something beside taking part; `?page=`."""
    return _show(visit)


@require_POST
@for_facilitators
def roles(visit: Visit, public_id: str) -> HttpResponse:
    person = get_object_or_404(visit.assembly.participants, public_id=public_id, account__isnull=False)
    form = RolesForm(visit.request.POST)
    if not form.is_valid():
        return _show(visit, status=400)
    try:
        give_roles(person, form.roles)
    except LastFacilitator:
        told = _("Not changed: %(name)s is the only facilitator. Make somebody else one first.")
        messages.error(visit.request, told % {"name": person.pseudonym})
        return _show(visit, status=409)
    messages.success(visit.request, _("Saved: %(name)s.") % {"name": person.pseudonym})
    if person == visit.participant and Role.FACILITATOR not in form.roles:
        return redirect("assembly", slug=visit.assembly.slug)
    return redirect("people", slug=visit.assembly.slug)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@for_facilitators
@limited("invite", "30/hour")
def invitations(visit: Visit) -> HttpResponse:
    """The codes are shown here, until their maker has them, and nowhere else: nobody can look them up again."""
    if visit.request.method != "POST":
        return _handed_out(visit)
    form = InvitationForm(visit.request.POST)
    if not form.is_valid():
        return _show(visit, form, status=400)
    batch, codes = invite(visit.assembly, form.roles, form.good_for, **form.codes_and_uses)
    visit.request.session[place_of_codes(visit)] = {
        "batch": batch,
        "codes": codes,
        "roles": [role.value for role in Role if role in form.roles],
        "uses": form.codes_and_uses["uses"],
        "expires_at": (timezone.now() + form.good_for).isoformat(),
    }
    return redirect("invitations", slug=visit.assembly.slug)


@require_POST
@for_facilitators
@limited("invite by mail", "20/hour")
def mailed_invitations(visit: Visit) -> HttpResponse:
    """Send each address a code of its own."""
    form = _mail_form(visit, visit.request.POST, files=visit.request.FILES)
    if not form.is_valid():
        return _show(visit, mail_form=form, status=400)
    language = form.cleaned_data["language"]
    sent = invite_by_mail(visit.assembly, form.found, form.roles, form.good_for, language)
    known = len(form.found) - sent
    told = ngettext("%(n)s invitation is on its way.", "%(n)s invitations are on their way.", sent) % {"n": sent}
    if known:
        already = ngettext(
            "%(n)s address already has an invitation that is good, and got no second.",
            "%(n)s addresses already have an invitation that is good, and got no second.",
            known,
        )
        told = f"{told} {already % {'n': known}}"
    messages.success(visit.request, told)
    return redirect(_invitations_on_people(visit))


@require_POST
@for_facilitators
def invitations_kept(visit: Visit) -> HttpResponse:
    """Their maker has the codes: from here on nobody can read them."""
    visit.request.session.pop(place_of_codes(visit), None)
    return redirect(_invitations_on_people(visit))


@require_POST
@for_facilitators
def revocations(visit: Visit, batch: str) -> HttpResponse:
    get_object_or_404(visit.assembly.invitations.filter(batch=batch)[:1])
    revoke(visit.assembly, batch)
    if visit.request.session.get(place_of_codes(visit), {}).get("batch") == batch:
        del visit.request.session[place_of_codes(visit)]
    messages.success(visit.request, _("Revoked: these codes let nobody in any more. Who came in with them stays."))
    return redirect(_invitations_on_people(visit))


def _handed_out(visit: Visit) -> HttpResponse:
    made = visit.request.session.get(place_of_codes(visit))
    if made is None:
        return redirect(_invitations_on_people(visit))
    return visit.render(
        "desk/invitations.html",
        codes=[_code(code, to) for code, to in zip_longest(made["codes"], made.get("for", []), fillvalue="")],
        roles=[Role(role).label for role in made["roles"]],
        expires_at=parse_datetime(made["expires_at"]),
        uses=made["uses"],
        batch=made["batch"],
    )


def place_of_codes(visit: Visit) -> str:
    """Where the session keeps codes that their maker has not handed out yet."""
    return f"invitations:{visit.assembly.slug}"


def _invitations_on_people(visit: Visit) -> str:
    return reverse("people", args=[visit.assembly.slug]) + "#invitations"


def _show(
    visit: Visit,
    form: InvitationForm | None = None,
    mail_form: MailInvitationForm | None = None,
    status: int = 200,
) -> HttpResponse:
    wanted = visit.request.GET.get("q", "").replace("\x00", "")[:LONGEST_SEARCH]
    entrusted = visit.request.GET.get("role", "") == "any"
    page = Paginator(_found(visit, wanted, entrusted), A_PAGE).get_page(visit.request.GET.get("page"))
    return visit.render(
        "desk/people.html",
        page=page,
        people=[_person(each) for each in page],
        wanted=wanted,
        entrusted=entrusted,
        form=form or InvitationForm(),
        mail_form=mail_form or _mail_form(visit),
        batches=_batches(visit),
        status=status,
    )


def _found(visit: Visit, wanted: str, entrusted: bool) -> QuerySet[Participant]:
    votes = Vote.objects.standing().filter(participant=OuterRef("pk")).order_by().values("participant")
    counted = Coalesce(Subquery(votes.annotate(count=Count("pk")).values("count")), 0)
    found = visit.assembly.participants.present().filter(pseudonym__icontains=wanted)
    if entrusted:
        found = found.exclude(roles=[])
    return found.annotate(vote_count=counted).order_by("-joined_at", "-pk")


def _person(person: Participant) -> dict[str, Any]:
    return {
        "public_id": person.public_id,
        "pseudonym": person.pseudonym,
        "route": person.get_route_display(),
        "roles": [Role(role).label for role in person.roles],
        "joined_at": person.joined_at,
        "votes": person.vote_count,
        "is_simulated": person.is_simulated,
        "form": RolesForm(initial=dict.fromkeys(person.roles, True), auto_id=f"{person.public_id}-%s")
        if person.account_id
        else None,
    }


def _mail_form(visit: Visit, data: object = None, **options) -> MailInvitationForm:
    """Its boxes and fields stand beside those of the other form, so they have names of their own on the page."""
    options = {"initial": {"language": visit.language}, "auto_id": "mail-%s", **options}
    return MailInvitationForm(data, languages=visit.assembly.languages, **options)


def _mailed(visit: Visit) -> dict[str, list[dict[str, Any]]]:
    """Where each mailed invitation stands, by batch. Whether an e-mail came back unread, nobody tells us."""
    rows: dict[str, list[dict[str, Any]]] = {}
    mailed = MailedInvitation.objects.filter(invitation__assembly=visit.assembly).select_related("invitation")
    for each in mailed.order_by("address", "pk"):
        rows.setdefault(each.invitation.batch, []).append({"address": each.address, "state": _state(each)})
    return rows


def _state(mailed: MailedInvitation) -> str:
    if mailed.invitation.uses:
        return "joined"
    if mailed.opened_at:
        return "opened"
    if mailed.failed_at:
        return "failed"
    return "sent" if mailed.sent_at else "waiting"


def _batches(visit: Visit) -> list[dict[str, Any]]:
    made = visit.assembly.invitations.values("batch", "roles").annotate(
        codes=Count("pk"), uses=Sum("uses"), most=Sum("most_uses"), made_at=Max("created_at"), until=Max("expires_at")
    )
    mailed = _mailed(visit)
    return [
        {
            **each,
            "roles": [Role(role).label for role in each["roles"]],
            "good": each["until"] > timezone.now(),
            "mailed": mailed.get(each["batch"], []),
        }
        for each in made.order_by("-made_at")
    ]


def _code(code: str, to: str) -> dict[str, str]:
    """The code stands behind the # of the link, where no server and no mail scanner sees it."""
    address = f"{settings.BASE_URL}{reverse('enter')}#{code}"
    return {"code": code, "address": address, "qr": qr_of(address), "to": to}
