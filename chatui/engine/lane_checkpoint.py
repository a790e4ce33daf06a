"""The checkpoint of one of several replies that stream at once; each has its own, so that a crash loses none."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from pathlib import Path

from chatui.conversation.events import Retrying, Started
from chatui.engine.recorder import CHECKPOINT_SECONDS
from chatui.engine.reply_checkpoint import Noted, ReplyCheckpoint
from chatui.storage.checkpoint import Checkpoint
from chatui.storage.errors import StorageError


class LaneCheckpoint:
    """Takes deltas at once and writes them, joined, in a thread of its own. `path` is `None` where nothing is kept.

    Methods return a sentence for the user where something could not be written, else `None`.
    """

    def __init__(self, path: Path | None) -> None:
        self._checkpoint = None if path is None else ReplyCheckpoint(partial(Checkpoint.open, path))
        self._waiting: list[Noted] = []
        self._timer: asyncio.TimerHandle | None = None
        self._thread = ThreadPoolExecutor(max_workers=1, thread_name_prefix="lane")

    async def begin(self, started: Started) -> str | None:
        """Put the head on disk."""
        checkpoint = self._checkpoint
        return None if checkpoint is None else await self._attempt(lambda: checkpoint.begin(started))

    def note(self, event: Noted) -> None:
        """Take a delta or a retry; it is on disk within `CHECKPOINT_SECONDS` and the time of the write."""
        if self._checkpoint is None:
            return
        self._waiting.append(event)
        if isinstance(event, Retrying):
            # Minutes may pass before a delta follows.
            self._flush()
        elif self._timer is None:
            self._timer = asyncio.get_running_loop().call_later(CHECKPOINT_SECONDS, self._flush)

    async def end(self, *, is_saved: bool) -> str | None:
        """Remove it once its reply is saved in the session, else leave it for the next start to adopt."""
        self._flush()
        growing = self._checkpoint

        def end(growing: ReplyCheckpoint) -> None:
            checkpoint = growing.end()
            if checkpoint is not None and is_saved:
                checkpoint.remove()
            elif checkpoint is not None:
                checkpoint.close()

        problem = None if growing is None else await self._attempt(partial(end, growing))
        self._thread.shutdown(wait=False)
        return problem

    def _flush(self) -> None:
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None
        if self._waiting and self._checkpoint is not None:
            events, self._waiting = self._waiting, []
            self._thread.submit(self._append, self._checkpoint, events)

    def _append(self, checkpoint: ReplyCheckpoint, events: Sequence[Noted]) -> None:
        try:
            checkpoint.write(events)
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
