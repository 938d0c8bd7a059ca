"""What is similar is offered before posting: a real worker with the real encoder, in both languages, and without it."""

import re
import time
from collections.abc import Iterator

import httpx
import pytest
import redis
from pytest_django.plugin import DjangoDbBlocker

from deliberation.actions.moderating import moderate
from deliberation.actions.withdrawing import withdraw
from deliberation.enqueue import READER_IS_THERE
from deliberation.models import (
    Argument,
    Assembly,
    Decision,
    Draft,
    Embedding,
    Participant,
    Rule,
    Statement,
    text_digest,
)
from tests.people import a_member, a_proposal, a_statement, an_assembly
from tests.stack import Stack, wait_until
from tests.voters import Voter

ENGLISH = [
    "The market should open earlier on Sundays.",
    "A clinic near the harbour would save hours.",
    "Libraries could lend tools as well as books.",
    "Buses should run until midnight.",
    "Trees would cool the main street.",
    "Put lamps on the footpath to the school.",
]
INDONESIAN = [
    "Sungai harus dikeruk sebelum musim hujan.",
    "Tarif parkir sebaiknya dinaikkan di pusat kota.",
    "Pasar ikan perlu atap baru.",
    "Setiap RW butuh taman bermain.",
    "Guru honorer harus digaji layak.",
]
LAMPS = ENGLISH[-1]
LAMPS_AGAIN = "Pasang lampu di jalan setapak menuju sekolah."
NOVEL = "Nurses need a raise."


@pytest.fixture(scope="module")
def reading(files_for_browsers: None, django_db_blocker: DjangoDbBlocker) -> Iterator[Stack]:
    with django_db_blocker.unblock(), Stack(interactive=True) as stack:
        yield stack


@pytest.fixture
def assembly(reading: Stack) -> Assembly:
    """Eleven statements in two languages, each with its vector."""
    with reading.orm():
        made = an_assembly()
        dewi = a_member(made, "Dewi")
        for language, texts in (("en", ENGLISH), ("id", INDONESIAN)):
            for text in texts:
                a_statement(made, text, author=dewi)
                Statement.objects.filter(assembly=made, text=text).update(language=language)
        wait_for_vectors(ENGLISH + INDONESIAN)
    return made


def wait_for_vectors(texts: list[str]) -> None:
    digests = {text_digest(text) for text in texts}
    wait_until(lambda: Embedding.objects.filter(text_digest__in=digests).count() == len(digests))


def offered(page: httpx.Response) -> list[str]:
    return re.findall(r'data-seen="([^"]*)"', page.text)[0].split()


def look(stack: Stack, person: Voter, **values: str) -> httpx.Response:
    """As a script does while somebody writes, until a worker has answered: this machine may be busy."""
    wait_until(lambda: worker_is_there(stack))

    def answered() -> httpx.Response | None:
        page = person._post(f"/a/{person.slug}/statements/new/draft/", **{"language": "recognise", **values})
        with stack.orm():
            draft = Draft.objects.get(participant__pseudonym=person.name, proposal=None)
            return page if draft.is_read else None

    return wait_until(answered)


def worker_is_there(stack: Stack) -> bool:
    with redis.Redis.from_url(stack.environment["REDIS_URL"]) as client:
        return bool(client.exists(READER_IS_THERE))


def id_of(assembly: Assembly, text: str) -> str:
    return Statement.objects.get(assembly=assembly, text=text).public_id


def test_a_wish_is_found_again_in_another_language_and_its_language_is_recognised(reading: Stack, assembly: Assembly):
    page = look(reading, Voter(reading, assembly.slug).join(), text=LAMPS_AGAIN)

    with reading.orm():
        assert offered(page) == [id_of(assembly, LAMPS)]
        assert Draft.objects.get(participant__assembly=assembly).reads_as == "id"


def test_a_wish_nobody_had_is_posted_at_once(reading: Stack, assembly: Assembly):
    ana = Voter(reading, assembly.slug).join()
    assert offered(look(reading, ana, text=NOVEL)) == []

    posted = ana._post(f"/a/{assembly.slug}/statements/new/", text=NOVEL, language="recognise", seen="")

    assert posted.is_redirect


def test_what_is_similar_is_put_before_its_writer_once(reading: Stack, assembly: Assembly):
    ana = Voter(reading, assembly.slug).join()
    look(reading, ana, text=LAMPS_AGAIN)

    asked = ana._post(f"/a/{assembly.slug}/statements/new/", text=LAMPS_AGAIN, language="recognise", seen="")
    posted = ana._post(
        f"/a/{assembly.slug}/statements/new/", text=LAMPS_AGAIN, language="recognise", seen="", anyway="on"
    )

    with reading.orm():
        assert (asked.status_code, offered(asked)) == (200, [id_of(assembly, LAMPS)])
        assert LAMPS_AGAIN in asked.text
        assert "This is not published yet" in asked.text
        written = Statement.objects.get(assembly=assembly, author__pseudonym=ana.name)
    assert (posted.is_redirect, written.text, written.language) == (True, LAMPS_AGAIN, "id")


