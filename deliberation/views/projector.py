"""The wall of the room: it follows the session that is open, thanks when it has closed, and shows the map else."""

from typing import Any

import segno
from django.conf import settings
from django.db.models import Count
from django.http import HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_safe

from deliberation import visibility
from deliberation.models import ItemKind, Scene, Session, Vote
from deliberation.views.consensus_map import texts_for, words_now
from deliberation.views.notes import note_shown
from deliberation.views.page import Visit, in_assembly
from deliberation.views.session import session_now, shown
from deliberation.views.summary_words import summary_shown

MOST_HEARD, MOST_NOTES, MOST_STATEMENTS = 3, 2, 4  # that are read from the back of a room
MOST_BESIDE_THANKS = 2
THANKS = "thanks"


@require_safe
@in_assembly
def projector(visit: Visit) -> HttpResponse:
    """Whoever opens it, the whole room sees it."""
    session = session_now(visit)
    scene = _scene_of(session)
    return visit.render(
        "projector/show.html",
        room=shown(session, visit) if session and (session.is_open or scene == THANKS) else None,
        scene_template=f"projector/_{scene}.html",
        hidden_from_room=not visibility.results_for(visit.assembly, None).shown,
        **_address(visit, to_read=scene == THANKS or visit.is_over),
        **_shown_in(scene, session, visit),
    )


@require_safe
@in_assembly
def projector_words(visit: Visit) -> HttpResponse:
    """What stands below the map on the wall, renewed with every map."""
    current = visibility.current_map(visit.assembly, None)
    return visit.render("consensus_map/_wall_words.html", words=words_now(current, texts_for(visit)))


def _scene_of(session: Session | None) -> str:
    if session is None or not (session.is_open or session.is_just_over(timezone.now())):
        return Scene.MAP
    return session.scene if session.is_open else THANKS


def _address(visit: Visit, to_read: bool) -> dict[str, Any]:
    """Where a phone goes from the wall: into the assembly, or once it is over to what came out of it."""
    address = settings.BASE_URL + reverse("report" if to_read else "assembly", args=[visit.assembly.slug])
    front, slug, page = address.partition("://")[2].rstrip("/").rpartition(visit.assembly.slug)
    qr = segno.make(address, error="m").svg_inline(omitsize=True, border=2)
    return {"join_front": front, "join_end": slug + page, "join_qr": qr, "to_read": to_read}


def _shown_in(scene: str, session: Session | None, visit: Visit) -> dict[str, Any]:
    if scene == Scene.MAP:
        return _mapped(visit)
    if scene == Scene.HEARD:
        return _told(visit)
    if scene == THANKS:  # in half the room
        return {what: told if what == "words" else told[:MOST_BESIDE_THANKS] for what, told in _told(visit).items()}
    if scene == Scene.ITEM and session and session.item and session.item.kind == ItemKind.VOTE:
        return {"voted": _voted(visit)}
    return {}


def _told(visit: Visit) -> dict[str, Any]:
    told = {"heard": _heard(visit), "notes": _noted(visit)}
    return told if any(told.values()) else {**told, **_outcome(visit)}


def _voted(visit: Visit) -> dict[str, int]:
    """How many take part in the voting, never how: that is the map's to tell."""
    standing = Vote.objects.standing().filter(assembly=visit.assembly)
    return standing.aggregate(people=Count("participant", distinct=True), votes=Count("pk"))


def _mapped(visit: Visit) -> dict[str, Any]:
    current, texts = visibility.current_map(visit.assembly, None), texts_for(visit)
    return {"map": current, "words": words_now(current, texts), "statements": texts}


def _outcome(visit: Visit) -> dict[str, Any]:
    """Where nothing was argued or noted: what the map says, or while it says nothing the newest statements.

    A room quotes like a summary does: nobody's words who does not want that.
    """
    quotable = set(visibility.statements_for(visit.assembly).quotable().values_list("public_id", flat=True))
    texts = {each: text for each, text in texts_for(visit).items() if each in quotable}
    words = words_now(visibility.current_map(visit.assembly, None), texts)
    if words and words["table"]:
        return {"words": words}
    newest = sorted(texts.values(), key=lambda each: each["number"], reverse=True)
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
