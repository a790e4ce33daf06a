"""What a measurement is made on: an app that shows a reply as it grows. One module for each kind of app makes one."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import TYPE_CHECKING, Any, Protocol

if TYPE_CHECKING:
    from textual.app import App

READY_SECONDS = 20.0
SETTLE_SECONDS = 1.0
"""For what an app does after its first frame."""


class Stage(Protocol):
    """An app and its reply."""

    @property
    def app(self) -> App[Any]:
        """The app, not running yet."""

    async def begin(self, *, is_reasoning: bool = False, above: int = 0) -> None:
        """Begin a reply below `above` messages."""

    async def take(self, text: str) -> None:
        """Take a piece of the reply, as it comes from a provider."""

    async def stream(self, text: str, speed: float) -> None:
        """Take a whole reply at `speed` tokens per second, and return when it is over."""


class Frames:
    """Counts the frames of an app, and waits for the next one."""

    def __init__(self, app: App[Any]) -> None:
        self.count = 0
        self._next = asyncio.Event()
        # Textual's own hook for tests: called after each update of the screen.
        app.post_display_hook = self._note  # type: ignore[method-assign]  # one instance only

    def _note(self) -> None:
        self.count += 1
        self._next.set()

    def arm(self) -> None:
        """Wait for a frame that comes from now on."""
        self._next.clear()

    async def wait(self, seconds: float = 10.0) -> None:
        """Return after that frame. Raises TimeoutError."""
        async with asyncio.timeout(seconds):
            await self._next.wait()


async def wait_until(holds: Callable[[], bool], seconds: float = READY_SECONDS, every: float = 0.005) -> None:
    """Return as soon as something holds, which is looked at each so many seconds. Raises TimeoutError."""
    async with asyncio.timeout(seconds):
        while not holds():
            await asyncio.sleep(every)


async def feed_paced(text: str, speed: float, token: int, take: Callable[[str], object]) -> None:
    """Give text in the pieces that a connection read 60 times a second would give."""
    loop = asyncio.get_running_loop()
    began, at = loop.time(), 0
    while at < len(text):
        await asyncio.sleep(1 / 60)
        due = min(int((loop.time() - began) * speed) * token, len(text))
        if due > at:
            taken = take(text[at:due])
            if asyncio.iscoroutine(taken):
                await taken
            at = due
