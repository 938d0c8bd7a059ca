"""kill -9 in the middle of a session: no hand, answer, card, note or step is lost, and the room goes on.

And the timer: whatever clocks two hundred browsers have, they count down together.
"""

import asyncio
import json
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from threading import Event

import httpx
import pytest
import websockets

from deliberation.actions.polling import close_poll, open_poll
from deliberation.actions.running import go, open_session
from deliberation.models import Card, Hand, Note, Participant, Poll, PollAnswer, RecordEntry, Role, Session
from tests.people import an_assembly
from tests.sessions import a_planned_session
from tests.stack import PATIENCE, Stack, wait_until
from tests.voters import Voter

PHONES = 12
SOCKETS = 200
HOUR = 3_600_000  # milliseconds
SNAPSHOTS = 6
APART = 200  # milliseconds, at most


def a_room(assembly_slug: str) -> tuple[Session, Poll]:
    session = open_session(a_planned_session(an_assembly(assembly_slug)))
    session = go(go(session, 1), 1)
    return session, open_poll(session)


def until_acknowledged(phone: Voter, path: str, **values: str) -> None:
    """As somebody presses again who was told that it did not arrive. It arrived if the page comes after it."""
    deadline, pause = time.monotonic() + PATIENCE, Event()
    while time.monotonic() < deadline:
        try:
            if phone._post(path, **values).is_redirect:
                return
        except httpx.TransportError:
            pass
        pause.wait(0.1)
    raise AssertionError(f"nobody took {path} within {PATIENCE} s")


@pytest.mark.parametrize("victim", ["web", "postgres", "redis", "maps"])
def test_no_hand_answer_card_or_note_is_lost_and_the_room_goes_on(fresh_stack: Stack, victim: str) -> None:
    with fresh_stack.orm():
        session, poll = a_room("river")
        item = session.item.public_id
    phones = [Voter(fresh_stack, "river").join() for _ in range(PHONES)]
    with fresh_stack.orm():
        Participant.objects.filter(assembly=session.assembly).update(roles=[Role.SCRIBE])
    answered: list[str] = []

    def take_part(number: int) -> None:
        until_acknowledged(phones[number], "/a/river/session/hands/")
        choice = str(1 + number % 2)
        until_acknowledged(phones[number], f"/a/river/session/polls/{poll.public_id}/answers/", choice=choice)
        until_acknowledged(phones[number], "/a/river/session/cards/", kind="word", word=f"word {number}")
        said = {"item": item, "text": f"Noted by {number}", "language": "en"}
        until_acknowledged(phones[number], "/a/river/notes/new/", **said)
        answered.append(phones[number].name)

    with ThreadPoolExecutor(3) as hands:
        running = [hands.submit(take_part, number) for number in range(PHONES)]
        wait_until(lambda: len(answered) >= 2)
        fresh_stack.kill(victim)
    for each in running:
        each.result()

    names = [phone.name for phone in phones]
    with fresh_stack.orm():
        waiting = Hand.objects.filter(session=session).waiting()
        assert sorted(hand.participant.pseudonym for hand in waiting) == sorted(names)
        given = {each.participant.pseudonym: each.choice for each in PollAnswer.objects.filter(poll=poll)}
        assert given == {name: 1 + number % 2 for number, name in enumerate(names)}
        up = {each.participant.pseudonym: each.word for each in Card.objects.up().filter(session=session)}
        assert up == {name: f"word {number}" for number, name in enumerate(names)}
        notes = {each.author.pseudonym: each.text for each in Note.objects.filter(item__session=session)}
        assert notes == {name: f"Noted by {number}" for number, name in enumerate(names)}
        assert RecordEntry.objects.filter(type="note").count() == Note.objects.count() == PHONES
        assert close_poll(session).result == {"1": PHONES / 2, "2": PHONES / 2}
        after = go(Session.objects.get(pk=session.pk), 1)
    wait_until(lambda: told(fresh_stack).get("version") == after.changes)
    assert told(fresh_stack)["item"] == after.item.public_id