def test_who_has_seen_what_is_similar_is_not_asked_again(reading: Stack, assembly: Assembly):
    ana = Voter(reading, assembly.slug).join()
    seen = " ".join(offered(look(reading, ana, text=LAMPS_AGAIN)))

    posted = ana._post(f"/a/{assembly.slug}/statements/new/", text=LAMPS_AGAIN, language="recognise", seen=seen)

    assert (posted.is_redirect, bool(seen)) == (True, True)


def test_what_is_hidden_or_withdrawn_is_never_offered(reading: Stack, assembly: Assembly):
    ana = Voter(reading, assembly.slug).join()
    with reading.orm():
        twin = a_statement(assembly, LAMPS.replace("Put", "Place"), author=a_member(assembly))
        lamps = Statement.objects.get(assembly=assembly, text=LAMPS)
        wait_for_vectors([twin.text])
    # What was found before it was hidden is not shown after it was hidden either.
    assert set(offered(look(reading, ana, text=LAMPS_AGAIN))) == {lamps.public_id, twin.public_id}

    with reading.orm():
        moderate(lamps, Decision.REJECTED, "", by=None, rule=Rule.ATTACK)
        withdraw(twin)

    remembered = ana._post(f"/a/{assembly.slug}/statements/new/draft/", text=LAMPS_AGAIN, language="recognise")
    anew = look(reading, ana, text=LAMPS_AGAIN + " Segera.")
    assert (offered(remembered), offered(anew)) == ([], [])


def test_arguments_are_compared_on_their_own_side_of_their_own_proposal(reading: Stack):
    with reading.orm():
        assembly = an_assembly()
        proposal, elsewhere = a_proposal(assembly), a_proposal(assembly)
        for text in ENGLISH:
            argued(a_member(assembly), proposal, "for", text)
        there = argued(a_member(assembly), elsewhere, "for", LAMPS.replace("Put", "Place"))
        against = argued(a_member(assembly), proposal, "against", LAMPS.replace("Put", "Set"))
        wait_for_vectors([*ENGLISH, there.text, against.text])
        address = f"/a/{assembly.slug}/proposals/{proposal.public_id}/draft/"
        right = Argument.objects.get(proposal=proposal, side="for", text=LAMPS).public_id
    ana = Voter(reading, assembly.slug).join()

    def answered() -> list[str] | None:
        page = ana._post(address, text="Lamps are needed on the footpath to the school.", language="en", side="for")
        with reading.orm():
            return offered(page) if Draft.objects.get(participant__pseudonym=ana.name).is_read else None

    assert wait_until(answered) == [right]


def argued(author: Participant, proposal, side: str, text: str) -> Argument:
    return Argument.objects.create(
        assembly=proposal.assembly, proposal=proposal, author=author, side=side, text=text, language="en"
    )


def test_what_is_posted_is_offered_to_the_next_who_writes_it(reading: Stack, assembly: Assembly):
    ana, ben = Voter(reading, assembly.slug).join(), Voter(reading, assembly.slug).join()
    ana._post(f"/a/{assembly.slug}/statements/new/", text=NOVEL, language="en", seen="", anyway="on")
    with reading.orm():
        wait_for_vectors([NOVEL])

    page = look(reading, ben, text="Perawat perlu naik gaji.")

    with reading.orm():
        assert offered(page)[0] == id_of(assembly, NOVEL)


def test_no_worker_holds_nobody_up(reading: Stack, assembly: Assembly):
    """Last here: it ends the worker. Who writes just then waits a moment; who writes later does not wait at all."""
    ana = Voter(reading, assembly.slug).join()
    reading.stop("interactive")
    posts = [f"{LAMPS_AGAIN} {n}" for n in range(2)]

    first = seconds_to_post(ana, posts[0])
    with redis.Redis.from_url(reading.environment["REDIS_URL"]) as client:
        client.delete(READER_IS_THERE)  # as happens by itself 15 seconds after the worker's last sign of life
    second = seconds_to_post(ana, posts[1])

    with reading.orm():
        mine = Statement.objects.filter(assembly=assembly, author__pseudonym=ana.name).order_by("number")
        assert [each.text for each in mine] == posts
    print(f"posted in {first:.2f} s and {second:.2f} s without a worker")  # a voter gives up after half a minute

    reading.start("interactive")
    assert look(reading, ana, text=LAMPS_AGAIN)


def seconds_to_post(person: Voter, text: str) -> float:
    began = time.monotonic()
    assert person._post(f"/a/{person.slug}/statements/new/", text=text, language="recognise", seen="").is_redirect
    return time.monotonic() - began
