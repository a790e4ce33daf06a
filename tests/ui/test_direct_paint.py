"""What is painted past the compositor looks as if the compositor had painted it."""

from __future__ import annotations

import asyncio
import random
from collections.abc import Sequence
from typing import Any

import pyte
import pytest
from rich.segment import Segment
from textual._compositor import Compositor
from textual.filter import LineFilter, Monochrome
from textual.pilot import Pilot
from textual.strip import Strip
from textual.widget import Widget

from chatui.conversation.events import TextDelta
from chatui.ui import direct_paint
from chatui.ui.transcript import pane
from chatui.ui.widgets.footer import FooterLine
from chatui.ui.widgets.header import HeaderLine, ReplyState
from chatui.ui.widgets.sidebar import Sidebar, StatRow
from chatui.ui.widgets.status_line import StatusLine
from tests.ui.recorded import Drive, read_cells, run_in_terminal, take_written
from tests.ui.transcript.stage import Stage, started, turns
from tests.ui.widgets.hosting import Host

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


@pytest.mark.parametrize("filters", [(), (Monochrome(),)], ids=["colours", "none"])
async def test_lines_and_figures_painted_past_the_compositor_equal_a_full_repaint(
    filters: Sequence[LineFilter], monkeypatch: pytest.MonkeyPatch
) -> None:
    header, footer, status, sidebar = HeaderLine(), FooterLine(), StatusLine(), Sidebar()
    app = Host(header, sidebar, status, footer)
    screen = pyte.Screen(WIDTH, HEIGHT)
    stream = pyte.Stream(screen)
    frames: list[object] = []
    compose = Compositor.render_update

    def note(self: Compositor, *arguments: Any, **options: Any) -> Any:
        frames.append(update := compose(self, *arguments, **options))
        return update

    async def drive(app: Any, pilot: Pilot[object]) -> None:
        app._filters.extend(filters)
        app.refresh()
        await pilot.pause()
        stream.feed(take_written(app))
        monkeypatch.setattr(Compositor, "render_update", note)
        changes: list[tuple[str, ReplyState, int]] = [
            ("One", "waiting", 2),
            ("Zwei 二 ∎", "streaming", 5),
            ("", "failed", 1),
        ]
        for title, state, keys in changes:
            header.show(title, f"demo/{title}", state)
            footer.show([(f"Ctrl+{key}", f"does {title}") for key in "ABCDEFG"[:keys]])
            status.show([(f"{title} 1,000 tok/s", 1), ("~$0.01", 2)])
            sidebar.show([StatRow(title, kind="heading"), StatRow("time", title), StatRow("context", (5, 9), "gauge")])
            await pilot.pause()
            assert not frames
            stream.feed(take_written(app))
            painted = read_cells(screen)
            app.refresh()
            await pilot.pause()
            screen.reset()
            stream.feed(take_written(app))
            assert read_cells(screen) == painted
            assert frames
            frames.clear()
            pictures.append(painted)

    pictures: list[list[list[object]]] = []
    await run_in_terminal(app, drive, WIDTH, HEIGHT)
    assert pictures[0] != pictures[1] != pictures[2]


async def test_nothing_is_painted_past_the_compositor_where_there_is_no_terminal() -> None:
    app = Stage()
    async with app.run_test():
        assert not direct_paint.paint_rows(app.transcript, [(0, Strip([Segment("x")]))])
    assert not direct_paint.paint_rows(app.transcript, [])
