import json
from datetime import datetime
from typing import Any

from django.conf import settings
from django.core.cache import cache
from django.http import HttpResponse, HttpResponseNotModified, JsonResponse
from django.shortcuts import get_object_or_404
from django.template.loader import render_to_string
from django.urls import reverse
from django.views.decorators.http import require_safe

from deliberation import visibility
from deliberation.analysis.position import place_of
from deliberation.analysis.stability import stability_word
from deliberation.analysis.story import moments_of, without_hidden
from deliberation.exports.share import ShareWords, share_png
from deliberation.models import ConsensusMap, Vote
from deliberation.views.page import Visit, in_assembly
from deliberation.views.statements import shown

SHARE_IMAGE_KEPT = 60 * 60  # seconds


@require_safe
@in_assembly
def show(visit: Visit, version: int | None = None) -> HttpResponse:
    """The map: words first, then the picture, then a table with the same content. Of now, or as it once was."""
    texts, mine = texts_for(visit), _my_votes(visit)
    shown_map = _current(visit) if version is None else _as_it_was(visit, version, texts)
    return visit.render(
        "consensus_map/show.html",
        map=shown_map,
        past=version is not None,
        moments=moments_of(visibility.maps_for(visit.assembly, visit.participant)) if version is None else [],
        words=words_now(shown_map, texts),
        statements=texts,
        my_votes=mine,
        me=shown_map and place_of(shown_map.snapshot, mine),
    )


@require_safe
@in_assembly
def version_json(visit: Visit, version: int) -> HttpResponse:
    """A snapshot as it was, for the replay."""
    then = _as_it_was(visit, version, texts_for(visit))
    return JsonResponse(
        {"version": version, "snapshot": then.snapshot}, headers={"Cache-Control": "private, max-age=60"}
    )


def _as_it_was(visit: Visit, version: int, texts: dict[str, Any]) -> ConsensusMap:
    then = get_object_or_404(visibility.maps_for(visit.assembly, visit.participant), version=version)
    then.snapshot = without_hidden(then.snapshot, set(texts))
    return then


@require_safe
@in_assembly
def how(visit: Visit) -> HttpResponse:
    """How the map is made and what it cannot tell, in plain words and with this assembly's own numbers."""
    current = _current(visit)
    return visit.render(
        "consensus_map/how.html",
        map=current,
        words=words_now(current, texts_for(visit)),
        facts=_facts(current.snapshot) if current else {},
        settings_used=json.dumps(current.parameters, sort_keys=True) if current else "",
    )


def _facts(snapshot: dict[str, Any]) -> dict[str, Any]:
    tested = snapshot["tested"] or {}
    return {
        "participants": snapshot["participants"],
        "votes": snapshot["votes"],
        "statements": snapshot["statement_count"],
        "min_votes": snapshot["min_votes"],
        "groups": snapshot["groups"],
        "grouped": snapshot["grouped"],
        "ungrouped": snapshot["participants"] - snapshot["grouped"] if snapshot["stable"] else 0,
        "waiting": len(snapshot["waiting"]),
        "stability": tested.get("stability"),
        "stability_word": stability_word(snapshot["tested"]),
        "prediction": tested.get("prediction"),
    }


@require_safe
@in_assembly
def words(visit: Visit) -> HttpResponse:
    """Words and table of the current version, the same for every reader of a language."""
    current = _current(visit)
    return visit.render("consensus_map/_words.html", map=current, words=words_now(current, texts_for(visit)))


@require_safe
@in_assembly
def current(visit: Visit) -> HttpResponse:
    """The snapshot, for a browser that missed it on the socket."""
    newest = _current(visit)
    if newest is None:
        return JsonResponse({"version": 0, "snapshot": None})
    tag = f'"{newest.version}"'
    if visit.request.headers.get("If-None-Match") == tag:
        return HttpResponseNotModified()
    return JsonResponse(
        {"version": newest.version, "snapshot": newest.snapshot}, headers={"ETag": tag, "Cache-Control": "no-cache"}
    )


