"""Opening sessions: from the shelf on disk to a live one."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime

from chatui.conversation.conversation import Conversation
from chatui.conversation.session import Session, SessionHeader, make_session_id
from chatui.engine.attachments import Attachments
from chatui.engine.live_session import LiveSession
from chatui.engine.recorder import Recorder
from chatui.engine.roster import Roster
from chatui.engine.session_watch import SessionWatch
from chatui.engine.text_search import Said, find_said, take_step
from chatui.storage.checkpoint import COPIED_MESSAGE, checkpoint_path
from chatui.storage.errors import StorageError
from chatui.storage.lock import SessionLock
from chatui.storage.session_file import SessionFile
from chatui.storage.session_summary import SessionSummary
from chatui.storage.shelf import Shelf

_FIRST_BATCH = 50
"""Sessions that fill a screen."""
_NEXT_BATCH = 200


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
        self._defaults = defaults
        self._now = now

    def make(self, session_id: str | None = None, *, is_kept: bool = True) -> LiveSession:
        """Make a new session. Raises StorageError for an id that is none.

        But for its lock nothing is on disk until its first prompt. One whose id is given may be made by another chatui
        at the same time: the later one can only be read. One that is not kept never writes anything.
        """
        created = self._now()
        obstacle = ""
        if session_id is None:
            session_id, lock = self._reserve_id(created, is_kept=is_kept)
        else:
            lock = self._shelf.lock(session_id)
            obstacle = _try_lock(lock) if is_kept else ""
        header = SessionHeader(
            id=session_id, created=created, system=self._defaults.system, params=dict(self._defaults.params)
        )
        file = SessionFile.create(self._shelf.new_session_path(header.id), header)
        return self._bring_to_life(Session(header), file, lock, obstacle, is_kept=is_kept)

    def open(self, session_id: str, *, is_kept: bool = True) -> LiveSession:
        """Open a session by its id: header and tail only, see `LiveSession.load_older`. Raises StorageError.

        One that another chatui writes is opened for reading only. One that is not kept goes on in memory, and its file
        stays as it is.
        """
        lock = self._shelf.lock(session_id)
        obstacle = _try_lock(lock) if is_kept else ""
        try:
            opened = self._shelf.open_session(session_id, adopt=is_kept and not obstacle)
        except StorageError:
            lock.release()
            raise
        notices = list(opened.notices)
        if opened.adopted:
            notices.append(_tell_adopted(opened.session.conversation))
        return self._bring_to_life(opened.session, opened.file, lock, obstacle, notices, is_kept=is_kept)

    def find_id(self, text: str) -> str:
        """The id of the session that an id, its start, or a title names. Raises StorageError for none or many."""
        return self._shelf.find(text).id

    def open_or_make(self, name: str, *, is_kept: bool = True) -> LiveSession:
        """Open the session of that name, or make it. Raises StorageError for a name that cannot be one."""
        session_id = self._shelf.id_for(name)
        is_there = self._shelf.has(session_id)
        return self.open(session_id, is_kept=is_kept) if is_there else self.make(session_id, is_kept=is_kept)

    def open_latest(self, *, is_kept: bool = True) -> LiveSession | None:
        """Open the session written last; `None` when there is none. Raises StorageError."""
        latest = self._shelf.latest()
        return None if latest is None else self.open(latest.id, is_kept=is_kept)

    async def list(self) -> Sequence[SessionSummary]:
        """List all sessions, newest first, damaged ones with their problem. Reads in a thread."""
        return await asyncio.to_thread(self._shelf.list_sessions)

    def watch(self, live: LiveSession) -> SessionWatch:
        """Watch the file of an open session for what others make of it."""
        return SessionWatch(live, self._shelf)

    async def fork(self, session_id: str) -> str:
        """Copy a session under a new id, as it is on the disk, and return that. Raises StorageError."""

        def copy() -> str:
            new_id, lock = self._reserve_id(self._now())
            try:
                self._shelf.copy(session_id, new_id)
            finally:
                lock.release()
            return new_id

        return await asyncio.to_thread(copy)

    async def list_trash(self) -> Sequence[SessionSummary]:
        """List the deleted sessions, newest first. Reads in a thread. Raises StorageError."""
        return await asyncio.to_thread(self._shelf.list_trash)

    async def restore(self, session_id: str) -> None:
        """Bring a session back from the trash. Raises StorageError."""
        await asyncio.to_thread(self._shelf.restore, session_id)

    async def empty_trash(self) -> int:
        """Delete what is in the trash for good; returns how many files that were. Raises StorageError."""
        return await asyncio.to_thread(self._shelf.empty_trash)

    async def list_in_batches(self) -> AsyncGenerator[Sequence[SessionSummary], None]:
        """List all sessions as `list` does, in the same order: first what fills a screen, then the others.

        At least one batch comes, if an empty one. Raises StorageError. Consume it under `aclosing`.
        """
        names = await asyncio.to_thread(self._shelf.session_names)
        start, end = 0, _FIRST_BATCH
        while start == 0 or start < len(names):
            yield await asyncio.to_thread(self._shelf.summarize_names, names[start:end])
            start, end = end, end + _NEXT_BATCH

    async def find_said(self, words: Sequence[str]) -> AsyncGenerator[Sequence[Said], None]:
        """Find the sessions in a message of which all words stand, newest first, in small steps in a thread.

        An empty list comes where a step found nothing. Raises StorageError. Consume it under `aclosing`.
        """
        search = find_said(self._shelf, words)
        is_over = False
        while not is_over:
            found, is_over = await asyncio.to_thread(take_step, search)
            yield found

    async def delete(self, session_id: str) -> None:
        """Move a session to the trash. Raises StorageError, also while another chatui has it open."""

        def delete() -> None:
            lock = self._shelf.lock(session_id)
            if not lock.acquire():
                raise StorageError(lock.path, "Another chatui has this session open; close it there first.")
            try:
                self._shelf.delete(session_id)
            finally:
                lock.release()

        await asyncio.to_thread(delete)

    def _reserve_id(self, created: datetime, *, is_kept: bool = True) -> tuple[str, SessionLock]:
        """Make an id that nothing here has, and take its lock: another chatui of the same second gets another one."""
        while True:
            session_id = make_session_id(created)
            lock = self._shelf.lock(session_id)
            try:
                if not is_kept:
                    return session_id, lock
                if lock.acquire():
                    if not self._shelf.has(session_id):
                        return session_id, lock
                    lock.release()
            except StorageError:
                # What is the matter with the disk is told, and tried again, by the first save.
                return session_id, lock

    def _bring_to_life(
        self,
        session: Session,
        file: SessionFile,
        lock: SessionLock,
        obstacle: str,
        notices: Sequence[str] = (),
        *,
        is_kept: bool,
    ) -> LiveSession:
        attachments = Attachments(self._shelf.places.attachments, is_kept=is_kept and not obstacle)
        checkpoint = checkpoint_path(file.path)
        recorder = Recorder(file, checkpoint, lock, obstacle, is_kept=is_kept, attachments=attachments)
        told = (*notices, recorder.read_only_reason) if recorder.read_only_reason and is_kept else notices
        return LiveSession(session, recorder, self._roster, self._defaults.model, notices=told)


def _tell_adopted(conversation: Conversation) -> str:
    """Say why the reply that was brought back is not whole."""
    reply = conversation.message(conversation.active) if conversation.active is not None else None
    is_copy = reply is not None and reply.failure is not None and reply.failure.message == COPIED_MESSAGE
    if is_copy:
        return "The last reply still streams in the other one; what had come of it is here."
    return "The last reply was cut when chatui ended; what had come of it is here."


def _try_lock(lock: SessionLock) -> str:
    """Take the lock, so that nobody else writes the session; returns why not, in a sentence for the user."""
    try:
        is_ours = lock.acquire()
    except StorageError as error:
        return error.reason
    return "" if is_ours else "Another chatui has this session open, so it can only be read here."
