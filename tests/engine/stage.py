"""Live sessions on a real disk, with a provider that plays a script and clocks that stand still."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, Sequence
from contextlib import aclosing
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from chatui.conversation.events import Event, Finished, Loaded, SaveFailed
from chatui.conversation.message import Message, Status
from chatui.conversation.session import Session, SessionHeader
from chatui.engine.live_session import LiveSession
from chatui.engine.recorder import Recorder
from chatui.engine.roster import Roster
from chatui.engine.sessions import SessionDefaults, Sessions
from chatui.storage.checkpoint import checkpoint_path
from chatui.storage.paths import find_places
from chatui.storage.session_file import SessionFile
from chatui.storage.shelf import Shelf
from tests.engine.fake_provider import FakeProvider

NOW = datetime(2026, 11, 23, 10, 42, 33, tzinfo=UTC)
ID = "20261123-104233-k3f9"


@dataclass(slots=True)
class FakeClock:
    """Monotonic seconds that pass when told to."""

    now: float = 0.0

    def __call__(self) -> float:
        return self.now


class Stage:
    """One data folder and one provider."""

    def __init__(self, folder: Path, provider: FakeProvider) -> None:
        self.provider = provider
        self.places = find_places({"CHATUI_HOME": str(folder)}, folder)
        self.shelf = Shelf(self.places)
        self.roster = Roster({provider.name: provider}, [provider.name])
        self.sessions = Sessions(self.shelf, self.roster, SessionDefaults("fake/one"), now=lambda: NOW)
        self.path = self.shelf.new_session_path(ID)
        self.checkpoint = checkpoint_path(self.path)
        self.clock = FakeClock()
        self._live: list[LiveSession] = []

    def make(self) -> LiveSession:
        """A new session with the id `ID`."""
        header = SessionHeader(ID, NOW)
        recorder = Recorder(SessionFile.create(self.path, header), self.checkpoint, self.shelf.lock(ID))
        live = LiveSession(Session(header), recorder, self.roster, "fake/one", self.clock, lambda: NOW, lambda: 1.0)
        self._live.append(live)
        return live

    def open(self, session_id: str = ID) -> LiveSession:
        """Open a session as the app does."""
        live = self.sessions.open(session_id)
        self._live.append(live)
        return live

    def watch(self, live: LiveSession) -> None:
        """Close a session at the end that a test made itself."""
        self._live.append(live)

    def read(self) -> list[Message]:
        """All messages that are in the file, as another program reads them."""
        opened = self.shelf.open_session(ID, adopt=False)
        conversation = opened.session.conversation
        conversation.apply(Loaded(opened.file.load_rest()))
        return [conversation.message(message.id) for message in list(conversation)]

    def open_header(self) -> SessionHeader:
        """The header that is in the file."""
        with SessionFile.open(self.path) as file:
            return file.header

    async def aclose(self) -> None:
        for live in self._live:
            await live.aclose()


async def wait_for_writes(live: LiveSession) -> None:
    """Return when what was given to the recorder is on disk: its thread does one job after the other."""
    await live._recorder._run(lambda: None)


def messages_of(live: LiveSession) -> list[Message]:
    """All messages in memory."""
    return [live.conversation.message(message.id) for message in list(live.conversation)]


def last_message(live: LiveSession) -> Message:
    """The newest message in memory."""
    return messages_of(live)[-1]


async def collect(events: AsyncGenerator[Event, None]) -> list[Event]:
    """Consume a reply as the app does."""
    async with aclosing(events):
        return [event async for event in events]


def status_of(events: Sequence[Event]) -> Status:
    """The status that the one `Finished` among the events tells."""
    (finished,) = [event for event in events if isinstance(event, Finished)]
    return finished.message.status


def problems_of(events: Sequence[Event]) -> list[str]:
    """What was told to be unsaved."""
    return [event.reason for event in events if isinstance(event, SaveFailed)]


async def turn_loop() -> None:
    """Let everything run that can run at once."""
    for _ in range(20):
        await asyncio.sleep(0)