@require_safe
@in_assembly
def share_image(visit: Visit) -> HttpResponse:
    """For whoever the address is passed on to: only what everybody may see."""
    current = visibility.current_map(visit.assembly, None)
    key = f"share:{visit.assembly.pk}:{current.version if current else 0}:{visit.language}"
    picture = cache.get_or_set(key, lambda: _share_picture(visit, current), SHARE_IMAGE_KEPT)
    return HttpResponse(picture, content_type="image/png", headers={"Cache-Control": "public, max-age=300"})


def _share_picture(visit: Visit, current: ConsensusMap | None) -> bytes:
    line = render_to_string("consensus_map/_standing.html", {"words": words_now(current, {})}) if current else ""
    address = settings.BASE_URL + reverse("assembly", args=[visit.assembly.slug])
    words = ShareWords(visit.language, visit.text.title, visit.text.asked_by, line, address.partition("://")[2])
    return share_png(words, current and without_hidden(current.snapshot, set(texts_for(visit))))


def words_of(snapshot: dict[str, Any], texts: dict[str, Any], version: int, made_at: datetime) -> dict[str, Any]:
    """The map as sentences and rows, with every statement in the reader's language."""
    tested = snapshot["tested"] or {}
    rows = {each["id"]: _row(each, texts) for each in snapshot["statements"] if each["id"] in texts}
    return {
        "version": version,
        "made_at": made_at,
        "participants": snapshot["participants"],
        "votes": snapshot["votes"],
        "statement_count": snapshot["statement_count"],
        "stable": snapshot["stable"],
        "stability_word": stability_word(snapshot["tested"]),
        "slate": [
            {**rows[each["id"]], "represented_percent": round(100 * each["represented"])}
            for each in tested.get("slate", [])
            if each["id"] in rows
        ],
        "bridges": [rows[each] for each in tested.get("bridges", []) if each in rows],
        "groups": [_group(each, texts) for each in snapshot["groups"]],
        "common_ground": [rows[each] for each in snapshot["common_ground"] if each in rows],
        "divides": [rows[each] for each in snapshot["divides"] if each in rows],
        "table": sorted(rows.values(), key=lambda row: row["number"]),
        "waiting": [
            {**texts[each["id"]], "votes": each["votes"]} for each in snapshot["waiting"] if each["id"] in texts
        ],
    }


def words_now(current: ConsensusMap | None, texts: dict[str, Any]) -> dict[str, Any] | None:
    return current and words_of(current.snapshot, texts, current.version, current.created_at)


def _row(each: dict[str, Any], texts: dict[str, Any]) -> dict[str, Any]:
    votes = each["agree"] + each["disagree"] + each["pass"]
    groups = [{"letter": letter, "shown": rates} for letter, rates in sorted(each["groups"].items())]
    return {**texts[each["id"]], **{key: each[key] for key in ("agree", "disagree", "pass")}, "votes": votes,
            "share": round(100 * each["agree"] / votes), "groups": groups,
            "consensus": each["consensus"], "divisive": each["divisive"], "differs": each["differs"]}  # fmt: skip


def _group(group: dict[str, Any], texts: dict[str, Any]) -> dict[str, Any]:
    told = [{**texts[each["id"]], **each} for each in group["representative"] if each["id"] in texts]
    return {"letter": group["letter"], "size": group["size"], "representative": told, "lead": told[0] if told else None}


def _current(visit: Visit) -> ConsensusMap | None:
    return visibility.current_map(visit.assembly, visit.participant)


def texts_for(visit: Visit) -> dict[str, Any]:
    return {each.public_id: shown(each, visit) for each in visibility.statements_for(visit.assembly)}


def _my_votes(visit: Visit) -> dict[str, int]:
    if visit.participant is None:
        return {}
    mine = Vote.objects.standing().filter(participant=visit.participant).values_list("statement__public_id", "choice")
    return dict(mine)
