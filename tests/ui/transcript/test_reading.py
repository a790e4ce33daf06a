"""Reading by keys and mouse: what is drawn, what is selected, what is copied; nothing of it when nobody reads."""

from __future__ import annotations

from textual import events
from textual.geometry import Region
from textual.strip import Strip

from chatui.conversation.events import TextDelta
from chatui.ui.transcript.section import GUTTER_WIDTH
from tests.ui.transcript.stage import Stage, prompt, reply, rows, shown, started, turns

REPLY = "First paragraph.\n\n```python\nx = 1\n```\n\n- one\n- two\n\n```\ny = 2\n```\n"


def _strips(app: Stage) -> list[Strip]:
    width, height = app.transcript.size
    return app.transcript.render_lines(Region(0, 0, width, height))


def _barred(app: Stage) -> list[str]:
    """The rows of the block that the cursor is on."""
    return [row[GUTTER_WIDTH:].strip() for row in rows(app.transcript) if row.startswith("┃")]


def _row_of(app: Stage, text: str) -> int:
    return next(y for y, row in enumerate(rows(app.transcript)) if text in row)


async def test_the_cursor_marks_its_block_and_numbers_the_code_of_its_message() -> None:
    app = Stage()
    async with app.run_test(size=(60, 30)) as pilot:
        app.transcript.show([prompt(0), reply(1, REPLY)])
        await pilot.pause()
        plain = [strip.text for strip in _strips(app)]
        app.transcript.move_block(-1)
        assert _barred(app) == ["y = 2" + " " * 48 + "2"]
        app.transcript.move_block(-1)
        assert _barred(app) == ["• one", "• two"]
        assert rows(app.transcript)[_row_of(app, "python")].endswith(" 1")
        assert all(strip.cell_length == 60 for strip in _strips(app))
        for _ in range(2):
            app.transcript.move_block(-1)
        assert _barred(app) == ["First paragraph."]
        app.transcript.move_block(-1)
        assert _barred(app) == ["question 0"]
        assert not rows(app.transcript)[_row_of(app, "python")].endswith(" 1")
        app.transcript.leave_block()
        assert [strip.text for strip in _strips(app)] == plain
        assert app.transcript.picture.dress is None


async def test_the_block_has_a_background_of_its_own() -> None:
    app = Stage()
    async with app.run_test(size=(60, 20)) as pilot:
        app.transcript.show([reply(1, "one\n\ntwo\n")])
        await pilot.pause()
        app.transcript.move_block(-1)
        strips = _strips(app)
        here, other = strips[_row_of(app, "two")], strips[_row_of(app, "one")]
        grounds = {style.bgcolor for _, style, _ in here.crop(0, 58) if style}
        assert len(grounds) == 1
        assert grounds != {style.bgcolor for _, style, _ in other.crop(0, 58) if style}


async def test_digits_go_to_code_or_to_the_verb_that_waits() -> None:
    app = Stage()
    done: list[int] = []
    async with app.run_test(size=(60, 30)) as pilot:
        app.transcript.show([reply(1, REPLY)])
        app.transcript.focus()
        await pilot.press("1")
        assert not app.transcript.cursor.is_shown
        app.transcript.move_block(-1)
        await pilot.press("1")
        assert _barred(app)[1] == "x = 1"
        app.transcript.verb.wait(done.append, 2)
        await pilot.press("2")
        assert done == [2]
        assert _barred(app)[1] == "x = 1"
        await pilot.press("9")
        assert _barred(app)[1] == "x = 1"


async def test_folding_needs_a_block_with_a_fold() -> None:
    app = Stage()
    code = "".join(f"line {n}\n" for n in range(60))
    async with app.run_test(size=(60, 20)) as pilot:
        app.transcript.show([prompt(0, "pasted\n" * 50), reply(1, f"text\n\n```\n{code}```\n", reasoning="deep")])
        await pilot.pause()
        assert not app.transcript.fold_block()
        app.transcript.move_block(-1)
        assert app.transcript.fold_block()
        assert "48 more lines" in shown(app.transcript)
        assert len(_barred(app)) == 13
        assert app.transcript.fold_block()
        app.transcript.move_block(-1)
        while _barred(app) != ["text"]:
            app.transcript.move_block(-1)
        assert not app.transcript.fold_block()
        app.transcript.move_block(-1)
        assert app.transcript.fold_block()
        assert "▾ Reasoning" in shown(app.transcript)
        assert _barred(app) == ["▾ Reasoning", "deep"]
        app.transcript.move_block(-1)
        assert app.transcript.fold_block()
        assert "▾ show less" in shown(app.transcript) or "pasted" in shown(app.transcript)


async def test_blocks_are_selected_by_keys_and_copied_as_clean_text() -> None:
    app = Stage()
    async with app.run_test(size=(60, 30)) as pilot:
        app.transcript.show([prompt(0), reply(1, REPLY)])
        await pilot.pause()
        app.transcript.move_block(-1)
        app.transcript.move_block(-1)
        app.transcript.mark_block()
        assert app.transcript.selected_text == "- one\n- two"
        app.transcript.move_block(-1)
        app.transcript.move_block(-1)
        assert app.transcript.selected_text == "First paragraph.\n\nx = 1\n\n- one\n- two"
        await pilot.resize_terminal(30, 30)
        assert app.transcript.selected_text == "First paragraph.\n\nx = 1\n\n- one\n- two"
        app.transcript.mark_block()
        assert app.screen.selections == {}
        app.transcript.mark_block()
        app.transcript.clear_selected()
        assert not app.transcript.is_selected
        assert not app.transcript.cursor.is_selecting


