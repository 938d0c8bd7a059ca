"""Faults of single processes. Each test leaves the shared machine as whole as it found it: that is what it tests."""

import psutil

from tests.stack import PATIENCE, Stack, wait_until


def family(stack: Stack, name: str) -> list[psutil.Process]:
    process = stack.runs(name)
    assert process is not None, f"{name} does not run"
    return [process, *process.children(recursive=True)]


def sweeps(stack: Stack) -> int:
    return sum("tasks.sweep" in line and "succeeded" in line for line in stack.log("maps").splitlines())


def works(stack: Stack) -> bool:
    """A task went all the way from the scheduler through Redis and a worker to PostgreSQL."""
    before = sweeps(stack)
    return bool(wait_until(lambda: sweeps(stack) > before) and wait_until(stack.answers))


def test_whatever_is_killed_comes_back_and_leaves_nobody_behind(stack: Stack) -> None:
    for name in ("redis", "postgres", "web", "maps", "beat"):
        orphans = family(stack, name)

        stack.kill(name)

        assert psutil.wait_procs(orphans, timeout=PATIENCE)[1] == [], name
        wait_until(lambda name=name: stack.runs(name))

    wait_until(stack.answers)
    assert works(stack)


def test_a_worker_process_that_is_killed_alone_is_replaced_by_one_on_the_same_leash(stack: Stack) -> None:
    worker, first = wait_until(lambda: len(both := family(stack, "maps")) == 2 and both)

    first.kill()

    second = wait_until(lambda: [child for child in worker.children() if child != first])[0]
    assert works(stack)
    stack.kill("maps")
    assert psutil.wait_procs([worker, second], timeout=PATIENCE)[1] == []


def test_work_goes_on_after_the_servers_were_away(stack: Stack) -> None:
    known = len(stack.events)
    stack.stop("redis")
    stack.stop("postgres")
    wait_until(lambda: "Cannot connect to redis" in stack.log("maps"))

    stack.start("postgres")
    stack.start("redis")

    assert works(stack)
    assert stack.events[known:] == []
