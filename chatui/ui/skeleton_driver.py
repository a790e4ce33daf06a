"""The driver: it takes the terminal from a skeleton without a blank in between, and lets go of one that is gone."""

from __future__ import annotations

import os
from collections.abc import Callable
from contextlib import suppress
from typing import IO, Any

from textual.driver import Driver

_ENTER = "\x1b[?1049h"


class _Terminal:
    """The file of a terminal that may go away under it: then what is written is lost, as the terminal is.

    Textual's writing thread would end with the error, and the app would wait for ever for room in its queue.
    """

    def __init__(self, file: IO[str]) -> None:
        self._file = file
        self.fileno = file.fileno

    def write(self, text: str) -> int:
        try:
            return self._file.write(text)
        except OSError:
            return len(text)

    def flush(self) -> None:
        with suppress(OSError):
            self._file.flush()


def take_from_skeleton(hand_over: Callable[[], list[Any] | None]) -> type[Driver]:
    """Make a driver that takes the terminal as `hand_over` leaves it, and gives it back with the attributes that
    returns; `None` where no skeleton stands any more.
    """
    # Deferred: Windows does not have it, and no skeleton either.
    from textual.drivers.linux_driver import LinuxDriver

    class SkeletonDriver(LinuxDriver):
        """Textual's own, but for the first time it takes the terminal."""

        is_alternate = False
        """Whether the skeleton put the alternate screen up."""
        is_taken = False

        def __init__(self, *arguments: Any, **options: Any) -> None:
            super().__init__(*arguments, **options)
            if self._file is not None:
                self._file = _Terminal(self._file)  # type: ignore[assignment]  # all that is asked of it

        def start_application_mode(self) -> None:
            """Take the terminal. Textual would give it back with the attributes that the skeleton set."""
            if self.is_taken and self.input_tty and not os.isatty(self.fileno):
                # The window is closed. The kernel sends SIGCONT along with SIGHUP, which Textual takes for the end of
                # a suspension; a second pair of threads would keep the program for ever.
                return
            self.is_taken = True
            found = hand_over()
            self.is_alternate = found is not None
            super().start_application_mode()  # type: ignore[no-untyped-call]  # Textual gives it no types
            if found is not None:
                self.attrs_before = found

        def write(self, data: str) -> None:
            """Write, but enter the alternate screen only once: some terminals blank it, or forget the first cursor."""
            if data == _ENTER and self.is_alternate:
                self.is_alternate = False
                return
            super().write(data)

    return SkeletonDriver
