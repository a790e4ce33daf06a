"""Whatever came, in whatever pieces and widths, the picture is the one of the same text painted from scratch."""

from __future__ import annotations

import re

import pyte
from hypothesis import example, given, settings
from hypothesis import strategies as st
from textual.strip import Strip
from wcwidth import wcwidth

from chatui.ui.transcript.document import Document
from chatui.ui.transcript.painter import Painter
from chatui.ui.transcript.picture import Picture
from chatui.ui.transcript.view import View
from tests.ui.markdown.samples import SNIPPETS
from tests.ui.transcript.stage import prompt, reply, started
from tests.ui.transcript.test_odd_text import PIECES

COLORS = {"warning": "#ffcc00", "foreground": "#ffffff", "background": "#000000", "primary": "#3366ff"}
ROWS = 30

pieces = st.sampled_from([*SNIPPETS, *(f"{snippet}\n\n" for snippet in SNIPPETS), *PIECES])
deltas = (
    st.lists(pieces, min_size=1, max_size=8)
    .map("".join)
    .flatmap(
        lambda text: st.lists(st.integers(0, len(text)), max_size=6).map(
            lambda cuts: [text[a:b] for a, b in zip([0, *sorted(cuts)], [*sorted(cuts), len(text)], strict=True)]
        )
    )
)


def make_picture(width: int) -> Picture:
    picture = Picture(View(Document()), Painter(COLORS, True))
    picture.view.show([prompt(0, "a question")])
    picture.set_size(width, ROWS)
    picture.view.open_reply(started(1))
    return picture


def add(picture: Picture, thoughts: str, text: str) -> None:
    live = picture.view.document.live
    assert live is not None
    if thoughts:
        live.append_reasoning(thoughts)
    if text:
        live.append_text(text)
    picture.view.grow()


def rows_of(picture: Picture) -> list[Strip]:
    """What is on screen; the time that the thinking took is another each time."""
    strips = picture.strips(0, ROWS)
    return [strip for strip in strips if not re.match(r" *[▸▾] (Th|Reasoning)", strip.text)]


@settings(max_examples=60, deadline=None)
@given(deltas, deltas, st.lists(st.integers(20, 200), min_size=1, max_size=4))
@example(["[a]\n\n| [a] |\n|--|\n| [a] |\n\n", "text\n\n", "[a]: https://example.org\n\n", "end"], ["x"], [40, 20])
def test_the_picture_of_a_stream_is_that_of_the_whole(texts: list[str], thoughts: list[str], widths: list[int]) -> None:
    picture = make_picture(widths[0])
    said = thought = ""
    for index, (thinking, delta) in enumerate(
        [*((piece, "") for piece in thoughts), *(("", piece) for piece in texts)]
    ):
        width = widths[index // 2 % len(widths)]
        if width != picture.width:
            picture.set_size(width, ROWS)
        add(picture, thinking, delta)
        said, thought = said + delta, thought + thinking
        fresh = make_picture(width)
        add(fresh, thought, "")
        add(fresh, "", said)
        assert rows_of(picture) == rows_of(fresh)
    picture.view.close_reply(reply(1, said, reasoning=thought))
    loaded = Picture(View(Document()), Painter(COLORS, True))
    loaded.view.show([prompt(0, "a question"), reply(1, said, reasoning=thought)])
    loaded.set_size(picture.width, ROWS)
    assert rows_of(picture) == rows_of(loaded)


JOINED = re.compile("[\u200d\ufe0f\U0001f1e6-\U0001f1ff\U0001f3fb-\U0001f3ff\U000e0000-\U000e007f]")
"""What makes one picture of several characters: terminals do not agree on its cells, and pyte counts each alone."""


@settings(max_examples=60, deadline=None)
@given(deltas, st.integers(20, 200))
@example(["ｶﾞｷﾞ 한국 각 日本語 שלום العربية e\u0301 a\tb " * 9], 37)
def test_a_terminal_ends_every_row_at_its_last_column(texts: list[str], width: int) -> None:
    picture = make_picture(width)
    add(picture, "".join(texts)[:500], "".join(texts))
    screen = pyte.Screen(width, ROWS)
    stream = pyte.Stream(screen)
    strips = picture.strips(0, ROWS)
    for y, strip in enumerate(strips):
        # The last cell is the scrollbar's: a sign there tells what the terminal counted before it.
        # Of what takes no cell, pyte 0.8 drops the rest of the text after some; it moves nothing, so it is left out.
        cells = "".join(character for character in strip.text[:-1] if wcwidth(character) > 0)
        stream.feed(f"\x1b[{y + 1};1H{cells}┃")
    for y, strip in enumerate(strips):
        assert strip.cell_length == width
        if not JOINED.search(strip.text):
            assert [x for x in range(width) if screen.buffer[y][x].data.startswith("┃")][-1:] == [width - 1], strip.text
