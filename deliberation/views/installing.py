"""What lets a browser keep the deck: a manifest for the home screen, and a worker for times without a line."""

import hashlib
import json

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.templatetags.static import static
from django.urls import reverse
from django.utils.translation import get_language, get_language_bidi
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

# What a page of the deck is made of, so that it comes whole while there is no line.
SHELL = (
    *(f"css/{name}.css" for name in ("tokens", "base", "layout", "components", "bars", "phases", "deck")),
    *(
        f"js/{name}.js"
        for name in ("reading", "majelis", "storage", "counter", "drafts", "promises", "phrases", "deck")
    ),
    *(f"js/deck/{name}.js" for name in ("outbox", "swipe")),
    "icons/icons.svg",
    "icons/mark.svg",
)
PAPER = "#f9f6ef"  # --paper of css/tokens.css, where no stylesheet is read


@require_safe
def manifest(request: HttpRequest) -> JsonResponse:
    """How the site is called and drawn on a home screen."""
    told = {
        "id": "/",
        "name": "Majelis",
        "short_name": "Majelis",
        "description": _("Take part in a citizens’ assembly."),
        "lang": get_language(),
        "dir": "rtl" if get_language_bidi() else "ltr",
        "start_url": reverse("home"),
        "scope": "/",
        "display": "standalone",
        "background_color": PAPER,
        "theme_color": PAPER,
        "icons": [
            {"src": static("icons/mark.svg"), "sizes": "any", "type": "image/svg+xml"},
            *(_icon(size, purpose) for purpose in ("any", "maskable") for size in (192, 512)),
        ],
    }
    return JsonResponse(told, content_type="application/manifest+json")


def _icon(size: int, purpose: str) -> dict[str, str]:
    name = static(f"icons/{purpose}-{size}.png")
    return {"src": name, "sizes": f"{size}x{size}", "type": "image/png", "purpose": purpose}


@require_safe
def worker(request: HttpRequest) -> HttpResponse:
    """The service worker. It stands at the root, whose pages it serves; each release of files is a new one."""
    shell = [static(name) for name in SHELL]
    release = hashlib.sha256(json.dumps(shell).encode()).hexdigest()[:12]
    told = {"release": release, "shell": json.dumps(shell), "offline": reverse("offline")}
    answer = render(request, "installing/worker.js", told, content_type="text/javascript")
    answer["Cache-Control"] = "no-cache"
    return answer


@require_safe
def offline(request: HttpRequest) -> HttpResponse:
    """What stands in for every page that needs a line."""
    return render(request, "installing/offline.html")
