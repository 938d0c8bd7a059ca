"""The democratic lottery at the desk, step by step, and the public page that lets nobody be found in it."""

import csv
import io
import json
import zipfile
from collections import Counter
from pathlib import Path
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from deliberation import visibility
from deliberation.actions.drawing import (
    TOPIC,
    NotSignedYet,
    ask_to_draw,
    ask_to_seal,
    confirm_seat,
    invite_selected,
    is_signed,
    take_back_the_seal,
    withdraw_from_seat,
)
from deliberation.actions.errors import NotInThisState
from deliberation.actions.exporting import version_now
from deliberation.actions.pooling import (
    TooManyValues,
    delete_data,
    name_columns,
    set_targets,
    shortfalls,
    table_of,
    take_upload,
)
from deliberation.analysis import lottery
from deliberation.forms.pool import KEPT_FOR, ColumnsForm, EmptyForm, SeedForm, SelectedForm, TargetsForm, UploadForm
from deliberation.models import HAS_A_SEAT, Pool, PoolState, Respondent, Standing
from deliberation.views.page import Visit, for_facilitators, in_assembly
from deliberation.views.people import place_of_codes
from deliberation.views.rate_limits import limited

READ_ME = """Anybody can repeat this draw:

    pip install {library}=={version}
    python lottery.py pool.json selection.json

pool.json is what was sealed; its SHA-256 stands in the record of the assembly since before the seed was known. It holds
numbers and categories of people, no names and no addresses; still, do not publish it: rare combinations of categories
can tell who somebody is.
"""


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@for_facilitators
@limited("pool", "60/hour")
def pool(visit: Visit) -> HttpResponse:
    """Where the lottery stands, and what is next; POST takes a file in."""
    if visit.request.method != "POST":
        return _show(visit)
    form = UploadForm(visit.request.POST, visit.request.FILES)
    if not form.is_valid():
        return _show(visit, upload_form=form, status=400)
    given = form.cleaned_data
    try:
        take_upload(visit.assembly, given["file"], given["seats"], given["delete_on"])
    except NotInThisState:
        return _too_late(visit)
    return _back(visit)


@require_POST
@for_facilitators
def columns(visit: Visit) -> HttpResponse:
    pool = _found(visit, PoolState.UPLOADED)
    form = ColumnsForm(visit.request.POST, table=table_of(pool.upload))
    if not form.is_valid():
        return _show(visit, columns_form=form, status=400)
    try:
        name_columns(pool, form.uses)
    except NotInThisState:
        return _too_late(visit)
    except TooManyValues as error:
        told = _("“%(column)s” has more than 40 different values: it cannot be a category.")
        form.add_error(None, told % {"column": error.column})
        return _show(visit, columns_form=form, status=400)
    return _back(visit)


@require_POST
@for_facilitators
def targets(visit: Visit, place: int) -> HttpResponse:
    pool = _found(visit, PoolState.READY)
    if place >= len(pool.targets):
        raise Http404
    form = TargetsForm(visit.request.POST, values=pool.targets[place]["values"], seats=pool.seats)
    if not form.is_valid():
        return _show(visit, targets_form=(place, form), status=400)
    try:
        set_targets(pool, place, form.targets)
    except NotInThisState:
        return _too_late(visit)
    messages.success(visit.request, _("Saved: the targets for “%(category)s”.") % {
        "category": pool.targets[place]["name"]
    })  # fmt: skip
    return _back(visit)


@require_POST
@for_facilitators
def seals(visit: Visit) -> HttpResponse:
    return _step(visit, PoolState.READY, ask_to_seal)


@require_POST
@for_facilitators
def seals_undone(visit: Visit) -> HttpResponse:
    return _step(visit, PoolState.SEALED, take_back_the_seal)


@require_POST
@for_facilitators
def draws(visit: Visit) -> HttpResponse:
    pool = _found(visit, PoolState.SEALED)
    form = SeedForm(visit.request.POST)
    if not form.is_valid():
        return _show(visit, seed_form=form, status=400)
    try:
        ask_to_draw(pool, form.cleaned_data["seed"])
    except NotInThisState:
        return _too_late(visit)
    except NotSignedYet:
        form.add_error("seed", _("The seal is not in a signed checkpoint yet. That takes seconds; try again."))
        return _show(visit, seed_form=form, status=409)
    return _back(visit)


