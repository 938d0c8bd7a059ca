"""Codes that go to an e-mail address: to come back with, or to show that the address is one's own."""

from datetime import timedelta
from typing import Any

from allauth.account.internal.flows.code_verification import AbstractCodeVerificationProcess
from allauth.account.models import EmailAddress
from allauth.core.internal.cryptokit import compare_user_code, generate_user_code
from django.conf import settings
from django.http import HttpRequest
from django.template.loader import render_to_string
from django.utils.translation import gettext as _

from deliberation.actions.mailing import post
from deliberation.models import Account
from deliberation.views.rate_limits import within

MINUTES = 10
ATTEMPTS = 5
CODES_TO_AN_ADDRESS = "5/hour"


class EmailCode(AbstractCodeVerificationProcess):
    """A code on its way to an address, kept in this browser's session until it is typed, worn out or too old."""

    KEY = "email_code"

    def __init__(self, request: HttpRequest, state: dict[str, Any]) -> None:
        self.request = request
        super().__init__(max_attempts=ATTEMPTS, timeout=60 * MINUTES, state=state)

    @classmethod
    def begin(cls, request: HttpRequest, email: str, account: Account | None, *, to_keep: bool, back: str) -> None:
        """`account` is who may use it: nobody where the page must not tell that there is nobody."""
        state = cls.initial_state(account, email) | {"code": generate_user_code(), "to_keep": to_keep, "back": back}
        code = cls(request, state)
        code.persist()
        if within("code to an address", CODES_TO_AN_ADDRESS, email):
            code.send()

    @classmethod
    def resume(cls, request: HttpRequest) -> "EmailCode | None":
        state = request.session.get(cls.KEY)
        if state is None:
            return None
        code = cls(request, state)
        if code.is_valid():
            return code
        code.abort()
        return None

    def fits(self, typed: str) -> bool:
        return self.user is not None and compare_user_code(actual=typed, expected=self.code)

    def persist(self) -> None:
        self.request.session[self.KEY] = self.state

    def abort(self) -> None:
        self.request.session.pop(self.KEY, None)

    def send(self) -> None:
        subject, template = {
            (False, True): (_("Your code for Majelis"), "mail/sign_in.txt"),
            (False, False): (_("Nobody here has this address"), "mail/unknown_address.txt"),
            (True, True): (_("Is this your address? Your code for Majelis"), "mail/confirm_address.txt"),
            (True, False): (_("This address is already known at Majelis"), "mail/address_known.txt"),
        }[self.state["to_keep"], self.user is not None]
        body = render_to_string(template, {"code": self.code, "address": settings.BASE_URL})
        post(self.state["email"], subject, body, timedelta(minutes=MINUTES), account=self.user)


def begin_to_keep(request: HttpRequest, email: str, back: str) -> None:
    owner = owner_of(email)
    free = owner is None or owner == request.user
    EmailCode.begin(request, email, request.user if free else None, to_keep=True, back=back)


def owner_of(email: str) -> Account | None:
    known = EmailAddress.objects.filter(email=email, verified=True).select_related("user").first()
    return known and known.user
