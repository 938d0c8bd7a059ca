"""The demo's evening, planned and ready to open."""

from deliberation.actions.running import NewItem, plan_session
from deliberation.demo.content import ItemContent, session_content
from deliberation.models import Assembly, ItemKind


def seed_session(assembly: Assembly) -> None:
    """Plan it, unless the assembly has a session."""
    if assembly.sessions.exists():
        return
    content = session_content()
    plan_session(assembly, content.title.translations(), [_item(assembly, each) for each in content.items])


def _item(assembly: Assembly, content: ItemContent) -> NewItem:
    options = {code: [each.translations()[code] for each in content.options] for code in assembly.languages}
    return NewItem(
        ItemKind(content.kind),
        content.translations(),
        content.minutes,
        options if content.options else {},
        assembly.proposals.filter(number=content.proposal).first() if content.proposal else None,
    )
