"""People who vote over real HTTP and write down what the server acknowledged."""

import itertools
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field
from threading import Event

import httpx

from deliberation.models import Assembly, Choice, Statement, Vote
from tests.stack import PATIENCE, Stack

ANSWER_TIME = 30.0  # seconds after which a browser gives up

names = itertools.count(1)


@dataclass
class Voter:
    """One browser with its own cookies."""

    stack: Stack
    slug: str
    name: str = field(default_factory=lambda: f"Voter {next(names)}")
    http: httpx.Client = field(init=False)
    acknowledged: dict[str, str] = field(default_factory=dict)  # statement public id → choice

    def __post_init__(self) -> None:
        self.http = httpx.Client(base_url=self.stack.base_url, timeout=ANSWER_TIME)

    def join(self) -> "Voter":
        self.http.get(f"/a/{self.slug}/join/").raise_for_status()
        joined = self._post(f"/a/{self.slug}/join/", pseudonym=self.name, consent_take_part="on")
        assert joined.is_redirect, f"joining was answered with {joined.status_code}"
        return self

    def vote(self, statement: str, choice: str, revision: int = 0) -> httpx.Response:
        answer = self._post(f"/a/{self.slug}/statements/{statement}/votes/", choice=choice, revision=str(revision))
        if answer.status_code == 200:
            self.acknowledged[statement] = choice
        return answer

    def vote_until_acknowledged(self, statement: str, choice: str) -> None:
        """As a browser does with a lost line: the same vote again until somebody says it is kept."""
        deadline = time.monotonic() + PATIENCE
        pause = Event()
        while time.monotonic() < deadline:
            try:
                if self.vote(statement, choice).status_code == 200:
                    return
            except httpx.TransportError:
                pass
            pause.wait(0.1)
        raise AssertionError(f"nobody took the vote on {statement} within {PATIENCE} s")

    def _post(self, path: str, **values: str) -> httpx.Response:
        token = self.http.cookies.get("csrf", "")
        return self.http.post(
            path,
            data=values,
            headers={"X-CSRFToken": token, "X-Requested-With": "fetch", "Referer": self.stack.base_url},
        )


def choice_of(voter: int, statement: int) -> str:
    """Two camps that differ on every second statement, with a few who pass."""
    if (voter * 7 + statement) % 11 == 0:
        return "pass"
    return "agree" if statement % 2 == 0 or voter % 2 == 0 else "disagree"


@contextmanager
def burst(voters: list[Voter], statements: list[str]) -> Iterator[None]:
    """Everybody votes on everything, all at once; the block runs while they do."""

    def votes_of(number: int) -> None:
        for j, statement in enumerate(statements):
            voters[number].vote_until_acknowledged(statement, choice_of(number, j))

    with ThreadPoolExecutor(len(voters)) as hands:
        running = [hands.submit(votes_of, number) for number in range(len(voters))]
        yield
    for each in running:
        each.result()


def lost_votes(assembly: Assembly, voters: list[Voter]) -> list[tuple[str, str, str]]:
    """I1: acknowledged votes that the database does not have as they were acknowledged."""
    kept = {
        (vote.participant.pseudonym, vote.statement.public_id): Choice(vote.choice).word
        for vote in Vote.objects.filter(assembly=assembly).select_related("participant", "statement")
    }
    return [
        (voter.name, statement, choice)
        for voter in voters
        for statement, choice in voter.acknowledged.items()
        if kept.get((voter.name, statement)) != choice
    ]


def ids_of(assembly: Assembly) -> list[str]:
    return list(Statement.objects.filter(assembly=assembly).values_list("public_id", flat=True))