def told(stack: Stack) -> dict:
    """What a page looks up; nothing while the server is away."""
    try:
        answer = httpx.get(f"{stack.base_url}/a/river/session/state.json", timeout=30)
    except httpx.TransportError:
        return {}
    return answer.json() if answer.status_code == 200 else {}


@dataclass
class Browser:
    """One socket with a clock of its own, which counts as static/js/clock.js does."""

    wrong_by: float  # milliseconds
    heard: list[float] = field(default_factory=list)
    under_way: list[float] = field(default_factory=list)  # milliseconds that each of them took to come
    ends: float = 0

    def clock(self) -> float:
        return time.monotonic() * 1000 + self.wrong_by

    async def listen(self, address: str, joined: asyncio.Semaphore) -> None:
        origin = address.replace("ws", "http", 1).split("/ws/")[0]
        async with websockets.connect(address, origin=origin, open_timeout=PATIENCE) as socket:
            joined.release()
            while len(self.heard) < SNAPSHOTS or not self.ends or self.quickest > APART / 2:
                news = json.loads(await socket.recv())
                if news["topic"] == "session":
                    self.heard.append(news["at"] - self.clock())
                    self.under_way.append(time.time() * 1000 - news["at"])
                    self.ends = news["timer"]["ends"] or 0

    @property
    def quickest(self) -> float:
        return min(self.under_way[-8:])

    def left(self, at: float) -> float:
        """Of the timer, at this moment of the test's own counter (milliseconds)."""
        return self.ends - (at + self.wrong_by + max(self.heard[-8:]))


async def all_listen(stack: Stack, browsers: list[Browser], lead: Callable[[], None]) -> None:
    joined = asyncio.Semaphore(0)
    address = f"{stack.base_url.replace('http', 'ws', 1)}/ws/a/river/"
    listening = [asyncio.create_task(each.listen(address, joined)) for each in browsers]
    for _ in browsers:
        await asyncio.wait_for(joined.acquire(), PATIENCE)
    for _ in range(10 * SNAPSHOTS):  # on a busy machine it takes longer until a quick one has come to everybody
        await asyncio.to_thread(lead)
        done, _ = await asyncio.wait(listening, timeout=0.5)
        if len(done) == len(browsers):
            break
    await asyncio.wait_for(asyncio.gather(*listening), PATIENCE)


def a_leader(stack: Stack) -> Voter:
    leader = Voter(stack, "river").join()
    with stack.orm():
        Participant.objects.filter(pseudonym=leader.name).update(roles=[Role.FACILITATOR])
    return leader


def test_two_hundred_browsers_with_wrong_clocks_count_down_together(fresh_stack: Stack) -> None:
    with fresh_stack.orm():
        session, _ = a_room("river")

    leader, steps = a_leader(fresh_stack), f"/a/river/desk/sessions/{session.public_id}/steps/"

    def lead() -> None:
        assert leader._post(steps, step="start").is_redirect

    browsers = [Browser(HOUR * (2 * number / (SOCKETS - 1) - 1)) for number in range(SOCKETS)]
    with ThreadPoolExecutor(1) as elsewhere:  # this thread may have a loop already: Playwright's
        elsewhere.submit(asyncio.run, all_listen(fresh_stack, browsers, lead)).result()

    with fresh_stack.orm():
        timer = Session.objects.get(pk=session.pk)
    at, now = time.monotonic() * 1000, time.time() * 1000
    truth = (timer.running_since + timer.time_left).timestamp() * 1000 - now
    shown = [each.left(at) for each in browsers]
    assert browsers[-1].wrong_by - browsers[0].wrong_by == 2 * HOUR
    assert shown == pytest.approx([truth + each.quickest for each in browsers], abs=10)
    assert max(shown) - min(shown) < APART
    assert max(abs(left - truth) for left in shown) < APART
    print(f"apart by {max(shown) - min(shown):.1f} ms, from the server by {max(abs(x - truth) for x in shown):.1f} ms")
