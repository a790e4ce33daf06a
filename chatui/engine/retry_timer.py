"""A timer for what the disk refused: another try after a second, then less often, until it is done."""

from __future__ import annotations

import asyncio
from collections.abc import Callable

RETRY_SECONDS = 1.0
"""Seconds until the first try; doubled each time."""
LONGEST_RETRY_SECONDS = 15.0


class RetryTimer:
    """Calls `try_again` for as long as `is_waiting` says so, then `finish` with what the last try gave."""

    def __init__(
        self,
        try_again: Callable[[], asyncio.Future[str | None]],
        is_waiting: Callable[[], bool],
        finish: Callable[[str | None], None],
    ) -> None:
        self._try_again = try_again
        self._is_waiting = is_waiting
        self._finish = finish
        self._tries = 0
        self._is_cancelled = False
        self._handle: asyncio.TimerHandle | None = None

    def plan(self) -> None:
        """Plan the next try, if something waits and none is planned."""
        if self._handle is None and not self._is_cancelled and self._is_waiting():
            seconds = min(RETRY_SECONDS * 2.0**self._tries, LONGEST_RETRY_SECONDS)
            self._handle = asyncio.get_running_loop().call_later(seconds, self._run)

    def cancel(self) -> None:
        """Try no more; a try that runs now is the last, and nothing is said of it."""
        self._is_cancelled = True
        if self._handle is not None:
            self._handle.cancel()

    def _run(self) -> None:
        self._handle = None
        self._tries += 1
        self._try_again().add_done_callback(self._follow)

    def _follow(self, done: asyncio.Future[str | None]) -> None:
        if self._is_cancelled:
            return
        if self._is_waiting():
            self.plan()
        else:
            self._tries = 0
            self._finish(done.result())