@require_POST
@for_facilitators
def withdrawals(visit: Visit, number: int) -> HttpResponse:
    person = get_object_or_404(Respondent, pool=_found(visit, PoolState.DRAWN), number=number)
    try:
        called = withdraw_from_seat(person)
    except NotInThisState:
        return _too_late(visit)
    if called is None:
        messages.error(visit.request, _("Noted. There is no substitute left: the seat stays empty."))
    else:
        told = _("Noted. Number %(number)s is called up, and still has to be invited.")
        messages.success(visit.request, told % {"number": called.number})
    return _back(visit, "#selected")


@require_POST
@for_facilitators
def confirmations(visit: Visit, number: int) -> HttpResponse:
    confirm_seat(get_object_or_404(Respondent, pool=_found(visit, PoolState.DRAWN), number=number))
    return _back(visit, "#selected")


@require_POST
@for_facilitators
@limited("invite by mail", "20/hour")
def selected_invitations(visit: Visit) -> HttpResponse:
    pool = _found(visit, PoolState.DRAWN)
    form = _selected_form(visit, visit.request.POST)
    if not form.is_valid():
        return _show(visit, selected_form=form, status=400)
    sent, batch, codes = invite_selected(pool, form.good_for, form.cleaned_data["language"])
    told = ngettext("%(n)s invitation is on its way.", "%(n)s invitations are on their way.", sent) % {"n": sent}
    messages.success(visit.request, told)
    if not codes:
        return _back(visit, "#selected")
    visit.request.session[place_of_codes(visit)] = {
        "batch": batch,
        "codes": codes,
        "roles": [],
        "uses": 1,
        "expires_at": (timezone.now() + form.good_for).isoformat(),
        "for": list(
            pool.respondents.filter(invitation__batch=batch).order_by("number").values_list("reference", flat=True)
        ),
    }
    return redirect("invitations", slug=visit.assembly.slug)


@require_POST
@for_facilitators
def removals(visit: Visit) -> HttpResponse:
    pool = get_object_or_404(Pool, assembly=visit.assembly, deleted_at=None)
    try:
        delete_data(pool)
    except NotInThisState:
        return _too_late(visit)
    messages.success(visit.request, _("Deleted: everything about the people in the pool."))
    return _back(visit)


@require_safe
@for_facilitators
def problems(visit: Visit) -> HttpResponse:
    """The rows that were left out, as a table to mend the file by."""
    pool = get_object_or_404(Pool, assembly=visit.assembly)
    answer = HttpResponse(content_type="text/csv; charset=utf-8")
    answer["Content-Disposition"] = 'attachment; filename="left-out.csv"'
    rows = csv.writer(answer)
    rows.writerow([_("row"), _("what is wrong"), _("column")])
    for line, why, column in pool.problems:
        rows.writerow([line, _why(why), "'" + column if column[:1] in "=+-@\t\r" and column else column])
    return answer


def _why(code: str) -> str:
    return {
        "cells": _("more or fewer cells than columns"),
        "empty": _("nothing stands here"),
        "long": _("more than 80 characters"),
        "address": _("this is not an e-mail address"),
        "reference": _("nothing stands here, or more than 100 characters"),
        "twice": _("this person stands in the file twice"),
        "unreachable": _("nothing tells how to reach this person"),
    }[code]


@require_safe
@for_facilitators
def package(visit: Visit) -> HttpResponse:
    """Everything that it takes to repeat the draw, for whoever the facilitators let check it."""
    pool = _found(visit, PoolState.DRAWN)
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as bundle:
        bundle.writestr("pool.json", bytes(pool.sealed))
        bundle.writestr("selection.json", json.dumps(_told(pool), indent=1))
        bundle.writestr("lottery.py", Path(lottery.__file__).read_text())
        bundle.writestr("README.txt", READ_ME.format(**pool.result))
    answer = HttpResponse(made.getvalue(), content_type="application/zip")
    answer["Content-Disposition"] = f'attachment; filename="selection-{visit.assembly.slug}.zip"'
    return answer


def _told(pool: Pool) -> dict[str, Any]:
    substitutes = pool.respondents.filter(turn__isnull=False).order_by("turn").values_list("number", flat=True)
    return {
        "digest": pool.digest,
        "seed": pool.seed,
        **{name: pool.result[name] for name in ("method", "library", "version", "attempts", "replacements")},
        "selected": pool.result["drawn"],
        "substitutes": list(substitutes),
    }


