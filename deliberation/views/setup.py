"""Setting an assembly up: its words, its rules, who may come, its dates; a copy of it, and its archive."""

from typing import Any

from django.conf import settings
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils import formats
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from deliberation.actions import setting_up
from deliberation.actions.duplicating import duplicate
from deliberation.actions.errors import MayNotFound, NotInThisState, OutOfOrder, QuestionStays
from deliberation.actions.phases import move_phase, show_results
from deliberation.forms.founding import CopyForm, JoiningForm, PhasePlanForm, RulesForm, TextsForm
from deliberation.forms.strict import StrictForm
from deliberation.models import Phase, ResultsShown
from deliberation.views.founding import to_the_desk_of
from deliberation.views.page import Visit, for_facilitators


@require_safe
@for_facilitators
def setup(visit: Visit) -> HttpResponse:
    return _show(visit)


@require_POST
@for_facilitators
def texts(visit: Visit) -> HttpResponse:
    form = _texts_form(visit, visit.request.POST)
    if not form.is_valid():
        return _show(visit, texts_form=form, status=400)
    try:
        setting_up.write_texts(visit.assembly, form.texts)
    except QuestionStays:
        form.add_error(None, _("A phase has opened, so the question and its languages stay as they are."))
        return _show(visit, texts_form=form, status=409)
    return _saved(visit, "words")


@require_POST
@for_facilitators
def rules(visit: Visit) -> HttpResponse:
    form = _rules_form(visit, visit.request.POST)
    if not form.is_valid():
        return _show(visit, rules_form=form, status=400)
    setting_up.write_rules(visit.assembly, form.rules)
    return _saved(visit, "rules")


@require_POST
@for_facilitators
def joining(visit: Visit) -> HttpResponse:
    form = JoiningForm(visit.request.POST)
    if not form.is_valid():
        return _show(visit, joining_form=form, status=400)
    setting_up.let_anyone_join(visit.assembly, form.cleaned_data["joining"] == "open")
    return _saved(visit, "joining")


@require_POST
@for_facilitators
def phase_plans(visit: Visit, position: int) -> HttpResponse:
    phase = get_object_or_404(visit.assembly.phases, position=position)
    form = _plan_form(phase, visit.request.POST)
    if not form.is_valid():
        return _show(visit, plan_form=(phase, form), status=400)
    chosen = form.cleaned_data
    try:
        move_phase(phase, chosen["starts_on"], chosen["ends_on"], chosen["with_later"])
    except OutOfOrder as error:
        form.add_error(None, _in_the_way(visit, phase, error.neighbour))
        return _show(visit, plan_form=(phase, form), status=409)
    except NotInThisState:
        form.add_error(None, _("This phase is over, so its dates stay as they are."))
        return _show(visit, plan_form=(phase, form), status=409)
    results, after = ResultsShown(chosen["results"]), chosen["after"] or 0
    phase.refresh_from_db()
    if (phase.results, phase.results_after) != (results, after):
        show_results(phase, results, after)
    return _saved(visit, f"phase-{position}")


@require_POST
@for_facilitators
def copies(visit: Visit) -> HttpResponse:
    form = CopyForm(visit.request.POST)
    if not form.is_valid():
        return _show(visit, copy_form=form, status=400)
    account, name = visit.request.user, visit.participant.pseudonym
    try:
        made = duplicate(visit.assembly, account, form.cleaned_data["starts_on"], visit.language, name)
    except MayNotFound:
        form.add_error(None, _("Only those whom the operator lets set up assemblies may copy one."))
        return _show(visit, copy_form=form, status=403)
    return to_the_desk_of(visit.request, *made)


@require_POST
@for_facilitators
def archives(visit: Visit) -> HttpResponse:
    form = StrictForm(visit.request.POST)
    if not form.is_valid():
        return _show(visit, status=400)
    try:
        setting_up.archive(visit.assembly)
    except NotInThisState:
        messages.error(visit.request, _("Not archived: a phase or a session is still open. Close it first."))
        return _show(visit, status=409)
    messages.success(visit.request, _("Archived. Everything can still be read; on lists it stands no longer."))
    return redirect("setup", slug=visit.assembly.slug)


@require_POST
@for_facilitators
def returns_from_archive(visit: Visit) -> HttpResponse:
    form = StrictForm(visit.request.POST)
    if form.is_valid():
        setting_up.bring_back(visit.assembly)
        messages.success(visit.request, _("It is back: phases can be opened again, and lists name it."))
    return redirect("setup", slug=visit.assembly.slug)


def _saved(visit: Visit, place: str) -> HttpResponse:
    messages.success(visit.request, _("Saved."))
    return redirect(f"{_page(visit)}#{place}")


def _page(visit: Visit) -> str:
    return reverse("setup", args=[visit.assembly.slug])


def _in_the_way(visit: Visit, phase: Phase, neighbour: Phase) -> str:
    name = next(each.name for each in visit.phases if each.pk == neighbour.pk)
    days = {
        "name": name,
        "first": formats.date_format(neighbour.starts_on, "MONTH_DAY_FORMAT"),
        "last": formats.date_format(neighbour.ends_on, "MONTH_DAY_FORMAT"),
    }
    if neighbour.position > phase.position:
        told = _("“%(name)s” is planned from %(first)s to %(last)s. End before that, or move everything after it too.")
    else:
        told = _("“%(name)s” is planned from %(first)s to %(last)s. Begin on its last day or later, or move it first.")
    return told % days


def _show(
    visit: Visit,
    *,
    texts_form: TextsForm | None = None,
    rules_form: RulesForm | None = None,
    joining_form: JoiningForm | None = None,
    plan_form: tuple[Phase, PhasePlanForm] | None = None,
    copy_form: CopyForm | None = None,
    status: int = 200,
) -> HttpResponse:
    asked, form = plan_form or (None, None)
    return visit.render(
        "desk/setup.html",
        begun=setting_up.has_begun(visit.assembly),
        texts_form=texts_form or _texts_form(visit),
        rules_form=rules_form or _rules_form(visit),
        joining_form=joining_form or JoiningForm(initial={"joining": "open" if visit.assembly.is_open else "invited"}),
        plans=[
            {"phase": phase, "form": form if asked and asked.pk == phase.pk else _plan_form(phase)}
            for phase in visit.phases
        ],
        copy_form=copy_form or CopyForm(auto_id="copy-%s"),
        may_found=visit.request.user.founds_since is not None,
        status=status,
    )


def _texts_form(visit: Visit, data: Any = None) -> TextsForm:
    said = {each.language: setting_up.words_of(each) for each in visit.assembly.translations.all()}
    others = [code for code, _name in settings.LANGUAGES if code not in said]
    languages = [code for code in visit.assembly.languages if code in said] + others
    return TextsForm(data, languages=languages, said=said, fixed=setting_up.has_begun(visit.assembly))


def _rules_form(visit: Visit, data: Any = None) -> RulesForm:
    said = {each.language: each.rules for each in visit.assembly.translations.all()}
    return RulesForm(data, rules={code: said[code] for code in visit.assembly.languages if code in said})


def _plan_form(phase: Phase, data: Any = None) -> PhasePlanForm:
    first = {
        "starts_on": phase.starts_on,
        "ends_on": phase.ends_on,
        "results": phase.results,
        "after": phase.results_after or None,
    }
    return PhasePlanForm(data, began=phase.opened_at is not None, initial=first, auto_id=f"phase-{phase.position}-%s")
