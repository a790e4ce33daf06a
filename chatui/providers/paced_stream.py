"""A connection read with a pause between reads, so that a fast server does not wake the program for each event."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable, Mapping

from chatui.providers.chunk_joiner import ChunkJoiner

PACE_SECONDS = 0.038
"""Between two reads of a connection that brings events faster than one by one. The screen follows a flood 30 times a
second at most: a little less often, so that each read finds it ready."""
SINGLE_PER_SECOND = 250.0
"""So many events a second are read one by one, each as soon as it is here."""
_BURST = 16.0
"""Events above that speed which are still read at once."""
_EVENT = b"data:"
"""What an event has once; in other bodies, counting it costs nothing and finds little."""

Read = Callable[[int, float | None], Awaitable[bytes]]
"""Takes the most bytes to return, and a timeout in seconds; the `read` of httpcore's `AsyncNetworkStream`."""

Write = Callable[[bytes, float | None], Awaitable[None]]
"""Takes the bytes, and a timeout in seconds; the `write` of httpcore's `AsyncNetworkStream`."""


class PacedStream:
    """Reads and writes of one connection. While much comes there is a pause between reads: the kernel gathers.

    Being woken costs far more than the bytes: a server that sends 1,000 events per second would take a sixth of a CPU.
    At the speed of reading, and after a silence, nothing waits; nor while there is more than one read can take.
    """

    def __init__(self, read: Read, write: Write, *, is_sealed: bool = False) -> None:
        """`is_sealed` says that it is TLS: there a read gives one record, often one event, however many are here."""
        self.deadline: float | None = None
        """When a read that waits raises TimeoutError, by the monotonic clock."""
        self._read = read
        self._write = write
        self._is_sealed = is_sealed
        self._joiner = ChunkJoiner()
        self._not_before = 0.0
        self._read_at = 0.0
        self._level = 0.0
        """Events that came above the speed at which each is read by itself: a bucket that leaks."""

    async def read(self, max_bytes: int, timeout: float | None = None) -> bytes:  # noqa: ASYNC109 - httpcore's
        """Read as the stream does that this stands in for."""
        now = time.monotonic()
        async with asyncio.timeout(None if self.deadline is None else self.deadline - now):
            while True:
                if has_paused := self._not_before > now:
                    await asyncio.sleep(self._not_before - now)
                data, has_waited = await self._take(max_bytes, timeout)
                now = time.monotonic()
                # The first read after a pause brings in all records that gathered; they are there for the next ones.
                is_drained = has_waited and not has_paused if self._is_sealed else len(data) < max_bytes
                self._plan_next(data, now, is_drained=is_drained)
                joined = self._joiner.feed(data)
                if joined or not data:
                    return joined

    async def write(self, buffer: bytes, timeout: float | None = None) -> None:  # noqa: ASYNC109 - httpcore's
        """Write as the stream does that this stands in for."""
        self._joiner.begin()
        await self._write(buffer, timeout)

    async def _take(self, max_bytes: int, timeout: float | None) -> tuple[bytes, bool]:  # noqa: ASYNC109 - httpcore's
        """Read once, and say whether that had to wait for the network; only for TLS is that worth to know."""
        if not self._is_sealed:
            return await self._read(max_bytes, timeout), True
        turns: list[bool] = []
        # Called as soon as the loop gets its turn, and not at all where the read never lets go of it.
        turn = asyncio.get_running_loop().call_soon(turns.append, True)
        try:
            return await self._read(max_bytes, timeout), bool(turns)
        finally:
            turn.cancel()

    def _plan_next(self, data: bytes, now: float, *, is_drained: bool) -> None:
        """Note when the next read may be."""
        leaked = max(self._level - (now - self._read_at) * SINGLE_PER_SECOND, 0.0)
        # No more than two bursts, so that a stream that slows down is soon read one by one again.
        self._level = min(leaked + max(data.count(_EVENT), 1), 2 * _BURST)
        self._read_at = now
        self._not_before = now + PACE_SECONDS if self._level > _BURST and is_drained else 0.0


def find_paced_stream(extensions: Mapping[str, object]) -> PacedStream | None:
    """What paces the connection that a response with these `extensions` comes from, as far as that is known."""
    read = getattr(extensions.get("network_stream"), "read", None)
    paced = getattr(read, "__self__", None)
    return paced if isinstance(paced, PacedStream) else None
