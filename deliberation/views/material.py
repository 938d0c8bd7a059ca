"""What people learn from and begin with, on one page of the desk: kit, words explained, proposals, seed statements."""

from typing import Any

from django.conf import settings
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from deliberation.actions.errors import PhaseClosed, TooLate, WordsStay
from deliberation.actions.gates import ENOUGH_STATEMENTS
from deliberation.actions.proposing import (
    change_proposal,
    change_seed,
    may_be_removed,
    proposal_stays,
    propose,
    remove_proposal,
    seed_stays,
    write_seeds,
)
from deliberation.actions.withdrawing import may_be_restored, restore, withdraw
from deliberation.analysis.preflight import Remarks, look_over
from deliberation.forms.advice import is_long, seems_two_ideas
from deliberation.forms.kit import ChangeForm
from deliberation.forms.proposals import ProposalForm, SeedForm, SeedsForm, words_of
from deliberation.forms.strict import StrictForm
from deliberation.models import Proposal, Statement, StepKind, in_language
from deliberation.views.deck import problems_of
from deliberation.views.page import Visit, for_facilitators

CLOSED = gettext_lazy("The assembly is closed, so nothing can be added. What you typed is still here.")


@require_safe
@for_facilitators
def material(visit: Visit) -> HttpResponse:
    seen = look_over(visit.assembly)
    return visit.render(
        "material/index.html",
        **_steps(visit),
        **_glossary(visit),
        kinds=StepKind.choices,
        proposals=[_proposal(each, visit) for each in visit.assembly.proposals.prefetch_related("translations")],
        seeds=[_seed(each, visit) for each in seen.remarks],
        preflight=seen,
        noticed=sum(bool(_remarks(each)) for each in seen.remarks),
        enough=ENOUGH_STATEMENTS,
        withdrawn=_withdrawn(visit),
    )


@require_http_methods(["GET", "HEAD", "POST"])
@for_facilitators
def new_proposal(visit: Visit) -> HttpResponse:
    return _write_proposal(visit, None)


@require_http_methods(["GET", "HEAD", "POST"])
@for_facilitators
def edit_proposal(visit: Visit, public_id: str) -> HttpResponse:
    return _write_proposal(visit, get_object_or_404(visit.assembly.proposals, public_id=public_id))


@require_POST
@for_facilitators
def proposal_removals(visit: Visit, public_id: str) -> HttpResponse:
    found, form = get_object_or_404(visit.assembly.proposals, public_id=public_id), StrictForm(visit.request.POST)
    try:
        if form.is_valid():
            remove_proposal(found)
    except WordsStay:
        messages.error(visit.request, _("People have begun to argue on it, or it is used elsewhere: it stays."))
        return _back(visit, "proposals")
    messages.success(visit.request, _("The proposal is taken away. The record keeps that it was there."))
    return _back(visit, "proposals")


@require_http_methods(["GET", "HEAD", "POST"])
@for_facilitators
def new_seed(visit: Visit) -> HttpResponse:
    """Several at once, one a line."""
    posted = visit.request.POST if visit.request.method == "POST" else None
    form = SeedsForm(posted, assembly=visit.assembly, there=_words_there(visit))
    if posted is None or not form.is_valid():
        return visit.render("material/seeds.html", form=form, status=400 if form.errors else 200)
    try:
        n = len(write_seeds(visit.assembly, form.seeds))
    except PhaseClosed:
        form.add_error(None, CLOSED)
        return visit.render("material/seeds.html", form=form, status=409)
    told = ngettext(
        "%(n)s statement is kept. People can vote on it when the phase opens.",
        "%(n)s statements are kept. People can vote on them when the phase opens.",
        n,
    )
    messages.success(visit.request, told % {"n": n})
    not_begun = all(phase.state == "coming" for phase in visit.phases)
    return redirect("desk", slug=visit.assembly.slug) if not_begun else _back(visit, "seeds")


def _words_there(visit: Visit) -> dict[str, int]:
    """The words of every statement that can be voted on, in each language, with its number."""
    shown = visit.assembly.statements.shown().prefetch_related("translations")
    said = ((each.number, [each.text, *(text.text for text in each.translations.all())]) for each in shown)
    return {words_of(text): number for number, texts in said for text in texts}


@require_http_methods(["GET", "HEAD", "POST"])
@for_facilitators
def edit_seed(visit: Visit, public_id: str) -> HttpResponse:
    seeds = visit.assembly.statements.shown().filter(is_seed=True)
    return _change_seed(visit, get_object_or_404(seeds, public_id=public_id))


@require_POST
@for_facilitators
def seed_changes(visit: Visit, public_id: str) -> HttpResponse:
    """Take a seed statement out, or undo that."""
    found = get_object_or_404(visit.assembly.statements.filter(is_seed=True, author=None), public_id=public_id)
    form = ChangeForm(visit.request.POST, changes=["remove", "return"])
    if not form.is_valid():
        messages.error(visit.request, problems_of(form))
        return _back(visit, "seeds")
    try:
        if form.cleaned_data["change"] == "remove":
            withdraw(found)
            messages.success(visit.request, _("Taken out. For ten minutes you can undo that below."))
        else:
            restore(found)
            messages.success(visit.request, _("It is back, with all its votes."))
    except TooLate:
        messages.error(visit.request, _("The ten minutes are over, so this stays out. You may write it anew."))
    return _back(visit, "seeds")


