"""The log of moderation that everybody may read: what was decided by which rule, without words and names."""

from collections.abc import Iterator
from typing import Any

from django.http import HttpResponse
from django.views.decorators.http import require_safe

from deliberation import visibility
from deliberation.exports.content.people import helped_in_words
from deliberation.exports.tables import csv_of
from deliberation.models import Appeal, Assembly, Decision, Moderation, Rule
from deliberation.record.helped import counted
from deliberation.views.moderation import KINDS, named
from deliberation.views.page import Visit, in_assembly

COLUMNS = ["kind", "number", "decision", "rule", "suggested", "when"]
TOLD = (Decision.REJECTED, Decision.ASKED, Decision.MERGED)


@require_safe
@in_assembly
def log(visit: Visit) -> HttpResponse:
    """What was hidden by which rule and when, for everybody: no text, no author, no moderator."""
    return visit.render(
        "moderation/index.html",
        rows=log_of(visit.assembly),
        rules=Rule.choices,
        choices=visit.assembly.moderation_choices.all(),
        helped=helped_in_words(counted(visit.assembly), visit.assembly.votes.standing().count()),
        held=sum(kind.objects.filter(assembly=visit.assembly).held().count() for kind in KINDS.values()),
    )


@require_safe
@in_assembly
def log_csv(visit: Visit) -> HttpResponse:
    """The same as a table, for whoever wants to count."""
    rows = ([row.get(column, "") for column in COLUMNS] for row in _with_moments(log_of(visit.assembly)))
    answer = HttpResponse(csv_of([COLUMNS, *rows]), content_type="text/csv; charset=utf-8")
    answer["Content-Disposition"] = f'attachment; filename="{visit.assembly.slug}-moderation.csv"'
    return answer


def _with_moments(rows: list[dict[str, Any]]) -> Iterator[dict[str, Any]]:
    return ({**row, "when": row["when"].isoformat(timespec="seconds")} for row in rows)


def log_of(assembly: Assembly) -> list[dict[str, Any]]:
    """Whatever was ever hidden, merged, wished otherwise or pointed out by a model, and what came of it; newest first.

    That something waits for its first look is told by a number alone.
    """
    decided = list(visibility.moderations_of(assembly))
    told = {each.about for each in decided if each.decision in TOLD or each.suggested}
    rows = [_logged(each) for each in decided if each.about in told and each.decision != Decision.HELD]
    rows += [_logged_answer(each) for each in decided if each.answer]
    for appeal in visibility.appeals_of(assembly):
        rows += _logged_appeal(appeal)
    return sorted(rows, key=lambda row: row["when"], reverse=True)


def _logged(moderation: Moderation) -> dict[str, Any]:
    return {
        **named(moderation.about),
        "decision": moderation.decision,
        "rule": moderation.get_rule_display(),
        "into": moderation.into and named(moderation.into),
        "suggested": moderation.suggested,
        "when": moderation.created_at,
    }


def _logged_answer(asked: Moderation) -> dict[str, Any]:
    return {**named(asked.about), "decision": asked.answer, "rule": "", "when": asked.lifted_at}


def _logged_appeal(appeal: Appeal) -> list[dict[str, Any]]:
    moderation = appeal.moderation
    about = {**named(moderation.about), "rule": moderation.get_rule_display(), "merged": appeal.is_about_merging}
    made = {**about, "decision": "appealed", "when": appeal.created_at}
    return [made, {**about, "decision": appeal.outcome, "when": appeal.decided_at}] if appeal.outcome else [made]
