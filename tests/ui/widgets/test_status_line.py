from __future__ import annotations

import pytest
from rich.cells import cell_len

from chatui.ui.widgets.status_line import StatusLine
from tests.ui.widgets.hosting import Host, read_rows

SEGMENTS = [("streaming", 9), ("84.2 tok/s", 5), ("$0.0002", 3), ("12.3k / 64k", 7)]


@pytest.mark.parametrize(
    ("width", "expected"),
    [
        (60, "streaming · 84.2 tok/s · $0.0002 · 12.3k / 64k"),
        (40, "streaming · 84.2 tok/s · 12.3k / 64k"),
        (30, "streaming · 12.3k / 64k"),
        (9, "streaming"),
        (5, "stre…"),
    ],
)
async def test_what_matters_most_stays_longest(width: int, expected: str) -> None:
    line = StatusLine()
    async with Host(line).run_test(size=(width + 2, 3)):
        line.show(SEGMENTS)
        row = read_rows(line)[0]
        assert cell_len(row) == width
        assert row.rstrip() == expected


async def test_untrusted_text_is_made_visible() -> None:
    line = StatusLine()
    async with Host(line).run_test(size=(40, 3)):
        line.show([("a\x1bb\n[red]", 1)])
        assert read_rows(line)[0].rstrip() == "a␛b [red]"


async def test_the_same_again_draws_nothing() -> None:
    line = StatusLine()
    async with Host(line).run_test(size=(40, 3)):
        line.show(SEGMENTS)
        strip = line.render_line(0)
        line.show(list(SEGMENTS))
        assert line.render_line(0) is strip


@pytest.mark.parametrize("size", [(1, 1), (2, 1), (3, 1), (200, 1)])
async def test_any_size_is_survived(size: tuple[int, int]) -> None:
    line = StatusLine()
    async with Host(line).run_test(size=size):
        line.show(SEGMENTS)
        assert cell_len(line.render_line(0).text) == line.content_size.width
        line.show([])
        assert line.render_line(0).text.strip() == ""
