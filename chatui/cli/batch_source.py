"""The prompts of a batch on their way into the event loop: read by a thread of their own, a few ahead."""

from __future__ import annotations

import asyncio
import concurrent.futures
from collections.abc import AsyncIterator, Iterator
from threading import Thread

from chatui.cli.workplace import WrongUse
from chatui.engine.batch import BatchItem

_AHEAD = 64
"""Prompts read before they are asked for: a pipe may be slow, and memory is not to grow."""
_AHEAD_BYTES = 64 * 1024 * 1024
"""What the images of those may come to, for one alone may have 20 MB; a larger prompt is read when none waits."""


class BatchSource(AsyncIterator[BatchItem]):
    """Iterates over the prompts. A slow pipe holds up nobody but those who wait for its next prompt."""

    def __init__(self, items: Iterator[BatchItem]) -> None:
        self._items = items
        self._loop = asyncio.get_running_loop()
        self._queue: asyncio.Queue[BatchItem | WrongUse | None] = asyncio.Queue(_AHEAD)
        self._bytes = 0
        self._room = asyncio.Event()
        # A daemon: one that waits for a pipe must not keep the program from ending.
        self._thread = Thread(target=self._read, name="batch input", daemon=True)
        self.is_over = False
        """True once all prompts have been read."""
        self.count = 0
        """Prompts read so far."""
        self._thread.start()

    def __aiter__(self) -> BatchSource:
        return self

    async def __anext__(self) -> BatchItem:
        """The next prompt. Raises WrongUse where the input cannot be read further."""
        item = await self._queue.get()
        if isinstance(item, BatchItem):
            self._bytes -= item.size
            self._room.set()
            return item
        # Whoever asks again hears the same.
        self._queue.put_nowait(item)
        if item is None:
            raise StopAsyncIteration
        raise item

    def _read(self) -> None:
        last: WrongUse | None = None
        try:
            for item in self._items:
                if not self._put(item):
                    return
                self.count = item.n
        except WrongUse as error:
            last = error
        except OSError as error:
            last = WrongUse(f"The prompts cannot be read further: {error.strerror or error}.")
        self.is_over = True
        self._put(last)

    def _put(self, item: BatchItem | WrongUse | None) -> bool:
        try:
            asyncio.run_coroutine_threadsafe(self._admit(item), self._loop).result()
        except (RuntimeError, concurrent.futures.CancelledError):
            # The loop is closed: nobody waits any more.
            return False
        return True

    async def _admit(self, item: BatchItem | WrongUse | None) -> None:
        if isinstance(item, BatchItem):
            while self._bytes and self._bytes + item.size > _AHEAD_BYTES:
                self._room.clear()
                await self._room.wait()
            self._bytes += item.size
        await self._queue.put(item)
