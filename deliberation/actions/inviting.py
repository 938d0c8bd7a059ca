"""Invitations by e-mail: to each address a code of its own, and the address is forgotten as soon as it has served."""

from collections.abc import Iterable
from datetime import timedelta

from django.conf import settings
from django.db import transaction
from django.db.models import Q, QuerySet
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from deliberation.actions.mailing import post
from deliberation.actions.trusting import invite
from deliberation.models import (
    Assembly,
    Invitation,
    Letter,
    MailedInvitation,
    PhaseKind,
    Respondent,
    Role,
    Route,
    hash_of_code,
)


@transaction.atomic
def invite_by_mail(
    assembly: Assembly,
    addresses: Iterable[str],
    roles: set[Role],
    good_for: timedelta,
    language: str,
    route: Route = Route.CODE,
) -> int:
    """Send each address a code for one person; how many were invited. Whoever has a good invitation gets no second."""
    already = set(_still_good(assembly).values_list("address", flat=True))
    new = sorted(set(addresses) - already)
    if not new:
        return 0
    batch, codes = invite(assembly, roles, good_for, codes=len(new), route=route)
    by_hash = {bytes(each.code_hash): each for each in assembly.invitations.filter(batch=batch)}
    with translation.override(language):
        for address, code in zip(new, codes, strict=True):
            _send(by_hash[hash_of_code(code)], address, code, language)
    return len(new)


def opened(invitation: Invitation) -> None:
    """Somebody has come with the code of a mailed invitation, and has not joined yet."""
    MailedInvitation.objects.filter(invitation=invitation, opened_at=None).update(opened_at=timezone.now())


def forget_address(invitation: Invitation) -> None:
    """Its code has been used: nobody needs to know any more where it was sent, nor the pool of a lottery."""
    Respondent.objects.filter(invitation=invitation).update(address="")
    Letter.objects.filter(invitation__invitation=invitation).delete()
    MailedInvitation.objects.filter(invitation=invitation).update(address="")


def forget_addresses_no_longer_needed() -> int:
    """Of assemblies that have closed, and of codes that nobody can use any more. How many were forgotten."""
    closed = Q(
        invitation__assembly__phases__kind=PhaseKind.CLOSED, invitation__assembly__phases__opened_at__isnull=False
    )
    expired = Q(invitation__expires_at__lt=timezone.now())
    of_no_use = MailedInvitation.objects.exclude(address="").filter(closed | expired).values("pk")
    Letter.objects.filter(invitation__in=of_no_use).delete()
    return MailedInvitation.objects.filter(pk__in=of_no_use).update(address="")


def _still_good(assembly: Assembly) -> QuerySet[MailedInvitation]:
    return MailedInvitation.objects.filter(invitation__assembly=assembly, invitation__expires_at__gt=timezone.now())


def _send(invitation: Invitation, address: str, code: str, language: str) -> None:
    mailed = MailedInvitation.objects.create(invitation=invitation, address=address, language=language)
    text = invitation.assembly.text_in(language)
    body = render_to_string(
        "mail/invitation.txt",
        {
            "text": text,
            "code": code,
            "link": f"{settings.BASE_URL}{reverse('enter')}#{code}",
            "until": invitation.expires_at,
            "about": settings.BASE_URL + reverse("assembly", args=[invitation.assembly.slug]),
        },
    )
    subject = _("Invitation: %(title)s") % {"title": text.title}
    post(address, subject, body, invitation.expires_at - timezone.now(), invitation=mailed)
