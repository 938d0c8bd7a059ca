"""Learning: the steps of the information kit, what the reader has read of it, and the words explained."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse, HttpResponseNotModified
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from deliberation import visibility
from deliberation.actions.preparing import note_reading
from deliberation.forms.kit import ReadingForm
from deliberation.models import Clause, GlossaryEntry, KitFile, KitStep, KitStepText, in_language, minutes_to_read
from deliberation.views.deck import problems_of
from deliberation.views.page import Visit, for_participants, in_assembly
from deliberation.views.terms import Terms


@require_safe
@in_assembly
def kit(visit: Visit) -> HttpResponse:
    steps = steps_shown(visit)
    published = [step for step in steps if not step["is_draft"]]
    return visit.render(
        "kit/show.html",
        steps=published,
        read=sum(step["is_read"] for step in published),
        minutes=sum(step["minutes"] for step in published),
        glossary=_entries(visit)[:1],
        questions=visibility.questions_for(visit.assembly).count(),
    )


@require_safe
@in_assembly
def kit_file(visit: Visit, public_id: str) -> HttpResponse:
    """The document of a step, to be kept: no browser opens it as part of this site."""
    step = get_object_or_404(visibility.kit_steps_for(visit.assembly, visit.participant), public_id=public_id)
    file = KitFile.objects.filter(step=step).first()
    if file is None:
        raise Http404
    tag = f'"{file.digest}"'
    if visit.request.headers.get("If-None-Match") == tag:
        return HttpResponseNotModified()
    response = HttpResponse(bytes(file.content), content_type="application/pdf")
    response["Content-Disposition"] = f'attachment; filename="{file.name}"'
    response["ETag"], response["Cache-Control"] = tag, "private, no-cache"
    return response


@require_POST
@for_participants
def kit_readings(visit: Visit, public_id: str) -> HttpResponse:
    """That the reader has read a step, or means to read it again; on to the next one."""
    step = get_object_or_404(visibility.kit_steps_for(visit.assembly, None), public_id=public_id)
    form = ReadingForm(visit.request.POST)
    if not form.is_valid():
        messages.error(visit.request, problems_of(form))
        return redirect("kit", slug=visit.assembly.slug)
    has_read = form.cleaned_data["read"] == "yes"
    note_reading(visit.participant, step, has_read)
    following = visit.assembly.kit_steps.published().filter(position__gt=step.position).first() if has_read else step
    place = f"#step-{following.public_id}" if following else "#after-reading"
    return redirect(reverse("kit", args=[visit.assembly.slug]) + place)


@require_safe
@in_assembly
def glossary(visit: Visit) -> HttpResponse:
    return visit.render("kit/glossary.html", glossary=_entries(visit))


def steps_shown(visit: Visit) -> list[dict[str, Any]]:
    """The steps that this reader may see, as templates read them."""
    mine = visit.participant.kit_readings.values_list("step", flat=True) if visit.participant else ()
    read, terms = set(mine), Terms(visit.assembly, visit.language)
    found = visibility.kit_steps_for(visit.assembly, visit.participant)
    texts = ((step, in_language(step.translations.all(), visit.language)) for step in found)
    return [
        {**step_shown(step, words, terms, visit.language), "is_read": step.pk in read} for step, words in texts if words
    ]


def step_shown(step: KitStep, words: KitStepText, terms: Terms, language: str) -> dict[str, Any]:
    clauses = [clause_shown(each, language) for each in step.clauses.all()]
    return {
        "public_id": step.public_id,
        "position": step.position,
        "kind": step.kind,
        "kind_label": step.get_kind_display(),
        "title": words.title,
        "html": terms.render(words.body),
        "language": words.language,
        "minutes": step.minutes or minutes_to_read(words.body + " ".join(each["read"] for each in clauses)),
        "address": step.address,
        "host": step.address.split("/")[2] if step.address else "",
        "file": getattr(step, "file", None),
        "law_language": step.law_language,
        "clauses": clauses,
        "is_draft": step.published_at is None,
    }


def clause_shown(clause: Clause, language: str) -> dict[str, Any]:
    plain = in_language(clause.translations.all(), language)
    return {
        "position": clause.position,
        "number": clause.number or str(clause.position),
        "text": clause.text,
        "plain": plain and plain.plain,
        "plain_language": plain and plain.language,
        "read": plain.plain if plain else clause.text,
        "written": [each.language for each in clause.translations.all()],
    }


def _entries(visit: Visit) -> list[GlossaryEntry]:
    return list(visit.assembly.glossary.standing().filter(language=visit.language))
