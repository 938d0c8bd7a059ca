"""The desk's page about nearly the same words: it shows, and decides nothing."""

from typing import Any

from django.http import HttpResponse
from django.views.decorators.http import require_safe

from deliberation.analysis.same_words import SameWords
from deliberation.analysis.same_words import same_words as find_same_words
from deliberation.views.moderation import named
from deliberation.views.page import Visit, for_facilitators


@require_safe
@for_facilitators
def same_words(visit: Visit) -> HttpResponse:
    return visit.render("desk/same_words.html", groups=[_shown(each) for each in find_same_words(visit.assembly)])


def _shown(group: SameWords) -> dict[str, Any]:
    return {
        "people": len(group.authors),
        "written": group.written,
        "joined": group.joined,
        "newcomers": group.newcomers,
        "contributions": [
            {
                **named(each),
                "public_id": each.public_id,
                "text": each.text,
                "language": each.language,
                "author": each.author.pseudonym,
                "is_simulated": each.author.is_simulated,
                "when": each.created_at,
                "joined": each.author.joined_at,
            }
            for each in group.contributions
        ],
        "comparisons": [{**named(each.contribution), "is": each} for each in group.comparisons],
    }
