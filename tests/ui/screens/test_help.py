from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from chatui.ui.screens.help import HelpScreen, HelpTable
from chatui.ui.screens.help_lines import HelpSection, lay_out_help, select_rows, wrap
from chatui.ui.screens.row_layout import measure
from tests.ui.screens.show_screen import show

SECTIONS = [
    HelpSection(
        "Conversation", [("Enter", "", "Send the prompt"), ("Esc", "/stop", "Stop the reply; its text is kept")]
    ),
    HelpSection("Models", [("Ctrl+T", "/model", "Choose the model of the next reply")]),
    HelpSection("More", [(f"F{n}", f"/c{n}", f"Command number {n}") for n in range(60)]),
]
words = st.text("ab日本語👍 \x1b", max_size=30)


@settings(max_examples=100)
@given(st.lists(st.tuples(words, words, words), max_size=4), words, st.integers(0, 90))
def test_no_line_of_the_help_is_wider_than_asked(rows: list[tuple[str, str, str]], title: str, width: int) -> None:
    for line in lay_out_help([HelpSection(title, rows)], width):
        assert sum(measure(text) for text, _ in line.pieces) <= max(width, 4)


@settings(max_examples=100)
@given(st.text("ab cd日", max_size=60), st.integers(2, 20))
def test_wrapping_loses_no_letter(text: str, width: int) -> None:
    lines = wrap(text, width)
    assert "".join(lines).replace(" ", "") == text.replace(" ", "")
    assert all(measure(line) <= width for line in lines)


def test_a_filter_keeps_the_rows_with_all_words_and_a_whole_section_by_its_title() -> None:
    assert [len(section.rows) for section in select_rows(SECTIONS, ("reply", "stop"))] == [1]
    assert [section.title for section in select_rows(SECTIONS, ("models",))] == ["Models"]


@pytest.mark.parametrize("size", [(40, 10), (80, 24), (120, 40)])
async def test_typing_filters_and_nothing_found_is_told(size: tuple[int, int]) -> None:
    async with show(HelpScreen(SECTIONS), size) as shown:
        assert "Send the prompt" in shown.text()
        await shown.press(*"/mod")
        assert "Send the prompt" not in shown.text()
        assert "Choose the model" in shown.text()
        await shown.press(*"zzz")
        assert "nothing matches" in shown.text()


async def test_the_keys_scroll_and_the_help_is_one_widget() -> None:
    screen = HelpScreen(SECTIONS)
    async with show(screen) as shown:
        await shown.press("end")
        assert "Command number 59" in shown.text()
        await shown.press("pageup")
        assert "Command number 59" not in shown.text()
        await shown.press("home", "down", "down", "up", "pagedown")
        assert screen.query_one(HelpTable).scroll_offset.y > 0
        await shown.press("home")
        assert "Conversation" in shown.text()
        assert len(screen.query_one(HelpTable).lines) > 60
        assert not list(screen.query_one(HelpTable).children)


@pytest.mark.parametrize("key", ["escape", "f1"])
async def test_escape_and_f1_close(key: str) -> None:
    async with show(HelpScreen(SECTIONS)) as shown:
        await shown.press(key)
        assert shown.answers == [None]


async def test_a_click_beside_the_help_closes_it() -> None:
    async with show(HelpScreen(SECTIONS), (140, 60)) as shown:
        await shown.pilot.click(offset=(1, 1))
        await shown.pilot.pause()
        assert shown.answers == [None]
