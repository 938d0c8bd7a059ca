"""The sealer is a process of its own: it seals what people write, whatever else is busy or dies."""

from deliberation.models import Checkpoint, RecordEntry
from deliberation.record.notes import Tree, opened
from tests.people import an_assembly
from tests.stack import Stack, wait_until
from tests.voters import Voter


def joins_sealed(stack: Stack, slug: str) -> int:
    with stack.orm():
        return RecordEntry.objects.filter(assembly__slug=slug, type="enrol", sequence__isnull=False).count()


def test_a_join_is_sealed_while_no_map_can_be_made_and_after_the_sealer_died(stack: Stack) -> None:
    with stack.orm():
        assembly = an_assembly("sealed")
    stack.stop("maps")
    Voter(stack, "sealed", "Ana").join()
    wait_until(lambda: joins_sealed(stack, "sealed") == 1)

    stack.kill("record")
    Voter(stack, "sealed", "Budi").join()
    wait_until(lambda: joins_sealed(stack, "sealed") == 2)
    stack.start("maps")

    with stack.orm():
        newest = Checkpoint.objects.filter(assembly=assembly).first()
        entries = RecordEntry.objects.filter(assembly=assembly)
        assert not entries.filter(sequence__isnull=True).exists()
        assert Tree.parsed(opened(newest.note, newest.key)).size == newest.size == entries.count()
