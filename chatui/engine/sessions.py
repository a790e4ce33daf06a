"""Opening sessions: from the shelf on disk to a live one."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime

from chatui.conversation.session import Session, SessionHeader, make_session_id
from chatui.engine.live_session import LiveSession
from chatui.engine.recorder import Recorder
from chatui.engine.roster import Roster
from chatui.storage.session_file import SessionFile
from chatui.storage.shelf import SessionSummary, Shelf


@dataclass(frozen=True, slots=True)
class SessionDefaults:
    """What a new session starts with."""

    model: str
    """`provider/model`."""
    system: str = ""
    params: Mapping[str, object] = field(default_factory=dict)


class Sessions:
    """Makes, opens and lists sessions. Whoever opens one closes it with `LiveSession.aclose`."""

    def __init__(
        self,
        shelf: Shelf,
        roster: Roster,
        defaults: SessionDefaults,
        now: Callable[[], datetime] = lambda: datetime.now(UTC),
    ) -> None:
        self._shelf = shelf
        self._roster = roster
        self._now = now
        self.defaults = defaults
        """May be replaced when the model of new sessions changes."""

    def make(self, session_id: str | None = None) -> LiveSession:
        """Make a new session. Nothing is on disk until its first prompt. Raises StorageError for an id that is no name."""
        created = self._now()
        header = SessionHeader(
            id=session_id or make_session_id(created),
            created=created,
            system=self.defaults.system,
            params=dict(self.defaults.params),
        )
        file = SessionFile.create(self._shelf.session_path(header.id), header)
        return self._bring_to_life(Session(header), file)

    def open(self, session_id: str) -> LiveSession:
        """Open a session by its id: header and tail only, see `LiveSession.load_older`. Raises StorageError."""
        opened = self._shelf.open_session(session_id)
        return self._bring_to_life(opened.session, opened.file)

    def find(self, text: str) -> LiveSession:
        """Open the session that an id, the start of one, or a title names. Raises StorageError, naming candidates."""
        return self.open(self._shelf.find(text).id)

    def open_or_make(self, name: str) -> LiveSession:
        """Open the session of that name, or make it. Raises StorageError for a name that cannot be one."""
        session_id = self._shelf.session_id_for(name)
        return self.open(session_id) if self._shelf.has(session_id) else self.make(session_id)

    def open_latest(self) -> LiveSession | None:
        """Open the session written last; `None` when there is none. Raises StorageError."""
        latest = self._shelf.latest()
        return None if latest is None else self.open(latest.id)

    async def list(self) -> Sequence[SessionSummary]:
        """List all sessions, newest first, damaged ones with their problem. Reads in a thread."""
        return await asyncio.to_thread(self._shelf.list_sessions)

    async def delete(self, session_id: str) -> None:
        """Move a session to the trash. Raises StorageError."""
        await asyncio.to_thread(self._shelf.delete, session_id)

    async def restore(self, session_id: str) -> None:
        """Bring a session back from the trash. Raises StorageError."""
        await asyncio.to_thread(self._shelf.restore, session_id)

    def _bring_to_life(self, session: Session, file: SessionFile) -> LiveSession:
        recorder = Recorder(file, self._shelf.checkpoint_path(session.header.id))
        return LiveSession(session, recorder, self._roster, self.defaults.model)
