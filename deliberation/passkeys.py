"""How allauth names this place and its people to a passkey. Nothing that tells who somebody is."""

from urllib.parse import urlsplit

from allauth.mfa.adapter import DefaultMFAAdapter
from django.conf import settings

from deliberation.models import Account


class PasskeyAdapter(DefaultMFAAdapter):
    def get_public_key_credential_rp_entity(self) -> dict[str, str]:
        return {"id": str(urlsplit(settings.BASE_URL).hostname), "name": "Majelis"}

    def get_public_key_credential_user_entity(self, user: Account) -> dict[str, object]:
        names = ", ".join(user.participations.order_by("joined_at").values_list("pseudonym", flat=True)) or "Majelis"
        return {**super().get_public_key_credential_user_entity(user), "display_name": names, "name": names}
