"""The one e-mail address of an account: kept once its owner has shown that it is theirs, forgotten at their wish."""

from allauth.account.models import EmailAddress
from django.db import IntegrityError, transaction

from deliberation.actions.consenting import withdraw_consent
from deliberation.models import Account, Purpose


def keep_email(account: Account, email: str) -> bool:
    """In place of the one before. False if it has become somebody else's meanwhile."""
    try:
        with transaction.atomic():
            EmailAddress.objects.filter(user=account).delete()
            EmailAddress.objects.create(user=account, email=email, verified=True, primary=True)
            account.email = email
            account.save(update_fields=["email"])
    except IntegrityError:
        account.refresh_from_db(fields=["email"])
        return False
    return True


@transaction.atomic
def forget_email(account: Account) -> None:
    """Without an address there are no news by e-mail either."""
    EmailAddress.objects.filter(user=account).delete()
    account.letters.all().delete()
    account.email = None
    account.save(update_fields=["email"])
    for participant in account.participations.all():
        withdraw_consent(participant, Purpose.NEWS)
