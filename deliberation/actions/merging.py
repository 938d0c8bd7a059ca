"""Two that say the same: one goes on, the other points to it. No vote is moved, and both stay in the record."""

from django.db import transaction

from deliberation.actions.errors import CannotMerge
from deliberation.actions.moderating import in_one_order, lock, moderate
from deliberation.models import Argument, Decision, Moderation, Participant, Rule, Statement


@transaction.atomic
def merge(contribution: Statement | Argument, into: Statement | Argument, by: Participant) -> Moderation:
    """Close a statement or an argument and let it point to another. Raises CannotMerge, Appealed.

    `moderate` undoes it. While the other is hidden or withdrawn, this one is open as before.
    """
    for each in in_one_order([contribution, into]):
        lock(each)
    if not may_be_merged(contribution, into):
        raise CannotMerge
    return moderate(contribution, Decision.MERGED, "", by, Rule.SAME, into)


def may_be_merged(contribution: Statement | Argument, into: Statement | Argument) -> bool:
    """Only into one of its kind that is not merged itself, arguments on their side of their proposal; no chains."""
    model = type(contribution)
    if type(into) is not model or contribution.pk == into.pk or contribution.assembly_id != into.assembly_id:
        return False
    if isinstance(contribution, Argument) and _place(contribution) != _place(into):
        return False
    if contribution.withdrawn_at is not None or contribution.merged_here.current().exists():
        return False
    return model.objects.filter(pk=into.pk).on_their_own().exists()


def _place(argument: Argument) -> tuple[int, str]:
    return argument.proposal_id, argument.side
