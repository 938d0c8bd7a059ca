"""E-mail is written in the transaction that causes it, and sent by a worker until the mail server has taken it."""

import logging
from datetime import timedelta
from smtplib import SMTPException

from django.core.mail import EmailMessage
from django.db import transaction
from django.utils import timezone

from deliberation import enqueue
from deliberation.models import Account, Letter, MailedInvitation

logger = logging.getLogger(__name__)

FIRST_PAUSE = timedelta(minutes=1)  # after an attempt that failed; it doubles, up to
LONGEST_PAUSE = timedelta(hours=2)


def post(
    to: str,
    subject: str,
    body: str,
    good_for: timedelta,
    *,
    account: Account | None = None,
    invitation: MailedInvitation | None = None,
    headers: dict[str, str] | None = None,
) -> Letter:
    """Have an e-mail sent once this transaction is committed; after `good_for` nobody tries any more."""
    letter = Letter.objects.create(
        to=to,
        subject=" ".join(subject.split())[:200],
        body=body,
        account=account,
        invitation=invitation,
        headers=headers or {},
        good_until=timezone.now() + good_for,
    )
    enqueue.letters_on_commit()
    return letter


def send_letters() -> int:
    """Send what waits; how many went. Several workers share the letters, and each letter is sent by one."""
    sent = 0
    while (went := _send_next()) is not None:
        sent += went
    return sent


@transaction.atomic
def _send_next() -> bool | None:
    """Whether the next letter went; None where none waits."""
    now = timezone.now()
    waiting = Letter.objects.select_for_update(skip_locked=True, of=("self",)).filter(not_before__lte=now)
    letter = waiting.first()
    if letter is None:
        return None
    if letter.good_until < now:
        _give_up(letter)
        return False
    try:
        EmailMessage(letter.subject, letter.body, to=[letter.to], headers=letter.headers).send()
    except (SMTPException, OSError) as error:
        _try_later(letter, error)
        return False
    MailedInvitation.objects.filter(letters=letter).update(sent_at=now, failed_at=None)
    letter.delete()
    return True


def _try_later(letter: Letter, error: Exception) -> None:
    logger.warning("letter %s did not go (%s); it is tried again", letter.pk, type(error).__name__)
    letter.attempts += 1
    letter.not_before = timezone.now() + min(FIRST_PAUSE * 2 ** (letter.attempts - 1), LONGEST_PAUSE)
    letter.save(update_fields=["attempts", "not_before"])


def _give_up(letter: Letter) -> None:
    MailedInvitation.objects.filter(letters=letter).update(failed_at=timezone.now())
    letter.delete()
