"""What people see when something does not work: what happened, what to do, and the text they typed."""

from collections.abc import Awaitable, Callable

from asgiref.sync import iscoroutinefunction, sync_to_async
from django.core.exceptions import RequestDataTooBig, SuspiciousOperation
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.decorators import sync_and_async_middleware
from django.utils.translation import gettext as _

LONGEST_KEPT = 4_000


def show_error(
    request: HttpRequest, status: int, title: str, what: str, todo: str, *, kept: str = "", **context: object
) -> HttpResponse:
    return render(
        request,
        "errors/error.html",
        {"title": title, "what": what, "todo": todo, "kept": kept[:LONGEST_KEPT], "status": status, **context},
        status=status,
    )


def bad_request(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    if isinstance(exception, RequestDataTooBig):
        return show_error(
            request,
            413,
            _("That was too much"),
            _("What was sent is larger than anything this site takes, so nothing of it was kept."),
            _("Go back and send a shorter text. A few sentences are enough."),
        )
    return show_error(
        request,
        400,
        _("That could not be read"),
        _("What your browser sent was not complete, so nothing was kept."),
        _("Go back, load the page again and repeat."),
    )


def forbidden(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    return show_error(
        request,
        403,
        _("This is not open to you"),
        _("This page is for people with another role in the assembly."),
        _("If you were given a code, enter it first. Otherwise go back to the assembly."),
    )


def not_found(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    return show_error(
        request,
        404,
        _("There is nothing here"),
        _("The address may be mistyped, or what was here has been withdrawn."),
        _("Go to the first page and find your assembly there."),
    )


def wrong_method(request: HttpRequest, response: HttpResponse) -> HttpResponse:
    """The page for an address that does not answer to this method; it still says to which it does."""
    page = show_error(
        request,
        405,
        _("That does not work here"),
        _("This address answers only when something is sent from a page of this site, so there is nothing to show."),
        _("Go back, load the page again and repeat what you wanted to do."),
        kept=typed(request),
    )
    page["Allow"] = response["Allow"]
    return page


@sync_and_async_middleware
def wrong_methods_have_a_page(
    get_response: Callable[[HttpRequest], HttpResponse | Awaitable[HttpResponse]],
) -> Callable[[HttpRequest], HttpResponse | Awaitable[HttpResponse]]:
    """Django has handlers for other errors, but answers a wrong method with nothing at all."""

    async def answer_later(request: HttpRequest) -> HttpResponse:
        response = await get_response(request)
        return await sync_to_async(wrong_method)(request, response) if response.status_code == 405 else response

    def answer(request: HttpRequest) -> HttpResponse:
        response = get_response(request)
        return wrong_method(request, response) if response.status_code == 405 else response

    return answer_later if iscoroutinefunction(get_response) else answer


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    return show_error(
        request,
        403,
        _("The page was too old"),
        _("It had been open for long, or cookies are switched off, so nothing was saved."),
        _("Your text is below. Go back, load the page again and send it once more."),
        kept=typed(request),
    )


def server_error(request: HttpRequest) -> HttpResponse:
    return show_error(
        request,
        500,
        _("Something broke on our side"),
        _("It is not your fault. Votes that were confirmed are safe."),
        _("Please try again in a moment."),
        kept=typed(request),
    )


def typed(request: HttpRequest) -> str:
    """The longest thing the person wrote in this form, so that it can be given back."""
    try:
        return request.POST.get("text", "")
    except SuspiciousOperation:
        return ""
