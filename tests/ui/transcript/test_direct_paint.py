"""What is painted past the compositor looks as if the compositor had painted it."""

from __future__ import annotations

import asyncio
import random
from collections.abc import Sequence

import pyte
import pytest
from rich.segment import Segment
from textual.drivers.headless_driver import HeadlessDriver
from textual.pilot import Pilot
from textual.strip import Strip
from textual.widget import Widget

from chatui.conversation.events import TextDelta
from chatui.ui.transcript import direct_paint, pane
from tests.ui.transcript.stage import Stage, started, turns

WIDTH, HEIGHT = 80, 24
REPLY = (
    "Some **bold** words and `code` that go on until the line wraps, and then a little further than that.\n\n"
    "- one\n- two\n\n```python\ndef f(x):\n    return x  # why\n```\n\n"
    "| a | b |\n|---|--:|\n| one | 1 |\n\n> quoted\n\n"
)


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


class Paints:
    """Notes each try to paint past the compositor."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.rows: list[int] = []
        self.refused = 0
        monkeypatch.setattr(pane, "paint_rows", self._paint)

    def _paint(self, widget: Widget, rows: Sequence[tuple[int, Strip]]) -> bool:
        is_painted = direct_paint.paint_rows(widget, rows)
        if is_painted:
            self.rows.append(len(rows))
        else:
            self.refused += 1
        return is_painted


async def run_recorded(drive: object) -> None:
    app = Stage()
    app.driver_class = Recorder

    async def go(pilot: Pilot[object]) -> None:
        try:
            await drive(app, pilot)  # type: ignore[operator]  # one of the coroutine functions below
        finally:
            app.exit()

    await app.run_async(size=(WIDTH, HEIGHT), auto_pilot=go)


def take_down(app: Stage) -> str:
    driver = app._driver
    assert isinstance(driver, Recorder)
    written = "".join(driver.written)
    driver.written.clear()
    return written


def picture(screen: pyte.Screen) -> list[list[object]]:
    return [[screen.buffer[y][x] for x in range(WIDTH)] for y in range(HEIGHT)]


@pytest.mark.parametrize("seed", range(3))
async def test_rows_painted_past_the_compositor_equal_a_full_repaint(
    seed: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    paints = Paints(monkeypatch)

    async def drive(app: Stage, pilot: Pilot[object]) -> None:
        screen = pyte.Screen(WIDTH, HEIGHT)
        stream = pyte.Stream(screen)
        app.transcript.show(turns(6))
        app.transcript.apply(started(7))
        await pilot.pause()
        chance = random.Random(seed)
        text = REPLY * 3
        while text:
            size = chance.randint(1, 60)
            app.transcript.apply(TextDelta(text[:size]))
            text = text[size:]
            app.transcript.flush()
            if chance.random() < 0.1:
                await asyncio.sleep(0)
        await pilot.pause()
        stream.feed(take_down(app))
        pictures.append(picture(screen))
        app.refresh()
        await pilot.pause()
        screen.reset()
        stream.feed(take_down(app))
        pictures.append(picture(screen))

    pictures: list[list[list[object]]] = []
    await run_recorded(drive)
    painted, repainted = pictures
    assert painted == repainted
    assert any(cell != painted[0][0] for row in painted for cell in row)
    assert len(paints.rows) > 10
    assert min(paints.rows) == 1


async def test_a_row_that_stays_the_same_is_not_painted(monkeypatch: pytest.MonkeyPatch) -> None:
    paints = Paints(monkeypatch)

    async def drive(app: Stage, pilot: Pilot[object]) -> None:
        app.transcript.show(turns(2))
        app.transcript.apply(started(3))
        app.transcript.apply(TextDelta("one line"))
        app.transcript.flush()
        await pilot.pause()
        paints.rows.clear()
        app.transcript.apply(TextDelta(" that grows"))
        app.transcript.flush()

    await run_recorded(drive)
    assert paints.rows == [1]


async def test_under_a_notification_the_compositor_paints(monkeypatch: pytest.MonkeyPatch) -> None:
    paints = Paints(monkeypatch)

    async def drive(app: Stage, pilot: Pilot[object]) -> None:
        app.transcript.show(turns(2))
        app.transcript.apply(started(3))
        app.transcript.apply(TextDelta("one line"))
        app.notify("something", timeout=60)
        await pilot.pause(0.1)
        paints.rows.clear()
        app.transcript.apply(TextDelta(" that grows"))
        app.transcript.flush()

    await run_recorded(drive)
    assert paints.rows == []
    assert paints.refused > 0


async def test_nothing_is_painted_past_the_compositor_where_there_is_no_terminal() -> None:
    app = Stage()
    async with app.run_test():
        assert not direct_paint.paint_rows(app.transcript, [(0, Strip([Segment("x")]))])
    assert not direct_paint.paint_rows(app.transcript, [])
