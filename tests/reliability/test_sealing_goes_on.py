"""The sealer is a process of its own: it seals what people write, whatever else is busy or dies."""

from deliberation.models import Checkpoint, RecordEntry
from deliberation.record.notes import Tree, opened
from tests.people import an_assembly
from tests.stack import Stack, wait_until
from tests.voters import Voter


def sealed(stack: Stack, slug: str) -> int:
    with stack.orm():
        newest = Checkpoint.objects.filter(assembly__slug=slug).first()
        return newest.size if newest else 0


def test_a_join_is_sealed_while_no_map_can_be_made_and_after_the_sealer_died(stack: Stack) -> None:
    with stack.orm():
        assembly = an_assembly("sealed")
    stack.stop("maps")
    Voter(stack, "sealed", "Ana").join()
    wait_until(lambda: sealed(stack, "sealed") == 1)

    stack.kill("record")
    Voter(stack, "sealed", "Budi").join()
    wait_until(lambda: sealed(stack, "sealed") == 2)
    stack.start("maps")

    with stack.orm():
        newest = Checkpoint.objects.filter(assembly=assembly).first()
        assert Tree.parsed(opened(newest.note, newest.key)).size == 2
        assert RecordEntry.objects.filter(assembly=assembly, sequence__isnull=True).count() == 0
