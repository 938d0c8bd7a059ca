"""The web server without a record: what benchmarks.votes_over_http compares with. Nobody else starts it."""

from deliberation.asgi import application  # isort: skip - Django has to be set up before its models are imported

from deliberation import record
from deliberation.templatetags import receipts

__all__ = ["application"]

record.append = lambda *arguments, **named: None  # type: ignore[assignment, misc] - that is the point
receipts.newest_entry_of = lambda participant: None  # type: ignore[assignment, misc]
