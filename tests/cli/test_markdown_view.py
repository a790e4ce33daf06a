"""A reply rendered on a terminal, however it is cut."""

from __future__ import annotations

import asyncio
from itertools import pairwise

import pyte
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from chatui.cli.markdown_rows import MAX_OPEN, MAX_TABLE, MarkdownRows
from chatui.cli.markdown_view import MarkdownView
from chatui.cli.terminal_text import Ink

PLAIN = Ink({"NO_COLOR": "1"}, is_terminal=True)
BRIGHT = Ink({}, is_terminal=True)
SAMPLE = """# Title

A **bold** word, `code`, and a paragraph that is long enough to be wrapped once.\\

- one item that is long enough to be wrapped
  - [x] nested
1. first

> said
> > twice

```py
def f(): return "**not bold**" + "a line of code that is long"
```

| Name | Amount |
|---|--:|
| a | 1 |
| bb | **22** |

---
Done."""


class Screen:
    """A terminal and what scrolled off it."""

    def __init__(self, columns: int = 41, rows: int = 12) -> None:
        self._screen = pyte.HistoryScreen(columns, rows, history=1000, ratio=1)
        self._screen.set_mode(pyte.modes.LNM)
        self._stream = pyte.ByteStream(self._screen)
        self.size = (columns, rows)

    def write(self, data: bytes) -> None:
        self._stream.feed(data)

    @property
    def lines(self) -> list[str]:
        above = ["".join(row[at].data for at in range(self.size[0])) for row in self._screen.history.top]
        lines = [line.rstrip() for line in [*above, *self._screen.display]]
        while lines and not lines[-1]:
            lines.pop()
        return lines


def show(pieces: list[str], screen: Screen, ink: Ink = PLAIN) -> list[str]:
    """What stands on the screen in the end, each piece having been drawn."""

    async def draw() -> None:
        view = MarkdownView(screen.write, lambda: screen.size, ink)
        for piece in pieces:
            view.add(piece)
            view._draw()
        view.end()
        assert not view.is_in_line

    asyncio.run(draw())
    return screen.lines


def test_a_reply_is_rendered() -> None:
    assert show([SAMPLE], Screen(rows=60)) == [
        "Title",
        "",
        "A bold word, code, and a paragraph that",
        "is long enough to be wrapped once.",
        "",
        "• one item that is long enough to be",
        "  wrapped",
        "  ☑ nested",
        "1. first",
        "",
        "│ said",
        "│ │ twice",
        "",
        "```py",
        'def f(): return "**not bold**" + "a line',
        'of code that is long"',
        "```",
        "",
        "Name │ Amount",
        "─────┼───────",
        "a    │      1",
        "bb   │     22",
        "",
        "────────────────────────────────────────",
        "Done.",
    ]


def test_looks_are_those_of_the_text() -> None:
    (row,) = MarkdownRows(BRIGHT).feed("## A *b*\n", 40).settled
    assert row == "\x1b[1;36mA \x1b[0m\x1b[1;36;3mb\x1b[0m"


@settings(max_examples=25, deadline=None)
@given(st.lists(st.integers(0, len(SAMPLE)), max_size=30), st.integers(5, 30))
def test_the_screen_does_not_depend_on_how_the_text_is_cut(cuts: list[int], rows: int) -> None:
    places = sorted({0, *cuts, len(SAMPLE)})
    pieces = [SAMPLE[start:end] for start, end in pairwise(places)]
    whole = show([SAMPLE], Screen(rows=60), BRIGHT)
    # A table that is taller than the screen cannot be lined up again once its head scrolled away.
    assert show(pieces, Screen(rows=max(rows, 8)), BRIGHT) == whole


@settings(max_examples=25, deadline=None)
@given(
    st.lists(
        st.sampled_from(
            ["a", " ", "\n", "*", "**", "`", "```\n", "|", "-", "> ", "# ", "漢", "\t", "\x1b[2J", "x" * 50, "\r\n"]
        ),
        max_size=60,
    )
)
def test_odd_text_comes_out_the_same_in_pieces_and_whole(pieces: list[str]) -> None:
    assert show(pieces, Screen(rows=80)) == show(["".join(pieces)], Screen(rows=80))


def test_no_control_of_the_reply_reaches_the_terminal() -> None:
    written: list[bytes] = []

    async def draw() -> None:
        view = MarkdownView(written.append, lambda: (40, 20), PLAIN)
        view.add("a\x1b]0;b\x07 **c\x9b** \u202e\n```\x1b\n\x1b[2J\n```\n|\x1b|\n|-|\n")
        view.end()

    asyncio.run(draw())
    text = b"".join(written).decode()
    assert not set(text) & {"\x1b", "\x07", "\x9b", "\u202e"}
    assert "a␛]0;b␇ c<9B> <202E>" in text


def test_code_is_left_for_the_terminal_to_break_so_that_it_can_be_copied() -> None:
    code = "x" * 300
    rows = MarkdownRows(PLAIN)
    assert rows.feed(f"```\n{code}\n```\n", 40).settled == ("```", code, "```")


def test_an_open_line_is_shown_as_far_as_it_came() -> None:
    rows = MarkdownRows(PLAIN)
    assert rows.feed("Some **bo", 40).open == ("Some **bo",)
    assert rows.feed("ld** text", 40).open == ("Some bold text",)


def test_a_line_without_end_is_settled_bit_by_bit() -> None:
    rows = MarkdownRows(PLAIN)
    shown = rows.feed("word " * (MAX_OPEN // 2), 100)
    assert len(" ".join(shown.open)) <= MAX_OPEN
    text = " ".join([*shown.settled, *shown.open])
    assert text.split() == ["word"] * (MAX_OPEN // 2)


def test_a_long_table_is_let_go_of() -> None:
    rows = MarkdownRows(PLAIN)
    text = "|a|b|\n|-|-|\n" + "|1|2|\n" * (2 * MAX_TABLE)
    shown = rows.feed(text, 40)
    assert len(shown.open) < MAX_TABLE
    assert len(shown.settled) + len(shown.open) == 2 * MAX_TABLE + 2


@pytest.mark.parametrize("text", ["|a|b|\nno table", "|a very long head|another one, longer|\n|-|-|\n|1|2|\n"])
def test_what_is_no_table_or_does_not_fit_stays_as_it_came(text: str) -> None:
    rows = MarkdownRows(PLAIN)
    settled = [*rows.feed(text, 20).settled, *rows.end(20).settled]
    assert "".join("".join(settled).split()) == "".join(text.split())


def test_rows_that_scrolled_away_are_left_as_they_were() -> None:
    # The end makes bold what looked like two stars at the beginning, far above the screen by then.
    start, end = "**" + "word " * 60, "end** and a tail"
    screen = Screen(rows=6)
    lines = show([start, end], screen, BRIGHT)
    whole = show([start + end], Screen(rows=60), BRIGHT)
    assert len(lines) == len(whole)
    assert lines[-5:] == whole[-5:]
    assert lines[0].startswith("**word")
