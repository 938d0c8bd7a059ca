"""The facilitator's code of the demo: kept in a file of `var/`, so that the same link works day after day."""

import json
import os
from datetime import timedelta
from pathlib import Path

from django.conf import settings
from django.utils import timezone

from deliberation.models import Assembly, Invitation, Role, hash_of_code, new_code

GOOD_FOR = timedelta(days=365)
MOST_USES = 100_000


def facilitator_code(assembly: Assembly) -> str:
    """The code in the file, or a new one where that is missing, unknown here, expired or used up."""
    kept = _kept()
    if kept is not None and _still_good(assembly, kept):
        return kept
    code = new_code()
    Invitation.objects.create(
        assembly=assembly,
        code_hash=hash_of_code(code),
        roles=[Role.FACILITATOR],
        most_uses=MOST_USES,
        expires_at=timezone.now() + GOOD_FOR,
    )
    _keep(code)
    return code


def _still_good(assembly: Assembly, code: str) -> bool:
    found = Invitation.objects.filter(assembly=assembly, code_hash=hash_of_code(code)).first()
    return found is not None and found.expires_at > timezone.now() and found.uses < found.most_uses


def _file() -> Path:
    return settings.VAR_DIR / "demo-links.json"


def _kept() -> str | None:
    try:
        code = json.loads(_file().read_text())["facilitator"]
    except (OSError, ValueError, KeyError, TypeError):
        return None
    return code if isinstance(code, str) else None


def _keep(code: str) -> None:
    new = _file().with_suffix(".new")
    new.unlink(missing_ok=True)
    with open(os.open(new, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
        json.dump({"facilitator": code}, file)
    new.replace(_file())
