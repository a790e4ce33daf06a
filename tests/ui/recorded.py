"""An app in a terminal that takes down what is written to it."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Any

import pyte
from textual.app import App
from textual.drivers.headless_driver import HeadlessDriver
from textual.pilot import Pilot

Drive = Callable[[Any, Pilot[object]], Awaitable[None]]
"""What is done with the app."""


class Recorder(HeadlessDriver):
    """A terminal that takes everything down."""

    written: list[str]

    def write(self, data: str) -> None:
        if not hasattr(self, "written"):
            self.written = []
        self.written.append(data)

    @property
    def is_headless(self) -> bool:
        return False


async def run_in_terminal(app: App[None], drive: Drive, width: int, height: int) -> None:
    """Run an app in a recorded terminal and drive it."""
    app.driver_class = Recorder

    async def go(pilot: Pilot[object]) -> None:
        try:
            await drive(app, pilot)
        finally:
            app.exit()

    await app.run_async(size=(width, height), auto_pilot=go)


def take_written(app: App[None]) -> str:
    """Return what was written since the last time."""
    driver = app._driver
    assert isinstance(driver, Recorder)
    written = "".join(driver.written)
    driver.written.clear()
    return written


def read_cells(screen: pyte.Screen) -> list[list[object]]:
    """All cells of a screen, with their looks."""
    return [[screen.buffer[y][x] for x in range(screen.columns)] for y in range(screen.lines)]
