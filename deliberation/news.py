"""What became new in an assembly since somebody was last there, in words and with the page to read it on.

To tell of one more thing, write a function and name it in TOLD. Each asks visibility, so that a digest by e-mail tells
nothing that the page would not.
"""

from collections.abc import Callable, Iterator
from datetime import datetime
from functools import reduce
from operator import or_
from typing import NamedTuple

from django.db.models import Count, Q
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from deliberation import visibility
from deliberation.models import ConsensusMap, Decision, Participant, Proposal
from deliberation.models.moderation import DECIDED_ON


class News(NamedTuple):
    words: str
    address: str


def news_of(participant: Participant, since: datetime, language: str) -> list[News]:
    """In the language that is active; titles in `language`."""
    return [news for tell in TOLD for news in tell(participant, since, language)]


def _statements(participant: Participant, since: datetime, language: str) -> Iterator[News]:
    new = visibility.statements_for(participant.assembly).filter(created_at__gt=since).exclude(author=participant)
    if n := new.count():
        words = ngettext("%(n)s new statement to vote on", "%(n)s new statements to vote on", n) % {"n": n}
        yield News(words, _page("deck", participant))


def _answers(participant: Participant, since: datetime, language: str) -> Iterator[News]:
    """What others said on the proposals that somebody argued on."""
    new = participant.assembly.arguments.shown().filter(created_at__gt=since).exclude(author=participant)
    mine = participant.arguments.shown().values("proposal")
    counted = dict(new.filter(proposal__in=mine).values_list("proposal").annotate(Count("pk")).order_by())
    for proposal in Proposal.objects.filter(pk__in=counted).prefetch_related("translations"):
        n = counted[proposal.pk]
        words = ngettext(
            "%(n)s new argument on a proposal you argued on: %(title)s",
            "%(n)s new arguments on a proposal you argued on: %(title)s",
            n,
        )
        told = words % {"n": n, "title": proposal.text_in(language).title}
        yield News(told, _page("proposal", participant, proposal.public_id))


def _decisions(participant: Participant, since: datetime, language: str) -> Iterator[News]:
    mine = visibility.moderations_of(participant.assembly).filter(created_at__gt=since, lifted_at__isnull=True)
    about = mine.filter(reduce(or_, (Q(**{f"{kind}__author": participant}) for kind in DECIDED_ON)))
    hidden = about.filter(decision=Decision.REJECTED).count()
    shown = about.filter(decision=Decision.SHOWN).count()
    asked = about.filter(decision=Decision.ASKED).count()
    merged = about.filter(decision=Decision.MERGED).count()
    if merged:
        words = ngettext(
            "A moderator has put %(n)s contribution of yours together with one that says the same",
            "A moderator has put %(n)s contributions of yours together with others that say the same",
            merged,
        )
        yield News(words % {"n": merged}, _page("mine", participant))
    if hidden:
        words = ngettext(
            "A moderator has hidden %(n)s contribution of yours: read why",
            "A moderator has hidden %(n)s contributions of yours: read why",
            hidden,
        )
        yield News(words % {"n": hidden}, _page("mine", participant))
    if asked:
        words = ngettext(
            "A moderator asks you for other words for %(n)s contribution",
            "A moderator asks you for other words for %(n)s contributions",
            asked,
        )
        yield News(words % {"n": asked}, _page("mine", participant))
    if shown:
        words = ngettext(
            "A moderator has read %(n)s contribution of yours, and everybody can read it",
            "A moderator has read %(n)s contributions of yours, and everybody can read them",
            shown,
        )
        yield News(words % {"n": shown}, _page("mine", participant))


def _appeals(participant: Participant, since: datetime, language: str) -> Iterator[News]:
    """What came of looking again at what had been hidden."""
    decided = visibility.appeals_of(participant.assembly).filter(by=participant, decided_at__gt=since)
    if decided.exists():
        yield News(
            _("Somebody has looked again at a decision on what you wrote: read what came of it"),
            _page("mine", participant),
        )


def _map(participant: Participant, since: datetime, language: str) -> Iterator[News]:
    newest = visibility.current_map(participant.assembly, participant)
    if newest is None or newest.created_at <= since:
        return
    before = ConsensusMap.objects.filter(assembly=participant.assembly, created_at__lte=since).first()
    n = newest.votes - (before.votes if before else 0)
    if n > 0:
        words = ngettext("The map has moved: %(n)s vote more", "The map has moved: %(n)s votes more", n) % {"n": n}
        yield News(words, _page("map", participant))


def _summary(participant: Participant, since: datetime, language: str) -> Iterator[News]:
    if visibility.summaries_for(participant.assembly, participant).filter(published_at__gt=since).exists():
        yield News(_("A new summary of what was heard"), _page("summary", participant))


def _fallen_summary(participant: Participant, since: datetime, language: str) -> Iterator[News]:
    """For facilitators, who can have it made again."""
    fallen = participant.assembly.summaries.fallen() if participant.is_facilitator else None
    if fallen is not None and fallen.state_since > since:
        words = _("The summary was withdrawn, because something that it cites was taken back: make it again")
        yield News(words, _page("desk", participant))


def _report(participant: Participant, since: datetime, language: str) -> Iterator[News]:
    if visibility.reports_for(participant.assembly, participant).filter(created_at__gt=since).exists():
        yield News(_("A new report"), _page("report", participant))


def _page(name: str, participant: Participant, *more: str) -> str:
    return reverse(name, args=[participant.assembly.slug, *more])


def _objections(participant: Participant, since: datetime, language: str) -> Iterator[News]:
    """Answers to what this person objected to in a summary."""
    mine = visibility.challenges_for(participant.assembly, participant).filter(participant=participant)
    for challenge in mine.filter(answered_at__gt=since):
        address = reverse("challenges", args=[participant.assembly.slug, challenge.summary.version, challenge.key])
        yield News(_("The facilitator has answered your objection to the summary"), address)


def _expert_answers(participant: Participant, since: datetime, language: str) -> Iterator[News]:
    """What experts answered to questions that this person asked, or said they want to know too."""
    answered = visibility.questions_for(participant.assembly).filter(answers__created_at__gt=since).distinct()
    for question in answered.filter(author=participant):
        words = _("Your question %(n)s to the experts was answered") % {"n": question.number}
        yield News(words, _page("question", participant, question.public_id))
    for question in answered.filter(interests__participant=participant):
        words = _("Question %(n)s, which you want to know too, was answered") % {"n": question.number}
        yield News(words, _page("question", participant, question.public_id))


TOLD: list[Callable[[Participant, datetime, str], Iterator[News]]] = [
    _decisions,
    _appeals,
    _statements,
    _answers,
    _map,
    _summary,
    _fallen_summary,
    _objections,
    _expert_answers,
    _report,
]
