"""The driver that takes the terminal from a skeleton: nothing is blank between its picture and the first frame."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from textual.driver import Driver

_ENTER = "\x1b[?1049h"


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

        def start_application_mode(self) -> None:
            """Take the terminal. Textual would give it back with the attributes that the skeleton set."""
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