@require_safe
@in_assembly
def selection(visit: Visit) -> HttpResponse:
    """How the members were drawn: numbers against targets, the seal, the seed and the method. No person."""
    pool = Pool.objects.filter(assembly=visit.assembly, sealed_at__isnull=False).first()
    categories = visibility.seats_told(pool) if pool and pool.is_drawn else []
    return visit.render("pool/selection.html", pool=pool, categories=categories)


def _show(
    visit: Visit,
    upload_form: UploadForm | None = None,
    columns_form: ColumnsForm | None = None,
    targets_form: tuple[int, TargetsForm] | None = None,
    seed_form: SeedForm | None = None,
    selected_form: SelectedForm | None = None,
    status: int = 200,
) -> HttpResponse:
    known = version_now()  # before the rest is read: what happens meanwhile is news
    pool = Pool.objects.filter(assembly=visit.assembly).first()
    first = {"delete_on": timezone.localdate() + KEPT_FOR, "seats": 50}
    named = pool is not None and pool.state == PoolState.UPLOADED
    drawn = pool is not None and pool.is_drawn
    return visit.render(
        "pool/show.html",
        pool=pool,
        upload_form=upload_form or UploadForm(initial=first),
        columns_form=columns_form or (ColumnsForm(table=table_of(pool.upload)) if named else None),
        categories=_categories(pool, targets_form) if pool else [],
        shortfalls=shortfalls(pool) if pool else [],
        seed_form=seed_form or SeedForm(),
        signed=pool is not None and is_signed(pool),
        selected_form=selected_form or _selected_form(visit),
        seated=_seated(pool) if drawn else [],
        standings=_standings(pool) if drawn else [],
        to_invite=pool.respondents.filter(standing=Standing.SELECTED, invitation=None).count() if drawn else 0,
        people=pool.respondents.count() if pool else 0,
        most=lottery.MOST_ATTEMPTS,
        topic=TOPIC,
        known=known,
        status=status,
    )


def _categories(pool: Pool, wrong: tuple[int, TargetsForm] | None) -> list[dict[str, Any]]:
    return [
        _category(pool, place, wrong[1] if wrong and wrong[0] == place else None)
        for place, _category_of_pool in enumerate(pool.targets)
    ]


def _category(pool: Pool, place: int, wrong: TargetsForm | None) -> dict[str, Any]:
    values = pool.targets[place]["values"]
    form = wrong or TargetsForm(values=values, seats=pool.seats)
    counts = pool.result["counts"][place] if pool.is_drawn else [0] * len(values)
    rows = [
        {**value, "count": count, "met": value["min"] <= count <= value["max"]}
        for value, count in zip(values, counts, strict=True)
    ]
    return {
        "place": place,
        "name": pool.targets[place]["name"],
        "is_set": all(value["said"] for value in values),
        "form": form,
        "rows": rows,
        "pairs": list(zip(form, rows, strict=True)),
    }


def _seated(pool: Pool) -> list[Respondent]:
    """Everybody who has or had a seat."""
    shown = pool.respondents.filter(standing__in=[*HAS_A_SEAT, Standing.WITHDRAWN])
    return list(shown.select_related("replaces", "invitation").order_by("number"))


def _standings(pool: Pool) -> list[tuple[str, int]]:
    """How many stand where, in the order in which people go."""
    counts = Counter(pool.respondents.values_list("standing", flat=True))
    return [(standing.label, counts[standing]) for standing in Standing if standing != Standing.WAITING]


def _selected_form(visit: Visit, data: object = None) -> SelectedForm:
    return SelectedForm(data, languages=[each for each in settings.LANGUAGES if each[0] in visit.assembly.languages])


def _step(visit: Visit, state: PoolState, take: Any) -> HttpResponse:
    pool = _found(visit, state)
    form = EmptyForm(visit.request.POST)
    if not form.is_valid():
        return _show(visit, status=400)
    try:
        take(pool)
    except NotInThisState:
        return _too_late(visit)
    return _back(visit)


def _found(visit: Visit, state: PoolState) -> Pool:
    return get_object_or_404(Pool, assembly=visit.assembly, state=state, deleted_at=None)


def _too_late(visit: Visit) -> HttpResponse:
    messages.error(visit.request, _("Not done: the lottery is at another step now. This page shows which."))
    return _show(visit, status=409)


def _back(visit: Visit, place: str = "") -> HttpResponse:
    answer = redirect("pool", slug=visit.assembly.slug)
    answer["Location"] += place
    return answer
