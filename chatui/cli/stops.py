"""Signals that end a reply: what came of it is kept, and the exit code names the signal."""

from __future__ import annotations

import asyncio
import signal
from collections.abc import Callable
from types import TracebackType
from typing import Self

SIGNALS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)


class Stops:
    """While it is entered, these signals call `on_stop` in the event loop."""

    def __init__(self, on_stop: Callable[[], None]) -> None:
        self._on_stop = on_stop
        self._loop = asyncio.get_running_loop()
        self.signal: signal.Signals | None = None
        """The first one that came."""

    @property
    def exit_code(self) -> int | None:
        """128 + n after signal n (130 for Ctrl-C), else `None`."""
        return None if self.signal is None else 128 + self.signal

    def __enter__(self) -> Self:
        for each in SIGNALS:
            self._loop.add_signal_handler(each, self._take, each)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        for each in SIGNALS:
            self._loop.remove_signal_handler(each)

    def _take(self, number: signal.Signals) -> None:
        self.signal = self.signal or number
        self._on_stop()
