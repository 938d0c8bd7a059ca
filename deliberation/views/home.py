from django.conf import settings
from django.contrib.auth import logout
from django.db import connection
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import get_language
from django.views.decorators.http import require_POST, require_safe

from deliberation.models import Assembly, Participant
from deliberation.news import News, news_of
from deliberation.views.page import Visit


@require_safe
def home(request: HttpRequest) -> HttpResponse:
    """The assemblies that the reader takes part in, with what is new in each, and the others."""
    assemblies = Assembly.objects.prefetch_related("translations", "phases__translations")
    mine = _my_participations(request)
    visits = [Visit(request, assembly, mine.get(assembly.pk)) for assembly in assemblies]
    listed = [{"assembly": v.assembly, "text": v.text, "phase": v.phase, "participant": v.participant} for v in visits]
    return render(
        request,
        "home.html",
        {
            "mine": [{**each, "news": _news(each["participant"])} for each in listed if each["participant"]],
            "assemblies": [each for each in listed if not each["participant"]],
        },
    )


def _my_participations(request: HttpRequest) -> dict[int, Participant]:
    if not request.user.is_authenticated:
        return {}
    mine = request.user.participations.select_related("assembly", "last_visit").prefetch_related("assembly__phases")
    return {participant.assembly_id: participant for participant in mine}


def _news(participant: Participant) -> list[News]:
    last_visit = getattr(participant, "last_visit", None)
    return news_of(participant, last_visit.seen_at, get_language() or "en") if last_visit else []


@require_POST
def choose_language(request: HttpRequest) -> HttpResponse:
    response = redirect(way_back(request))
    language = request.POST.get("language", "")
    if language in dict(settings.LANGUAGES):
        _remember_language(request, language)
        response.set_cookie(
            settings.LANGUAGE_COOKIE_NAME,
            language,
            max_age=settings.SESSION_COOKIE_AGE,
            secure=settings.HTTPS,
            httponly=True,
            samesite="Lax",
        )
    return response


def _remember_language(request: HttpRequest, language: str) -> None:
    """What is written to them, news for one, is written in it."""
    if request.user.is_authenticated:
        request.user.participations.update(language=language)


@require_POST
def leave(request: HttpRequest) -> HttpResponse:
    """Forget this person on this device; with their code they can come back."""
    language = get_language()
    logout(request)
    response = redirect("home")
    response.set_cookie(settings.LANGUAGE_COOKIE_NAME, language, secure=settings.HTTPS, samesite="Lax")
    return response


@require_safe
def healthz(request: HttpRequest) -> HttpResponse:
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")
    return HttpResponse("ok", content_type="text/plain")


@require_safe
def styleguide(request: HttpRequest) -> HttpResponse:
    return render(request, "styleguide.html")


def way_back(request: HttpRequest) -> str:
    """Where the reader was, if that is on this site."""
    wanted = request.POST.get("next", "")
    return wanted if url_has_allowed_host_and_scheme(wanted, {request.get_host()}, request.is_secure()) else "/"
