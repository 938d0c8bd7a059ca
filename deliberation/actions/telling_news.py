"""News by e-mail: once a day at most, to whoever asked for it, in their language, and only where there is some."""

from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.core import signing
from django.db import transaction
from django.db.models import Q, QuerySet
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from deliberation import locks
from deliberation.actions.consenting import withdraw_consent
from deliberation.actions.mailing import post
from deliberation.models import Account, Participant, Purpose
from deliberation.news import news_of

SALT = "stop the news"
GOOD_FOR = timedelta(hours=12)


def write_news() -> int:
    """Write today's letters; how many. Running it twice, or twice at once, writes no letter twice."""
    today = timezone.localtime().replace(hour=0, minute=0, second=0, microsecond=0)
    due = Account.objects.filter(Q(news_sent_at=None) | Q(news_sent_at__lt=today), email__isnull=False)
    wanting = due.filter(participations__in=Participant.objects.consenting_to(Purpose.NEWS)).distinct()
    return sum(_write_to(account_id, today) for account_id in wanting.values_list("pk", flat=True))


def stop_news(token: str) -> bool:
    """Withdraw every consent to news of the account that this link was made for; False if the link is not ours."""
    try:
        account_id = signing.loads(token, salt=SALT)
    except signing.BadSignature:
        return False
    for participant in _readers(account_id):
        withdraw_consent(participant, Purpose.NEWS)
    return True


def stop_token(account: Account) -> str:
    return signing.dumps(account.pk, salt=SALT)


@transaction.atomic
def _write_to(account_id: int, today: datetime) -> bool:
    if not locks.try_lock_until_commit(locks.TELLING_NEWS, account_id % 2**31):
        return False
    account = Account.objects.get(pk=account_id)
    if account.news_sent_at is not None and account.news_sent_at >= today:
        return False
    readers = list(_readers(account_id))
    with translation.override(readers[0].language if readers else None):
        told = [each for reader in readers if (each := _told(reader, account))]
        if not told:
            return False
        _post(account, told)
    account.news_sent_at = timezone.now()
    account.save(update_fields=["news_sent_at"])
    return True


def _readers(account_id: int) -> QuerySet[Participant]:
    wanting = Participant.objects.consenting_to(Purpose.NEWS).filter(account=account_id)
    return wanting.select_related("assembly", "last_visit").order_by("-joined_at")


def _told(reader: Participant, account: Account) -> dict[str, Any] | None:
    """What is new since they were last here or last told."""
    visit = getattr(reader, "last_visit", None)
    since = max(filter(None, [reader.joined_at, visit and visit.seen_at, account.news_sent_at]))
    news = news_of(reader, since, reader.language)
    return {"title": reader.assembly.text_in(reader.language).title, "news": news} if news else None


def _post(account: Account, told: list[dict[str, Any]]) -> None:
    stop = settings.BASE_URL + reverse("news_stop", args=[stop_token(account)])
    body = render_to_string("mail/news.txt", {"assemblies": told, "base": settings.BASE_URL, "stop": stop})
    # RFC 8058: the mail program offers to stop with one click.
    headers = {"List-Unsubscribe": f"<{stop}>", "List-Unsubscribe-Post": "List-Unsubscribe=One-Click"}
    subject = _("New in: %(titles)s") % {"titles": ", ".join(each["title"] for each in told)}
    post(account.email, subject, body, GOOD_FOR, account=account, headers=headers)
