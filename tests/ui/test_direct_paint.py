"""What is painted past the compositor looks as if the compositor had painted it."""

from __future__ import annotations

import asyncio
import random
from collections.abc import Sequence
from typing import Any

import pyte
import pytest
from rich.segment import Segment
from textual.pilot import Pilot
from textual.strip import Strip
from textual.widget import Widget

from chatui.conversation.events import TextDelta
from chatui.ui import direct_paint
from chatui.ui.transcript import pane
from tests.ui.recorded import Drive, read_cells, run_in_terminal, take_written
from tests.ui.transcript.stage import Stage, started, turns

WIDTH, HEIGHT = 80, 24
REPLY = (
    "Some **bold** words and `code` that go on until the line wraps, and then a little further than that.\n\n"
    "- one\n- two\n\n```python\ndef f(x):\n    return x  # why\n```\n\n"
    "| a | b |\n|---|--:|\n| one | 1 |\n\n> quoted\n\n"
)


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


async def run_recorded(drive: Drive) -> None:
    await run_in_terminal(Stage(), drive, WIDTH, HEIGHT)


@pytest.mark.parametrize("seed", range(3))
async def test_rows_painted_past_the_compositor_equal_a_full_repaint(
    seed: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    paints = Paints(monkeypatch)

    async def drive(app: Any, pilot: Pilot[object]) -> None:
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
        stream.feed(take_written(app))
        pictures.append(read_cells(screen))
        app.refresh()
        await pilot.pause()
        screen.reset()
        stream.feed(take_written(app))
        pictures.append(read_cells(screen))

    pictures: list[list[list[object]]] = []
    await run_recorded(drive)
    painted, repainted = pictures
    assert painted == repainted
    assert any(cell != painted[0][0] for row in painted for cell in row)
    assert len(paints.rows) > 10
    assert min(paints.rows) == 1


async def test_a_row_that_stays_the_same_is_not_painted(monkeypatch: pytest.MonkeyPatch) -> None:
    paints = Paints(monkeypatch)

    async def drive(app: Any, pilot: Pilot[object]) -> None:
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

    async def drive(app: Any, pilot: Pilot[object]) -> None:
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
