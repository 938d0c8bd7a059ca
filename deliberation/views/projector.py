"""The wall of the room: it follows the session that is open, and shows the map while there is none."""

from typing import Any

import segno
from django.conf import settings
from django.http import HttpResponse
from django.urls import reverse
from django.views.decorators.http import require_safe

from deliberation import visibility
from deliberation.models import Scene
from deliberation.views.consensus_map import texts_for, words_now
from deliberation.views.notes import note_shown
from deliberation.views.page import Visit, in_assembly
from deliberation.views.session import session_now, shown
from deliberation.views.summary_words import summary_shown

MOST_HEARD, MOST_NOTES, MOST_STATEMENTS = 3, 2, 4  # that are read from the back of a room


@require_safe
@in_assembly
def projector(visit: Visit) -> HttpResponse:
    """Whoever opens it, the whole room sees it."""
    session = session_now(visit)
    is_open = session is not None and session.is_open
    scene = session.scene if is_open else Scene.MAP
    address = settings.BASE_URL + reverse("assembly", args=[visit.assembly.slug])
    return visit.render(
        "projector/show.html",
        room=shown(session, visit) if is_open else None,
        scene=scene,
        scene_template=f"projector/_{scene}.html",
        hidden_from_room=not visibility.results_for(visit.assembly, None).shown,
        join_front=address.partition("://")[2].rstrip("/").removesuffix(visit.assembly.slug),
        join_qr=segno.make(address, error="m").svg_inline(omitsize=True, border=2),
        **_scene(visit, Scene(scene)),
    )


@require_safe
@in_assembly
def projector_words(visit: Visit) -> HttpResponse:
    """What stands below the map on the wall, renewed with every map."""
    current = visibility.current_map(visit.assembly, None)
    return visit.render("consensus_map/_wall_words.html", words=words_now(current, texts_for(visit)))


def _scene(visit: Visit, scene: Scene) -> dict[str, Any]:
    if scene == Scene.MAP:
        return _mapped(visit)
    if scene != Scene.HEARD:
        return {}
    told = {"heard": _heard(visit), "notes": _noted(visit)}
    return told if any(told.values()) else {**told, **_voted(visit)}


def _mapped(visit: Visit) -> dict[str, Any]:
    current, texts = visibility.current_map(visit.assembly, None), texts_for(visit)
    return {"map": current, "words": words_now(current, texts), "statements": texts}


def _voted(visit: Visit) -> dict[str, Any]:
    """Where nothing was argued or noted: what the map says, or while it says nothing the newest statements."""
    mapped = _mapped(visit)
    if mapped["words"] and mapped["words"]["table"]:
        return {"words": mapped["words"]}
    newest = sorted(mapped["statements"].values(), key=lambda each: each["number"], reverse=True)
    return {"newest": newest[:MOST_STATEMENTS]}


def _noted(visit: Visit) -> list[dict[str, Any]]:
    """The newest notes of this session."""
    session = session_now(visit)
    newest = visibility.notes_for(visit.assembly).filter(item__session=session)[:MOST_NOTES]
    return [note_shown(each, visit) for each in newest]


def _heard(visit: Visit) -> list[dict[str, Any]]:
    """The first point of each side of each proposal in the published summary, with how many said so."""
    summary = visibility.published_summary(visit.assembly, None)
    told = summary and summary_shown(summary.document, visit, summary.version)
    if not told:
        return []
    sides = [(each["proposal"]["title"], side) for each in told["proposals"] for side in each["sides"]]
    firsts = [(title, side["label"], side["points"][0]) for title, side in sides if side["points"]]
    return [
        {"proposal": title, "side": label, "said": point["said"], "prevalence": point["prevalence"]}
        for title, label, point in firsts[:MOST_HEARD]
    ]
