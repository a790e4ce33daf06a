"""Odd and hostile text: every row is exactly as wide as the screen, and no control gets into one, whatever is shown."""

from __future__ import annotations

import re

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from rich.cells import cell_len
from textual.strip import Strip

from chatui.conversation.failure import Failure, FailureKind
from chatui.conversation.message import Status
from chatui.ui.transcript.block_cursor import BlockCursor
from chatui.ui.transcript.document import Document, Item
from chatui.ui.transcript.dress import Dresser
from chatui.ui.transcript.finder import Finder
from chatui.ui.transcript.note import Note
from chatui.ui.transcript.painter import Painter
from chatui.ui.transcript.picture import Picture
from chatui.ui.transcript.view import View
from tests.ui.transcript.stage import Stage, prompt, reply, rows, started

CONTROL = re.compile("[\x00-\x1f\x7f-\x9f\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069\u2028\u2029\ud800-\udfff]")
"""C0, DEL, C1, bidi controls, line separators, lone surrogates (RFC 3629; UAX #9, section 2)."""

PIECES = [
    *("word", "a", " ", "  ", "\n", "\n\n", "\t", ".", "-"),
    *("e\u0301", "n\u0303\u0323\u0330", "\u0301", "a" + "\u0336" * 9),
    *("👩‍👩‍👧‍👦", "👍🏽", "🇩🇪", "❤️", "☺", "1️⃣", "🏴\U000e0067\U000e007f", "\u200d", "\ufe0f"),
    *("\u1100\u1161\u11a8", "\u1161", "ｶﾞｷﾟ", "☺\ufe0e", "🇩", "🏽", "👩🏽‍💻", "⚠️", "㍿", "\u3099か\u3099"),
    *("日本語", "한국어", "ｶﾅ", "ＡＢＣ", "。", "「", "\u3000"),
    *("שלום", "العربية", "नमस्ते", "ไทยภาษา", "ཨོཾ"),
    *("\u200b", "\ufeff", "\u00ad", "\u2060", "\u00a0", "\ufffc", "\U000e0001"),
    *("\x1b[31m", "\x1b]0;t\x07", "\x9b1m", "\x00", "\x7f", "\r", "\x08", "\u202e", "\u2066", "\u2028", "\ud800"),
    *(
        "**",
        "*",
        "`",
        "```\n",
        "```py\n",
        "# ",
        "> ",
        "- ",
        "1. ",
        "| a | b |\n|---|---|\n",
        "| ",
        "[x](",
        ")",
        "<",
        "&",
    ),
    *("https://example.org/\u202e", "$x$", "---\n", "[ ] ", "\\", "~~", "[/b]", "[@click=x]"),
]
odd = st.lists(st.sampled_from(PIECES), max_size=25).map("".join)
widths = st.integers(20, 200)


def _picture(items: list[Item], width: int) -> Picture:
    view = View(Document())
    picture = Picture(view, Painter({"warning": "#ffcc00", "foreground": "#ffffff", "background": "#000000"}, True))
    view.show(items)
    picture.set_size(width, 60)
    return picture


def _check(strips: list[Strip], width: int) -> None:
    for strip in strips:
        assert not CONTROL.search(strip.text), repr(strip.text)
        assert strip.cell_length == width
        assert sum(cell_len(segment.text) for segment in strip) == width, repr(strip.text)


@settings(max_examples=80, deadline=None)
@given(odd, widths)
@example("字" * 30 + "\t" + "👩‍👩‍👧‍👦" * 20, 21)
def test_a_message_of_any_text_fits(text: str, width: int) -> None:
    picture = _picture([prompt(0, text or "-"), reply(1, text or "-", reasoning=text)], width)
    for order in (0, 1):
        entry = picture.view.document.entry(order)
        for action in {entry.action(row) for row in range(entry.height)} - {None}:
            assert action is not None
            picture.view.act(order, action)
    total = picture.view.document.total
    picture.set_size(width, total)
    _check(picture.strips(0, total), width)


@settings(max_examples=80, deadline=None)
@given(odd, widths)
def test_what_is_not_a_message_fits(text: str, width: int) -> None:
    failure = Failure(FailureKind.SERVER, text, 500, text)
    items: list[Item] = [
        Note(text, "warning", text),
        reply(1, text or "-", model=f"{text}/{text}", finish_reason=text, status=Status.FAILED, failure=failure),
        reply(2, "x", model=f"{text}x", status=Status.INTERRUPTED, failure=failure),
        started(3, text),
    ]
    picture = _picture(items, width)
    picture.view.queue([text, text])
    _check(picture.strips(0, 60), width)
    empty = _picture([], width)
    empty.set_welcome([text, text])
    _check(empty.strips(0, 60), width)


@settings(max_examples=80, deadline=None)
@example("\n```\nhttps://example.org/\u202e", 20, 1, "a")
@given(odd, widths, st.integers(1, 8), st.sampled_from(["a", "word", "日本", "\u0301", " ", "e\u0301", "👩", "\x1b"]))
def test_a_row_stays_as_wide_under_the_cursor_and_the_marks_of_a_search(
    text: str, width: int, steps: int, needle: str
) -> None:
    picture = _picture([prompt(0, f"a {text}"), reply(1, f"word {text}\n\n```py\n{text}\n")], width)
    cursor, finder = BlockCursor(picture.view), Finder(picture.view)
    picture.dress = Dresser(cursor, finder, lambda: picture.painter).dress
    for _ in range(steps):
        cursor.move(-1)
    finder.begin()
    finder.search(needle)
    finder.move(1)
    plain = [strip.text for strip in _bare(picture).strips(0, 60)]
    dressed = picture.strips(0, 60)
    _check(dressed, width)
    for before, after in zip(plain, dressed, strict=True):
        assert _say(before) == _say(after.text)


def _say(row: str) -> str:
    """A row without its gutter, its scrollbar, and the number that code has at the right end of its first row."""
    return re.sub(r"[\d ]*$", "", row[2:-1])


def _bare(picture: Picture) -> Picture:
    bare = Picture(picture.view, picture.painter)
    bare.width = picture.width
    return bare


async def test_no_control_gets_into_a_tooltip() -> None:
    app = Stage()
    async with app.run_test(size=(80, 24), tooltips=True) as pilot:
        app.transcript.show([reply(1, "[page](<https://example.org/\u202e\x1b[31m\x9b>)")])
        await pilot.pause()
        y = next(y for y, row in enumerate(rows(app.transcript)) if "page" in row)
        await pilot.hover(app.transcript, offset=(rows(app.transcript)[y].index("page") + 1, y))
        tooltip = str(app.transcript.tooltip)
        assert tooltip.startswith("https://example.org/")
        assert not CONTROL.search(tooltip)


@pytest.mark.parametrize("joiner", ["", "\u200d"])
def test_a_search_never_tears_a_joined_character(joiner: str) -> None:
    family = f"{joiner}👩\u200d👩\u200d👧\u200d👦"
    picture = _picture([prompt(0, f"a {family}a")], 20)
    cursor, finder = BlockCursor(picture.view), Finder(picture.view)
    picture.dress = Dresser(cursor, finder, lambda: picture.painter).dress
    finder.begin()
    finder.search("a")
    dressed = picture.strips(0, 60)
    _check(dressed, 20)
    assert any(family in strip.text for strip in dressed)
