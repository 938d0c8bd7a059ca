"""From a blueprint to an assembly: what there is to choose from, and the few words that every assembly needs."""

from datetime import date, timedelta
from functools import wraps
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from deliberation.actions.founding import found
from deliberation.actions.setting_up import Words
from deliberation.blueprints import Blueprint, PhasePlan, blueprints
from deliberation.forms.founding import FoundingForm
from deliberation.models import Participant, PhaseKind, Role
from deliberation.views.page import View, place_of_code
from deliberation.views.rate_limits import limited

DAYS_OF_A_WEEK = 7


def for_founders(view: View) -> View:
    """To whoever the operator has not let set up assemblies, the page does not exist."""

    @wraps(view)
    def entrusted(request: HttpRequest, **arguments: object) -> HttpResponse:
        if not request.user.is_authenticated or request.user.founds_since is None:
            raise Http404
        return view(request, **arguments)

    return entrusted


@require_safe
@for_founders
def new_assembly(request: HttpRequest) -> HttpResponse:
    """The blueprints, each in a few words."""
    cards = [_card(name, blueprint) for name, blueprint in blueprints().items()]
    return render(request, "founding/index.html", {"cards": cards})


@require_http_methods(["GET", "HEAD", "POST"])
@for_founders
@limited("found", "30/hour")
def from_blueprint(request: HttpRequest, name: str) -> HttpResponse:
    """One form; what it does not ask, the blueprint knows, and all of it can be changed afterwards."""
    blueprint = blueprints().get(name)
    if blueprint is None:
        raise Http404
    if request.method != "POST":
        form = _form(blueprint)
        return _asked(request, name, blueprint, form)
    form = _form(blueprint, request.POST)
    if not form.is_valid():
        return _asked(request, name, blueprint, form, status=400)
    chosen = form.cleaned_data
    facilitator, code = found(request.user, blueprint, form.texts, chosen["starts_on"], _language(), chosen["name"])
    return to_the_desk_of(request, facilitator, code)


def to_the_desk_of(request: HttpRequest, facilitator: Participant, code: str) -> HttpResponse:
    """Their code to come back with waits for them there."""
    request.session[place_of_code(facilitator.assembly)] = code
    messages.success(request, _("It is made. Nobody can write or vote before you open the first phase."))
    return redirect("desk", slug=facilitator.assembly.slug)


def _asked(
    request: HttpRequest, name: str, blueprint: Blueprint, form: FoundingForm, status: int = 200
) -> HttpResponse:
    context = {"form": form, "card": _card(name, blueprint), "has_example": blueprint.example is not None}
    return render(request, "founding/new.html", context, status=status)


def _form(blueprint: Blueprint, data: object = None) -> FoundingForm:
    """The reader's language first, with the words of the example where there is one. Not in the others: who writes
    words of their own in one language would found an assembly that asks something else in the next."""
    languages = sorted(dict(settings.LANGUAGES), key=lambda code: code != _language())
    example = blueprint.example and blueprint.example.translations()[languages[0]]
    said = {languages[0]: Words(example.title, example.remit, example.asked_by, example.purpose)} if example else {}
    first = {"starts_on": first_day(blueprint, timezone.localdate()), "name": Role.FACILITATOR.label}
    return FoundingForm(data, languages=languages, said=said, initial=first)


def first_day(blueprint: Blueprint, today: date) -> date:
    """Today, or as much later as it takes to prepare, on the day of the week that the blueprint begins on."""
    day = today + timedelta(days=blueprint.notice_in_days)
    if blueprint.weekday is None:
        return day
    return day + timedelta(days=(blueprint.weekday - day.weekday()) % DAYS_OF_A_WEEK)


def _card(name: str, blueprint: Blueprint) -> dict[str, Any]:
    words = blueprint.translations().get(_language(), blueprint.en)
    return {
        "name": name,
        "title": words.name,
        "what": words.what,
        "people": words.people,
        "time": words.time,
        "phases": [_phase(plan) for plan in blueprint.phases],
        "sessions": len(blueprint.sessions),
        "statements": len(blueprint.statements),
    }


def _phase(plan: PhasePlan) -> dict[str, Any]:
    return {
        "name": plan.translations().get(_language(), plan.en).name,
        "days": plan.ends_in_days - plan.starts_in_days + 1,
        "is_last": plan.kind == PhaseKind.CLOSED,
    }


def _language() -> str:
    return (get_language() or settings.LANGUAGE_CODE).split("-")[0]