def _write_proposal(visit: Visit, proposal: Proposal | None) -> HttpResponse:
    texts = {each.language: {"title": each.title, "body": each.body} for each in _texts(proposal)}
    posted = visit.request.POST if visit.request.method == "POST" else None
    form = ProposalForm(posted, assembly=visit.assembly, kept=texts)
    stays = proposal is not None and proposal_stays(proposal)
    removable = proposal is not None and may_be_removed(proposal)
    page = {"form": form, "proposal": proposal, "stays": stays, "removable": removable}
    if posted is None or not form.is_valid():
        return visit.render("material/proposal.html", **page, status=400 if form.errors else 200)
    try:
        if proposal is None:
            propose(visit.assembly, form.texts)
        else:
            change_proposal(proposal, form.texts)
    except (PhaseClosed, WordsStay) as refused:
        form.add_error(None, CLOSED if isinstance(refused, PhaseClosed) else _words_stay())
        return visit.render("material/proposal.html", **{**page, "stays": False}, status=409)
    messages.success(visit.request, _("Kept. Everybody sees it now."))
    return _back(visit, "proposals")


def _change_seed(visit: Visit, seed: Statement) -> HttpResponse:
    texts = {each.language: {"text": each.text} for each in seed.translations.all()}
    texts |= {seed.language: {"text": seed.text}}
    posted = visit.request.POST if visit.request.method == "POST" else None
    form = SeedForm(posted, assembly=visit.assembly, kept=texts)
    page = {"form": form, "seed": seed, "stays": seed_stays(seed)}
    if posted is None or not form.is_valid():
        return visit.render("material/seed.html", **page, status=400 if form.errors else 200)
    try:
        change_seed(seed, {language: each["text"] for language, each in form.texts.items()})
    except WordsStay:
        form.add_error(None, _words_stay())
        return visit.render("material/seed.html", **{**page, "stays": False}, status=409)
    messages.success(visit.request, _("Kept. People can vote on it when the phase opens."))
    return _back(visit, "seeds")


def _words_stay() -> str:
    return _("People have voted or argued on these words meanwhile, so they stay as they are.")


def _texts(of: Proposal | None) -> Any:
    return of.translations.all() if of is not None else ()


def _steps(visit: Visit) -> dict[str, Any]:
    rows = []
    for step in visit.assembly.kit_steps.prefetch_related("translations"):
        words = in_language(step.translations.all(), visit.language)
        rows.append(
            {
                "public_id": step.public_id,
                "title": words.title if words else "",
                "language": words.language if words else "",
                "kind": step.get_kind_display(),
                "is_draft": step.published_at is None,
                "is_removed": step.removed_at is not None,
                "missing": _missing(visit, {each.language for each in step.translations.all()}),
            }
        )
    standing = [row for row in rows if not row["is_removed"]]
    return {"steps": standing, "removed_steps": [row for row in rows if row["is_removed"]]}


def _glossary(visit: Visit) -> dict[str, Any]:
    names = dict(settings.LANGUAGES)
    entries = list(visit.assembly.glossary.order_by("language", "term"))
    words = [
        (names.get(code, code), [e for e in entries if e.language == code and e.removed_at is None])
        for code in visit.assembly.languages
    ]
    return {"words": words, "removed_words": [each for each in entries if each.removed_at is not None]}


def _proposal(proposal: Proposal, visit: Visit) -> dict[str, Any]:
    words = in_language(proposal.translations.all(), visit.language)
    return {
        "public_id": proposal.public_id,
        "number": proposal.number,
        "title": words.title if words else "",
        "language": words.language if words else "",
        "missing": _missing(visit, {each.language for each in proposal.translations.all()}),
        "stays": proposal_stays(proposal),
    }


def _seed(remarks: Remarks, visit: Visit) -> dict[str, Any]:
    text, language = remarks.seed.text_in(visit.language)
    return {
        "public_id": remarks.seed.public_id,
        "number": remarks.seed.number,
        "text": text,
        "language": language,
        "remarks": _remarks(remarks),
    }


def _remarks(remarks: Remarks) -> list[str]:
    """What was noticed, in words."""
    names, seed = dict(settings.LANGUAGES), remarks.seed
    texts = [seed.text, *(each.text for each in seed.translations.all())]
    told = [_("Missing in %(language)s") % {"language": names.get(each, each)} for each in remarks.missing]
    if remarks.same_in:
        told.append(_("The same words in two languages: is one of them not translated yet?"))
    if any(is_long(text) for text in texts):
        told.append(_("Long: two lines on a phone are read by everybody"))
    if any(seems_two_ideas(text) for text in texts):
        told.append(_("Seems to hold two ideas: nobody could agree with only one"))
    told += [_("Says nearly the same as statement %(n)s") % {"n": number} for number in remarks.alike]
    return told


def _withdrawn(visit: Visit) -> list[dict[str, Any]]:
    lately = visit.assembly.statements.filter(is_seed=True, author=None, withdrawn_at__isnull=False)
    return [
        {"public_id": each.public_id, "number": each.number, "text": each.text, "language": each.language}
        for each in lately
        if may_be_restored(each)
    ]


def _missing(visit: Visit, written: set[str]) -> list[str]:
    names = dict(settings.LANGUAGES)
    return [names.get(code, code) for code in visit.assembly.languages if code not in written]


def _back(visit: Visit, place: str) -> HttpResponse:
    return redirect(f"{reverse('material', args=[visit.assembly.slug])}#{place}")
