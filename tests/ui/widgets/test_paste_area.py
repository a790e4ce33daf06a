from __future__ import annotations

import pytest
from textual import events
from textual.geometry import Region
from textual.pilot import Pilot

from chatui.ui.widgets.paste_area import PasteArea
from tests.ui.widgets.hosting import Host

LONG = "".join(f"line {number} of something long\n" for number in range(500))
LABEL = "[pasted 13 KB · 500 lines]"


async def paste(pilot: Pilot[None], text: str) -> None:
    pilot.app.post_message(events.Paste(text))
    await pilot.pause()


async def test_a_short_paste_goes_in_as_it_is() -> None:
    area = PasteArea()
    async with Host(area).run_test() as pilot:
        await paste(pilot, "one\r\ntwo\rthree\n\tfour")
        assert area.text == area.full_text == "one\ntwo\nthree\n\tfour"


async def test_a_paste_replaces_the_selection() -> None:
    area = PasteArea()
    async with Host(area).run_test() as pilot:
        area.load_text("some words")
        await pilot.press("f7")
        await paste(pilot, "other words")
        assert area.text == "other words"


async def test_a_megabyte_becomes_a_chip_and_comes_back_exactly() -> None:
    area = PasteArea()
    text = "".join(f"{number}: \x1b[31m[/markup] 日本 \u202e\n" for number in range(40_000))
    assert len(text) > 1_000_000
    async with Host(area).run_test() as pilot:
        area.load_text("before ")
        await paste(pilot, text)
        await pilot.press("a", "f", "t", "e", "r")
        assert len(area.text) < 60
        assert area.full_text == f"before {text}after"


async def test_two_chips_keep_their_places() -> None:
    area = PasteArea()
    other = LONG.replace("long", "else")
    async with Host(area).run_test() as pilot:
        await paste(pilot, LONG)
        await pilot.press("space")
        await paste(pilot, other)
        assert area.text == f"{LABEL} [pasted 13 KB · 500 lines #2]"
        assert area.full_text == f"{LONG} {other}"


@pytest.mark.parametrize(
    ("keys", "left"),
    [
        (["backspace"], "x y"),
        (["left", "left", "left", "backspace"], "x y"),
        (["left", "ctrl+w"], "x y"),
        (["home", "right", "right", "delete"], "x y"),
        (["home", "right", "shift+right", "shift+right", "backspace"], "xy"),
    ],
)
async def test_a_chip_is_deleted_as_a_whole(keys: list[str], left: str) -> None:
    area = PasteArea()
    async with Host(area).run_test() as pilot:
        area.insert("x y")
        area.move_cursor((0, 2))
        area.paste(LONG)
        await pilot.press(*keys)
        assert area.text == area.full_text == left


async def test_a_deleted_chip_comes_back_with_undo() -> None:
    area = PasteArea()
    async with Host(area).run_test() as pilot:
        area.paste(LONG)
        await pilot.press("backspace")
        assert area.full_text == ""
        await pilot.press("ctrl+z")
        assert area.full_text == LONG


async def test_typing_inside_a_chip_goes_behind_it() -> None:
    area = PasteArea()
    async with Host(area).run_test() as pilot:
        area.paste(LONG)
        await pilot.press("left", "left", "a", "b")
        assert area.text == f"{LABEL}ab"


async def test_a_chip_on_another_line_is_taken_whole_too() -> None:
    area = PasteArea()
    async with Host(area).run_test() as pilot:
        area.insert("top\n")
        area.paste(LONG)
        await pilot.press("left", "left", "shift+up", "backspace")
        assert area.text == "top"


async def test_control_characters_are_left_out_and_told() -> None:
    area = PasteArea()
    app = Host(area)
    async with app.run_test(notifications=True) as pilot:
        await paste(pilot, "\x1b[31mred\x1b[0m [b]x[/b]\u202e")
        assert area.text == "red [b]x[/b]"
        await paste(pilot, "\x07")
        notices = [notice.message for notice in app._notifications]
    assert notices == [
        "3 control sequences were left out of the pasted text.",
        "1 control sequence was left out of the pasted text.",
    ]


async def test_loaded_text_is_cleaned_and_folded_like_a_paste() -> None:
    area = PasteArea()
    async with Host(area).run_test():
        area.load_text("a\x1bb\r\nc")
        assert area.text == "ab\nc"
        assert area.cursor_location == (1, 1)
        area.load_text("x" * 50_000)
        assert area.text == "[pasted 50 KB · 1 line]"


async def test_of_a_long_text_that_is_loaded_the_lines_at_both_ends_can_be_edited() -> None:
    area = PasteArea()
    async with Host(area).run_test():
        area.load_text(f"What is\nthis?\n{'y' * 401}\n{LONG}And\nthat")
        assert area.text == "What is\nthis?\n[pasted 14 KB · 500 lines]\nline 499 of something long\nAnd\nthat"
        assert area.full_text == f"What is\nthis?\n{'y' * 401}\n{LONG}And\nthat"


async def test_a_copied_chip_is_copied_with_its_text() -> None:
    area = PasteArea()
    app = Host(area)
    async with app.run_test() as pilot:
        area.paste(LONG)
        await pilot.press("f7", "ctrl+c")
        assert app.copied == [LONG]
        await pilot.press("end", "ctrl+v")
        assert area.text == LABEL * 2
        assert area.full_text == LONG * 2


async def test_cut_takes_the_selection_or_else_the_line() -> None:
    area = PasteArea()
    app = Host(area)
    async with app.run_test() as pilot:
        area.load_text("one two")
        await pilot.press("ctrl+shift+left", "ctrl+x")
        assert (area.text, app.copied) == ("one ", ["two"])
        await pilot.press("ctrl+x")
        assert (area.text, app.copied) == ("", ["two", "one "])


async def test_an_empty_paste_changes_nothing() -> None:
    area = PasteArea()
    async with Host(area).run_test() as pilot:
        area.load_text("draft")
        await pilot.press("f7")
        await paste(pilot, "")
        assert area.text == "draft"


async def test_no_drawn_row_holds_a_control_character() -> None:
    area = PasteArea()
    async with Host(area).run_test(size=(40, 6)) as pilot:
        await paste(pilot, "a\x1b]0;x\x07b\u202ec\x9bd\n\x00e")
        strips = area.render_lines(Region(0, 0, *area.size))
        shown = "".join(strip.text for strip in strips)
    assert shown.isprintable()
