"""How often one person may do something. Never by address alone: a whole room sits behind one."""

import logging
from collections.abc import Callable
from functools import cache, wraps

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext as _
from limits import RateLimitItem, parse
from limits.storage import MemoryStorage, Storage, storage_from_string
from limits.strategies import MovingWindowRateLimiter
from redis.exceptions import RedisError

from deliberation.views.errors import show_error, typed
from deliberation.views.page import Visit

logger = logging.getLogger(__name__)


def limited(activity: str, rate: str) -> Callable:
    """Allow each person this rate of an activity; with Redis away each process counts for itself."""
    allowed = parse(rate)

    def decorate(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
        @wraps(view)
        def counted(visit: Visit | HttpRequest, *args: object, **kwargs: object) -> HttpResponse:
            request = visit.request if isinstance(visit, Visit) else visit
            if request.method == "POST" and not _within(allowed, activity, _who(request)):
                return too_often(request)
            return view(visit, *args, **kwargs)

        return counted

    return decorate


def too_often(request: HttpRequest) -> HttpResponse:
    return show_error(
        request,
        429,
        _("A little slower, please"),
        _("This came faster than a person can read, so it was not kept."),
        _("Wait a moment, go back and try again."),
        kept=typed(request),
    )


def _who(request: HttpRequest) -> str:
    if request.user.is_authenticated:
        return f"account:{request.user.pk}"
    if not request.session.session_key:
        request.session.create()
    return f"session:{request.session.session_key}"


def within(activity: str, rate: str, who: str) -> bool:
    """Whether somebody, named by `who`, may do this once more now; for what is not counted by session."""
    return _within(parse(rate), activity, who)


def _within(allowed: RateLimitItem, activity: str, who: str) -> bool:
    nobody = salted_hmac("rate limits", who).hexdigest()  # an address or a session's key is nothing to keep in Redis
    try:
        return MovingWindowRateLimiter(_shared()).hit(allowed, activity, nobody)
    except RedisError as error:
        logger.warning("counting %s in this process alone (%s)", activity, error)
        return MovingWindowRateLimiter(_own()).hit(allowed, activity, nobody)


@cache
def _shared() -> Storage:
    address = settings.REDIS_URL.replace("unix://", "redis+unix://", 1)
    return storage_from_string(address, socket_timeout=1, socket_connect_timeout=1)


@cache
def _own() -> MemoryStorage:
    return MemoryStorage()
