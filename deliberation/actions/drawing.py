"""The draw: the pool is checked and sealed, then a seed comes from the public, then a worker draws.

The digest of the sealed pool stands in the signed record before anybody can know the seed, so that nobody can try
seeds until a draw pleases, or change the pool to fit a seed.
"""

import hashlib
import hmac
import json
import logging
from datetime import timedelta
from typing import Any

import rfc8785
from django.db import transaction
from django.utils import timezone

from deliberation import enqueue, live, locks, record
from deliberation.actions.errors import NotInThisState
from deliberation.actions.exporting import version_now
from deliberation.actions.inviting import invite_by_mail
from deliberation.actions.pooling import shortfalls
from deliberation.actions.trusting import invite
from deliberation.analysis import lottery
from deliberation.models import (
    HAS_A_SEAT,
    WITH_A_WORKER,
    Invitation,
    MailedInvitation,
    Pool,
    PoolState,
    RecordEntry,
    Respondent,
    Route,
    Standing,
    hash_of_code,
)
from deliberation.models.fields import new_public_id

logger = logging.getLogger(__name__)

TOPIC = "lottery"
REHEARSAL = "rehearsal"


class NotSignedYet(Exception):
    """The record has not signed the digest of the pool yet; it does so within seconds."""


@transaction.atomic
def ask_to_seal(pool: Pool) -> None:
    """Have the targets checked and the pool sealed. Raises NotInThisState."""
    pool = _taken(pool, PoolState.READY)
    if shortfalls(pool):
        raise NotInThisState
    _hand_over(pool, PoolState.CHECKING)


@transaction.atomic
def take_back_the_seal(pool: Pool) -> None:
    """Open a sealed pool again, before any seed was entered; the record tells it. Raises NotInThisState."""
    pool = _taken(pool, PoolState.SEALED)
    record.append(
        pool.assembly, type="sortition", id=new_public_id(), content={"what": "unsealed", "digest": pool.digest}
    )
    pool.state, pool.sealed, pool.digest, pool.sealed_at, pool.seal_entry = PoolState.READY, b"", "", None, None
    pool.save()


@transaction.atomic
def ask_to_draw(pool: Pool, seed: str) -> None:
    """Have the draw made with what was drawn in public. Raises NotInThisState, NotSignedYet."""
    pool = _taken(pool, PoolState.SEALED)
    if not is_signed(pool):
        raise NotSignedYet
    pool.seed = seed
    record.append(
        pool.assembly,
        type="sortition",
        id=new_public_id(),
        content={"what": "seed", "digest": pool.digest, "seed": seed},
    )
    _hand_over(pool, PoolState.DRAWING)


def is_signed(pool: Pool) -> bool:
    """Whether the digest of the sealed pool stands below a signed checkpoint."""
    return RecordEntry.objects.filter(pk=pool.seal_entry, sequence__isnull=False).exists()


def work_on(pool_id: int) -> None:
    """A worker's part: check and seal, or draw. Doing it twice, or two at once, does it once."""
    with locks.locked_unless_held(locks.DRAWING, pool_id) as held:
        pool = Pool.objects.select_related("assembly").filter(pk=pool_id, state__in=WITH_A_WORKER).first()
        if not held or pool is None:
            return
        back, work = (PoolState.READY, _seal) if pool.state == PoolState.CHECKING else (PoolState.SEALED, _draw)
        try:
            work(pool)
        except Exception:
            logger.exception("the lottery of pool %s could not go on", pool_id)
            pool.seed = ""
            _give_back(pool, back, {"why": "error"})


def left_alone() -> list[int]:
    """Pools that wait for a worker: nobody works on them if a message was lost or a worker died."""
    return list(Pool.objects.filter(state__in=WITH_A_WORKER).values_list("pk", flat=True))


def _seal(pool: Pool) -> None:
    sealed = sealed_bytes(pool)
    wider = lottery.wider_targets(sealed)
    if wider:
        _give_back(pool, PoolState.READY, {"why": "targets", "wider": _named(pool, wider)})
        return
    try:
        lottery.draw(sealed, REHEARSAL, lottery.ENOUGH_FOR_REHEARSAL, lambda attempt: _tell(pool, attempt))
    except lottery.TargetsMissed:
        _give_back(pool, PoolState.READY, {"why": "tight"})
        return
    _keep_seal(pool, sealed)


