from django.db import IntegrityError, transaction
from django.db.models import F
from django.utils import timezone

from deliberation import record
from deliberation.actions.consenting import consent, withdraw_consent
from deliberation.actions.drawing import confirm_seat_of
from deliberation.actions.errors import CodeExpired, CodeUnknown, CodeUsedUp, JoiningClosed, PseudonymTaken
from deliberation.actions.helping import begin_helping
from deliberation.actions.inviting import forget_address
from deliberation.actions.trusting import give_roles
from deliberation.models import Account, Assembly, Invitation, Participant, Purpose, Role, Route, hash_of_code, new_code
from deliberation.record.receipts import promise_signer


def join(
    assembly: Assembly,
    pseudonym: str,
    language: str,
    *,
    account: Account | None = None,
    invitation: Invitation | None = None,
    route: Route = Route.LINK,
    purposes: set[Purpose] = frozenset({Purpose.TAKE_PART}),
    helper: Participant | None = None,
) -> tuple[Participant, str]:
    """Make a participant, with an account if they have none. Returns also the code to come back with.

    `helper` enters this for somebody without a device; a facilitator lets in anybody whom they could invite. Raises
    JoiningClosed, PseudonymTaken, CodeUsedUp.
    """
    lets_in = assembly.is_open or (helper is not None and helper.is_facilitator)
    if assembly.archived_at is not None or (invitation is None and not lets_in):
        raise JoiningClosed
    code = new_code()
    try:
        with transaction.atomic():
            if invitation is not None:
                _use(invitation)
            participant = Participant.objects.create(
                assembly=assembly,
                account=account or Account.objects.create(),
                pseudonym=pseudonym,
                language=language,
                roles=invitation.roles if invitation else [],
                route=invitation.route if invitation else route,
                recovery_hash=hash_of_code(code),
            )
            if helper is not None:
                participant.helping = begin_helping(helper, participant)
            # With the key that signs what they are promised from here on: it cannot be disowned later.
            content = {"route": participant.route, "promises": promise_signer(assembly).verifier_key}
            record.append(assembly, type="enrol", id=participant.public_id, content=content, by=participant)
            consent(participant, set(purposes))
            if invitation is not None:
                forget_address(invitation)
                confirm_seat_of(invitation)
    except IntegrityError as error:
        if "one_participant_a_pseudonym" in str(error):
            raise PseudonymTaken from error
        raise
    return participant, code


def find_invitation(code: str) -> Invitation:
    """The invitation that this code opens. Raises CodeUnknown, CodeExpired, CodeUsedUp."""
    invitation = Invitation.objects.select_related("assembly").filter(code_hash=hash_of_code(code)).first()
    if invitation is None:
        raise CodeUnknown
    if invitation.expires_at < timezone.now() or invitation.assembly.archived_at is not None:
        raise CodeExpired
    if invitation.uses >= invitation.most_uses:
        raise CodeUsedUp
    return invitation


def find_returning(code: str) -> Participant:
    """The participant who was given this code when joining. Raises CodeUnknown."""
    found = Participant.objects.select_related("account", "assembly").filter(recovery_hash=hash_of_code(code)).first()
    if found is None or found.account is None:
        raise CodeUnknown
    return found


def take_over(participant: Participant) -> None:
    """They came with their own code: nobody enters anything for them any more, unless they allow it again."""
    withdraw_consent(participant, Purpose.HELP)


def renew_code(participant: Participant) -> str:
    """Give somebody who takes part another code to come back with; the one before is good no longer."""
    code = new_code()
    participant.recovery_hash = hash_of_code(code)
    participant.save(update_fields=["recovery_hash"])
    return code


def add_roles(participant: Participant, invitation: Invitation) -> None:
    """Give somebody who already takes part the roles of an invitation. Raises CodeUsedUp."""
    with transaction.atomic():
        _use(invitation)
        give_roles(participant, {*map(Role, participant.roles), *map(Role, invitation.roles)})


def _use(invitation: Invitation) -> None:
    free = Invitation.objects.filter(pk=invitation.pk, uses__lt=F("most_uses"), expires_at__gte=timezone.now())
    if not free.update(uses=F("uses") + 1):
        raise CodeUsedUp
