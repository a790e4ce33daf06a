"""Tells when a reply falls silent, so that nobody wonders whether the program hangs."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from types import TracebackType
from typing import Self

from chatui.engine.words import say_quiet


class StallWatch:
    """While it is entered, it looks at how long nothing came, and tells it once each time it has been too long."""

    def __init__(
        self,
        quiet_seconds: Callable[[], float],
        tell: Callable[[str], None],
        stall_seconds: float,
    ) -> None:
        self._quiet_seconds = quiet_seconds
        self._tell = tell
        self._stall_seconds = stall_seconds
        self._has_told = False
        self._timer: asyncio.TimerHandle | None = None

    def __enter__(self) -> Self:
        self._look()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._timer is not None:
            self._timer.cancel()

    def _look(self) -> None:
        quiet = self._quiet_seconds()
        is_stalled = quiet >= self._stall_seconds
        if is_stalled and not self._has_told:
            self._tell(f"{say_quiet(quiet)}; still waiting, Ctrl-C stops")
        self._has_told = is_stalled
        wait = self._stall_seconds if is_stalled else self._stall_seconds - quiet
        self._timer = asyncio.get_running_loop().call_later(wait, self._look)