@transaction.atomic
def _keep_seal(pool: Pool, sealed: bytes) -> None:
    pool.seals += 1
    pool.sealed, pool.digest, pool.sealed_at = sealed, lottery.digest_of(sealed), timezone.now()
    content = {"what": "sealed", "digest": pool.digest, "people": pool.respondents.count(), "seats": pool.seats}
    targets = [{**each, "values": [_target(value) for value in each["values"]]} for each in pool.targets]
    entry = record.append(pool.assembly, type="sortition", id=new_public_id(), content={**content, "targets": targets})
    pool.state, pool.seal_entry, pool.trouble = PoolState.SEALED, entry.pk, {}
    pool.save()
    _announce(pool)


def _draw(pool: Pool) -> None:
    try:
        drawn = lottery.draw(bytes(pool.sealed), pool.seed, tell=lambda attempt: _tell(pool, attempt))
    except lottery.TargetsMissed:
        pool.seed = ""
        _give_back(pool, PoolState.SEALED, {"why": "luck"})
        return
    _keep_draw(pool, drawn)


@transaction.atomic
def _keep_draw(pool: Pool, drawn: lottery.Drawn) -> None:
    turns = {number: turn for turn, number in enumerate(drawn.substitutes, start=1)}
    people = list(pool.respondents.all())
    for person in people:
        person.turn = turns.get(person.number)
        person.standing = Standing.SUBSTITUTE if person.turn else Standing.SELECTED
    Respondent.objects.bulk_update(people, ["turn", "standing"], batch_size=1000)
    pool.result = {**lottery.method(), "attempts": drawn.attempts, "drawn": drawn.selected, "replacements": []}
    pool.result |= {"counts": _counts(pool), "people": len(people)}
    pool.state, pool.drawn_at, pool.trouble = PoolState.DRAWN, timezone.now(), {}
    pool.save()
    told = {**lottery.method(), "attempts": drawn.attempts, "drawn": hashlib.sha256(rfc8785.dumps(drawn.selected)).hexdigest()}  # fmt: skip  # noqa: E501
    record.append(
        pool.assembly,
        type="sortition",
        id=new_public_id(),
        content={"what": "drawn", "digest": pool.digest, "seed": pool.seed, **told},
    )
    _announce(pool)


@transaction.atomic
def withdraw_from_seat(person: Respondent) -> Respondent | None:
    """Somebody selected does not come: the first substitute who keeps the targets is called up.

    Raises NotInThisState.
    """
    pool = _taken(person.pool, PoolState.DRAWN)
    person = pool.respondents.select_related("invitation").get(pk=person.pk)
    if person.standing not in HAS_A_SEAT:
        raise NotInThisState
    person.standing = Standing.WITHDRAWN
    person.save(update_fields=["standing"])
    _stop_invitation(person)
    called = _call_up(pool, person)
    pool.replacements += 1
    pool.result["replacements"].append([person.number, called and called.number])
    pool.result["counts"] = _counts(pool)
    pool.save(update_fields=["replacements", "result"])
    steps = hashlib.sha256(bytes(person.salt) + rfc8785.dumps(pool.result["replacements"])).hexdigest()
    content = {"what": "replaced" if called else "left empty", "digest": pool.digest, "replacements": steps}
    record.append(pool.assembly, type="sortition", id=new_public_id(), content=content)
    return called


@transaction.atomic
def confirm_seat(person: Respondent) -> None:
    """Somebody selected has said that they come. Saying it twice is saying it once."""
    Respondent.objects.filter(pk=person.pk, standing=Standing.SELECTED).update(standing=Standing.CONFIRMED)


def confirm_seat_of(invitation: Invitation) -> None:
    """Who joins with the invitation that came with a seat has confirmed it."""
    Respondent.objects.filter(invitation=invitation, standing=Standing.SELECTED).update(standing=Standing.CONFIRMED)


