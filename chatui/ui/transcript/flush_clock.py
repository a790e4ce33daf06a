"""The flush clock: each word at once while they come one by one, 24 flushes a second for a flood, else none."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from time import monotonic

SHORTEST_DELAY = 1 / 24
"""Seconds from the beginning of one flush to the next while deltas come faster than anybody reads."""
SINGLE_DELAY = 1 / 120
"""The same while they come one by one: each is on the screen a few milliseconds after it came."""
SINGLE_PER_SECOND = 250.0
"""Deltas a second up to which they count as coming one by one."""
_UNEVEN = 2
"""Deltas more than that which may come between two flushes: no stream is even."""
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
        """`defer` runs a callback soon, behind what is running, and where its errors are told."""
        self._flush = flush
        self._defer = defer
        self._now = now
        self._began = 0.0
        self._not_before = 0.0
        self._requests = 0
        self._handle: asyncio.TimerHandle | None = None
        self.is_due = False
        """True while a flush waits for its time."""

    def request(self) -> None:
        """Something changed: flush now, or when the last flush is long enough ago.

        Even now is not before the caller lets go of the loop: the deltas of one read come on screen in one flush.
        """
        self._requests += 1
        if self.is_due:
            return
        self.is_due = True
        wait = self._not_before - self._now()
        if wait <= 0:
            self._defer(self._run_due)
        else:
            self._handle = asyncio.get_running_loop().call_later(wait, self._defer, self._run_due)

    def run(self) -> None:
        """Flush now."""
        self.cancel()
        began = self._now()
        is_flood = self._requests > (began - self._began) * SINGLE_PER_SECOND + _UNEVEN
        self._began, self._requests = began, 0
        self._flush()
        ended = self._now()
        rest = min(_COST_FACTOR * (ended - began), LONGEST_DELAY)
        self._not_before = max(began + (SHORTEST_DELAY if is_flood else SINGLE_DELAY), ended + rest)

    def spend(self, seconds: float) -> None:
        """What a flush brought about took so long, too: the next one waits the longer."""
        latest = self._now() + LONGEST_DELAY
        self._not_before = min(self._not_before + _COST_FACTOR * seconds, max(latest, self._not_before))

    def cancel(self) -> None:
        """Forget what is due."""
        self.is_due = False
        if self._handle is not None:
            self._handle.cancel()
            self._handle = None

    def _run_due(self) -> None:
        if self.is_due:
            self.run()
