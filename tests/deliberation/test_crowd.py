"""Simulated people on a real site: they join, vote and are shown as what they are."""

import re
import signal
import subprocess
import sys

import pytest
from django.core.management import CommandError, call_command
from django.utils import timezone

from deliberation.embedded import processes
from deliberation.models import Assembly, ConsensusMap, Participant, Phase, Route, Vote
from tests.people import a_statement, an_assembly
from tests.stack import Stack, free_port, wait_until

TALLY = re.compile(r"(\d+) votes accepted, (\d+) refused, (\d+) without an answer, p50 \d+ ms, p95 \d+ ms\n$")


def an_assembly_with_statements(number: int) -> Assembly:
    assembly = an_assembly()
    for _ in range(number):
        a_statement(assembly)
    return assembly


def tallied(output: str) -> tuple[int, ...]:
    found = TALLY.search(output)
    assert found is not None, output
    return tuple(map(int, found.groups()))


def test_the_crowd_votes_on_everything_under_the_label_simulated(stack: Stack) -> None:
    with stack.orm():
        assembly = an_assembly_with_statements(4)

        printed = stack.manage("crowd", "--people", "6", "--rate", "50", "--seconds", "60", "--assembly", assembly.slug)

        people = Participant.objects.filter(assembly=assembly)
        assert tallied(printed) == (24, 0, 0)
        assert [person.route for person in people] == [Route.SIMULATED] * 6
        assert Vote.objects.filter(assembly=assembly).count() == 24
        wait_until(lambda: ConsensusMap.objects.filter(assembly=assembly, votes=24).exists())


def test_the_crowd_keeps_the_pace_and_the_time_it_is_given(stack: Stack) -> None:
    with stack.orm():
        assembly = an_assembly_with_statements(20)

        printed = stack.manage("crowd", "--people", "3", "--rate", "5", "--seconds", "2", "--assembly", assembly.slug)

        assert tallied(printed) == (11, 0, 0)
        assert Vote.objects.filter(assembly=assembly).count() == 11


def test_ctrl_c_ends_with_the_tally(stack: Stack) -> None:
    with stack.orm():
        assembly = an_assembly_with_statements(30)
        command = [sys.executable, str(processes.PROJECT / "manage.py"), "crowd", "--people", "3", "--rate", "5"]
        with subprocess.Popen(
            [*command, "--seconds", "300", "--assembly", assembly.slug],
            env=stack.environment,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        ) as crowd:
            wait_until(lambda: Vote.objects.filter(assembly=assembly).count() >= 3)

            crowd.send_signal(signal.SIGINT)
            printed, complained = crowd.communicate(timeout=60)

        assert (crowd.returncode, complained) == (0, "")
        accepted, refused, failed = tallied(printed)
        assert (refused, failed) == (0, 0)
        assert accepted <= Vote.objects.filter(assembly=assembly).count() <= accepted + 3


def test_votes_after_the_phase_has_closed_are_tallied_as_refused(stack: Stack) -> None:
    with stack.orm():
        assembly = an_assembly_with_statements(30)
        command = [sys.executable, str(processes.PROJECT / "manage.py"), "crowd", "--people", "3", "--rate", "1"]
        with subprocess.Popen(
            [*command, "--seconds", "300", "--assembly", assembly.slug],
            env=stack.environment,
            stdout=subprocess.PIPE,
            text=True,
        ) as crowd:
            wait_until(lambda: Vote.objects.filter(assembly=assembly).count() >= 3)

            Phase.objects.filter(assembly=assembly).update(closed_at=timezone.now())
            printed, _ = crowd.communicate(timeout=60)

        accepted, refused, _ = tallied(printed)
        assert 1 <= refused <= 3  # whoever held a card when the phase closed
        assert accepted == Vote.objects.filter(assembly=assembly).count()


def test_a_site_that_is_not_there_is_said_to_be_missing_in_one_line() -> None:
    nowhere = f"http://127.0.0.1:{free_port()}"

    with pytest.raises(CommandError) as refused:
        call_command("crowd", base_url=nowhere)

    assert str(refused.value) == f"No Majelis answers at {nowhere}: start it with `make demo` first."


def test_an_assembly_that_is_not_there_is_named(stack: Stack) -> None:
    with stack.orm(), pytest.raises(CommandError, match="There is no assembly 'nowhere' in this database"):
        call_command("crowd", base_url=stack.base_url, assembly="nowhere")


def test_a_site_with_another_database_is_not_entered(stack: Stack, transactional_db: None) -> None:
    assembly = an_assembly_with_statements(1)

    with pytest.raises(CommandError, match="does not know this database's invitation"):
        call_command("crowd", base_url=stack.base_url, assembly=assembly.slug, people=1)


@pytest.mark.parametrize("options", [("--people", "0"), ("--people", "1001"), ("--rate", "0"), ("--seconds", "nan")])
def test_numbers_out_of_range_are_refused(options: tuple[str, str]) -> None:
    with pytest.raises(CommandError, match=re.escape(options[1])):
        call_command("crowd", *options)
