"""Addresses that say for whom something is entered: /for/PERSON/ before any address of an assembly.

The person is part of the address, so that no tab left open can enter for one person what was meant for another, nor a
helper's own vote for anybody else. Every link and form of such a page stays under the same person by itself.
"""

import re
from collections.abc import Awaitable, Callable, Iterator
from contextlib import AbstractContextManager, contextmanager

from asgiref.sync import iscoroutinefunction
from django.http import HttpRequest, HttpResponse
from django.urls import get_script_prefix, reverse, set_script_prefix
from django.utils.decorators import sync_and_async_middleware
from django.utils.translation import gettext as _

from deliberation.views.errors import show_error, typed

ADDRESS = re.compile(r"/for/([\w-]{1,16})(/.*)")


@sync_and_async_middleware
def address_says_for_whom(
    get_response: Callable[[HttpRequest], HttpResponse | Awaitable[HttpResponse]],
) -> Callable[[HttpRequest], HttpResponse | Awaitable[HttpResponse]]:
    async def answer_later(request: HttpRequest) -> HttpResponse:
        with _prefix(_taken_from(request)):
            return await get_response(request)

    def answer(request: HttpRequest) -> HttpResponse:
        with _prefix(_taken_from(request)):
            return get_response(request)

    return answer_later if iscoroutinefunction(get_response) else answer


def person_of(request: HttpRequest) -> str:
    """The public id of the person for whom this address enters something; empty for oneself."""
    return getattr(request, "for_person", "")


def address_for(public_id: str, name: str, *arguments: object) -> str:
    """The address of a page as a helper opens it for this person."""
    with _prefix(f"/for/{public_id}/"):
        return reverse(name, args=arguments)


def as_oneself() -> AbstractContextManager[None]:
    """Addresses without the person, for what leads a helper back to their own pages."""
    return _prefix("/")


def closed_to_helpers(request: HttpRequest, slug: str) -> HttpResponse:
    return show_error(
        request,
        403,
        _("Not while you enter for somebody else"),
        _("What they chose before, their data and the results are theirs, so this page is closed to a helper."),
        _("Go back to go on entering for them, or stop helping first."),
        kept=typed(request),
        way={"address": reverse("deck", args=[slug]), "words": _("Back to the statements")},
    )


def helping_has_ended(request: HttpRequest, slug: str) -> HttpResponse:
    with as_oneself():
        return show_error(
            request,
            403,
            _("You are not entering for this person now"),
            _("You stopped, ten minutes went by, or they came with their own code. So nothing was kept."),
            _("If they are still with you, choose them again and enter it once more."),
            kept=typed(request),
            way={"address": reverse("helping", args=[slug]), "words": _("To the people you may enter for")},
        )


def _taken_from(request: HttpRequest) -> str:
    found = ADDRESS.fullmatch(request.path_info)
    if found is None:
        return get_script_prefix()
    request.for_person, request.path_info = found.groups()
    return f"/for/{request.for_person}/"


@contextmanager
def _prefix(prefix: str) -> Iterator[None]:
    before = get_script_prefix()
    set_script_prefix(prefix)
    try:
        yield
    finally:
        set_script_prefix(before)
