import re
from datetime import timedelta

import pytest
from allauth.account.models import EmailAddress
from django.core import mail
from django.utils import timezone

from deliberation.actions.addresses import forget_email, keep_email
from deliberation.actions.consenting import consent
from deliberation.actions.mailing import post, send_letters
from deliberation.models import Letter, Purpose
from tests.people import a_member, an_assembly, browser_of

pytestmark = pytest.mark.django_db(transaction=True)

CODE = re.compile(r"\b[A-Z]{4}-[A-Z]{4}\b")


def mailed_code() -> str:
    """What the newest e-mail says: it is sent here as the worker sends it."""
    send_letters()
    return CODE.search(mail.outbox[-1].body)[0]


def test_whoever_kept_an_address_comes_back_with_a_code_from_an_email():
    ana = a_member(an_assembly("river"), "Ana")
    keep_email(ana.account, "ana.back@example.org")
    browser = browser_of(None)

    asked = browser.post("/enter/email/", {"email": "Ana.Back@example.org"})
    answer = browser.post("/account/code/", {"code": mailed_code().lower().replace("-", " ")}, follow=True)

    assert asked["Location"] == "/account/code/"
    assert mail.outbox[-1].to == ["ana.back@example.org"]
    assert answer.wsgi_request.user == ana.account
    assert Letter.objects.count() == 0


def test_a_page_does_not_tell_whether_an_address_is_known():
    ana = a_member(an_assembly(), "Ana")
    keep_email(ana.account, "known@example.org")
    answers = {}
    for address in ("known@example.org", "unknown@example.org"):
        browser = browser_of(None)
        asked = browser.post("/enter/email/", {"email": address})
        page = browser.get("/account/code/").content.decode().replace(address, "…")
        wrong = browser.post("/account/code/", {"code": "BBBB-BBBB"})
        told = re.sub(r'(csrfmiddlewaretoken" value|nonce)="[^"]*"', "", page), [*wrong.context["form"].errors.values()]
        answers[address] = (asked.status_code, asked["Location"], *told)
    send_letters()

    assert answers["known@example.org"] == answers["unknown@example.org"]
    assert [(letter.to, bool(CODE.search(letter.body))) for letter in mail.outbox] == [
        (["known@example.org"], True),
        (["unknown@example.org"], False),
    ]


def test_a_code_is_void_after_five_wrong_ones():
    ana = a_member(an_assembly(), "Ana")
    keep_email(ana.account, "guessed@example.org")
    browser = browser_of(None)
    browser.post("/enter/email/", {"email": "guessed@example.org"})
    code = mailed_code()

    wrong = [browser.post("/account/code/", {"code": "ZZZZ-ZZZZ"}).status_code for _ in range(5)]
    late = browser.post("/account/code/", {"code": code})

    assert wrong == [400, 400, 400, 400, 302]
    assert late["Location"] == "/enter/"
    assert not late.wsgi_request.user.is_authenticated


def test_a_code_is_void_after_ten_minutes():
    ana = a_member(an_assembly(), "Ana")
    keep_email(ana.account, "slow@example.org")
    browser = browser_of(None)
    browser.post("/enter/email/", {"email": "slow@example.org"})
    code = mailed_code()
    session = browser.session
    session["email_code"] = {**session["email_code"], "at": session["email_code"]["at"] - 601}
    session.save()

    late = browser.post("/account/code/", {"code": code})

    assert late["Location"] == "/enter/"
    assert not late.wsgi_request.user.is_authenticated


def test_an_address_gets_five_codes_an_hour_whoever_asks():
    for _ in range(7):
        browser_of(None).post("/enter/email/", {"email": "flooded@example.org"})

    assert Letter.objects.filter(to="flooded@example.org").count() == 5


def test_an_address_is_kept_once_its_code_was_typed():
    ana = a_member(an_assembly("river"), "Ana")
    browser = browser_of(ana)

    browser.post("/account/emails/", {"email": "ana.kept@example.org", "next": "/a/river/mine/data/"})
    before = ana.account.email
    answer = browser.post("/account/code/", {"code": mailed_code()})

    ana.account.refresh_from_db()
    assert before is None
    assert answer["Location"] == "/a/river/mine/data/"
    assert ana.account.email == "ana.kept@example.org"
    assert EmailAddress.objects.get(user=ana.account).verified


