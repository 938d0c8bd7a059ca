"""Sessions for tests: a short evening with everything that a room does."""

import json

from deliberation.actions.running import NewItem, go, open_session, plan_session
from deliberation.models import Assembly, ItemKind, RecordOpening, Session

TITLES = {"en": "An evening by the river", "id": "Malam di tepi sungai"}
OPTIONS = {"en": ["Twice a week", "Every day"], "id": ["Dua kali seminggu", "Setiap hari"]}
AGENDA = [
    NewItem(ItemKind.TALK, {"en": "Welcome", "id": "Selamat datang"}, 5),
    NewItem(ItemKind.QUESTIONS, {"en": "Questions and answers", "id": "Tanya jawab"}, 15),
    NewItem(ItemKind.POLL, {"en": "How often should waste be collected?", "id": "Seberapa sering?"}, 5, OPTIONS),
    NewItem(ItemKind.TEMPERATURE, {"en": "How do you feel about this?", "id": "Bagaimana perasaan Anda?"}, 3),
]  # fmt: skip


def a_planned_session(assembly: Assembly) -> Session:
    return plan_session(assembly, TITLES, AGENDA)


def an_open_session(assembly: Assembly, item: int = 2) -> Session:
    """Open at the item of this place: by default the poll, which is not asked yet."""
    session = open_session(a_planned_session(assembly))
    for _ in range(item):
        session = go(session, 1)
    return session


def what_the_record_says(assembly: Assembly, what: str) -> list[dict[str, object]]:
    """The entries of sessions about one thing, as they were told."""
    openings = RecordOpening.objects.filter(entry__assembly=assembly, entry__type="session").order_by("pk")
    told = [json.loads(bytes(each.content)) for each in openings]
    return [{key: each[key] for key in each if key not in ("what", "nonce")} for each in told if each["what"] == what]
