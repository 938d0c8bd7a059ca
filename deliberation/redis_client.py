from functools import cache

from django.conf import settings
from redis import Redis


@cache
def redis_client() -> Redis:
    """This process's connections to Redis. Whatever they carry, the database can tell again."""
    return Redis.from_url(settings.REDIS_URL, socket_timeout=1, socket_connect_timeout=1, decode_responses=True)
