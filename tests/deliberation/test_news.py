from datetime import timedelta

import pytest
from django.core import mail
from django.db.models import F
from django.utils import timezone, translation

from deliberation.actions import publishing
from deliberation.actions.addresses import keep_email
from deliberation.actions.arguing import argue
from deliberation.actions.consenting import consent
from deliberation.actions.mailing import send_letters
from deliberation.actions.mapping import refresh_map
from deliberation.actions.moderating import moderate
from deliberation.actions.stating import make_statement
from deliberation.actions.telling_news import stop_news, stop_token, write_news
from deliberation.actions.trusting import give_roles
from deliberation.actions.visiting import remember_visit
from deliberation.actions.withdrawing import withdraw
from deliberation.models import Account, Decision, LastVisit, Participant, Purpose, ResultsShown, Role, Rule, Side
from deliberation.news import news_of
from tests.people import a_member, a_proposal, an_assembly, browser_of, two_camps
from tests.summaries import a_summary, arguments_of

pytestmark = pytest.mark.django_db(transaction=True)

HOUR = timedelta(hours=1)


def a_reader(assembly, name="Ana", email="") -> Participant:
    """Somebody who was last here an hour ago, and wants news if they have an address."""
    reader = a_member(assembly, name)
    Participant.objects.filter(pk=reader.pk).update(joined_at=timezone.now() - 2 * HOUR)
    LastVisit.objects.create(participant=reader, seen_at=timezone.now() - HOUR)
    if email:
        keep_email(reader.account, email)
        consent(reader, {Purpose.NEWS})
    return reader


def words(participant, since=HOUR) -> list[str]:
    with translation.override("en"):
        return [each.words for each in news_of(participant, timezone.now() - since, "en")]


def test_news_are_what_others_did_since():
    assembly = an_assembly()
    ana, eka = a_reader(assembly), a_member(assembly, "Eka")
    proposal, other = a_proposal(assembly), a_proposal(assembly, "Plant trees")
    mine = make_statement(ana, "Mine is not news to me.", "en")
    argue(ana, proposal, Side.FOR, "It smells less.", "en")
    make_statement(eka, "Bins at the bridge.", "en")
    argue(eka, proposal, Side.AGAINST, "It costs too much.", "en")
    argue(eka, other, Side.FOR, "Shade for all.", "en")
    moderate(mine, Decision.REJECTED, "", by=None, rule=Rule.TWO_IDEAS)

    assert words(ana) == [
        "A moderator has hidden 1 contribution of yours: read why",
        "1 new statement to vote on",
        "1 new argument on a proposal you argued on: Collect waste twice a week",
    ]
    assert words(ana, since=-HOUR) == []


def test_news_tell_nothing_of_results_that_are_hidden():
    assembly = an_assembly()
    ana = a_reader(assembly)
    two_camps(assembly)
    refresh_map(assembly)
    told = [each for each in words(ana) if "map" in each]
    assembly.phases.update(results=ResultsShown.AFTER_CLOSE)
    assembly = type(assembly).objects.get(pk=assembly.pk)
    ana.assembly = assembly

    assert told == ["The map has moved: 160 votes more"]
    assert [each for each in words(ana) if "map" in each] == []


def test_a_visit_ends_after_half_an_hour_away_and_is_remembered_as_the_one_before():
    ana = a_member(an_assembly(), "Ana")
    remember_visit(ana)
    remember_visit(ana)
    first = LastVisit.objects.get()
    LastVisit.objects.update(seen_at=F("seen_at") - HOUR)
    ended = LastVisit.objects.get().seen_at

    remember_visit(ana)

    now = LastVisit.objects.get()
    assert first.before is None
    assert now.before == ended
    assert now.seen_at > first.seen_at


def test_home_tells_what_is_new_and_the_first_visit_is_told_nothing():
    assembly = an_assembly("river")
    ana, newcomer = a_reader(assembly), a_member(assembly, "Dewi")
    make_statement(newcomer, "Bins at the bridge.", "en")

    seen = browser_of(ana).get("/a/river/")
    again = browser_of(ana).get("/a/river/")
    first = browser_of(newcomer).get("/a/river/")

    assert again.context["news"]["rows"] == [("1 new statement to vote on", "/a/river/deck/")]
    assert seen.status_code == 200
    assert first.context["news"] is None


