"""A crowd of simulated people votes on the running site, so that one can watch the map move."""

import asyncio
import random
from argparse import ArgumentParser, ArgumentTypeError
from datetime import timedelta
from typing import Any

import httpx
from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from deliberation.demo.content import assembly_content, statements_content
from deliberation.demo.crowd import Crowd, Opinions, Person, SiteRefusesError, Tally
from deliberation.demo.residents import invented_leaning, leaning_on
from deliberation.models import Assembly, Invitation, Route, hash_of_code, new_code

MOST_PEOPLE = 1_000


def positive(text: str) -> float:
    try:
        number = float(text)
    except ValueError:
        number = 0.0
    if not 0 < number < float("inf"):
        raise ArgumentTypeError(f"{text!r} is not a number above zero")
    return number


class Command(BaseCommand):
    help = "Lets simulated people join the running site and vote; Ctrl-C stops them."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--people", type=int, default=30, help=f"how many join (30; at most {MOST_PEOPLE})")
        parser.add_argument("--rate", type=positive, default=5.0, help="votes a second, all together (5)")
        parser.add_argument("--seconds", type=positive, default=60.0, help="how long they vote (60)")
        parser.add_argument("--assembly", default=assembly_content().slug, help="the assembly's name in its address")
        parser.add_argument("--base-url", default=settings.BASE_URL, help=f"where the site is ({settings.BASE_URL})")

    def handle(self, *_: Any, people: int, assembly: str, base_url: str, **options: Any) -> None:
        if not 1 <= people <= MOST_PEOPLE:
            raise CommandError(f"--people is {people}; it can be 1 to {MOST_PEOPLE}.")
        check_site(base_url)
        found = Assembly.objects.filter(slug=assembly).first()
        if found is None:
            raise CommandError(f"There is no assembly {assembly!r} in this database.")
        tally = Tally()
        try:
            crowd = Crowd(draw_people(people, found, base_url), opinions_in(found), tally)
            asyncio.run(self._visit(crowd, invite(found, people), options["rate"], options["seconds"]))
        except SiteRefusesError as error:
            raise CommandError(str(error)) from error
        except httpx.TransportError as error:
            raise CommandError(f"The site at {base_url} stopped answering ({type(error).__name__}).") from error
        except KeyboardInterrupt:
            self.stdout.write("")
        self.stdout.write(str(tally))

    async def _visit(self, crowd: Crowd, code: str, rate: float, seconds: float) -> None:
        try:
            await crowd.join(code)
            self._say(
                f"{len(crowd.people)} simulated people have joined and vote {rate:g} times a second. Ctrl-C stops."
            )
            await crowd.vote(rate, seconds)
        finally:
            await crowd.leave()

    def _say(self, line: str) -> None:
        self.stdout.write(line)
        self.stdout.flush()


def check_site(base_url: str) -> None:
    try:
        httpx.get(f"{base_url}/healthz", timeout=5).raise_for_status()
    except (httpx.HTTPError, httpx.InvalidURL) as error:
        raise CommandError(f"No Majelis answers at {base_url}: start it with `make demo` first.") from error


def invite(assembly: Assembly, people: int) -> str:
    """A code for this crowd alone, whose holders are simulated and shown as such."""
    code = new_code()
    Invitation.objects.create(
        assembly=assembly,
        code_hash=hash_of_code(code),
        route=Route.SIMULATED,
        most_uses=people,
        expires_at=timezone.now() + timedelta(hours=1),
    )
    return code


def draw_people(people: int, assembly: Assembly, base_url: str) -> list[Person]:
    rng = random.Random()  # noqa: S311 - opinions, not secrets
    shares = statements_content().shares
    camps = rng.choices(list(shares), list(shares.values()), k=people)
    return [Person(base_url, assembly.slug, camp, rng) for camp in camps]


def opinions_in(assembly: Assembly) -> Opinions:
    """The demo's own leanings on its statements, and invented ones on all others."""
    known = {}
    if assembly.slug == assembly_content().slug:
        content = {each.number: leaning_on(each) for each in statements_content().statements}
        numbers = dict(assembly.statements.filter(number__in=content).values_list("public_id", "number"))
        known = {public_id: content[number] for public_id, number in numbers.items()}
    return lambda public_id: known.get(public_id) or invented_leaning(public_id)
