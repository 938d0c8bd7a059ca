"""The codes that the demo hands out: kept in a file of `var/`, so that the same links work day after day."""

import json
import os
from datetime import timedelta
from pathlib import Path

from django.conf import settings
from django.db.models import QuerySet
from django.utils import timezone

from deliberation.actions.founding import make_founding_code
from deliberation.models import Assembly, FoundingCode, Invitation, Role, hash_of_code, new_code

GOOD_FOR = timedelta(days=365)
MOST_USES = 100_000


def facilitator_code(assembly: Assembly) -> str:
    """The code in the file, or a new one where that is missing, unknown here, expired or used up."""
    kept = _kept().get("facilitator")
    if kept is not None and _still_good(assembly.invitations.all(), kept):
        return kept
    code = new_code()
    Invitation.objects.create(
        assembly=assembly,
        code_hash=hash_of_code(code),
        roles=[Role.FACILITATOR],
        most_uses=MOST_USES,
        expires_at=timezone.now() + GOOD_FOR,
    )
    _keep("facilitator", code)
    return code


def founding_code() -> str:
    """The same for setting up assemblies of one's own."""
    kept = _kept().get("founding")
    if kept is not None and _still_good(FoundingCode.objects.all(), kept):
        return kept
    code = make_founding_code(GOOD_FOR, MOST_USES)
    _keep("founding", code)
    return code


def _still_good(codes: QuerySet[Invitation] | QuerySet[FoundingCode], code: str) -> bool:
    found = codes.filter(code_hash=hash_of_code(code)).first()
    return found is not None and found.expires_at > timezone.now() and found.uses < found.most_uses


def _file() -> Path:
    return settings.VAR_DIR / "demo-links.json"


def _kept() -> dict[str, str]:
    try:
        codes = json.loads(_file().read_text())
    except (OSError, ValueError):
        return {}
    return {name: code for name, code in codes.items() if isinstance(code, str)} if isinstance(codes, dict) else {}


def _keep(name: str, code: str) -> None:
    codes, new = {**_kept(), name: code}, _file().with_suffix(".new")
    new.unlink(missing_ok=True)
    with open(os.open(new, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
        json.dump(codes, file)
    new.replace(_file())