def test_the_first_page_lists_my_assemblies_with_what_is_new_in_each():
    river, hills = an_assembly("river"), an_assembly("hills")
    ana, eka = a_reader(river), a_member(river, "Eka")
    make_statement(eka, "Bins at the bridge.", "en")

    page = browser_of(ana).get("/")

    assert [(each["assembly"], [row.words for row in each["news"]]) for each in page.context["mine"]] == [
        (river, ["1 new statement to vote on"])
    ]
    assert [each["assembly"] for each in page.context["assemblies"]] == [hills]


def test_news_by_email_come_once_a_day_to_whoever_asked_and_only_when_there_are_some():
    assembly = an_assembly("river")
    a_reader(assembly, "Ana", "ana@example.org")
    a_reader(assembly, "Dewi")
    without = an_assembly("hills")
    a_reader(without, "Budi", "budi@example.org")
    make_statement(a_member(assembly, "Eka"), "Bins at the bridge.", "en")

    written = [write_news(), write_news()]
    send_letters()

    assert written == [1, 0]
    assert [letter.to for letter in mail.outbox] == [["ana@example.org"]]
    assert "1 new statement to vote on" in mail.outbox[0].body
    assert mail.outbox[0].extra_headers["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"


def test_tomorrow_tells_only_what_came_after_todays_news():
    assembly = an_assembly("river")
    ana, eka = a_reader(assembly, "Ana", "ana@example.org"), a_member(assembly, "Eka")
    make_statement(eka, "Bins at the bridge.", "en")
    write_news()
    Account.objects.filter(pk=ana.account_id).update(news_sent_at=F("news_sent_at") - timedelta(days=1))
    assembly.statements.update(created_at=timezone.now() - timedelta(days=2))
    nothing = write_news()
    make_statement(eka, "And at the market.", "en")

    assert (nothing, write_news()) == (0, 1)


def test_news_are_written_in_the_readers_language():
    assembly = an_assembly("river")
    ana = a_reader(assembly, "Ana", "ana@example.org")
    Participant.objects.filter(pk=ana.pk).update(language="id")
    make_statement(a_member(assembly, "Eka"), "Bins at the bridge.", "en")

    write_news()
    send_letters()

    assert "Sungai bersih" in mail.outbox[0].subject
    assert "1 pernyataan baru" in mail.outbox[0].body


def test_one_click_of_a_mail_program_stops_the_news_without_signing_in():
    assembly = an_assembly("river")
    ana = a_reader(assembly, "Ana", "ana@example.org")
    address = f"/news/stop/{stop_token(ana.account)}/"
    browser = browser_of(None)
    browser.handler.enforce_csrf_checks = True

    looked = browser.get(address)
    before = ana.consents.current().filter(purpose=Purpose.NEWS).count()
    clicked = browser.post(address, {"List-Unsubscribe": "One-Click"})

    assert (looked.status_code, before, clicked.status_code) == (200, 1, 200)
    assert not ana.consents.current().filter(purpose=Purpose.NEWS).exists()
    assert not stop_news("made-up")
    assert browser.post("/news/stop/made-up/", {"List-Unsubscribe": "One-Click"}).status_code == 404


def test_facilitators_are_told_that_the_summary_fell_and_nobody_else_is():
    assembly = an_assembly()
    ana, ben = a_reader(assembly), a_reader(assembly, "Ben")
    give_roles(ben, {Role.FACILITATOR})
    said = arguments_of(a_proposal(assembly), [a_member(assembly) for _ in range(8)])
    publishing.publish(a_summary(assembly, said), None)

    withdraw(said[0])

    fell = "The summary was withdrawn, because something that it cites was taken back: make it again"
    ben.refresh_from_db()
    assert (fell in words(ben), fell in words(ana)) == (True, False)
    assert fell not in words(ben, since=-HOUR)
