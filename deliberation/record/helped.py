"""What helpers entered for others: told to those it was entered for, and to everybody as counts alone.

No entry says in public that it was made with help: of few people without a device that would tie together what one of
them voted. Whose entry it is and in which sitting it was made is kept with the owner and never leaves the house.
"""

import json
from typing import Any

from django.db.models import QuerySet

from deliberation.models import Assembly, Choice, Helping, Participant, RecordEntry, RecordOwner

COUNTED = ("statement", "argument", "question")


def entered_in(helping: Helping) -> set[tuple[str, int]]:
    """Id and revision of each entry that this sitting left."""
    leaves = RecordEntry.objects.filter(owner__helping=helping).values_list("leaf", flat=True)
    return {(told["id"], told["n"]) for told in map(_read, leaves)}


def entered_for(participant: Participant) -> set[str]:
    """Ids of what stands as a helper entered it; what somebody changed themselves since is not among them."""
    last: dict[tuple[str, str], tuple[int, bool]] = {}
    for told, helped in _entries(RecordOwner.objects.filter(participant=participant)):
        place = (told["type"], told["id"])
        last[place] = max(last.get(place, (0, False)), (told["n"], helped))
    return {id for (_, id), (_, helped) in last.items() if helped}


def counted(assembly: Assembly) -> dict[str, int]:
    """How many people helpers entered something for, and how much of it stands; empty where there is nobody."""
    helped = RecordOwner.objects.filter(helping__isnull=False, entry__assembly=assembly)
    people = set(helped.values_list("participant", flat=True))
    if not people:
        return {}
    texts = {f"{kind}s": helped.filter(entry__type=kind).count() for kind in COUNTED}
    return {"people": len(people), "votes": _votes(assembly, people), **texts}


def _votes(assembly: Assembly, people: set[int]) -> int:
    """Votes that stand, and whose newest revision a helper entered."""
    own = RecordOwner.objects.filter(participant__in=people, entry__assembly=assembly, entry__type="vote")
    last: dict[str, tuple[int, bool]] = {}
    for leaf, content, helping in own.values_list("entry__leaf", "entry__opening__content", "helping"):
        told = _read(leaf)
        stands = helping is not None and json.loads(bytes(content))["choice"] != Choice.WITHDRAWN.word
        last[told["id"]] = max(last.get(told["id"], (0, False)), (told["n"], stands))
    return sum(stands for _, stands in last.values())


def _entries(own: QuerySet[RecordOwner]) -> list[tuple[dict[str, Any], bool]]:
    rows = own.values_list("entry__leaf", "helping")
    return [(_read(leaf), helping is not None) for leaf, helping in rows]


def _read(leaf: bytes) -> dict[str, Any]:
    return json.loads(bytes(leaf))
