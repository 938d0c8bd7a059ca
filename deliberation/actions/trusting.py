"""Who does what in an assembly: roles given and taken, invitations made and revoked."""

from datetime import timedelta

from django.db import transaction
from django.db.models import F
from django.utils import timezone

from deliberation import record
from deliberation.actions.errors import LastFacilitator
from deliberation.models import Assembly, Invitation, Letter, Participant, Role, Route, hash_of_code, new_code
from deliberation.models.fields import new_public_id


@transaction.atomic
def give_roles(participant: Participant, roles: set[Role]) -> None:
    """Let somebody have exactly these roles. Raises LastFacilitator where nobody would be left to lead."""
    people = Participant.objects.select_for_update(no_key=True)
    leaders = people.filter(assembly=participant.assembly_id, roles__contains=[Role.FACILITATOR], account__isnull=False)
    if {each.pk for each in leaders} == {participant.pk} and Role.FACILITATOR not in roles:
        raise LastFacilitator
    participant.roles = sorted(roles)
    people.filter(pk=participant.pk).update(roles=participant.roles, role_changes=F("role_changes") + 1)
    participant.refresh_from_db(fields=["role_changes"])
    record.append(
        participant.assembly,
        type="roles",
        id=participant.public_id,
        n=participant.role_changes,
        content={"roles": participant.roles},
    )


@transaction.atomic
def invite(
    assembly: Assembly,
    roles: set[Role],
    good_for: timedelta,
    *,
    codes: int = 1,
    uses: int = 1,
    route: Route = Route.CODE,
) -> tuple[str, list[str]]:
    """Make invitations that are revoked together. Returns their batch and the codes, of which only hashes are kept."""
    batch, made = new_public_id(), [new_code() for _ in range(codes)]
    Invitation.objects.bulk_create(
        Invitation(
            assembly=assembly,
            batch=batch,
            code_hash=hash_of_code(code),
            roles=sorted(roles),
            route=route,
            most_uses=uses,
            expires_at=timezone.now() + good_for,
        )
        for code in made
    )
    content = {"codes": codes, "uses": uses, "roles": sorted(roles)}
    record.append(assembly, type="invite", id=batch, content=content)
    return batch, made


@transaction.atomic
def revoke(assembly: Assembly, batch: str) -> int:
    """Let nobody in with these codes from now on; who came in stays. Returns how many codes that were still good."""
    now = timezone.now()
    revoked = Invitation.objects.filter(assembly=assembly, batch=batch, expires_at__gt=now).update(expires_at=now)
    Letter.objects.filter(invitation__invitation__assembly=assembly, invitation__invitation__batch=batch).delete()
    if revoked:
        record.append(assembly, type="invite", id=batch, n=2, content={"revoked": revoked})
    return revoked
