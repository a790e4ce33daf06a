from __future__ import annotations

from typing import Any

import pyte
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from rich.cells import cell_len
from rich.segment import Segment
from textual.pilot import Pilot

from chatui.ui.widgets.sidebar import Sidebar, StatRow
from tests.ui.recorded import read_cells, run_in_terminal, take_written
from tests.ui.widgets.hosting import Host, read_rows

ROWS = [
    StatRow("reply", kind="heading"),
    StatRow("speed", "84.2 tok/s"),
    StatRow("", [0, 1, 2, 3, 4, 5, 6, 7], "sparkline"),
    StatRow(kind="blank"),
    StatRow("context", (32_000, 64_000), "gauge"),
]


class CountingSidebar(Sidebar):
    """Remembers which rows it drew."""

    def __init__(self) -> None:
        super().__init__()
        self.drawn: list[str] = []

    def _draw(self, row: StatRow, is_bar: bool, width: int) -> list[Segment]:
        self.drawn.append(row.label)
        return super()._draw(row, is_bar, width)


async def test_rows_have_labels_left_and_values_right() -> None:
    sidebar = Sidebar()
    async with Host(sidebar).run_test(size=(80, 10)):
        sidebar.show(ROWS)
        assert [row.rstrip() for row in read_rows(sidebar)][:7] == [
            "reply ──────────────────────",
            "speed             84.2 tok/s",
            "                    ▁▂▃▄▅▆▇█",
            "",
            "context     32k / 64k (50 %)",
            "██████████████",
            "",
        ]


async def test_only_rows_that_changed_are_drawn_again() -> None:
    sidebar = CountingSidebar()
    async with Host(sidebar).run_test(size=(80, 10)) as pilot:
        sidebar.show(ROWS)
        await pilot.pause()
        sidebar.drawn.clear()
        sidebar.show(list(ROWS))
        await pilot.pause()
        assert sidebar.drawn == []
        sidebar.show([ROWS[0], StatRow("speed", "90 tok/s"), *ROWS[2:]])
        await pilot.pause()
        assert sidebar.drawn == ["speed"]


async def test_numbers_added_to_the_same_list_are_seen() -> None:
    sidebar = Sidebar()
    async with Host(sidebar).run_test(size=(80, 10)):
        speeds = [1.0]
        sidebar.show([StatRow("", speeds, "sparkline")])
        assert read_rows(sidebar)[0].strip() == "█"
        speeds.append(2.0)
        sidebar.show([StatRow("", speeds, "sparkline")])
        assert read_rows(sidebar)[0].strip() == "▅█"


async def test_rows_that_went_leave_nothing_behind() -> None:
    sidebar = Sidebar()
    async with Host(sidebar).run_test(size=(80, 10)):
        sidebar.show(ROWS)
        sidebar.show(ROWS[:1])
        assert "".join(read_rows(sidebar)[1:]).strip() == ""


async def test_rows_painted_past_the_compositor_equal_a_full_repaint() -> None:
    sidebar = Sidebar()
    screen = pyte.Screen(80, 12)
    stream = pyte.Stream(screen)
    pictures: list[list[list[object]]] = []

    async def drive(app: Any, pilot: Pilot[object]) -> None:
        sidebar.show(ROWS)
        await pilot.pause()
        stream.feed(take_written(app))
        for speed in ("90 tok/s", "7 tok/s"):
            sidebar.show([ROWS[0], StatRow("speed", speed), *ROWS[2:4], StatRow("used", (63_000, 64_000), "gauge")])
            written = take_written(app)
            assert speed in written  # At once: no frame of the compositor came between.
            stream.feed(written)
        await pilot.pause()
        stream.feed(take_written(app))
        pictures.append(read_cells(screen))
        app.refresh()
        await pilot.pause()
        stream.feed(take_written(app))
        pictures.append(read_cells(screen))

    await run_in_terminal(Host(sidebar), drive, 80, 12)
    painted, repainted = pictures
    assert painted == repainted
    assert "7 tok/s" in screen.display[2]


@pytest.mark.parametrize(("used", "name"), [(50, "calm"), (80, "warning"), (95, "error")])
async def test_the_gauge_takes_the_colour_of_its_level(used: float, name: str) -> None:
    sidebar = Sidebar()
    async with Host(sidebar).run_test(size=(80, 10)):
        sidebar.show([StatRow("context", (used, 100), "gauge")])
        bar = next(iter(sidebar.render_line(1)))
        assert bar.style == sidebar.get_component_rich_style(f"sidebar--{name}")


async def test_a_theme_change_draws_in_the_new_colours() -> None:
    sidebar = Sidebar()
    app = Host(sidebar)
    async with app.run_test(size=(80, 10)) as pilot:
        app.theme = "textual-dark"
        sidebar.show(ROWS)
        await pilot.pause()
        before = sidebar.render_line(0)
        app.theme = "textual-light"
        await pilot.pause()
        assert sidebar.render_line(0).text == before.text
        assert sidebar.render_line(0) != before


async def test_long_values_are_elided_in_the_middle_and_untrusted_text_is_made_visible() -> None:
    sidebar = Sidebar()
    async with Host(sidebar).run_test(size=(80, 10)):
        sidebar.show([StatRow("model", "provider/\x1b[31m-a-model-with-a-long-name"), StatRow("a\nb", "[b]c[/b]")])
        assert read_rows(sidebar)[:2] == ["model provider/␛[…-long-name", "a b                 [b]c[/b]"]


@pytest.mark.parametrize("size", [(1, 1), (2, 2), (3, 9), (4, 9), (10, 9), (200, 1)])
async def test_any_size_is_survived(size: tuple[int, int]) -> None:
    sidebar = Sidebar()
    async with Host(sidebar).run_test(size=size) as pilot:
        sidebar.styles.width = size[0]
        sidebar.show([*ROWS, StatRow("n", "text", "gauge"), StatRow("", (), "sparkline")])
        await pilot.pause()
        rows = [sidebar.render_line(y).text for y in range(10)]
        assert {cell_len(row) for row in rows} == {sidebar.content_size.width}


LABELS = st.text(st.sampled_from("ab 日👩\x1b"), max_size=20)


@given(LABELS, LABELS, st.integers(1, 40))
@settings(max_examples=100)
def test_no_row_is_wider_than_its_width(label: str, value: str, width: int) -> None:
    sidebar = Sidebar()
    sidebar.get_component_rich_style = lambda *_names, **_options: sidebar.rich_style  # type: ignore[method-assign] # no app here
    for row in (
        StatRow(label, value),
        StatRow(label, kind="heading"),
        StatRow(label, [1, 2, 3] * 20, "sparkline"),
        StatRow(label, (5, 9), "gauge"),
    ):
        assert sum(segment.cell_length for segment in sidebar._draw(row, False, width)) <= width
