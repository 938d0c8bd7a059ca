"""Simulated people who come through the front door: every page fetched, every form sent, as a browser would."""

import asyncio
import itertools
import random
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from html.parser import HTMLParser
from statistics import quantiles

import httpx

from deliberation.demo.content import Camp
from deliberation.demo.residents import Leaning, draw_choice
from deliberation.models import Choice

AT_THE_DOOR = 5  # people who join at the same time
TRIES_FOR_A_NAME = 5
TIMEOUT = 20.0

Opinions = Callable[[str], Leaning]  # how the camps lean on the statement with this public id


class SiteRefusesError(Exception):
    """The site answers, but does not let the crowd in; the message says why."""


@dataclass
class Form:
    action: str
    page: str
    fields: dict[str, str] = field(default_factory=dict)
    buttons: set[str] = field(default_factory=set)  # the values to choose from


class Page(HTMLParser):
    """The forms of a page, with what their inputs hold."""

    def __init__(self, response: httpx.Response) -> None:
        super().__init__()
        self.address = str(response.url)
        self.forms: list[Form] = []
        self.feed(response.text)

    def handle_starttag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        given = dict(attributes)
        if tag == "form":
            self.forms.append(Form(given.get("action") or self.address, self.address))
        elif tag == "input" and self.forms and given.get("name") and given.get("type") != "checkbox":
            self.forms[-1].fields[str(given["name"])] = given.get("value") or ""
        elif tag == "button" and self.forms and given.get("value"):
            self.forms[-1].buttons.add(str(given["value"]))

    def form_offering(self, value: str) -> Form | None:
        return next((form for form in self.forms if value in form.buttons), None)

    def form_with(self, name: str) -> Form:
        for form in self.forms:
            if name in form.fields:
                return form
        raise SiteRefusesError(f"{self.address} has no form with the field {name}.")


@dataclass
class Tally:
    """What came of the votes, and how long each answer took."""

    accepted: int = 0
    refused: int = 0
    failed: int = 0
    seconds: list[float] = field(default_factory=list)

    def count(self, response: httpx.Response, seconds: float) -> None:
        if response.is_redirect:
            self.accepted += 1
        else:
            self.refused += 1
        self.seconds.append(seconds)

    def __str__(self) -> str:
        counts = f"{self.accepted} votes accepted, {self.refused} refused, {self.failed} without an answer"
        if not self.seconds:
            return counts
        p50, p95 = (1000 * self._percentile(percent) for percent in (50, 95))
        return f"{counts}, p50 {p50:.0f} ms, p95 {p95:.0f} ms"

    def _percentile(self, percent: int) -> float:
        if len(self.seconds) == 1:
            return self.seconds[0]
        return quantiles(self.seconds, n=100, method="inclusive")[percent - 1]


class Person:
    """One browser: its cookies, and the vote form that it was shown last."""

    def __init__(self, base_url: str, slug: str, camp: Camp, rng: random.Random) -> None:
        self.assembly, self.camp, self.rng = f"/a/{slug}/", camp, rng
        language = rng.choice(["id", "en"])
        self.browser = httpx.AsyncClient(
            base_url=base_url, timeout=TIMEOUT, headers={"Accept-Language": language, "User-Agent": "majelis crowd"}
        )
        self.form: Form | None = None

    async def join(self, code: str) -> None:
        """Come in with the invitation and take the first card. Raises SiteRefusesError."""
        page = await self._get("/enter/")
        form = page.form_with("code")
        form.fields["code"] = code
        entered = await self._send(form)
        if not entered.is_redirect:
            raise SiteRefusesError("The site does not know this database's invitation; is --base-url right?")
        for _ in range(TRIES_FOR_A_NAME):
            page = await self._get(f"{self.assembly}join/")
            form = page.form_with("pseudonym")
            form.fields["consent_take_part"] = "on"
            joined = await self._send(form)
            if joined.is_redirect:
                return await self._take_card()
        raise SiteRefusesError(f"Joining was answered with {joined.status_code}.")

    async def vote(self, opinions: Opinions, tally: Tally) -> None:
        """Answer the card and take the next one; `form` is None when there is none."""
        assert self.form is not None
        statement = self.form.action.rstrip("/").split("/")[-2]
        choice = draw_choice(self.camp, opinions(statement), self.rng)
        self.form.fields["choice"] = choice.word
        began = time.perf_counter()
        response = await self._send(self.form)
        tally.count(response, time.perf_counter() - began)
        self.form = None
        await self._take_card()

    async def _take_card(self) -> None:
        page = await self._get(f"{self.assembly}deck/")
        self.form = page.form_offering(Choice.AGREE.word)

    async def _get(self, address: str) -> Page:
        response = await self.browser.get(address)
        if response.status_code != httpx.codes.OK:
            raise SiteRefusesError(f"{response.url} was answered with {response.status_code}.")
        return Page(response)

    async def _send(self, form: Form) -> httpx.Response:
        return await self.browser.post(form.action, data=form.fields, headers={"Referer": form.page})


@dataclass
class Crowd:
    """People who vote one after the other, so many a second all together."""

    people: list[Person]
    opinions: Opinions
    tally: Tally

    async def join(self, code: str) -> None:
        door = asyncio.Semaphore(AT_THE_DOOR)

        async def enter(person: Person) -> None:
            async with door:
                await person.join(code)

        await asyncio.gather(*map(enter, self.people))

    async def vote(self, rate: float, seconds: float) -> None:
        """Vote until the time is over or nobody has a card left."""
        self._idle: asyncio.Queue[Person | None] = asyncio.Queue()
        self._voting = len(self.people)
        for person in self.people:
            self._wait_or_go(person)
        began = time.monotonic()
        async with asyncio.TaskGroup() as turns:
            for turn in itertools.count():
                due = began + turn / rate
                person = await self._idle.get()
                if person is None or due > began + seconds:
                    return
                await asyncio.sleep(due - time.monotonic())
                turns.create_task(self._take_turn(person))

    async def leave(self) -> None:
        for person in self.people:
            await person.browser.aclose()

    async def _take_turn(self, person: Person) -> None:
        try:
            await person.vote(self.opinions, self.tally)
        except (httpx.TransportError, SiteRefusesError):
            self.tally.failed += 1  # without an answer the same vote is sent again: it counts once
        self._wait_or_go(person)

    def _wait_or_go(self, person: Person) -> None:
        if person.form is not None:
            self._idle.put_nowait(person)
            return
        self._voting -= 1
        if not self._voting:
            self._idle.put_nowait(None)