def test_an_address_of_somebody_else_is_not_given_away_and_only_its_owner_is_told():
    assembly = an_assembly("river")
    ana, eka = a_member(assembly, "Ana"), a_member(assembly, "Eka")
    keep_email(ana.account, "ana.hers@example.org")
    browser = browser_of(eka)

    asked = browser.post("/account/emails/", {"email": "ana.hers@example.org", "next": "/"})
    send_letters()

    eka.account.refresh_from_db()
    assert asked["Location"] == "/account/code/"
    assert CODE.search(mail.outbox[-1].body) is None
    assert "already belongs to somebody" in mail.outbox[-1].body
    assert eka.account.email is None


def test_a_deleted_address_is_in_no_row_and_gets_no_news():
    ana = a_member(an_assembly(), "Ana")
    keep_email(ana.account, "gone@example.org")
    consent(ana, {Purpose.NEWS})
    post("gone@example.org", "News", "…", timedelta(hours=1), account=ana.account)

    forget_email(ana.account)

    ana.account.refresh_from_db()
    assert ana.account.email is None
    assert not EmailAddress.objects.filter(email="gone@example.org").exists()
    assert not Letter.objects.exists()
    assert not ana.consents.current().filter(purpose=Purpose.NEWS).exists()


def test_joining_with_an_address_asks_for_its_code_and_lets_in_at_once():
    an_assembly("river")
    browser = browser_of(None)
    form = {"pseudonym": "Ana", "consent_take_part": "on", "consent_news": "on", "email": "ana.joins@example.org"}

    welcome = browser.post("/a/river/join/", form, follow=True)
    browser.post("/account/code/", {"code": mailed_code()})

    ana = welcome.context["participant"]
    ana.account.refresh_from_db()
    assert welcome.context["email"] == "ana.joins@example.org"
    assert ana.account.email == "ana.joins@example.org"
    assert set(ana.consents.current().values_list("purpose", flat=True)) == {"take_part", "news"}


def test_news_without_an_address_are_asked_about_before_joining():
    an_assembly("river")

    answer = browser_of(None).post(
        "/a/river/join/", {"pseudonym": "Ana", "consent_take_part": "on", "consent_news": "on"}
    )

    assert answer.status_code == 400
    assert list(answer.context["form"].errors) == ["email"]


def test_on_plain_http_there_are_no_passkeys_and_the_page_says_so():
    ana = a_member(an_assembly("river"), "Ana")

    options = browser_of(ana).get("/account/passkeys/options.json")
    page = browser_of(ana).get("/a/river/mine/data/")

    assert options.status_code == 404
    assert "passkeys work only on an encrypted connection" in page.content.decode()


def test_a_letter_that_a_mail_server_refuses_waits_and_goes_later(settings):
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", 9  # nobody listens there
    letter, minute = post("ana@example.org", "Hello", "…", timedelta(hours=1)), timedelta(minutes=1)
    earliest = timezone.now() + minute
    refused = send_letters()
    latest = timezone.now() + minute
    letter.refresh_from_db()
    attempts, not_before = letter.attempts, letter.not_before
    Letter.objects.update(not_before=timezone.now())

    settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
    sent = send_letters()

    assert (refused, attempts, sent, Letter.objects.count()) == (0, 1, 1, 0)
    assert earliest <= not_before <= latest


def test_a_letter_that_is_of_no_use_any_more_is_dropped():
    post("ana@example.org", "Hello", "…", timedelta(seconds=-1))

    assert (send_letters(), Letter.objects.count(), mail.outbox) == (0, 0, [])


@pytest.mark.parametrize(
    "credential", ["", "5", "[]", "{}", '{"response": 1}', '{"id": "x", "response": {}}', "no json"]
)
def test_what_is_no_passkey_is_answered_calmly(settings, credential):
    settings.PASSKEYS = True
    ana = a_member(an_assembly("river"), "Ana")
    coming, keeping = browser_of(None), browser_of(ana)
    coming.get("/account/passkeys/options.json")
    keeping.get("/account/passkeys/options.json")

    came = coming.post("/enter/passkey/", {"credential": credential})
    kept = keeping.post("/account/passkeys/", {"credential": credential, "name": "", "next": "/a/river/mine/data/"})

    assert (came.status_code, came["Location"]) == (302, "/enter/")
    assert (kept.status_code, kept["Location"]) == (302, "/a/river/mine/data/")
    assert not ana.account.authenticator_set.exists()


def test_whoever_gave_an_address_in_another_assembly_is_not_asked_again():
    an_assembly("hills")
    ana = a_member(an_assembly("river"), "Ana")
    keep_email(ana.account, "ana.twice@example.org")
    browser = browser_of(ana)

    page = browser.get("/a/hills/join/")
    joined = browser.post("/a/hills/join/", {"pseudonym": "Ana", "consent_take_part": "on", "consent_news": "on"})

    assert "email" not in page.context["form"].fields
    assert joined["Location"] == "/a/hills/deck/"
