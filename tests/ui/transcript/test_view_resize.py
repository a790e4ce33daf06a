"""A new width equals a fresh render, and the reader stays at the same words."""

from __future__ import annotations

import random

from hypothesis import given, settings
from hypothesis import strategies as st

from chatui.ui.transcript.document import Item
from tests.ui.transcript.stage import all_rows, prompt, reply, started, texts_of, turns, view_of


@settings(max_examples=40, deadline=None)
@given(st.integers(0, 10_000), st.integers(20, 90), st.integers(20, 90))
def test_a_resize_in_mid_stream_equals_a_fresh_render(seed: int, width: int, other: int) -> None:
    chance = random.Random(seed)
    text = "".join(
        chance.choice(["word ", "other ", "\n\n", "- item\n", "**bold** ", "`code` ", "日本 "]) for _ in range(120)
    )
    cut = chance.randrange(len(text))
    items: list[Item] = [*turns(3), prompt(3, text[::-1])]
    view = view_of(list(items), width)
    view.open_reply(started(4))
    live = view.document.live
    assert live is not None
    position = 0
    while position < len(text):
        step = chance.randrange(1, 9)
        if position <= cut < position + step:
            view.set_size(other, 20)
        live.append_text(text[position : position + step])
        position += step
        view.grow()
    message = reply(4, text)
    view.close_reply(message)
    fresh = all_rows(view, [*items, message])
    assert view.document.total <= len(fresh) + 100
    assert texts_of(view) == fresh[-view.rows :] + [""] * (view.rows - len(fresh))


def test_a_resize_keeps_the_readers_place() -> None:
    words = " ".join(f"w{n}" for n in range(3000))
    view = view_of([*turns(50), prompt(50, "short"), reply(51, words), *turns(50, first=60)], 60)
    while not texts_of(view)[0].startswith("w"):
        view.scroll_by(-3)
    view.scroll_by(-100)
    first = int(texts_of(view)[0].split()[0][1:])
    before = texts_of(view)
    for width in [33, 80, 20, *range(100, 61, -1)]:
        view.set_size(width, 20)
        assert abs(int(texts_of(view)[0].split()[0][1:]) - first) <= 40
    view.set_size(60, 20)
    assert texts_of(view) == before


def test_a_resize_at_the_end_stays_at_the_end() -> None:
    view = view_of(list(turns(50)))
    view.set_size(30, 8)
    assert view.is_following
    assert texts_of(view)[-2:] == ["answer 49", ""]
