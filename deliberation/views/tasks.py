"""What somebody can do now, in the order in which it is offered on the home of an assembly.

To offer one more thing, write a function that returns a Task, or None where there is nothing to do, and name it in
OFFERED.
"""

from collections.abc import Callable
from dataclasses import dataclass

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from deliberation.models import Statement, Vote
from deliberation.views.page import Visit, place_of_code


@dataclass(frozen=True)
class Task:
    """`done` of `total` shows how far somebody is; `button` makes the task one that is asked for first."""

    title: str
    address: str
    words: str = ""
    button: str = ""
    done: int = 0
    total: int = 0
    more: str = ""  # the words of a link to `more_address`
    more_address: str = ""


def tasks_for(visit: Visit) -> list[Task]:
    return [task for offer in OFFERED if (task := offer(visit)) is not None]


def my_votes(visit: Visit) -> tuple[int, int]:
    """On how many of the statements that are shown the reader has voted, and how many are shown."""
    shown = Statement.objects.filter(assembly=visit.assembly).shown()
    mine = Vote.objects.standing().filter(participant=visit.participant, statement__in=shown).count()
    return mine, shown.count()


def _keep_the_code(visit: Visit) -> Task | None:
    if place_of_code(visit.assembly) not in visit.request.session:
        return None
    words = _("With it you come back on any device, as the same person. Write it down while you can see it.")
    return Task(_("Keep your recovery code"), _page(visit, "welcome"), words, button=_("Show me the code"))


def _vote(visit: Visit) -> Task | None:
    done, total = my_votes(visit)
    if not visit.can["vote"] or done == total:
        return None
    button = _("Go on") if done else _("Begin")
    return Task(_("Vote on statements"), _page(visit, "deck"), button=button, done=done, total=total)


def _see_the_map(visit: Visit) -> Task | None:
    if not visit.can["see_results"]:
        return None
    words = _("The map of opinions: what everybody shares, what divides, and where you are.")
    return Task(_("See what others think"), _page(visit, "map"), words)


def _weigh_proposals(visit: Visit) -> Task | None:
    n = visit.assembly.proposals.count()
    if not n:
        return None
    words = ngettext(
        "%(n)s proposal, with arguments for and against, concerns and conditions.",
        "%(n)s proposals, with arguments for and against, concerns and conditions.",
        n,
    ) % {"n": n}
    title = _("Weigh the proposals") if visit.can["argue"] else _("Read the proposals")
    return Task(title, _page(visit, "proposals"), words)


def _make_a_statement(visit: Visit) -> Task | None:
    if not visit.can["state"]:
        return None
    words = _("Something that is missing so far, for others to agree or disagree with.")
    return Task(_("Write a statement"), _page(visit, "new_statement"), words)


def _learn(visit: Visit) -> Task | None:
    return Task(_("Learn"), _page(visit, "kit"), _("The facts in short steps, and the words explained."))


def _all_voted(visit: Visit) -> Task | None:
    done, total = my_votes(visit)
    if not visit.can["vote"] or done < total:
        return None
    words = _("All %(total)s of them. New ones appear as people write them.") % {"total": total}
    title, votes = _("You have voted on every statement."), _page(visit, "votes")
    return Task(title, "", words, more=_("My votes"), more_address=votes)


def _page(visit: Visit, name: str) -> str:
    return reverse(name, args=[visit.assembly.slug])


OFFERED: list[Callable[[Visit], Task | None]] = [
    _keep_the_code,
    _vote,
    _see_the_map,
    _weigh_proposals,
    _make_a_statement,
    _learn,
    _all_voted,
]
