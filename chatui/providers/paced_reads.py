"""Reads of a connection with a pause between them, so that a fast server does not wake the program for each event."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable

_PACE_SECONDS = 1 / 60
"""Between two reads of a connection; the screen follows less often than that."""


class PacedReads:
    """Reads of one connection, with a pause between them, in which the kernel gathers what comes.

    Being woken costs far more than the bytes: a server that sends 1,000 events per second would take a sixth of a CPU.
    After a silence nothing waits, and nothing waits while there is more than one read can take.
    """

    def __init__(self, read: Callable[[int, float | None], Awaitable[bytes]]) -> None:
        self.deadline: float | None = None
        """When a read that waits raises TimeoutError, by the monotonic clock."""
        self._read = read
        self._not_before = 0.0

    async def __call__(self, max_bytes: int, timeout: float | None = None) -> bytes:  # noqa: ASYNC109 - httpcore's
        """Read as the stream of httpcore does that this stands in for."""
        now = time.monotonic()
        async with asyncio.timeout(None if self.deadline is None else self.deadline - now):
            if self._not_before > now:
                await asyncio.sleep(self._not_before - now)
            data = await self._read(max_bytes, timeout)
        self._not_before = time.monotonic() + _PACE_SECONDS if len(data) < max_bytes else 0.0
        return data
