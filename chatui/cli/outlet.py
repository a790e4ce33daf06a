"""Standard output, written by a thread of its own, so that a reader who is slow or gone holds up nothing else."""

from __future__ import annotations

import asyncio
import os
import select
from collections.abc import Callable
from queue import SimpleQueue
from threading import Thread


class Outlet:
    """Takes bytes at once and writes them in order; what comes in one burst goes out in one write."""

    def __init__(self, fd: int, on_broken: Callable[[], None]) -> None:
        """`on_broken` is called in the event loop when nobody reads any more."""
        self._fd = fd
        self._on_broken = on_broken
        self._loop = asyncio.get_running_loop()
        self._burst: list[bytes] = []
        self._queue: SimpleQueue[bytes | asyncio.Event] = SimpleQueue()
        # A daemon: one that is stuck in a write must not keep the program from ending.
        self._thread = Thread(target=self._run, name="outlet", daemon=True)
        self._thread.start()
        self.is_broken = False
        """True when the reader went away."""
        self.problem = ""
        """Why not all could be written, a part of a sentence; empty while it can."""

    def write(self, data: bytes) -> None:
        """Take bytes; they go out when the loop next has nothing to do."""
        if not data:
            return
        if not self._burst:
            self._loop.call_soon(self._send_burst)
        self._burst.append(data)

    async def drain(self, seconds: float) -> bool:
        """Wait until all is written, or has failed; return false when that takes longer than `seconds`."""
        self._send_burst()
        is_written = asyncio.Event()
        self._queue.put(is_written)
        try:
            async with asyncio.timeout(seconds):
                await is_written.wait()
        except TimeoutError:
            return False
        return True

    def _send_burst(self) -> None:
        if self._burst:
            self._queue.put(b"".join(self._burst))
            self._burst.clear()

    def _run(self) -> None:
        while True:
            item = self._queue.get()
            if isinstance(item, asyncio.Event):
                self._call(item.set)
            elif not self.is_broken and not self.problem:
                self._write(item)

    def _write(self, data: bytes) -> None:
        rest = memoryview(data)
        while rest:
            try:
                rest = rest[os.write(self._fd, rest) :]
            except BlockingIOError:
                # Another program that shares the terminal may have made it non-blocking.
                select.select((), (self._fd,), ())
            except BrokenPipeError:
                self.is_broken = True
                self._call(self._on_broken)
                return
            except OSError as error:
                self.problem = error.strerror or str(error)
                return

    def _call(self, callback: Callable[[], None]) -> None:
        try:
            self._loop.call_soon_threadsafe(callback)
        except RuntimeError:
            # The loop is closed: nobody waits any more.
            return
