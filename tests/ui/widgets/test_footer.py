from __future__ import annotations

import pytest
from rich.cells import cell_len

from chatui.ui.widgets.footer import FooterLine
from tests.ui.widgets.hosting import Host, read_rows

ROWS = [("Enter", "send"), ("Esc", "stop"), ("Ctrl+T", "model"), ("F1", "help")]


@pytest.mark.parametrize(
    ("width", "expected"),
    [
        (50, "Enter send  Esc stop  Ctrl+T model  F1 help"),
        (43, "Enter send  Esc stop  Ctrl+T model  F1 help"),
        (42, "Enter send  Esc stop  Ctrl+T model"),
        (20, "Enter send  Esc stop"),
        (19, "Enter send"),
        (8, "Enter s…"),
        (6, "Enter"),
        (3, "En…"),
    ],
)
async def test_as_many_keys_as_fit_are_shown(width: int, expected: str) -> None:
    footer = FooterLine()
    async with Host(footer).run_test(size=(width + 2, 3)):
        footer.show(ROWS)
        row = read_rows(footer)[0]
        assert cell_len(row) == width
        assert row.rstrip() == expected


@pytest.mark.parametrize(
    ("width", "expected"),
    [
        (43, "Enter send  Esc stop  Ctrl+T model  F1 help"),
        (42, "Enter send  Esc stop  F1 help"),
        (39, "Enter send  Esc stop  Ctrl+T model"),
    ],
)
async def test_the_last_key_can_be_kept(width: int, expected: str) -> None:
    footer = FooterLine()
    app = Host(footer)
    async with app.run_test(size=(width + 2, 3)) as pilot:
        footer.show(ROWS, keeps_last=True)
        assert read_rows(footer)[0].rstrip() == expected
        await pilot.pause()
        await pilot.click(footer, offset=(24, 0))
        index = 3 if width == 42 else 2
        assert [message.index for message in app.take_posted(FooterLine.Pressed)] == [index]


async def test_a_click_tells_which_key_is_meant() -> None:
    footer = FooterLine()
    app = Host(footer)
    async with app.run_test(size=(80, 3)) as pilot:
        footer.show(ROWS)
        await pilot.pause()
        for x in (1, 10, 14, 43, 60):
            await pilot.click(footer, offset=(x, 0))
        assert [message.index for message in app.take_posted(FooterLine.Pressed)] == [0, 0, 1, 3]


async def test_the_key_under_the_mouse_is_marked() -> None:
    footer = FooterLine()
    async with Host(footer).run_test(size=(80, 3)) as pilot:
        footer.show(ROWS)
        await pilot.pause()
        plain = footer.render_line(0)
        await pilot.hover(footer, offset=(14, 0))
        assert footer.render_line(0) != plain
        assert footer.render_line(0).text == plain.text
        await pilot.hover(footer, offset=(70, 0))
        assert footer.render_line(0) == plain


async def test_the_mark_goes_with_the_mouse() -> None:
    footer = FooterLine()
    async with Host(footer).run_test(size=(80, 3)) as pilot:
        footer.show(ROWS)
        await pilot.pause()
        plain = footer.render_line(0)
        await pilot.hover(footer, offset=(14, 0))
        await pilot.hover(None, offset=(14, 2))
        assert footer.render_line(0) == plain


async def test_untrusted_text_is_made_visible() -> None:
    footer = FooterLine()
    async with Host(footer).run_test(size=(80, 3)):
        footer.show([("[b]F1", "a\x1bb\nc")])
        assert read_rows(footer)[0].rstrip() == "[b]F1 a␛b c"


@pytest.mark.parametrize("size", [(1, 1), (2, 1), (3, 1), (200, 1)])
async def test_any_size_is_survived(size: tuple[int, int]) -> None:
    footer = FooterLine()
    async with Host(footer).run_test(size=size):
        footer.show(ROWS)
        assert cell_len(footer.render_line(0).text) == footer.content_size.width
        footer.show([])
        assert footer.render_line(0).text.strip() == ""
