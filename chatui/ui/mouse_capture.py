"""The mouse, given to the terminal and taken back, so that the terminal's own selection works."""

from __future__ import annotations

from textual.app import App

_MODES = (1000, 1003)
"""Presses and movement (xterm control sequences, "Mouse Tracking"); the form of coordinates stays as Textual set it."""


class MouseCapture:
    """Whether clicks and the wheel come to the app."""

    def __init__(self, app: App[int]) -> None:
        self._app = app
        self.is_on = True

    def toggle(self) -> None:
        """Give the mouse to the terminal, or take it back."""
        self.is_on = not self.is_on
        # Textual takes the mouse again when it comes back from another program.
        self._app.app_resume_signal.subscribe(self._app, self._restore, immediate=True)
        self._write()

    def _restore(self, app: App[object]) -> None:
        if not self.is_on:
            self._write()

    def _write(self) -> None:
        # The driver is the one way to the terminal; its own switch for the mouse is as private, and per driver.
        driver = self._app._driver
        if driver is not None:
            driver.write("".join(f"\x1b[?{mode}{'h' if self.is_on else 'l'}" for mode in _MODES))
            driver.flush()
