"""The only door to browsers.

`announce` says in Redis which topic of an assembly has a new version. In each web process the hub hears it, loads and
encodes that version once, and wakes the sockets of the assembly; each sends when it can, so that a slow reader skips
versions and never makes others wait. Nothing depends on a message arriving: a browser that missed one asks by HTTP.
"""

import asyncio
import json
import logging
from collections import defaultdict
from collections.abc import AsyncIterator, Callable, Iterable
from dataclasses import dataclass, field
from functools import cache

import redis.asyncio
from channels.db import database_sync_to_async
from django.conf import settings
from redis.exceptions import RedisError

from deliberation.analysis.running import now_in_milliseconds, session_of_now, told
from deliberation.models import ConsensusMap
from deliberation.redis_client import redis_client

logger = logging.getLogger(__name__)

CHANNEL = "live:"
MAP, PHASE, SESSION = "map", "phase", "session"


def announce(assembly_id: int, topic: str, version: int) -> None:
    """Tell every browser of the assembly that a topic has a new version. Call it on commit."""
    try:
        redis_client().publish(f"{CHANNEL}{assembly_id}", json.dumps([topic, version]))
    except RedisError as error:
        logger.warning("%s %s of assembly %s was not announced (%s)", topic, version, assembly_id, error)


def topic_of_drafting(public_id: str) -> str:
    """Steps of one drafting round; their number is the version."""
    return f"drafting-{public_id}"


def topic_of_rankings(public_id: str) -> str:
    """Answers to one drafting round: how many there are, never what they are."""
    return f"rankings-{public_id}"


@dataclass(frozen=True)
class News:
    """One version of a topic as it goes over the wire; results are left out for those who may not see them yet."""

    topic: str
    version: int
    full: str
    without_results: str


@dataclass(eq=False)
class Listener:
    """One socket's place in the hub: what it still has to be sent."""

    sees_results: bool
    map_shown: int | None = None  # the version its page shows, 0 where it waits for the first; None: it wants no maps
    pending: dict[str, News] = field(default_factory=dict)
    woken: asyncio.Event = field(default_factory=asyncio.Event)
    in_doubt: asyncio.Event = field(default_factory=asyncio.Event)

    def tell(self, news: News) -> None:
        if news.topic == MAP and (self.map_shown is None or news.version <= self.map_shown):
            return
        self.pending[news.topic] = news
        self.woken.set()

    def doubt(self) -> None:
        """The rules may have changed: show no results until somebody has looked again."""
        self.sees_results = False
        self.in_doubt.set()

    async def messages(self) -> AsyncIterator[str]:
        """The newest version of each topic, whenever there is one the socket has not been sent."""
        while True:
            await self.woken.wait()
            self.woken.clear()
            waiting, self.pending = self.pending, {}
            for news in waiting.values():
                text = news.full if self.sees_results else news.without_results
                yield stamped(text) if news.topic == SESSION else text


class Hub:
    """One subscription to Redis for all sockets of this process."""

    def __init__(self) -> None:
        self.listeners: dict[int, set[Listener]] = defaultdict(set)
        self.latest: dict[tuple[int, str], News] = {}
        self.subscription: asyncio.Task[None] | None = None

    async def join(self, assembly_id: int, listener: Listener) -> None:
        self.listeners[assembly_id].add(listener)
        if self.subscription is None or self.subscription.done():
            self.subscription = asyncio.create_task(self._stay_subscribed())
        await self._reload(assembly_id)
        self.tell_latest(assembly_id, listener)

    def tell_latest(self, assembly_id: int, listener: Listener) -> None:
        for (of, _), news in self.latest.items():
            if of == assembly_id:
                listener.tell(news)

    def leave(self, assembly_id: int, listener: Listener) -> None:
        self.listeners[assembly_id].discard(listener)
        if not self.listeners[assembly_id]:
            del self.listeners[assembly_id]
            for topic in LOADED:
                self.latest.pop((assembly_id, topic), None)

    async def _stay_subscribed(self) -> None:
        wait = 0.1
        while True:
            try:
                async with redis.asyncio.from_url(settings.REDIS_URL, decode_responses=True) as client:
                    pubsub = client.pubsub()
                    await pubsub.psubscribe(f"{CHANNEL}*")
                    for assembly_id in list(self.listeners):
                        await self._reload(assembly_id)
                    wait = 0.1
                    async for message in pubsub.listen():
                        if message["type"] == "pmessage":
                            await self._hear(
                                int(message["channel"].removeprefix(CHANNEL)), *json.loads(message["data"])
                            )
            except Exception as error:  # whatever broke, sockets stay open and the subscription comes back
                logger.warning("live updates paused (%s: %s)", type(error).__name__, error)
                await asyncio.sleep(wait)
                wait = min(wait * 2, 5)

    async def _hear(self, assembly_id: int, topic: str, version: int) -> None:
        if topic in LOADED:
            if assembly_id in self.listeners:
                await self._reload(assembly_id, topic)
            return
        if topic == PHASE:
            for listener in self.listeners.get(assembly_id, ()):
                listener.doubt()
        # Kept though nobody listens: a page may be on its way that was made just before, and asks for nothing else.
        self._publish(assembly_id, bare(topic, version))

    async def _reload(self, assembly_id: int, *topics: str) -> None:
        known = {topic: news.version for (of, topic), news in self.latest.items() if of == assembly_id}
        for news in await database_sync_to_async(newest_of)(assembly_id, topics or tuple(LOADED), known):
            self._publish(assembly_id, news)

    def _publish(self, assembly_id: int, news: News) -> None:
        known = self.latest.get((assembly_id, news.topic))
        if known is not None and known.version >= news.version:
            return
        self.latest[assembly_id, news.topic] = news
        for listener in self.listeners.get(assembly_id, ()):
            listener.tell(news)


def newest_map(assembly_id: int, after: int) -> News | None:
    """The current map, encoded for the wire, if it is newer than the version known."""
    newest = ConsensusMap.objects.filter(assembly=assembly_id, version__gt=after).first()
    if newest is None:
        return None
    message = {"topic": MAP, "version": newest.version}
    full = json.dumps({**message, "snapshot": newest.snapshot}, separators=(",", ":"))
    return News(MAP, newest.version, full, json.dumps(message))


def newest_session(assembly_id: int, after: int) -> News | None:
    """The session as it is now, encoded for the wire, if it changed since the version known."""
    session = session_of_now(assembly_id)
    if session is None or session.changes <= after:
        return None
    text = json.dumps({"topic": SESSION, **told(session)}, separators=(",", ":"))
    return News(SESSION, session.changes, text, text)


LOADED: dict[str, Callable[[int, int], News | None]] = {MAP: newest_map, SESSION: newest_session}


def newest_of(assembly_id: int, topics: Iterable[str], known: dict[str, int]) -> list[News]:
    """What is newer than the versions known."""
    found = (LOADED[topic](assembly_id, known.get(topic, 0)) for topic in topics)
    return [news for news in found if news is not None]


def stamped(text: str) -> str:
    """The same with the time at which it is sent, by which browsers count down whatever their own clocks say."""
    return f'{text[:-1]},"at":{now_in_milliseconds()}}}'


def bare(topic: str, version: int) -> News:
    text = json.dumps({"topic": topic, "version": version})
    return News(topic, version, text, text)


@cache
def hub() -> Hub:
    """This process's hub; a web process has one event loop."""
    return Hub()
