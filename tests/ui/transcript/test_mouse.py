"""The mouse: wheel, scrollbar, folds, links, the mark, and a selection that copies clean text."""

from __future__ import annotations

from textual import events
from textual.geometry import Region
from textual.selection import Selection

from chatui.ui.transcript.section import GUTTER_WIDTH
from tests.ui.transcript.stage import Stage, prompt, reply, rows, shown, turns


def _row_of(app: Stage, text: str) -> int:
    return next(y for y, row in enumerate(rows(app.transcript)) if text in row)


async def test_the_wheel_moves_three_rows() -> None:
    app = Stage()
    async with app.run_test(size=(80, 24)) as pilot:
        app.transcript.show(turns(100))
        await pilot.pause()
        before = rows(app.transcript)
        await pilot._post_mouse_events([events.MouseScrollUp], app.transcript, offset=(5, 5))
        assert rows(app.transcript)[3:] == before[:-3]
        await pilot._post_mouse_events([events.MouseScrollDown], app.transcript, offset=(5, 5))
        assert app.transcript.is_following


async def test_the_scrollbar_jumps_and_drags() -> None:
    app = Stage()
    async with app.run_test(size=(80, 24)) as pilot:
        app.transcript.show(turns(400))
        await pilot.pause()
        await pilot.mouse_down(app.transcript, offset=(79, 0))
        assert rows(app.transcript)[0] == "▌ question 0"
        assert app.transcript.picture.is_bar_held
        await pilot.hover(app.transcript, offset=(79, 12))
        middle = app.transcript.view.top
        assert 0.4 < middle / app.transcript.view.max_top < 0.6
        await pilot.hover(app.transcript, offset=(79, 23))
        await pilot.mouse_up(app.transcript, offset=(79, 23))
        assert app.transcript.is_following
        assert not app.transcript.picture.is_bar_held
        await pilot.hover(app.transcript, offset=(79, 5))
        assert app.transcript.is_following


async def test_a_thumb_that_is_taken_hold_of_does_not_jump() -> None:
    app = Stage()
    async with app.run_test(size=(80, 24)) as pilot:
        app.transcript.show(turns(40))
        await pilot.pause()
        await pilot.mouse_down(app.transcript, offset=(79, 23))
        assert app.transcript.is_following
        await pilot.mouse_up(app.transcript, offset=(79, 23))


async def test_a_click_on_the_reasoning_line_unfolds_it_in_place() -> None:
    app = Stage()
    async with app.run_test(size=(80, 24)) as pilot:
        app.transcript.show([*turns(30), reply(31, "yes", reasoning="deep\n" * 9)])
        await pilot.pause()
        y = _row_of(app, "▸ Reasoning")
        await pilot.click(app.transcript, offset=(4, y))
        assert rows(app.transcript)[y] == "  ▾ Reasoning"
        assert "│ deep" in shown(app.transcript)
        assert not app.transcript.is_following
        await pilot.click(app.transcript, offset=(4, y))
        assert "│ deep" not in shown(app.transcript)
        assert app.transcript.is_following


async def test_a_fold_outlives_its_entry() -> None:
    app = Stage()
    async with app.run_test(size=(80, 24)) as pilot:
        app.transcript.show([reply(1, "yes", reasoning="deep"), *turns(1000, first=2)])
        app.transcript.focus()
        await pilot.press("home")
        app.transcript.toggle_reasoning()
        assert "│ deep" in shown(app.transcript)
        app.transcript.scroll_to_end()
        for _ in range(60):
            app.transcript.scroll_rows(-20)
        await pilot.press("end", "home")
        assert "│ deep" in shown(app.transcript)


async def test_a_click_opens_a_web_link_and_nothing_else() -> None:
    app = Stage()
    async with app.run_test(size=(80, 24)) as pilot:
        text = "See [the page](https://example.org/x) or [this](file:///etc/passwd) or [that](javascript:alert).\n"
        app.transcript.show([reply(1, text)])
        await pilot.pause()
        y = _row_of(app, "the page")
        row = rows(app.transcript)[y]
        await pilot.click(app.transcript, offset=(row.index("the page") + 1, y))
        assert app.opened == ["https://example.org/x"]
        for word in ("this", "that", "See"):
            at = _row_of(app, word)
            await pilot.click(app.transcript, offset=(rows(app.transcript)[at].index(word) + 1, at))
        assert app.opened == ["https://example.org/x"]
        await pilot.hover(app.transcript, offset=(row.index("the page") + 1, y))
        assert app.transcript.tooltip is not None
        await pilot.hover(app.transcript, offset=(row.index("See") + 1, y))
        assert app.transcript.tooltip is None


