from typing import NamedTuple

from deliberation.models import Participant, RecordCheck
from deliberation.record.receipts import Receipt, receipts_of


class Checked(NamedTuple):
    """Of one's own receipts: how many are in the record as they should be, how many wait, how many do not fit."""

    sealed: int
    waiting: int
    wrong: int


def check_receipts(participant: Participant) -> Checked:
    """Check every receipt of a participant, and note that they did if all that are sealed fit."""
    receipts = receipts_of(participant)
    sealed = [receipt for receipt in receipts if receipt.is_sealed]
    wrong = [receipt for receipt in sealed if not receipt.holds()]
    if sealed and not wrong:
        _note(participant, sealed[0])
    return Checked(len(sealed) - len(wrong), len(receipts) - len(sealed), len(wrong))


def _note(participant: Participant, receipt: Receipt) -> None:
    assert receipt.checkpoint is not None
    RecordCheck.objects.update_or_create(participant=participant, defaults={"size": receipt.checkpoint.size})
