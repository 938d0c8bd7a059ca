"""The web server without a record: what benchmarks.votes_over_http compares with. Nobody else starts it."""

from deliberation import record
from deliberation.asgi import application
from deliberation.templatetags import receipts

__all__ = ["application"]

record.append = lambda *arguments, **named: None  # type: ignore[assignment, misc] - that is the point
receipts.newest_entry_of = lambda participant: None  # type: ignore[assignment, misc]
