"""A bare app that shows one dialog and keeps its answer."""

from __future__ import annotations

from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from typing import Generic, TypeVar

from textual import events
from textual.app import App
from textual.pilot import Pilot
from textual.screen import Screen

Result = TypeVar("Result")


class Shown(Generic[Result]):
    """A dialog on the screen, the pilot that presses its keys, and what it answered."""

    def __init__(self, pilot: Pilot[None], answers: list[Result | None]) -> None:
        self.pilot = pilot
        self.answers = answers

    async def press(self, *keys: str) -> None:
        await self.pilot.press(*keys)
        await self.pilot.pause()

    async def burst(self, *keys: str) -> None:
        """Press keys all at once, as a terminal delivers what is typed while the app is busy."""
        for key in keys:
            self.pilot.app.post_message(events.Key(key, key if len(key) == 1 else None))
        await self.pilot.pause()
        await self.pilot.pause()

    def text(self) -> str:
        """What stands on the screen."""
        screen = self.pilot.app.screen
        strips = screen._compositor.render_strips()
        return "\n".join(strip.text for strip in strips)


@asynccontextmanager
async def show(screen: Screen[Result], size: tuple[int, int] = (80, 24)) -> AsyncGenerator[Shown[Result], None]:
    app: App[None] = App()
    app.animation_level = "none"
    answers: list[Result | None] = []
    async with app.run_test(size=size) as pilot:
        await app.push_screen(screen, answers.append)
        await pilot.pause()
        yield Shown(pilot, answers)
