"""What somebody can do now, in the order in which it is offered on the home of an assembly.

To offer one more thing, write a function that returns a Task, or None where there is nothing to do, and name it in
OFFERED.
"""

from collections.abc import Callable
from dataclasses import dataclass

from django.urls import reverse
from django.utils import formats, timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from deliberation import visibility
from deliberation.actions.appealing import may_decide
from deliberation.models import Decision, PhaseKind, Statement, Vote
from deliberation.views.drafting import tasks_in
from deliberation.views.page import Visit, place_of_code
from deliberation.views.ratification import waiting_for
from deliberation.views.session import session_now


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
    """On how many of the statements that are voted on the reader has voted, and how many there are."""
    shown = Statement.objects.filter(assembly=visit.assembly).on_their_own()
    mine = Vote.objects.standing().filter(participant=visit.participant, statement__in=shown).count()
    return mine, shown.count()


def _keep_the_code(visit: Visit) -> Task | None:
    if place_of_code(visit.assembly) not in visit.request.session:
        return None
    words = _("With it you come back on any device, as the same person. Write it down while you can see it.")
    return Task(_("Keep your recovery code"), _page(visit, "welcome"), words, button=_("Show me the code"))


def _follow_the_session(visit: Visit) -> Task | None:
    current = session_now(visit)
    if current is None or not current.is_open:
        return None
    words = current.title_in(visit.language)
    return Task(_("A session is going on"), _page(visit, "session"), words, button=_("Follow it"))


def _decide_appeals(visit: Visit) -> Task | None:
    """Appeals that somebody who moderates here may decide."""
    if not visit.can["moderate"]:
        return None
    waiting = visibility.appeals_of(visit.assembly).waiting()
    n = sum(may_decide(each, visit.participant) for each in waiting)
    if not n:
        return None
    words = ngettext("%(n)s author asks for another look.", "%(n)s authors ask for another look.", n) % {"n": n}
    return Task(_("An appeal waits for you"), _page(visit, "appeal_queue"), words, button=_("Look at it"))


def _read_first(visit: Visit) -> Task | None:
    """What nobody else reads before a moderator has."""
    if not visit.can["moderate"]:
        return None
    written = (visit.assembly.statements, visit.assembly.arguments, visit.assembly.objections, visit.assembly.questions)
    n = sum(each.waiting().held().count() for each in written)
    if not n:
        return None
    words = ngettext("%(n)s text waits; nobody else reads it.", "%(n)s texts wait; nobody else reads them.", n)
    return Task(_("People wait for a moderator"), _page(visit, "moderation_queue"), words % {"n": n}, button=_("Read"))


def _find_other_words(visit: Visit) -> Task | None:
    """A moderator's wish for other words, until the author answers."""
    mine = (visit.participant.statements, visit.participant.arguments)
    n = sum(each.with_decision(Decision.ASKED).filter(withdrawn_at__isnull=True).count() for each in mine)
    if not n:
        return None
    words = _("It stays as it is until you have answered. You may also keep your words.")
    return Task(_("A moderator asks you for other words"), _page(visit, "mine"), words, button=_("Read why"))


def _read_the_report(visit: Visit) -> Task | None:
    """What came of it or, once everything was asked and nothing is there yet, when it will come."""
    if not visit.is_over:
        return None
    newest = visibility.reports_for(visit.assembly, visit.participant).only("created_at").first()
    if newest is not None and newest.created_at >= visit.closed_at:
        words = _("What was asked, what unites, what divides, and how it was counted.")
        return Task(_("The report is out"), _page(visit, "report"), words, button=_("Read the report"))
    return Task(_("The report comes next"), "", _when_it_comes(visit))


def _when_it_comes(visit: Visit) -> str:
    last = next((each for each in visit.phases if each.kind == PhaseKind.CLOSED and each.state != "past"), None)
    today, told = timezone.localdate(), _("The facilitators are making it. It will stand here.")
    if last is None or last.ends_on < today:
        return told
    day = last.starts_on if last.starts_on > today else last.ends_on
    planned = _("Planned from %(day)s.") if day == last.starts_on else _("Planned by %(day)s at the latest.")
    return f"{told} {planned % {'day': formats.date_format(day, 'MONTH_DAY_FORMAT')}}"


def _vote(visit: Visit) -> Task | None:
    done, total = my_votes(visit)
    if not visit.can["vote"] or done == total:
        return None
    button = _("Go on") if done else _("Begin")
    return Task(_("Vote on statements"), _page(visit, "deck"), button=button, done=done, total=total)


def _answer_drafts(visit: Visit) -> Task | None:
    """The drafting round that asks for something, first one that the reader has not answered."""
    asking = sorted(tasks_in(visit), key=lambda each: each["done"])
    if not asking:
        return None
    drafting = asking[0]
    address = reverse("drafting_round", args=[visit.assembly.slug, drafting["public_id"]])
    if drafting["done"]:
        return Task(_("You have answered in the drafting round"), address, drafting["question"])
    if drafting["asks"] == "ranking":
        return Task(_("Rank the candidates"), address, drafting["question"], button=_("Rank them"))
    return Task(_("Could you live with this?"), address, drafting["question"], button=_("Read what came first"))


def _ratify(visit: Visit) -> Task | None:
    """A summary that waits for the reader's word; once all is answered it may still be changed."""
    asked = None if visit.participant.only_watches else waiting_for(visit)
    if asked is None or not asked["total"]:
        return None
    address, words = (
        _page(visit, "ratification"),
        _("Does it represent what was said? You are asked sentence by sentence."),
    )
    if asked["answered"] == asked["total"]:
        return Task(_("You have answered about the summary. You may still change it."), address)
    button, done = _("Go on") if asked["answered"] else _("Read and answer"), asked["answered"]
    return Task(_("A summary waits for your word"), address, words, button=button, done=done, total=asked["total"])


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
    total = visit.assembly.kit_steps.published().count()
    read = visit.participant.kit_readings.filter(step__in=visit.assembly.kit_steps.published()).count()
    words = _("The facts in short steps, and the words explained.")
    if read:
        words = _("%(n)s of %(total)s read") % {"n": read, "total": total}
    return Task(_("Learn"), _page(visit, "kit"), words)


def _answer_questions(visit: Visit) -> Task | None:
    """What an expert was given to answer."""
    mine = visibility.questions_for(visit.assembly).filter(owner=visit.participant, answers=None)
    if not visit.can["answer"] or not (n := mine.count()):
        return None
    words = ngettext("%(n)s question was given to you.", "%(n)s questions were given to you.", n) % {"n": n}
    return Task(_("Participants ask you something"), _page(visit, "answering"), words, button=_("Answer them"))


def _all_voted(visit: Visit) -> Task | None:
    done, total = my_votes(visit)
    if not visit.can["vote"] or done < total or not total:
        return None
    words = _("All %(total)s of them. New ones appear as people write them.") % {"total": total}
    title, votes = _("You have voted on every statement."), _page(visit, "votes")
    return Task(title, "", words, more=_("My votes"), more_address=votes)


def _page(visit: Visit, name: str) -> str:
    return reverse(name, args=[visit.assembly.slug])


OFFERED: list[Callable[[Visit], Task | None]] = [
    _keep_the_code,
    _follow_the_session,
    _read_first,
    _decide_appeals,
    _find_other_words,
    _answer_questions,
    _read_the_report,
    _vote,
    _answer_drafts,
    _ratify,
    _see_the_map,
    _weigh_proposals,
    _make_a_statement,
    _learn,
    _all_voted,
]
