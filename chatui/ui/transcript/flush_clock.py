"""The flush clock: at once when it is quiet, at most 30 times a second when it is not, never when nothing moves."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from time import monotonic

SHORTEST_DELAY = 1 / 30
"""Seconds between the end of one flush and the next."""
LONGEST_DELAY = 0.5
"""Seconds that a delta waits at most, however slow the machine."""
_COST_FACTOR = 3
"""A flush takes at most a quarter of the time: the rest belongs to the keyboard."""


class FlushClock:
    """Calls `flush` soon after each `request`; there is a timer only while one is due."""

    def __init__(
        self,
        flush: Callable[[], None],
        defer: Callable[[Callable[[], None]], object],
        now: Callable[[], float] = monotonic,
    ) -> None:
        """`defer` runs a callback where its errors are told: `Widget.call_next`."""
        self._flush = flush
        self._defer = defer
        self._now = now
        self._not_before = 0.0
        self._handle: asyncio.TimerHandle | None = None

    @property
    def is_due(self) -> bool:
        """True while a flush waits for its time."""
        return self._handle is not None

    def request(self) -> None:
        """Something changed: flush now, or when the last flush is long enough ago."""
        if self._handle is not None:
            return
        wait = self._not_before - self._now()
        if wait <= 0:
            self.run()
        else:
            self._handle = asyncio.get_running_loop().call_later(wait, self._defer, self._run_due)

    def run(self) -> None:
        """Flush now."""
        self.cancel()
        began = self._now()
        self._flush()
        ended = self._now()
        self._not_before = ended + min(max(SHORTEST_DELAY, _COST_FACTOR * (ended - began)), LONGEST_DELAY)

    def spend(self, seconds: float) -> None:
        """What a flush brought about took so long, too: the next one waits the longer."""
        latest = self._now() + LONGEST_DELAY
        self._not_before = min(self._not_before + _COST_FACTOR * seconds, max(latest, self._not_before))

    def cancel(self) -> None:
        """Forget what is due."""
        if self._handle is not None:
            self._handle.cancel()
            self._handle = None

    def _run_due(self) -> None:
        if self._handle is not None:
            self.run()
