"""Plain Textual apps to compare with, in the skeleton of the real one: header, sidebar, pane, prompt, footer."""

from __future__ import annotations

import asyncio
import itertools
from collections.abc import Iterator

from textual.app import App, ComposeResult
from textual.containers import VerticalScroll
from textual.timer import Timer
from textual.widget import Widget
from textual.widgets import Markdown, RichLog, Static, TextArea

from tests.benchmarks.payloads import TOKEN
from tests.benchmarks.sessions import make_messages
from tests.benchmarks.stage import feed_paced


class Skeleton(App[None]):
    """Five widgets around the pane; nothing in them moves."""

    CSS = """
    .line { height: 1; dock: top; }
    #footer { height: 1; dock: bottom; }
    #side { width: 30; dock: right; }
    #prompt { height: 3; dock: bottom; }
    #pane { height: 1fr; }
    #moving { height: 1; }
    """

    def __init__(self, pane: Iterator[Widget]) -> None:
        super().__init__()
        self._pane = pane

    def compose(self) -> ComposeResult:
        """The skeleton."""
        yield Static("side", id="side")
        yield Static("hello", classes="line")
        yield from self._pane
        yield TextArea(id="prompt", compact=True)
        yield Static("footer", id="footer")

    def on_mount(self) -> None:
        """Typing goes to the prompt."""
        self.query_one(TextArea).focus()


class BareStage:
    """One line that changes: the least that a frame of Textual costs."""

    def __init__(self) -> None:
        self._line = Static("", id="moving", markup=False)
        self.app = Skeleton(iter([self._line, Static("", id="pane")]))
        self._numbers = itertools.count()

    async def begin(self, *, is_reasoning: bool = False, above: int = 0) -> None:
        """Nothing to begin."""

    async def take(self, text: str) -> None:
        """Show the piece in the line, with a number, so that it differs."""
        self._line.update(f"{next(self._numbers)} {text}"[:95].replace("\n", " "), layout=False)

    async def stream(self, text: str, speed: float) -> None:
        """Tick the line 30 times a second, for as long as the reply would take."""
        numbers = itertools.count()
        ticker: Timer = self.app.set_interval(
            1 / 30, lambda: self._line.update(f"{next(numbers)} words of a reply that streams", layout=False)
        )
        await asyncio.sleep(len(text) / TOKEN / speed)
        ticker.stop()


class RichLogStage:
    """`RichLog`: each piece a line of its own, for it cannot grow one; no Markdown."""

    def __init__(self) -> None:
        self._log = RichLog(id="pane", wrap=True, markup=False, max_lines=None)
        self.app = Skeleton(iter([self._log]))

    async def begin(self, *, is_reasoning: bool = False, above: int = 0) -> None:
        """Write the messages above."""
        for message in make_messages(above):
            self._log.write(message.text)

    async def take(self, text: str) -> None:
        """Write a piece."""
        self._log.write(text)

    async def stream(self, text: str, speed: float) -> None:
        """Write pieces as they come."""
        await feed_paced(text, speed, TOKEN, self._log.write)


class MarkdownStage:
    """Textual's `Markdown`, one per message, and its `MarkdownStream`."""

    def __init__(self) -> None:
        self._pane = VerticalScroll(id="pane")
        self._reply = Markdown()
        self.app = Skeleton(iter([self._pane]))

    async def begin(self, *, is_reasoning: bool = False, above: int = 0) -> None:
        """Mount the messages above and an empty reply, and follow the end."""
        await self._pane.mount_all([*(Markdown(message.text) for message in make_messages(above)), self._reply])
        self._pane.anchor()

    async def take(self, text: str) -> None:
        """Append a piece."""
        await self._reply.append(text)

    async def stream(self, text: str, speed: float) -> None:
        """Write pieces to the stream, which joins those that wait."""
        await self.begin()
        stream = Markdown.get_stream(self._reply)
        await feed_paced(text, speed, TOKEN, stream.write)
        await stream.stop()
