"""How long the files of a large report take: 2,000 participants, 500 statements, 300,000 votes and 1,000 arguments.

    python -m deliberation.embedded exec -- python -m benchmarks.report [--quick]

Each format is made for the archive, which holds most, in Indonesian. All together may take 20 seconds. What it is
compared with in the same run: reading everything that a report tells of, which every format begins with.
--quick is a tenth of it all.
"""

from __future__ import annotations

import argparse
import os
import random
import resource
import secrets
import sys
import time
from collections.abc import Callable

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "deliberation.settings")
django.setup()

from django.core.management import call_command  # noqa: E402 - Django has to be set up before its models are imported

from deliberation import locks  # noqa: E402
from deliberation.actions.mapping import refresh_map  # noqa: E402
from deliberation.actions.reporting import make_report  # noqa: E402
from deliberation.copying import copy_rows  # noqa: E402
from deliberation.exports.content.document import PICKABLE, build_document  # noqa: E402
from deliberation.exports.content.words import sha256  # noqa: E402
from deliberation.exports.files import reader_of  # noqa: E402
from deliberation.models import (  # noqa: E402
    Argument,
    Assembly,
    AssemblyText,
    Participant,
    Proposal,
    ProposalText,
    Redaction,
    Report,
    ReportFile,
    ReportFormat,
    Route,
    RunState,
    Side,
    Statement,
    Summary,
    SummaryRun,
    Vote,
)

PEOPLE, STATEMENTS, ARGUMENTS, VOTES_EACH, CAMPS = 2_000, 500, 1_000, 150, 3
LIMIT = 20.0  # seconds for all formats together
VOTE_FIELDS = ["assembly", "participant", "statement", "choice", "revision", "created_at", "changed_at"]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--quick", action="store_true", help="a tenth of everything")
    share = 10 if parser.parse_args().quick else 1
    for command in (("migrate",), ("translations",)):
        call_command(
            *command, **({"compile": True} if command[0] == "translations" else {"interactive": False, "verbosity": 0})
        )
    report = a_report(PEOPLE // share, STATEMENTS // share, ARGUMENTS // share, random.Random(2026))
    reading = timed(lambda: read(report))
    print(f"{'read everything':<12} {reading:6.2f} s")
    total = 0.0
    for format in ReportFormat:
        size, seconds = made(report, format)
        total += seconds
        print(f"{format:<12} {seconds:6.2f} s  {seconds / reading:6.1f} times reading  {size / 1024:8,.0f} KB")
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(f"{'together':<12} {total:6.2f} s  {100 * total / LIMIT:5.0f} % of {LIMIT:.0f} s, peak {peak:,.0f} MB")
    if total > LIMIT:
        sys.exit(f"MISSED: {total:.1f} s, the limit is {LIMIT:.0f} s")


def timed(work: Callable[[], object]) -> float:
    begun = time.perf_counter()
    work()
    return time.perf_counter() - begun


def read(report: Report) -> None:
    with locks.one_moment():
        build_document(report, "id", Redaction.ARCHIVE, site="https://assembly.example")


def made(report: Report, format: ReportFormat) -> tuple[int, float]:
    """Size and seconds, from the database to the last byte."""
    file = ReportFile(report=report, format=format, language="id", level=Redaction.ARCHIVE, sections=list(PICKABLE))
    begun = time.perf_counter()
    with locks.one_moment():
        write = reader_of(file)
    return len(write()), time.perf_counter() - begun


def a_report(people: int, statements: int, arguments: int, rng: random.Random) -> Report:
    assembly = Assembly.objects.create(
        slug=f"large-{secrets.token_hex(4)}", languages=["id"], record_secret=secrets.token_bytes(32)
    )
    AssemblyText.objects.create(assembly=assembly, language="id", title="Kota bersih", remit="Bagaimana caranya?")
    members = Participant.objects.bulk_create(
        Participant(assembly=assembly, pseudonym=f"Peserta {n}", route=Route.SIMULATED, language="id")
        for n in range(people)
    )
    written = Statement.objects.bulk_create(
        Statement(assembly=assembly, number=n, author=rng.choice(members), language="id", text=sentence(rng, 16))
        for n in range(1, statements + 1)
    )
    vote(assembly, members, written, rng)
    argue(assembly, members, arguments, rng)
    refresh_map(assembly)
    report = make_report(assembly, by=None)
    report.assembly = assembly
    return report


def sentence(rng: random.Random, words: int) -> str:
    known = [
        "warga",
        "sungai",
        "sampah",
        "iuran",
        "pemulung",
        "kampung",
        "truk",
        "kompos",
        "sekolah",
        "anggaran",
        "pabrik",
        "air",
        "hujan",
        "jalan",
        "pasar",
    ]
    return " ".join(rng.choice(known) for _ in range(words)).capitalize() + "."


def vote(assembly: Assembly, members: list[Participant], written: list[Statement], rng: random.Random) -> None:
    """Three camps that lean each its own way on each statement."""
    leaning = [[rng.choice((0.1, 0.5, 0.9)) for _ in written] for _ in range(CAMPS)]
    now, places = assembly.created_at, range(len(written))
    copy_rows(
        Vote,
        VOTE_FIELDS,
        (
            (assembly.pk, member.pk, written[j].pk, 1 if rng.random() < leaning[i % CAMPS][j] else -1, 1, now, now)
            for i, member in enumerate(members)
            for j in rng.sample(places, min(VOTES_EACH, len(places)))
        ),
    )


def argue(assembly: Assembly, members: list[Participant], arguments: int, rng: random.Random) -> None:
    """Arguments on five proposals, every fourth of them a key point for the next three."""
    sides = []
    for number in range(1, 6):
        proposal = Proposal.objects.create(assembly=assembly, number=number)
        ProposalText.objects.create(proposal=proposal, language="id", title=f"Usulan {number}", body="Isi.")
        said = Argument.objects.bulk_create(
            Argument(
                assembly=assembly, proposal=proposal, author=rng.choice(members), side=rng.choice(list(Side)),
                language="id", text=sentence(rng, 40),
            )
            for _ in range(arguments // 5)
        )  # fmt: skip
        sides.append((proposal, said))
    sources = {each.public_id: sha256(each.text) for _proposal, said in sides for each in said}
    run = SummaryRun.objects.create(assembly=assembly, state=RunState.DONE, input_digest="0" * 64)
    Summary.objects.create(
        assembly=assembly,
        version=1,
        state="published",
        run=run,
        document={
            "format": 2,
            "sources": sources,
            "proposals": [{"id": proposal.public_id, "sides": list(heard(said))} for proposal, said in sides],
        },
    )


def heard(said: list[Argument]):
    for side in Side:
        own = [each for each in said if each.side == side]
        points = [own[i : i + 4] for i in range(0, len(own) // 2, 4)]
        yield {
            "side": side.value,
            "arguments": len(own),
            "people": len(own),
            "covered": sum(map(len, points)),
            "points": [
                {"quote": quote(point), "rewrite": None, "prevalence": {"n": len(point), "denominator": len(own)}}
                for point in points
                if point
            ],
            "voices": [],
            "unmatched": [each.public_id for each in own[len(own) // 2 + 4 :]],
        }


def quote(cited: list[Argument]) -> dict[str, object]:
    first = cited[0]
    return {
        "key": first.public_id,
        "kind": "quote",
        "place": {"id": first.public_id, "start": 0, "end": len(first.text)},
        "cites": [each.public_id for each in cited],
    }


if __name__ == "__main__":
    main()
