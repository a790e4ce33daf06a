"""The recorder: puts what happens on disk, in order, in one thread, and never holds up the event loop."""

from __future__ import annotations

import asyncio
import itertools
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import TypeVar

from chatui.conversation.events import Retrying, Started
from chatui.conversation.message import Message, StoredMessage
from chatui.conversation.session import SessionHeader
from chatui.engine.attachments import Attachments
from chatui.engine.reply_checkpoint import Noted, ReplyCheckpoint
from chatui.engine.retry_timer import RetryTimer
from chatui.storage.checkpoint import Checkpoint, find_checkpoints
from chatui.storage.errors import StorageError
from chatui.storage.lock import SessionLock
from chatui.storage.session_file import SessionFile

CHECKPOINT_SECONDS = 0.25
"""How long a delta waits in memory at most, the write itself aside; half of what is promised."""

_T = TypeVar("_T")


class Recorder:
    """Writes one session. Its thread is the only one that touches the file; calls return when the disk has it.

    Methods return a sentence for the user where something could not be written or another program's version was kept
    aside, else `None`. What was not written stays in memory and is tried again, first after a second, then less often,
    with every save and on closing; when it is written at last, that is told through `tell`.
    Cancelling a call does not cancel its work: it is waited for, then the cancellation goes on.
    """

    def __init__(
        self,
        file: SessionFile,
        checkpoint_path: Path,
        lock: SessionLock,
        read_only_reason: str = "",
        *,
        is_kept: bool = True,
        attachments: Attachments | None = None,
    ) -> None:
        """`read_only_reason` says, in a sentence for the user, why nothing may be written; empty when it may.

        `is_kept` false writes nothing at all and finds nothing wrong with that: all stays in memory.
        """
        self.attachments = attachments or Attachments()
        """The images of its prompts."""
        self._file = file
        self._is_kept = is_kept
        self._lock = lock
        self._read_only_reason = read_only_reason
        self._checkpoint_path = checkpoint_path
        self._checkpoint = ReplyCheckpoint(self._open_checkpoint)
        self._older: list[StoredMessage] = []
        self.has_older = file.has_rest
        """Whether messages before the tail have not been given out."""
        self._waiting: list[Noted] = []
        """What came of the reply since the last write."""
        self._finished: list[Checkpoint] = []
        """Those of finished replies that the session could not take yet."""
        self._is_unsaved = self._is_refused = self._is_behind = self._is_closed = False
        self._retries = RetryTimer(self._try_again, lambda: self.has_unsaved, self._tell_saved)
        self.tell: Callable[[str], None] = lambda sentence: None
        """Takes sentences for the user that no call could return: that the disk took what it had refused."""
        self._problem: str | None = None
        self._flush_handle: asyncio.TimerHandle | None = None
        self._thread = ThreadPoolExecutor(max_workers=1, thread_name_prefix="recorder")

    @property
    def read_only_reason(self) -> str:
        """Why the session must not be written (a newer format, another chatui at it); empty when it may."""
        return self._read_only_reason or self._file.read_only_reason

    @property
    def is_reader(self) -> bool:
        """True where another chatui had the session when it was opened: then nothing is written, ever."""
        return bool(self._read_only_reason)

    async def is_changed_outside(self) -> bool:
        """True when somebody else changed the file and nothing waits to be saved here: then both need not be kept."""

        def look() -> bool:
            return not self._is_unsaved and self._file.is_changed_outside()

        return not self._is_closed and self._is_kept and await self._run(look)

    def lane_paths(self, count: int) -> list[Path | None]:
        """Where the checkpoints of so many replies at once go; `None` for each where nothing may be written."""
        if not self._is_kept or self.read_only_reason:
            return [None] * count
        path = self._file.path
        # Those of a crash were adopted on opening; one that could not be is not to be written over.
        taken = set(find_checkpoints(path))
        names = (path.with_name(f"{path.stem}.checkpoint-{number}.toml") for number in itertools.count(1))
        return list(itertools.islice((name for name in names if name not in taken), count))

    async def load_rest(self) -> list[StoredMessage]:
        """Read the messages before the tail; empty when all were given out. Raises StorageError."""
        if self._is_closed or not self.has_older:
            return []
        await self._run(self._read_rest)
        self.has_older = False
        older, self._older = self._older, []
        return older

    async def save_message(self, message: Message, header: SessionHeader) -> str | None:
        """Put a message and the header on disk, the message being the active leaf."""
        return await self._attempt(lambda: self._save(message, header, message.id)) if self._is_kept else None

    async def save_header(self, header: SessionHeader, active: str | None) -> str | None:
        """Put a changed header, or another active leaf, on disk."""
        return await self._attempt(lambda: self._save(None, header, active)) if self._is_kept else None

    async def begin_reply(self, started: Started) -> str | None:
        """Open the checkpoint of a reply. Returns once its head is on disk."""

        def begin() -> None:
            self._is_behind, self._problem = False, None
            try:
                self._checkpoint.begin(started)
            except StorageError:
                self._is_behind = True
                raise

        return await self._attempt(begin) if self._is_kept else None

    def note(self, event: Noted) -> None:
        """Take a delta or a retry; O(1). It is on disk within `CHECKPOINT_SECONDS` and the time of the write."""
        if not self._is_kept:
            return
        self._waiting.append(event)
        if self._flush_handle is not None:
            return
        if isinstance(event, Retrying):
            # Minutes may pass before a delta follows.
            self._flush()
        else:
            self._flush_handle = asyncio.get_running_loop().call_later(CHECKPOINT_SECONDS, self._flush)

    def take_problem(self) -> str | None:
        """Return why the deltas cannot be written, once; `None` when they are or when it was told."""
        problem, self._problem = self._problem, None
        return problem

    async def end_reply(self, message: Message, header: SessionHeader) -> str | None:
        """Put the finished reply into the session, then remove its checkpoint; if the save fails, that stays."""
        self._flush()

        def finish() -> str | None:
            if (checkpoint := self._checkpoint.end()) is not None:
                self._finished.append(checkpoint)
            self._is_behind = False
            try:
                return self._save(message, header, message.id)
            finally:
                for checkpoint in self._finished:
                    checkpoint.close()

        return await self._attempt(finish) if self._is_kept else None

    async def aclose(self) -> str | None:
        """Write what waits, let go of the files and stop the thread. Returns why what waited is lost, if it is.

        May be called more than once. The checkpoint of a reply that was not ended stays, for the next start to adopt.
        """
        if self._is_closed:
            return None
        self._is_closed = True
        self._flush()
        self._retries.cancel()

        def close() -> None:
            try:
                if self._is_unsaved:
                    self._write()
            finally:
                if (checkpoint := self._checkpoint.end()) is not None:
                    checkpoint.close()
                self._file.close()
                self._lock.release()

        problem = await self._attempt(close)
        self._thread.shutdown(wait=False)
        return None if self.read_only_reason else problem

    def _save(self, message: Message | None, header: SessionHeader, active: str | None) -> str | None:
        # In memory first: what the disk refuses now goes out with the next save.
        if message is not None:
            self._file.put(message)
        self._file.set_header(header)
        self._file.set_active(active)
        self._is_unsaved = True
        return self._write()

    def _write(self) -> str | None:
        if not self._is_kept:
            return None
        try:
            self._claim()
            # Saving reads the rest by itself, and what is read there would never reach the conversation.
            self._read_rest()
            notice = self._file.save()
        except StorageError:
            self._is_refused = True
            raise
        self._is_unsaved = self._is_refused = False
        finished, self._finished = self._finished, []
        for checkpoint in finished:
            checkpoint.remove()
        return notice

    def _read_rest(self) -> None:
        # Kept here until somebody takes it: whoever asked may have been cancelled meanwhile.
        if older := self._file.load_rest():
            self._older = older

    def _claim(self) -> None:
        if self.read_only_reason:
            raise StorageError(self._file.path, self.read_only_reason)
        # A new session has no file to lock out others from before its first write.
        if not self._lock.acquire():
            raise StorageError(self._lock.path, "Another chatui has this session open, so nothing was saved here.")

    def _flush(self) -> None:
        if self._flush_handle is not None:
            self._flush_handle.cancel()
            self._flush_handle = None
        if self._waiting:
            events, self._waiting = self._waiting, []
            done = asyncio.get_running_loop().run_in_executor(self._thread, self._append, events)
            done.add_done_callback(lambda _: self._retries.plan())

    def _append(self, events: Sequence[Noted]) -> None:
        try:
            self._checkpoint.write(events)
        except StorageError as error:
            # The text is kept and comes with the next append; told once for as long as it lasts.
            if not self._is_behind:
                self._problem = error.reason
            self._is_behind = True
        else:
            self._is_behind = False

    def _open_checkpoint(self, started: Started) -> Checkpoint:
        self._claim()
        return Checkpoint.open(self._checkpoint_path, started, self._finished)

    @property
    def has_unsaved(self) -> bool:
        """True while something waits for another try that the disk has refused; what is being saved does not count."""
        return (self._is_refused or self._is_behind) and not self._is_closed and not self.read_only_reason

    def _try_again(self) -> asyncio.Future[str | None]:
        def write() -> str | None:
            if self._is_behind:
                self._append(())
            try:
                return self._write() if self._is_refused else None
            except StorageError:
                # Told when it failed first.
                return None

        return asyncio.get_running_loop().run_in_executor(self._thread, write)

    def _tell_saved(self, notice: str | None) -> None:
        self.tell(notice or f"Saved again, nothing is missing: {self._file.path}")

    async def _attempt(self, job: Callable[[], str | None]) -> str | None:
        def attempt() -> str | None:
            try:
                return job()
            except StorageError as error:
                return error.reason

        problem = await self._run(attempt)
        self._retries.plan()
        return problem

    async def _run(self, job: Callable[[], _T]) -> _T:
        done = asyncio.get_running_loop().run_in_executor(self._thread, job)
        try:
            return await asyncio.shield(done)
        except asyncio.CancelledError:
            await asyncio.wait([done])
            raise