async def test_a_double_click_takes_a_word_and_a_triple_click_a_block() -> None:
    app = Stage()
    async with app.run_test(size=(60, 20)) as pilot:
        text = (
            "See src/main.py, or `--all-files` and naïve 日本語, on this line which is long enough to wrap.\n\nNext.\n"
        )
        app.transcript.show([reply(1, text)])
        await pilot.pause()
        y = _row_of(app, "src/main.py")
        x = rows(app.transcript)[y].index("main")
        for words in ("src/main.py", "--all-files", "naïve"):
            at = rows(app.transcript)[y].index(words) + len(words) // 2
            await pilot.click(app.transcript, offset=(at, y), times=2)
            assert app.transcript.selected_text == words
        await pilot.click(app.transcript, offset=(x, y), times=3)
        assert app.transcript.selected_text == text.splitlines()[0].replace("`", "")
        await pilot.click(app.transcript, offset=(x, y))
        assert app.transcript.selected_text == ""
        await pilot.click(app.transcript, offset=(50, 0), times=3)
        assert app.transcript.selected_text == ""


async def test_a_click_moves_a_cursor_that_is_there() -> None:
    app = Stage()
    async with app.run_test(size=(60, 30)) as pilot:
        app.transcript.show([prompt(0), reply(1, REPLY)])
        await pilot.pause()
        await pilot.click(app.transcript, offset=(6, _row_of(app, "x = 1")))
        assert not app.transcript.cursor.is_shown
        app.transcript.move_block(-1)
        await pilot.click(app.transcript, offset=(6, _row_of(app, "x = 1")))
        assert _barred(app)[1] == "x = 1"
        await pilot.click(app.transcript, offset=(6, _row_of(app, "First") - 1))
        assert _barred(app)[1] == "x = 1"


async def test_a_drag_to_the_edge_scrolls_and_selects_on() -> None:
    app = Stage()
    async with app.run_test(size=(60, 20)) as pilot:
        app.transcript.show(turns(60))
        await pilot.pause()
        top = app.transcript.view.top
        await pilot.mouse_down(app.transcript, offset=(10, 12))
        for y in (8, 4, 1, 0):
            # The pilot's own moves have no speed, which is what tells a drag upward.
            move = events.MouseMove(app.transcript, 10, y, 0, -3, 1, False, False, False, 10, y)
            app.screen._forward_event(move)
            await pilot.pause()
        for _ in range(100):
            if app.transcript.view.top < top - 3:
                break
            await pilot.pause(0.02)
        assert app.transcript.view.top < top - 3
        await pilot.mouse_up(app.transcript, offset=(10, 0))
        assert app.transcript.selected_text.count("question") >= 4


async def test_a_new_width_drops_a_selection_made_by_mouse() -> None:
    app = Stage()
    async with app.run_test(size=(60, 20)) as pilot:
        app.transcript.show(turns(4))
        await pilot.pause()
        await pilot.click(app.transcript, offset=(4, _row_of(app, "answer 3")), times=2)
        assert app.transcript.is_selected
        await pilot.resize_terminal(60, 18)
        assert app.transcript.is_selected
        await pilot.resize_terminal(40, 18)
        assert not app.transcript.is_selected


async def test_what_is_found_is_marked_in_all_rows_and_the_one_gone_to_more() -> None:
    app = Stage()
    async with app.run_test(size=(60, 20)) as pilot:
        app.transcript.show([reply(1, "A word, another Word.\n\nNo more of wor\nds.\n")])
        await pilot.pause()
        plain = [list(strip) for strip in _strips(app)]
        app.transcript.find("word")
        y = _row_of(app, "A word")
        marked = list(_strips(app)[y])
        styles = [style for text, style, _ in marked if text.lower() == "word"]
        assert len(styles) == 2
        assert styles[0] != styles[1]
        assert [strip.text for strip in _strips(app)] == ["".join(text for text, _, _ in row) for row in plain]
        app.transcript.find_next(1)
        assert [style for text, style, _ in _strips(app)[y] if text.lower() == "word"][1] == styles[0]
        app.transcript.end_find()
        assert [list(strip) for strip in _strips(app)] == plain


async def test_a_stream_under_the_cursor_and_a_search_stays_right() -> None:
    app = Stage()
    async with app.run_test(size=(60, 20)) as pilot:
        app.transcript.show(turns(2))
        app.transcript.apply(started(3))
        app.transcript.apply(TextDelta("one word\n\ntwo"))
        app.transcript.flush()
        app.transcript.find("word")
        app.transcript.move_block(-1)
        app.transcript.move_block(-1)
        assert _barred(app) == ["one word"]
        app.transcript.apply(TextDelta(" words\n\nthree\n"))
        app.transcript.flush()
        await pilot.pause()
        assert _barred(app) == ["one word"]
        row = _strips(app)[_row_of(app, "two words")]
        assert [text for text, style, _ in row if text == "word"] == ["word"]


async def test_the_wheel_moves_the_view_and_not_the_cursor() -> None:
    app = Stage()
    async with app.run_test(size=(60, 20)) as pilot:
        app.transcript.show(turns(60))
        await pilot.pause()
        app.transcript.move_block(-1)
        for _ in range(10):
            await pilot._post_mouse_events([events.MouseScrollUp], app.transcript, offset=(5, 5))
        assert _barred(app) == []
        app.transcript.move_block(-1)
        assert _barred(app) == ["question 58"]


async def test_another_session_has_no_cursor_and_keeps_the_search() -> None:
    app = Stage()
    async with app.run_test(size=(60, 20)) as pilot:
        app.transcript.show(turns(4))
        await pilot.pause()
        app.transcript.move_block(-1)
        app.transcript.find("question")
        app.transcript.show(turns(20))
        assert not app.transcript.cursor.is_shown
        assert app.transcript.finder.total == 10
        app.transcript.find_next(1)
        assert app.transcript.finder.number == 1