@transaction.atomic
def invite_selected(pool: Pool, good_for: timedelta, language: str) -> tuple[int, str, list[str]]:
    """Give everybody who is selected and has none a code of their own, by e-mail where there is an address.

    Returns how many were sent, and the batch and codes, in order of number, for those who have to get theirs by hand.
    """
    pool = _taken(pool, PoolState.DRAWN)
    waiting = list(pool.respondents.filter(standing=Standing.SELECTED, invitation=None).order_by("number"))
    with_address = {person.address.casefold(): person for person in waiting if person.address}
    sent = invite_by_mail(pool.assembly, with_address, set(), good_for, language, route=Route.LOTTERY)
    good = MailedInvitation.objects.filter(
        invitation__assembly=pool.assembly, invitation__expires_at__gt=timezone.now(), address__in=with_address
    )
    for mailed in good:
        _give(with_address[mailed.address], mailed.invitation)
    by_hand = [person for person in waiting if not person.address]
    batch, codes = "", []
    if by_hand:
        batch, codes = invite(pool.assembly, set(), good_for, codes=len(by_hand), route=Route.LOTTERY)
        for person, code in zip(by_hand, codes, strict=True):
            _give(person, Invitation.objects.get(code_hash=hash_of_code(code)))
    return sent, batch, codes


def _give(person: Respondent, invitation: Invitation) -> None:
    person.invitation = invitation
    person.save(update_fields=["invitation"])


def _call_up(pool: Pool, left: Respondent) -> Respondent | None:
    seated = list(pool.respondents.filter(standing__in=HAS_A_SEAT).values_list("number", flat=True))
    waiting = pool.respondents.filter(standing=Standing.SUBSTITUTE).order_by("turn")
    number = lottery.next_substitute(
        json.loads(bytes(pool.sealed)), seated, list(waiting.values_list("number", flat=True))
    )
    if number is None:
        return None
    called = pool.respondents.get(number=number)
    called.standing, called.replaces = Standing.SELECTED, left
    called.save(update_fields=["standing", "replaces"])
    return called


def _stop_invitation(person: Respondent) -> None:
    """A code that has not been used lets nobody in any more."""
    if person.invitation is not None and not person.invitation.uses:
        person.invitation.expires_at = timezone.now()
        person.invitation.save(update_fields=["expires_at"])


def sealed_bytes(pool: Pool) -> bytes:
    """What is hashed: the salt of the pool, its targets, and each person as a number with a commitment and values."""
    people = list(pool.respondents.order_by("number"))
    salt = hashlib.sha256(b"".join(bytes(person.salt) for person in people)).hexdigest()
    targets = [{**each, "values": [_target(value) for value in each["values"]]} for each in pool.targets]
    rows = [[person.number, _commitment(person), *person.values] for person in people]
    return rfc8785.dumps({"v": 1, "salt": salt, "seats": pool.seats, "targets": targets, "people": rows})


def _target(value: dict[str, Any]) -> dict[str, Any]:
    return {name: value[name] for name in ("value", "min", "max")}


def _commitment(person: Respondent) -> str:
    """To who it is: shown the salt, this person can see that the number was theirs before the draw."""
    who = "\n".join((person.address.casefold(), person.reference))
    return hmac.new(bytes(person.salt), who.encode(), hashlib.sha256).hexdigest()


def _counts(pool: Pool) -> list[list[int]]:
    seated = pool.respondents.filter(standing__in=HAS_A_SEAT).values_list("number", flat=True)
    return lottery.counts_of(json.loads(bytes(pool.sealed)), seated)


def _named(pool: Pool, wider: list[list[int]]) -> list[dict[str, Any]]:
    return [
        {
            "category": pool.targets[place]["name"],
            **_target(pool.targets[place]["values"][i]),
            "to_min": least,
            "to_max": most,
        }
        for place, i, least, most in wider
    ]


def _taken(pool: Pool, state: PoolState) -> Pool:
    """The pool, kept from everybody else until this commits. Raises NotInThisState."""
    pool = Pool.objects.select_for_update().select_related("assembly").get(pk=pool.pk)
    if pool.state != state or pool.deleted_at is not None:
        raise NotInThisState
    return pool


def _hand_over(pool: Pool, state: PoolState) -> None:
    pool.state, pool.trouble, pool.done, pool.heard_at = state, {}, 0, timezone.now()
    pool.save()
    enqueue.lottery_on_commit(pool.pk)


def _give_back(pool: Pool, state: PoolState, trouble: dict[str, Any]) -> None:
    pool.state, pool.trouble = state, trouble
    pool.save(update_fields=["state", "trouble", "seed"])
    _announce(pool)


def _tell(pool: Pool, attempt: int) -> None:
    pool.done = attempt
    Pool.objects.filter(pk=pool.pk).update(done=attempt, heard_at=timezone.now())
    _announce(pool)


def _announce(pool: Pool) -> None:
    transaction.on_commit(lambda: live.announce(pool.assembly_id, TOPIC, version_now()), robust=True)
