from typing import Any

from django.conf import settings
from django.contrib.auth import logout
from django.db import connection
from django.db.models import Exists, OuterRef, Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import get_language
from django.views.decorators.http import require_POST, require_safe

from deliberation.models import Assembly, Participant, Phase
from deliberation.news import News, news_of
from deliberation.views.page import Visit


@require_safe
def home(request: HttpRequest) -> HttpResponse:
    """The assemblies that the reader takes part in, with what is new in each, and the others that have begun."""
    assemblies = Assembly.objects.prefetch_related("translations", "phases__translations")
    mine = _my_participations(request)
    begun = Phase.objects.filter(assembly=OuterRef("pk"), opened_at__isnull=False)
    listed = assemblies.filter(Q(pk__in=mine) | Q(Exists(begun), archived_at=None))
    rows = [_listed(Visit(request, assembly, mine.get(assembly.pk))) for assembly in listed]
    return render(
        request,
        "home.html",
        {
            "mine": [{**each, "news": _news(each["participant"])} for each in rows if _is_mine(each)],
            "archived": [each for each in rows if each["assembly"].archived_at],
            "assemblies": [each for each in rows if not each["participant"]],
            "may_found": request.user.is_authenticated and request.user.founds_since is not None,
        },
    )


def _listed(visit: Visit) -> dict[str, Any]:
    return {
        "assembly": visit.assembly,
        "text": visit.text,
        "phase": visit.phase,
        "participant": visit.participant,
        "facilitates": visit.participant is not None and visit.participant.is_facilitator,
    }


def _is_mine(row: dict[str, Any]) -> bool:
    return row["participant"] is not None and row["assembly"].archived_at is None


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