async def test_a_drag_that_ends_on_a_link_opens_nothing() -> None:
    app = Stage()
    async with app.run_test(size=(80, 24)) as pilot:
        app.transcript.show([reply(1, "A long way to [the page](https://example.org/x).")])
        await pilot.pause()
        y = _row_of(app, "the page")
        x = rows(app.transcript)[y].index("the page") + 1
        await pilot.mouse_down(app.transcript, offset=(3, y))
        await pilot.hover(app.transcript, offset=(x, y))
        await pilot.mouse_up(app.transcript, offset=(x, y))
        assert app.opened == []


async def test_a_link_with_brackets_is_no_markup_in_its_tooltip() -> None:
    app = Stage()
    async with app.run_test(size=(80, 24), tooltips=True) as pilot:
        app.transcript.show([reply(1, "[page](https://example.org/[/b]%5B)")])
        await pilot.pause()
        y = _row_of(app, "page")
        await pilot.hover(app.transcript, offset=(rows(app.transcript)[y].index("page") + 1, y))
        assert str(app.transcript.tooltip).startswith("https://example.org/")


async def test_a_click_on_the_mark_goes_to_the_end() -> None:
    app = Stage()
    async with app.run_test(size=(80, 24)) as pilot:
        app.transcript.show(turns(100))
        app.transcript.scroll_rows(-30)
        app.transcript.add(prompt(100, "hello"))
        await pilot.pause()
        assert rows(app.transcript)[-1].endswith("↓ 2 new lines")
        await pilot.click(app.transcript, offset=(72, 23))
        assert app.transcript.is_following


async def test_clicks_beside_everything_do_nothing() -> None:
    app = Stage()
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.click(app.transcript, offset=(3, 3))
        app.transcript.show(turns(2))
        await pilot.click(app.transcript, offset=(3, 20))
        await pilot.click(app.transcript, times=2, offset=(60, 0))
        assert app.screen.selections == {}


async def test_a_drag_selects_across_entries_and_copies_clean_text() -> None:
    app = Stage()
    async with app.run_test(size=(80, 24)) as pilot:
        app.transcript.show([prompt(0, "the first prompt"), reply(1, "the answer"), prompt(2, "日本語 second")])
        await pilot.pause()
        start = GUTTER_WIDTH + len("the ")
        await pilot.mouse_down(app.transcript, offset=(start, 0))
        last = _row_of(app, "second")
        await pilot.hover(app.transcript, offset=(GUTTER_WIDTH + 5, last))
        await pilot.mouse_up(app.transcript, offset=(GUTTER_WIDTH + 5, last))
        assert app.screen.get_selected_text() == "first prompt\n\nthe answer\n\n日本語"
        plain, marked = app.transcript.picture.strips(0, 1)[0], app.transcript.render_lines(_row(0))[0]
        assert plain.text == marked.text
        assert list(plain) != list(marked)


async def test_a_selection_stays_on_its_words_when_older_messages_come() -> None:
    app = Stage()
    async with app.run_test(size=(80, 24)) as pilot:
        app.transcript.show(turns(10))
        await pilot.pause()
        y = _row_of(app, "question 8")
        await pilot.mouse_down(app.transcript, offset=(2, y))
        await pilot.hover(app.transcript, offset=(60, y))
        await pilot.mouse_up(app.transcript, offset=(60, y))
        assert app.screen.get_selected_text() == "question 8"
        app.transcript.prepend(turns(50, first=100))
        app.transcript.scroll_rows(-2)
        assert app.screen.get_selected_text() == "question 8"


async def test_all_that_is_selected_of_a_long_conversation_is_the_screen() -> None:
    app = Stage()
    async with app.run_test(size=(80, 24)) as pilot:
        assert app.transcript.get_selection(Selection(None, None)) == ("", "\n")
        app.transcript.show(turns(1000))
        await pilot.pause()
        found = app.transcript.get_selection(Selection(None, None))
        assert found is not None
        assert found[0].endswith("question 998\n\nanswer 999")
        assert found[0].count("question") <= 6


def _row(y: int) -> Region:
    return Region(0, y, 80, 1)
