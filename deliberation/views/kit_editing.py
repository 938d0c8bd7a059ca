"""The steps of the kit as facilitators write, order, publish and take them out; clauses of a law; words explained."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.http import require_http_methods, require_POST

from deliberation.actions import preparing
from deliberation.actions.errors import NotInEveryLanguage
from deliberation.forms.kit import ChangeForm, ClauseForm, LawForm, StepForm, TermForm
from deliberation.models import Clause, GlossaryEntry, KitStep, KitStepText, StepKind, in_language
from deliberation.views.deck import problems_of
from deliberation.views.kit import clause_shown, step_shown
from deliberation.views.page import Visit, for_facilitators
from deliberation.views.terms import Terms

CHANGES = {
    "up": lambda step: preparing.move_step(step, -1),
    "down": lambda step: preparing.move_step(step, 1),
    "publish": preparing.publish_step,
    "draft": preparing.take_back_step,
    "remove": preparing.remove_step,
    "return": preparing.put_back_step,
}
DONE = {
    "publish": gettext_lazy("“%(title)s” is published."),
    "draft": gettext_lazy("“%(title)s” is a draft again: only facilitators see it."),
    "remove": gettext_lazy("“%(title)s” is taken out. You can put it back below."),
    "return": gettext_lazy("“%(title)s” is back."),
}


@require_http_methods(["GET", "HEAD", "POST"])
@for_facilitators
def new_step(visit: Visit) -> HttpResponse:
    """A step of the kind that `?kind=` names."""
    kind = visit.request.GET.get("kind", StepKind.TEXT)
    if kind not in StepKind.values:
        raise Http404
    if visit.request.method != "POST":
        return _write(visit, StepForm(kind=StepKind(kind), assembly=visit.assembly, initial=_first(visit)))
    form = StepForm(visit.request.POST, visit.request.FILES, kind=StepKind(kind), assembly=visit.assembly)
    if not form.is_valid() or form.cleaned_data["preview"]:
        return _write(visit, form)
    step = preparing.add_step(visit.assembly, form.kind, form.words)
    messages.success(visit.request, _("Kept as a draft. Nobody else sees it until you publish it."))
    return _to_step(visit, step) if step.kind == StepKind.LAW else _to_material(visit, step)


@require_http_methods(["GET", "HEAD", "POST"])
@for_facilitators
def edit_step(visit: Visit, public_id: str) -> HttpResponse:
    step = _found(visit, public_id)
    known: dict[str, Any] = {"kind": StepKind(step.kind), "step": step, "assembly": visit.assembly}
    if visit.request.method != "POST":
        texts = {each.language: {"title": each.title, "body": each.body} for each in step.translations.all()}
        more = {"minutes": step.minutes, "address": step.address, "law_language": step.law_language}
        return _write(visit, StepForm(kept=texts, initial=more, **known))
    is_public = step.published_at is not None
    form = StepForm(visit.request.POST, visit.request.FILES, whole=is_public, **known)
    if not form.is_valid() or form.cleaned_data["preview"]:
        return _write(visit, form)
    preparing.change_step(step, form.words)
    messages.success(visit.request, _("Kept. Everybody sees it now.") if is_public else _("Kept as a draft."))
    return _to_material(visit, step)


@require_POST
@for_facilitators
def step_changes(visit: Visit, public_id: str) -> HttpResponse:
    """Its place, whether everybody sees it, and whether it is there at all."""
    step, form = _found(visit, public_id), ChangeForm(visit.request.POST, changes=list(CHANGES))
    if not form.is_valid():
        messages.error(visit.request, problems_of(form))
        return _to_material(visit, step)
    change, title = form.cleaned_data["change"], _title_of(step, visit.language)
    try:
        CHANGES[change](step)
    except NotInEveryLanguage:
        told = _("“%(title)s” is not written in every language yet, so it stays a draft.")
        messages.error(visit.request, told % {"title": title})
    else:
        if change in DONE:
            messages.success(visit.request, DONE[change] % {"title": title})
    return _to_material(visit, step)


@require_http_methods(["GET", "HEAD", "POST"])
@for_facilitators
def clauses(visit: Visit, public_id: str) -> HttpResponse:
    """The text of a law, to be split where it counts."""
    step, form = _found(visit, public_id), LawForm(visit.request.POST)
    if visit.request.method != "POST":
        return _to_step(visit, step)
    if step.kind != StepKind.LAW:
        raise Http404
    if not form.is_valid():
        return _write_law(visit, step, form, status=400)
    n = preparing.write_clauses(step, form.cleaned_data["law"])
    told = ngettext("%(n)s clause was added.", "%(n)s clauses were added.", n) % {"n": n}
    next_step = _("Now say in plain words what each means.")
    messages.success(visit.request, f"{told} {next_step}")
    return _to_step(visit, step)


@require_http_methods(["GET", "HEAD", "POST"])
@for_facilitators
def clause(visit: Visit, public_id: str, place: int) -> HttpResponse:
    step = _found(visit, public_id)
    found = get_object_or_404(Clause.objects.prefetch_related("translations"), step=step, position=place)
    posted = visit.request.POST if visit.request.method == "POST" else None
    form = ClauseForm(posted, clause=found, assembly=visit.assembly)
    if posted is None or not form.is_valid():
        row = clause_shown(found, visit.language)
        return visit.render(
            "material/clause.html", form=form, clause=row, step=_listed(step, visit), status=400 if form.errors else 200
        )
    preparing.write_clause(found, form.cleaned_data["number"], form.cleaned_data["text"], form.plain)
    messages.success(visit.request, _("Kept."))
    following = step.clauses.filter(position__gt=place).first()
    if following is not None and not following.translations.exists():
        return redirect("clause", slug=visit.assembly.slug, public_id=public_id, place=following.position)
    return _to_step(visit, step)


@require_POST
@for_facilitators
def clause_removals(visit: Visit, public_id: str, place: int) -> HttpResponse:
    found = get_object_or_404(Clause, step=_found(visit, public_id), position=place)
    preparing.remove_clause(found)
    messages.success(visit.request, _("The clause is taken out. To have it back, paste it below."))
    return _to_step(visit, found.step)


@require_http_methods(["GET", "HEAD", "POST"])
@for_facilitators
def new_term(visit: Visit) -> HttpResponse:
    return _write_term(visit, None)


@require_http_methods(["GET", "HEAD", "POST"])
@for_facilitators
def term(visit: Visit, entry: int) -> HttpResponse:
    return _write_term(visit, get_object_or_404(visit.assembly.glossary.standing(), pk=entry))


@require_POST
@for_facilitators
def term_changes(visit: Visit, entry: int) -> HttpResponse:
    """Take a word out of the glossary, or put it back."""
    found = get_object_or_404(visit.assembly.glossary, pk=entry)
    form = ChangeForm(visit.request.POST, changes=["remove", "return"])
    if not form.is_valid():
        messages.error(visit.request, problems_of(form))
        return _to_words(visit)
    is_removed = form.cleaned_data["change"] == "remove"
    preparing.keep_term(found, not is_removed)
    messages.success(visit.request, DONE[form.cleaned_data["change"]] % {"title": found.term})
    return _to_words(visit)


def _write_term(visit: Visit, entry: GlossaryEntry | None) -> HttpResponse:
    posted = visit.request.POST if visit.request.method == "POST" else None
    form = TermForm(posted, assembly=visit.assembly, entry=entry)
    if posted is None or not form.is_valid():
        return visit.render("material/term.html", form=form, entry=entry, status=400 if form.errors else 200)
    given = form.cleaned_data
    preparing.explain(visit.assembly, given["language"], given["term"], given["meaning"], entry)
    messages.success(visit.request, _("Kept. It is marked in the kit and in the proposals."))
    return _to_words(visit)


def _found(visit: Visit, public_id: str) -> KitStep:
    steps = visit.assembly.kit_steps.prefetch_related("translations", "clauses__translations")
    return get_object_or_404(steps.select_related("file").defer("file__content"), public_id=public_id)


def _first(visit: Visit) -> dict[str, str]:
    return {"law_language": visit.assembly.languages[0]}


def _title_of(step: KitStep, language: str) -> str:
    words = in_language(step.translations.all(), language)
    return words.title if words else ""


def _listed(step: KitStep, visit: Visit) -> dict[str, Any]:
    return {"public_id": step.public_id, "title": _title_of(step, visit.language), "kind": step.kind}


def _write(visit: Visit, form: StepForm) -> HttpResponse:
    """The form, and below it how the words will look where that was asked for."""
    previews = _previews(visit, form) if form.is_bound and form.is_valid() else []
    law = LawForm() if form.step is not None and form.kind == StepKind.LAW else None
    return _page(visit, form, law, previews, status=400 if form.errors else 200)


def _write_law(visit: Visit, step: KitStep, law: LawForm, status: int) -> HttpResponse:
    texts = {each.language: {"title": each.title, "body": each.body} for each in step.translations.all()}
    first = {"minutes": step.minutes, "law_language": step.law_language}
    form = StepForm(kind=StepKind.LAW, step=step, assembly=visit.assembly, kept=texts, initial=first)
    return _page(visit, form, law, [], status)


def _page(
    visit: Visit, form: StepForm, law: LawForm | None, previews: list[dict[str, Any]], status: int
) -> HttpResponse:
    step = form.step
    words = step and (in_language(step.translations.all(), visit.language) or KitStepText())
    return visit.render(
        "material/step.html",
        form=form,
        kind_label=form.kind.label,
        step=step and step_shown(step, words, Terms(visit.assembly, visit.language), visit.language),
        previews=previews,
        law_form=law,
        status=status,
    )


def _previews(visit: Visit, form: StepForm) -> list[dict[str, Any]]:
    names = {each["code"]: each["name"] for each in form.languages}
    return [
        {
            "language": code,
            "name": names[code],
            "title": text["title"],
            "html": Terms(visit.assembly, code).render(text["body"]),
        }
        for code, text in form.texts.items()
    ]


def _to_step(visit: Visit, step: KitStep) -> HttpResponse:
    return redirect("edit_step", slug=visit.assembly.slug, public_id=step.public_id)


def _to_material(visit: Visit, step: KitStep) -> HttpResponse:
    return redirect(f"{reverse('material', args=[visit.assembly.slug])}#step-{step.public_id}")


def _to_words(visit: Visit) -> HttpResponse:
    return redirect(f"{reverse('material', args=[visit.assembly.slug])}#words")
