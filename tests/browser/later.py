"""The demo assembly some weeks on: what a new demo has not come to yet, so that every page is there to be looked at.

It runs in the machine's own surroundings, with its keys and its queues: `Stack.manage("shell", "-c", GO_ON)`.
"""

from deliberation.actions import summarising
from deliberation.actions.appealing import appeal
from deliberation.actions.arguing import argue
from deliberation.actions.checking_counts import start_audit
from deliberation.actions.exporting import make_file, order_file
from deliberation.actions.joining import join
from deliberation.actions.moderating import moderate
from deliberation.actions.polling import open_poll
from deliberation.actions.publishing import publish
from deliberation.actions.reporting import make_report
from deliberation.actions.reviewing import edit, offer_reviewed
from deliberation.actions.rewording import ask_to_reword
from deliberation.actions.running import go, open_session
from deliberation.actions.speaking import raise_hand
from deliberation.actions.stating import make_statement
from deliberation.actions.trusting import give_roles
from deliberation.actions.voting import vote_on
from deliberation.analysis.review import places
from deliberation.models import (
    Assembly,
    Choice,
    Decision,
    ItemKind,
    Participant,
    Redaction,
    ReportFormat,
    Role,
    Rule,
    Session,
    Side,
    Summary,
    SummaryState,
)
from tests.pools import a_drawn_pool
from tests.summaries import a_summary

GO_ON = "from tests.browser.later import go_on; go_on({citizen!r})"
SAID = "Shops should take back the bottles they sell."
TWO_IDEAS = "Shops should take back bottles, and the market should close on Sundays."
ATTACK = "The people of Kenanga Market are too lazy to walk to a bin."
ANOTHER_ATTACK = "Whoever writes such things has never carried a bag of waste."
ARGUED = "Only if every kelurahan has a depot: from ours the nearest is an hour away on foot."
WORDED = "Families would pay more than they can."


def go_on(citizen: str) -> None:
    """Everything below, for the demo; `citizen` is the name there of somebody who takes part already."""
    assembly = Assembly.objects.get(slug="sungai-bersih")
    person = assembly.participants.get(pseudonym=citizen)
    facilitator, moderator = (joined(assembly, name, role) for name, role in COLLEAGUES)
    contribute(person, moderator)
    offer_a_summary(assembly, facilitator)
    a_drawn_pool(assembly)
    report_with_files(assembly)
    run_a_session(assembly, person)


COLLEAGUES = [("Ratih", Role.FACILITATOR), ("Made", Role.MODERATOR)]


def joined(assembly: Assembly, name: str, role: Role) -> Participant:
    person, _code = join(assembly, name, "en")
    give_roles(person, {role})
    return person


def contribute(citizen: Participant, moderator: Participant) -> None:
    """A statement with votes, one that a moderator wishes in other words, one hidden and appealed; an argument, and one
    that was hidden."""
    liked, twofold, hidden = (make_statement(citizen, text, "en") for text in (SAID, TWO_IDEAS, ATTACK))
    for n, neighbour in enumerate(citizen.assembly.participants.exclude(pk=citizen.pk)[:12]):
        vote_on(neighbour, liked, Choice.DISAGREE if n % 4 == 3 else Choice.AGREE)
    argue(citizen, citizen.assembly.proposals.first(), Side.CONDITION, ARGUED, "en")
    ask_to_reword(twofold, "Please say one of the two, so that everybody can answer it.", moderator)
    moderate(hidden, Decision.REJECTED, "It speaks about people, not about the question.", moderator, rule=Rule.ATTACK)
    appeal(hidden, "I live there, and may say so of myself.", "en")
    argued = argue(citizen, citizen.assembly.proposals.last(), Side.AGAINST, ANOTHER_ATTACK, "en")
    moderate(argued, Decision.REJECTED, "", moderator, rule=Rule.ATTACK)


def offer_a_summary(assembly: Assembly, facilitator: Participant) -> None:
    """A count of the first version is checked; participants are asked about a second, with an edited line."""
    published = assembly.summaries.filter(state=SummaryState.PUBLISHED).first() or a_published_summary(assembly)
    point = max(places(published.document), key=lambda place: len(place.cites))
    start_audit(published, point.key, facilitator)
    edit(published, point.key, WORDED, "en", sorted(point.cites)[:2], facilitator, replaces=0)
    offer_reviewed(published, facilitator)


def a_published_summary(assembly: Assembly) -> Summary:
    """Made by hand where no language worker has written one."""
    for run in assembly.summary_runs.all():
        summarising.cancel(run)
    said = list(assembly.proposals.first().arguments.filter(side=Side.AGAINST)[:8])
    return publish(a_summary(assembly, said, draft=""), by=None)


def report_with_files(assembly: Assembly) -> None:
    report = make_report(assembly, by=None)
    for format, sections in ((ReportFormat.HTML, ["asked", "map"]), (ReportFormat.CSV, [])):
        make_file(order_file(report, format, "en", Redaction.PUBLIC, sections, by=None).pk)


def run_a_session(assembly: Assembly, citizen: Participant) -> None:
    """The one that is planned, open at its poll, which is asked; two hands are raised."""
    session = open_session(Session.objects.get(assembly=assembly, opened_at=None))
    while session.item.kind != ItemKind.POLL:
        session = go(session, 1)
    open_poll(session)
    for person in (assembly.participants.exclude(pk=citizen.pk).first(), citizen):
        raise_hand(session, person)
