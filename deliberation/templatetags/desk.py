"""The ways at the desk: first what the present moment asks for, the rest in its groups."""

from typing import Any, NamedTuple

from django import template
from django.utils.translation import gettext_lazy as _

from deliberation.models import Assembly, PhaseKind

register = template.Library()


class Way(NamedTuple):
    """A page of the desk; `within` are the pages that belong to it."""

    to: str
    says: Any
    within: tuple[str, ...] = ()


OF_MATERIAL = "new_step edit_step clause term new_term new_proposal edit_proposal new_seed edit_seed"
DESK, HELPING = Way("desk", _("Desk")), Way("helping", _("Enter for somebody"), ("new_person", "slip", "helped"))
MODERATE = Way("moderation_queue", _("Moderate"), ("appeal_queue", "appeal_outcomes"))
PREPARE = [
    Way("setup", _("Set up")),
    Way("material", _("Learning material"), tuple(OF_MATERIAL.split())),
    Way("people", _("People")),
    Way("pool", _("Lottery")),
]
LEAD = [
    Way("cockpit", _("Run the room"), ("tables", "agenda_item")),
    MODERATE,
    Way("question_queue", _("Questions")),
    HELPING,
    Way("watch", _("How it goes")),
    Way("same_words", _("Same words")),
]
CONCLUDE = [
    Way("report", _("Report")),
    Way("reviews", _("Review the summary"), ("review", "sentence_edits", "audit")),
    Way("challenge_queue", _("Objections"), ("challenge_answers",)),
    Way("desk_drafting", _("Drafting"), ("desk_drafting_round",)),
]
EVERY = [(_("Prepare"), PREPARE), (_("Lead"), LEAD), (_("Conclude"), CONCLUDE)]


@register.simple_tag(takes_context=True)
def desk_ways(context: template.RequestContext) -> dict[str, Any]:
    """`first` are the ways that the moment asks for, `rest` all others by group, `here` is the one of this page."""
    here = context["request"].resolver_match.url_name
    if not context["can"]["facilitate"]:
        mine = [HELPING, *([MODERATE] if context["can"]["moderate"] else [])]
        return {"first": mine, "rest": [], "here": _of(here)}
    first = _asked_for_now(context["assembly"])
    current = _of(here)
    if current is not None and current not in (DESK, *first):
        first = [*first, current]
    rest = [(name, [way for way in ways if way not in first]) for name, ways in EVERY]
    return {"first": [DESK, *first], "rest": rest, "here": current}


def _asked_for_now(assembly: Assembly) -> list[Way]:
    """Before the beginning what is prepared, then what is led, and at the end what comes out of it."""
    phases = list(assembly.phases.all())
    asked = [phase for phase in phases if phase.kind != PhaseKind.CLOSED]
    if all(phase.state == "coming" for phase in phases):
        in_a_room = [LEAD[0]] if assembly.sessions.exists() else []
        return [way for way in PREPARE if way.to != "pool" or not assembly.is_open] + in_a_room
    if all(phase.state == "past" for phase in asked):
        written = assembly.arguments.exists()
        return [way for way in CONCLUDE[:3] if written or way.to == "report"] + [MODERATE]
    if any(phase.kind == PhaseKind.DRAFTING and phase.state == "open" for phase in asked):
        return [*CONCLUDE[1:], MODERATE]
    return LEAD[:-1]


def _of(name: str) -> Way | None:
    ways = [DESK, *(way for _name, group in EVERY for way in group)]
    return next((way for way in ways if name == way.to or name in way.within), None)
