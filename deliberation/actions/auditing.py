import secrets

from deliberation import record
from deliberation.models import Assembly, RecordEntry


def note_audit(assembly: Assembly) -> RecordEntry:
    """Let the record say that somebody takes a bundle in which the votes of a person stand together."""
    return record.append(assembly, type="export", id=f"audit-{secrets.token_hex(6)}", content={"what": "audit"})
