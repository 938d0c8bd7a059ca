import asyncio
import contextlib
from urllib.parse import parse_qs

from channels.db import database_sync_to_async
from channels.generic.websocket import AsyncWebsocketConsumer

from deliberation import live, visibility
from deliberation.models import Assembly, Participant

RECHECK_SECONDS = 300
LARGEST_FRAME = 256
LONGEST_VERSION = 9  # digits


class AssemblyConsumer(AsyncWebsocketConsumer):
    """A browser that watches an assembly: authorise, join the hub, relay. Nothing is written over a socket."""

    async def connect(self) -> None:
        self.listener: live.Listener | None = None
        seen = await self.what_is_seen()
        if seen is None:
            await self.close(code=4404)
            return
        self.assembly_id, sees_results = seen
        await self.accept()
        self.listener = live.Listener(sees_results, map_shown_on(self.scope["query_string"]))
        self.tasks = [asyncio.create_task(self.relay()), asyncio.create_task(self.recheck())]
        await live.hub().join(self.assembly_id, self.listener)

    async def relay(self) -> None:
        async for message in self.listener.messages():
            await self.send(text_data=message)

    async def recheck(self) -> None:
        """What somebody may see changes while they watch: a phase closes, a participant leaves."""
        while True:
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(self.listener.in_doubt.wait(), RECHECK_SECONDS)
            self.listener.in_doubt.clear()
            seen = await self.what_is_seen()
            if seen is None:
                await self.close(code=4404)
                return
            if seen[1] and not self.listener.sees_results:
                live.hub().tell_latest(self.assembly_id, self.listener)
            self.listener.sees_results = seen[1]

    async def receive(self, text_data: str | None = None, bytes_data: bytes | None = None) -> None:
        if len(text_data or bytes_data or "") > LARGEST_FRAME:
            await self.close(code=1009)

    async def disconnect(self, code: int) -> None:
        if self.listener is None:
            return
        live.hub().leave(self.assembly_id, self.listener)
        for task in self.tasks:
            task.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await task

    @database_sync_to_async
    def what_is_seen(self) -> tuple[int, bool] | None:
        """The assembly and whether its results are shown to this person; None if there is no such assembly."""
        assembly = Assembly.objects.filter(slug=self.scope["url_route"]["kwargs"]["slug"]).first()
        if assembly is None:
            return None
        participant = Participant.objects.of(assembly, self.scope["user"])
        return assembly.pk, visibility.results_for(assembly, participant).shown


def map_shown_on(query: bytes) -> int | None:
    """The version of the map that the page has already: ?map=12. Pages without a map say nothing of it."""
    said = parse_qs(query.decode("ascii", "replace")).get("map", [""])[-1]
    return int(said) if said.isdecimal() and said.isascii() and len(said) <= LONGEST_VERSION else None
