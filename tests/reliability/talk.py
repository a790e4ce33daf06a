"""A live session that talks to an endpoint at a scripted server: the whole way from bytes to the saved message."""

from __future__ import annotations

import asyncio
import tomllib
from collections.abc import AsyncGenerator, AsyncIterator, Callable, Mapping
from contextlib import aclosing, asynccontextmanager
from pathlib import Path
from typing import Any

from chatui.conversation.events import Event, Finished, Retrying
from chatui.conversation.message import Message
from chatui.engine.adaptations import Adaptations
from chatui.engine.live_session import LiveSession
from chatui.engine.memory import Memory
from chatui.engine.roster import Roster
from chatui.engine.sessions import SessionDefaults, Sessions
from chatui.providers.endpoint import Endpoint
from chatui.storage.paths import find_places
from chatui.storage.prompt_history import PromptHistory
from chatui.storage.shelf import Shelf
from tests.providers.work import make
from tests.sse_server import SSEServer

PATIENCE = 20.0
"""Seconds until a reply counts as hanging."""


class Talk:
    """One session, its endpoint, and its files."""

    def __init__(self, folder: Path, endpoint: Endpoint) -> None:
        self.folder = folder
        self.endpoint = endpoint
        places = find_places({"CHATUI_HOME": str(folder)}, folder)
        self.memory = Memory(places.state_file, PromptHistory(places.prompt_history))
        adaptations = Adaptations(self.memory.state.refused_fields, self.memory.remember_refused_field)
        self.roster = Roster({"work": endpoint}, ["work"], adaptations)
        self.sessions = Sessions(Shelf(places), self.roster, SessionDefaults("work/m"))
        self.live: LiveSession = self.sessions.make()
        self.events: list[Event] = []

    @property
    def saved(self) -> dict[str, Any]:
        """The last message as it lies in the file."""
        (path,) = (self.folder / "data" / "sessions").glob("*.toml")
        message: dict[str, Any] = tomllib.loads(path.read_text(encoding="utf-8"))["messages"][-1]
        return message

    @property
    def retries(self) -> list[Retrying]:
        """The waits of the last reply."""
        return [event for event in self.events if isinstance(event, Retrying)]

    async def ask(self, text: str = "hi", react: Callable[[Event], None] = lambda event: None) -> Message:
        """Send a prompt and return the reply that came of it; `react` sees every event as it comes."""
        return await self._collect(self.live.send(text), react)

    async def go_on(self) -> Message:
        """Continue the last reply and return what came of it."""
        return await self._collect(self.live.continue_reply(), lambda event: None)

    async def _collect(self, reply: AsyncGenerator[Event, None], react: Callable[[Event], None]) -> Message:
        self.events = []
        async with asyncio.timeout(PATIENCE), aclosing(reply) as events:
            async for event in events:
                self.events.append(event)
                react(event)
        (finished,) = [event for event in self.events if isinstance(event, Finished)]
        return finished.message

    async def reopened(self) -> Message:
        """The reply as another start reads it; the session is closed before."""
        again = self.sessions.open(self.live.header.id)
        reply = again.last_reply()
        await again.aclose()
        assert reply is not None
        return reply

    async def aclose(self) -> None:
        await self.live.aclose()
        await self.endpoint.aclose()


@asynccontextmanager
async def talk(
    server: SSEServer, folder: Path, environ: Mapping[str, str] | None = None, **settings: object
) -> AsyncIterator[Talk]:
    """A talk with an endpoint named `work` at the server. Retries wait no time, unless the settings say so."""
    chosen: dict[str, object] = {"initial_backoff": 0.0, "max_backoff": 0.0} | settings
    here = Talk(folder, make(server, environ, **chosen))
    try:
        yield here
    finally:
        await here.aclose()
