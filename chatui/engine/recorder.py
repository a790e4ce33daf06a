"""The recorder: puts what happens on disk, in order, in one thread, and never holds up the event loop."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import TypeVar

from chatui.conversation.events import ReasoningDelta, Started, TextDelta
from chatui.conversation.message import Message, StoredMessage
from chatui.conversation.session import SessionHeader
from chatui.storage.checkpoint import Checkpoint
from chatui.storage.errors import StorageError
from chatui.storage.lock import SessionLock
from chatui.storage.session_file import SessionFile

CHECKPOINT_SECONDS = 0.25
"""How long a delta waits in memory at most, the write itself aside; half of what is promised."""

_T = TypeVar("_T")


class Recorder:
    """Writes one session. Its thread is the only one that touches the file; calls return when the disk has it.

    Methods return a sentence for the user where something could not be written or another program's version was kept
    aside, else `None`. What was not written stays in memory and goes out with the next save.
    """

    def __init__(self, file: SessionFile, checkpoint_path: Path, lock: SessionLock, *, is_kept: bool = True) -> None:
        """`is_kept` false writes nothing at all: what the file holds can be read, and the rest stays in memory."""
        self._file = file
        self._is_kept = is_kept
        self._lock = lock
        self._is_locked_out = not lock.is_held and file.path.exists()
        self._checkpoint_path = checkpoint_path
        self._checkpoint: Checkpoint | None = None
        self._text: list[str] = []
        self._reasoning: list[str] = []
        self._is_behind = False
        self._problem: str | None = None
        self._flush_handle: asyncio.TimerHandle | None = None
        self._thread = ThreadPoolExecutor(max_workers=1, thread_name_prefix="recorder")

    @property
    def is_read_only(self) -> bool:
        """True where the file must not be written: one of a newer format, or one that another chatui writes."""
        return self._is_locked_out or self._file.is_read_only

    async def load_rest(self) -> list[StoredMessage]:
        """Read the messages before the tail; empty when all are there. Raises StorageError."""
        return await self._run(self._file.load_rest)

    async def save_message(self, message: Message, header: SessionHeader) -> str | None:
        """Put a message and the header on disk, the message being the active leaf."""
        return await self._save(lambda: self._put(message, header))

    async def save_header(self, header: SessionHeader, active: str | None) -> str | None:
        """Put a changed header, or another active leaf, on disk."""

        def put() -> None:
            self._file.set_header(header)
            self._file.set_active(active)

        return await self._save(put)

    async def begin_reply(self, started: Started) -> str | None:
        """Open the checkpoint of a reply. Returns once its head is on disk."""
        if not self._is_kept:
            return None

        def open_checkpoint() -> str | None:
            self._take_lock()
            self._checkpoint = Checkpoint.open(self._checkpoint_path, started)
            return None

        return await self._attempt(open_checkpoint)

    def note_delta(self, delta: TextDelta | ReasoningDelta) -> None:
        """Take a delta; O(1). It is on disk within `CHECKPOINT_SECONDS` and the time of the write."""
        if not self._is_kept:
            return
        (self._text if isinstance(delta, TextDelta) else self._reasoning).append(delta.text)
        if self._flush_handle is None:
            loop = asyncio.get_running_loop()
            self._flush_handle = loop.call_later(CHECKPOINT_SECONDS, self._flush)

    def take_problem(self) -> str | None:
        """Return why the deltas cannot be written, once; `None` when they are or when it was told."""
        problem, self._problem = self._problem, None
        return problem

    async def end_reply(self, message: Message, header: SessionHeader) -> str | None:
        """Put the finished reply into the session, then remove its checkpoint; if the save fails, that stays."""
        if not self._is_kept:
            return None
        self._flush()

        def finish() -> str | None:
            self._put(message, header)
            notice = self._file.save()
            if self._checkpoint is not None:
                self._checkpoint.remove()
                self._checkpoint = None
            return notice

        return await self._attempt(finish)

    async def aclose(self) -> None:
        """Write what waits and stop the thread."""
        self._flush()

        def close() -> str | None:
            if self._checkpoint is not None:
                self._checkpoint.close()
                self._checkpoint = None
            self._file.close()
            self._lock.release()
            return None

        await self._attempt(close)
        self._thread.shutdown(wait=False)

    def _put(self, message: Message, header: SessionHeader) -> None:
        self._file.put(message)
        self._file.set_header(header)
        self._file.set_active(message.id)

    def _take_lock(self) -> None:
        # A new session has no file to lock out others from before its first write.
        if not self._lock.acquire():
            raise StorageError(self._lock.path, "Another chatui has this session open, so nothing was saved here.")

    async def _save(self, change: Callable[[], None]) -> str | None:
        if not self._is_kept:
            return None

        def save() -> str | None:
            self._take_lock()
            change()
            return self._file.save()

        return await self._attempt(save)

    def _flush(self) -> None:
        if self._flush_handle is not None:
            self._flush_handle.cancel()
            self._flush_handle = None
        if not self._text and not self._reasoning:
            return
        text, reasoning = "".join(self._text), "".join(self._reasoning)
        self._text.clear()
        self._reasoning.clear()
        self._thread.submit(self._append, text, reasoning)

    def _append(self, text: str, reasoning: str) -> None:
        if self._checkpoint is None:
            return
        try:
            self._checkpoint.append(text=text, reasoning=reasoning)
        except StorageError as error:
            # The checkpoint keeps the text and brings it with the next append; told once for as long as it lasts.
            if not self._is_behind:
                self._problem = error.reason
            self._is_behind = True
        else:
            self._is_behind = False

    async def _attempt(self, job: Callable[[], str | None]) -> str | None:
        try:
            return await self._run(job)
        except StorageError as error:
            return error.reason

    async def _run(self, job: Callable[[], _T]) -> _T:
        return await asyncio.get_running_loop().run_in_executor(self._thread, job)
