"""The frozen snapshot a report is made of: counts and ids, never people's words.

Words are looked up when the report is shown, so that what somebody deletes is gone from every report too, and what was
counted stays counted.
"""

import hashlib
from collections import Counter
from typing import Any

import rfc8785
from django.db.models import Q

from deliberation import visibility
from deliberation.models import (
    Assembly,
    Checkpoint,
    ConsensusMap,
    Decision,
    Moderation,
    Participant,
    Pool,
    PoolState,
    Route,
    Side,
    Summary,
)
from deliberation.record.helped import counted

Snapshot = dict[str, Any]


def freeze(assembly: Assembly, newest: ConsensusMap, summary: Summary | None) -> Snapshot:
    """Everything a report of this assembly says, as of now. Call it in a repeatable-read transaction."""
    return {
        "assembly": {"id": assembly.public_id, "slug": assembly.slug, "languages": assembly.languages},
        "asked": {text.language: _asked(text) for text in assembly.translations.all()},
        "took_part": _took_part(assembly, newest),
        "lottery": _lottery(assembly),
        "phases": [_phase(phase) for phase in assembly.phases.prefetch_related("translations")],
        "statements": _statements(assembly),
        "unmapped": _unmapped(assembly, newest),
        "map": {
            "version": newest.version,
            "made_at": newest.created_at.isoformat(),
            "snapshot": newest.snapshot,
            "input_digest": newest.input_digest,
            "code_version": newest.code_version,
            "parameters": newest.parameters,
        },
        "proposals": _proposals(assembly),
        "drafting": [_drafted(each) for each in visibility.drafting_results(assembly, None)],
        "summary": summary and _summary(summary),
        "moderation": _moderation(assembly),
        "record_entries": assembly.record.count(),
        "checkpoint": _checkpoint(assembly),
    }


def digest_of(snapshot: Snapshot) -> str:
    """SHA-256 of the snapshot's canonical JSON (RFC 8785)."""
    return hashlib.sha256(rfc8785.dumps(snapshot)).hexdigest()


def _asked(text: Any) -> dict[str, str]:
    return {name: getattr(text, name) for name in ("title", "remit", "asked_by", "purpose")}


def _took_part(assembly: Assembly, newest: ConsensusMap) -> dict[str, Any]:
    people = Participant.objects.filter(assembly=assembly).present()
    return {
        "joined": people.count(),
        "voted": newest.participants,
        "votes": newest.votes,
        "simulated": people.filter(route="simulated").count(),
        "argued": assembly.arguments.shown().values("author").distinct().count(),
        "helped": counted(assembly),
        "routes": dict(sorted(Counter(people.values_list("route", flat=True)).items())),
    }


def _lottery(assembly: Assembly) -> dict[str, Any] | None:
    """Who has the seats, against the targets: the public counts, and how many have come."""
    pool = Pool.objects.filter(assembly=assembly, state=PoolState.DRAWN).first()
    if pool is None:
        return None
    came = Participant.objects.filter(assembly=assembly, route=Route.LOTTERY).present().count()
    told = ("value", "min", "max", "count", "met")
    return {
        "seats": pool.seats,
        "came": came if came >= visibility.FEW else None,
        "digest": pool.digest,
        "categories": [
            {"name": each["name"], "rows": [{name: row[name] for name in told} for row in each["rows"]]}
            for each in visibility.seats_told(pool)
        ],
    }


def _phase(phase: Any) -> dict[str, Any]:
    return {
        "position": phase.position,
        "kind": phase.kind,
        "names": {text.language: text.name for text in phase.translations.all()},
        "starts_on": phase.starts_on.isoformat(),
        "ends_on": phase.ends_on.isoformat(),
        "opened_at": phase.opened_at and phase.opened_at.isoformat(),
        "closed_at": phase.closed_at and phase.closed_at.isoformat(),
    }


def _statements(assembly: Assembly) -> dict[str, int]:
    return {
        "shown": assembly.statements.shown().count(),
        "seed": assembly.statements.shown().filter(is_seed=True).count(),
        "rejected": assembly.statements.with_decision(Decision.REJECTED).count(),
        "withdrawn": assembly.statements.filter(withdrawn_at__isnull=False).count(),
        "merged": assembly.statements.shown().merged().count(),
        "held": assembly.statements.held().count(),
    }


def _unmapped(assembly: Assembly, newest: ConsensusMap) -> list[str]:
    """The shown statements that came after the map, and of which it says nothing."""
    mapped = {each["id"] for part in ("statements", "waiting") for each in newest.snapshot[part]}
    shown = assembly.statements.shown().order_by("number").values_list("public_id", flat=True)
    return [public_id for public_id in shown if public_id not in mapped]


def _proposals(assembly: Assembly) -> list[dict[str, Any]]:
    counted: dict[int, Counter[str]] = {}
    for proposal_id, side in assembly.arguments.shown().values_list("proposal", "side"):
        counted.setdefault(proposal_id, Counter())[side] += 1
    return [
        {
            "id": proposal.public_id,
            "number": proposal.number,
            "titles": {text.language: text.title for text in proposal.translations.all()},
            "arguments": {side.value: counted.get(proposal.pk, Counter())[side] for side in Side},
        }
        for proposal in assembly.proposals.prefetch_related("translations")
    ]


def _drafted(told: dict[str, Any]) -> dict[str, Any]:
    """A drafting round without its candidates' words, which are looked up as all others are."""
    return {key: told[key] for key in ("id", "number", "questions", "turns")}


def _moderation(assembly: Assembly) -> list[dict[str, str]]:
    """What moderators hide, by id and rule: neither the words nor those of a moderator about them."""
    here = Q(statement__assembly=assembly) | Q(argument__assembly=assembly)
    hidden = (
        Moderation.objects.current().filter(here, decision=Decision.REJECTED).select_related("statement", "argument")
    )
    return [
        {"id": (each.statement or each.argument).public_id, "rule": each.rule, "at": each.created_at.isoformat()}
        for each in hidden.select_related("statement", "argument").order_by("pk")
    ]


def _checkpoint(assembly: Assembly) -> dict[str, Any] | None:
    newest = Checkpoint.objects.filter(assembly=assembly).first()
    return newest and {"size": newest.size, "root": bytes(newest.root).hex(), "note": newest.note}


def _summary(summary: Summary) -> dict[str, Any]:
    return {
        "version": summary.version,
        "input_digest": summary.run.input_digest,
        "models": summary.run.models_used,
        "parameters": summary.run.parameters,
        "code_version": summary.run.code_version,
        "document": summary.document,
    }
