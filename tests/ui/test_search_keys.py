"""Finding text in the whole app: by keys, counted, left where the view is."""

from __future__ import annotations

from pathlib import Path

from tests.ui.chat_stage import chat
from tests.ui.reading_stage import LONG_REPLY, bar_of, press, start_reading


async def test_control_f_searches_counts_and_moves(tmp_path: Path) -> None:
    async with chat(tmp_path) as c:
        await start_reading(c)
        await press(c, "ctrl+f")
        assert bar_of(c).is_open
        await c.type_into_dialog("word")
        await c.sees("Find word", "1 of 2")
        await press(c, "enter")
        await c.sees("2 of 2")
        await press(c, "up")
        await c.sees("1 of 2")
        await press(c, "down", "down")
        await c.sees("1 of 2")
        await press(c, "shift+enter")
        await c.sees("2 of 2")
        await press(c, "tab")
        await c.sees("n next match")
        await press(c, "n")
        await c.sees("1 of 2")
        await press(c, "N")
        await c.sees("2 of 2")
        await press(c, "ctrl+f")
        await c.type_into_dialog("zzz")
        await c.sees("no match")
        await press(c, "escape")
        assert not bar_of(c).is_open
        assert c.app.focused is c.desk.prompt
        await press(c, "n")
        assert c.desk.prompt.full_text == "n"


async def test_escape_leaves_the_search_where_the_view_is_and_stops_nothing(tmp_path: Path) -> None:
    async with chat(tmp_path) as c:
        await start_reading(c, LONG_REPLY)
        await c.enter("go on")
        await c.until(lambda: c.desk.live.is_streaming)
        await c.enter("/find paragraph 7")
        await c.until(lambda: c.desk.transcript.finder.total == 1)
        top = c.desk.transcript.view.top
        await press(c, "escape")
        assert not bar_of(c).is_open
        assert c.desk.transcript.view.top == top
        assert not c.desk.transcript.is_following
        assert c.desk.live.is_streaming
        await press(c, "alt+up", "escape")
        assert c.desk.live.is_streaming
        await press(c, "escape")
        await c.until(lambda: not c.desk.live.is_streaming)


async def test_closing_the_search_at_the_end_follows_it_again(tmp_path: Path) -> None:
    async with chat(tmp_path, size=(60, 20)) as c:
        await start_reading(c, LONG_REPLY)
        await press(c, "ctrl+f", "up", "escape")
        assert c.desk.transcript.is_following


async def test_a_search_goes_back_to_where_it_came_from(tmp_path: Path) -> None:
    async with chat(tmp_path) as c:
        await start_reading(c)
        await c.type("draft")
        await press(c, "ctrl+f", "w")
        assert type(c.app.focused).__name__ == "LineInput"
        await press(c, "escape", "s")
        assert c.desk.prompt.full_text == "drafts"
        await press(c, "alt+up", "ctrl+f", "escape")
        assert c.app.focused is c.desk.transcript
        assert c.desk.transcript.cursor.is_shown
