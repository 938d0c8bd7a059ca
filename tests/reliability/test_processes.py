import psutil
import pytest

from tests.stack import Stack, wait_until


def family(stack: Stack, name: str) -> list[psutil.Process]:
    process = stack.runs(name)
    assert process is not None, f"{name} does not run"
    return [process, *process.children(recursive=True)]


def sweeps(stack: Stack) -> int:
    return sum("tasks.sweep" in line and "succeeded" in line for line in stack.log("maps").splitlines())


def works(stack: Stack) -> bool:
    """A task went all the way from the scheduler through Redis and a worker to PostgreSQL."""
    before = sweeps(stack)
    return bool(wait_until(lambda: sweeps(stack) > before, timeout=60)) and stack.answers()


@pytest.mark.timeout(300)
def test_whatever_is_killed_comes_back_and_leaves_nobody_behind(fresh_stack: Stack) -> None:
    assert works(fresh_stack)
    for name in ("redis", "postgres", "web", "maps", "beat"):
        orphans = family(fresh_stack, name)

        fresh_stack.kill(name)

        assert psutil.wait_procs(orphans, timeout=20)[1] == [], name
        wait_until(lambda name=name: fresh_stack.runs(name))
        wait_until(fresh_stack.answers)
        assert works(fresh_stack), name


def test_a_worker_process_that_is_killed_alone_is_replaced_by_one_on_the_same_leash(fresh_stack: Stack) -> None:
    worker, first = wait_until(lambda: len(both := family(fresh_stack, "maps")) == 2 and both)

    first.kill()

    second = wait_until(lambda: [child for child in worker.children() if child != first])[0]
    assert works(fresh_stack)
    fresh_stack.kill("maps")
    assert psutil.wait_procs([worker, second], timeout=20)[1] == []


def test_work_goes_on_after_the_servers_were_away(fresh_stack: Stack) -> None:
    fresh_stack.stop("redis")
    fresh_stack.stop("postgres")
    wait_until(lambda: "Cannot connect to redis" in fresh_stack.log("maps"))

    fresh_stack.start("postgres")
    fresh_stack.start("redis")

    assert works(fresh_stack)
    assert fresh_stack.events == []
