"""The checkpoint of one of several replies that stream at once; each has its own, so that a crash loses none."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from chatui.conversation.events import Delta, ReasoningDelta, Started, TextDelta
from chatui.engine.recorder import CHECKPOINT_SECONDS
from chatui.storage.checkpoint import Checkpoint
from chatui.storage.errors import StorageError


class LaneCheckpoint:
    """Takes deltas at once and writes them, joined, in a thread of its own. `path` is `None` where nothing is kept.

    Methods return a sentence for the user where something could not be written, else `None`.
    """

    def __init__(self, path: Path | None) -> None:
        self._path = path
        self._checkpoint: Checkpoint | None = None
        self._started: Started | None = None
        """The reply whose checkpoint could not be begun yet."""
        self._late = ("", "")
        """Text and reasoning that came before it could."""
        self._waiting: list[Delta] = []
        self._timer: asyncio.TimerHandle | None = None
        self._thread = ThreadPoolExecutor(max_workers=1, thread_name_prefix="lane")

    async def begin(self, started: Started) -> str | None:
        """Put the head on disk."""
        path = self._path
        if path is None:
            return None

        def begin() -> None:
            self._started = started
            self._open(path)

        return await self._attempt(begin)

    def note(self, delta: Delta) -> None:
        """Take a delta; it is on disk within `CHECKPOINT_SECONDS` and the time of the write."""
        if self._path is None:
            return
        self._waiting.append(delta)
        if self._timer is None:
            self._timer = asyncio.get_running_loop().call_later(CHECKPOINT_SECONDS, self._flush)

    async def end(self, *, is_saved: bool) -> str | None:
        """Remove it once its reply is saved in the session, else leave it for the next start to adopt."""
        self._flush()

        def end() -> None:
            if self._checkpoint is not None and is_saved:
                self._checkpoint.remove()
            elif self._checkpoint is not None:
                self._checkpoint.close()

        problem = await self._attempt(end) if self._path is not None else None
        self._thread.shutdown(wait=False)
        return problem

    def _flush(self) -> None:
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None
        if self._waiting:
            text = "".join(delta.text for delta in self._waiting if isinstance(delta, TextDelta))
            reasoning = "".join(delta.text for delta in self._waiting if isinstance(delta, ReasoningDelta))
            self._waiting.clear()
            self._thread.submit(self._append, text, reasoning)

    def _open(self, path: Path) -> None:
        if self._started is not None:
            self._checkpoint = Checkpoint.open(path, self._started)
            self._started = None

    def _append(self, text: str, reasoning: str) -> None:
        try:
            if self._checkpoint is None and self._path is not None:
                self._late = (self._late[0] + text, self._late[1] + reasoning)
                self._open(self._path)
                (text, reasoning), self._late = self._late, ("", "")
            if self._checkpoint is not None:
                self._checkpoint.append(text=text, reasoning=reasoning)
        except StorageError:
            # The text is kept and comes with the next append; the save of the whole reply tells the trouble.
            return

    async def _attempt(self, job: Callable[[], None]) -> str | None:
        def attempt() -> str | None:
            try:
                job()
            except StorageError as error:
                return error.reason
            return None

        done = asyncio.get_running_loop().run_in_executor(self._thread, attempt)
        try:
            return await asyncio.shield(done)
        except asyncio.CancelledError:
            await asyncio.wait([done])
            raise
