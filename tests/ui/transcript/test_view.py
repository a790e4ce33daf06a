"""The view keeps what the reader looks at still, follows only at the end, and decodes only what is visible."""

from __future__ import annotations

import random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from chatui.conversation.events import Retrying
from chatui.conversation.failure import Failure, FailureKind
from chatui.conversation.message import Message
from chatui.ui.transcript.document import KEPT_ENTRIES, Document, Item
from chatui.ui.transcript.note import Note
from chatui.ui.transcript.view import View
from tests.ui.transcript.stage import prompt, reply, started, stored, turns


def _view(items: list[Item], width: int = 60, rows: int = 20) -> View:
    view = View(Document())
    view.set_size(width, rows)
    view.show(items)
    return view


def _texts(view: View) -> list[str]:
    return [row.line.text for _, _, row in view.screen_rows(0, view.rows)]


def _fresh(view: View, items: list[Item]) -> list[str]:
    """All rows of a document with the same items, laid out from scratch, every one of them measured."""
    fresh = _view(items, view.document.width, 10_000)
    return [row.line.text for _, _, row in fresh.screen_rows(0, fresh.document.total)]


def test_showing_goes_to_the_end() -> None:
    view = _view(list(turns(50)))
    assert view.is_following
    assert _texts(view)[-2:] == ["answer 49", ""]
    assert view.top == view.max_top


@pytest.mark.parametrize("rows", [3, 20, 50])
def test_only_what_is_visible_is_decoded(rows: int) -> None:
    decoded: list[str] = []
    view = _view(list(stored(turns(10_000), decoded.append)), rows=rows)
    # A prompt takes two rows, a reply three; one reply more is decoded for its model.
    assert len(decoded) <= rows // 2 + 2
    assert len(set(decoded)) == len(decoded)
    seen = len(decoded)
    view.scroll_by(-rows)
    assert len(decoded) - seen <= rows // 2 + 3
    view.scroll_to(view.max_top // 2)
    assert len(decoded) <= 3 * (rows // 2 + 3)


def test_scrolling_moves_by_exactly_the_rows_asked_for() -> None:
    items: list[Item] = list(stored([prompt(n, "word " * (n * 7 % 90)) for n in range(200)]))
    whole = _fresh(_view([]), items)
    view = _view(items)
    end = len(whole) - view.rows
    for up in range(1, 200):
        view.scroll_by(-1)
        assert _texts(view) == whole[end - up : end - up + view.rows]
    view.scroll_by(-120)
    assert _texts(view)[0] == whole[end - 319]
    view.scroll_by(57)
    assert _texts(view)[0] == whole[end - 262]


def test_following_ends_with_scrolling_up_and_begins_at_the_end() -> None:
    view = _view(list(turns(50)))
    view.scroll_by(-3)
    assert not view.is_following
    view.scroll_by(2)
    assert not view.is_following
    view.scroll_by(1)
    assert view.is_following


def test_a_document_shorter_than_the_screen_is_always_followed() -> None:
    view = _view(list(turns(2)))
    view.scroll_by(-5)
    assert view.is_following
    assert view.top == 0
    assert _texts(view)[:2] == ["question 0", ""]


def test_older_items_in_front_move_nothing() -> None:
    view = _view(list(turns(50, first=100)))
    view.scroll_by(-30)
    before = _texts(view)
    view.prepend(stored(turns(100)))
    assert _texts(view) == before
    assert not view.is_following
    assert len(view.document) == 150
    view.scroll_to(0)
    assert _texts(view)[0] == "question 0"


def test_older_items_in_front_of_nothing_show_the_end() -> None:
    view = _view([])
    view.prepend(turns(50))
    assert view.is_following
    assert "answer 49" in _texts(view)


def test_new_lines_are_counted_while_the_reader_is_elsewhere() -> None:
    view = _view(list(turns(50)))
    view.scroll_by(-10)
    before = _texts(view)
    view.add(reply(51, "one\n\ntwo"))
    assert view.new_lines == 5
    assert _texts(view) == before
    view.scroll_by(12)
    assert view.new_lines == 3
    view.follow()
    assert view.new_lines == 0
    assert "two" in _texts(view)


def test_a_growing_reply_is_followed_or_leaves_the_reader_alone() -> None:
    view = _view(list(turns(50)))
    view.open_reply(started(99))
    live = view.document.live
    assert live is not None
    for n in range(40):
        live.append_text(f"line {n}\n\n")
        view.grow()
    assert "line 39" in _texts(view)
    view.scroll_by(-5)
    before = _texts(view)
    live.append_text("more\n\n" * 30)
    view.grow()
    assert _texts(view) == before
    assert view.new_lines > 30


def test_a_growth_tells_the_first_row_that_changed() -> None:
    view = _view(list(turns(50)))
    view.open_reply(started(99))
    live = view.document.live
    assert live is not None
    live.append_text("a\n\nb\n\nlast")
    view.grow()
    live.append_text(" word")
    first = view.grow()
    assert first is not None
    assert view.document.find(first) == (50, 5)
    assert view.grow() is None


@settings(max_examples=40, deadline=None)
@given(st.integers(0, 10_000), st.integers(20, 90), st.integers(20, 90))
def test_a_resize_in_mid_stream_equals_a_fresh_render(seed: int, width: int, other: int) -> None:
    chance = random.Random(seed)
    text = "".join(
        chance.choice(["word ", "other ", "\n\n", "- item\n", "**bold** ", "`code` ", "日本 "]) for _ in range(120)
    )
    cut = chance.randrange(len(text))
    items: list[Item] = [*turns(3), prompt(3, text[::-1])]
    view = _view(list(items), width)
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
    fresh = _fresh(view, [*items, message])
    assert view.document.total <= len(fresh) + 100
    assert _texts(view) == fresh[-view.rows :] + [""] * (view.rows - len(fresh))


def test_a_resize_keeps_the_readers_place() -> None:
    words = " ".join(f"w{n}" for n in range(3000))
    view = _view([*turns(50), prompt(50, "short"), reply(51, words), *turns(50, first=60)], 60)
    while not _texts(view)[0].startswith("w"):
        view.scroll_by(-3)
    view.scroll_by(-100)
    first = int(_texts(view)[0].split()[0][1:])
    before = _texts(view)
    for width in [33, 80, 20, *range(100, 61, -1)]:
        view.set_size(width, 20)
        assert abs(int(_texts(view)[0].split()[0][1:]) - first) <= 40
    view.set_size(60, 20)
    assert _texts(view) == before


def test_a_resize_at_the_end_stays_at_the_end() -> None:
    view = _view(list(turns(50)))
    view.set_size(30, 8)
    assert view.is_following
    assert _texts(view)[-2:] == ["answer 49", ""]


def test_without_a_width_nothing_is_laid_out() -> None:
    view = View(Document())
    decoded: list[str] = []
    view.show(stored(turns(100), decoded.append))
    view.add(Note("hello"))
    view.open_reply(started(7))
    live = view.document.live
    assert live is not None
    live.append_text("text")
    assert view.grow() is None
    view.scroll_by(-1)
    view.scroll_to(0)
    view.queue(["x"])
    assert decoded == ["m99"]
    view.set_size(60, 10)
    view.grow()
    assert "text" in _texts(view)


def test_entries_far_away_are_dropped_and_come_back_the_same() -> None:
    view = _view(list(turns(2000)), rows=20)
    last = _texts(view)
    for _ in range(150):
        view.scroll_by(-20)
    assert len(view.document.laid_out()) <= KEPT_ENTRIES
    view.follow()
    assert _texts(view) == last


def test_the_queue_stays_at_the_very_end() -> None:
    view = _view(list(turns(2)))
    view.queue(["waiting one", "waiting two"])
    view.add(prompt(5, "a new prompt"))
    view.open_reply(started(6))
    texts = _texts(view)
    assert texts.index("a new prompt") < texts.index("waiting one") < texts.index("waiting two")
    assert any("takes it back" in text for text in texts)
    view.close_reply(reply(6, "done"))
    texts = _texts(view)
    assert texts.index("done") < texts.index("waiting one")
    view.queue([])
    assert "waiting one" not in _texts(view)


def test_a_footnote_gives_way_to_the_next_until_something_follows() -> None:
    view = _view(list(turns(2)))
    view.queue(["waiting"])
    view.set_footnote(Note("first"))
    view.set_footnote(Note("second"))
    texts = _texts(view)
    assert "first" not in texts
    assert texts.index("second") < texts.index("waiting")
    view.add(prompt(2))
    view.set_footnote(Note("third"))
    view.set_footnote(None)
    assert "second" in _texts(view)
    assert "third" not in _texts(view)


def test_a_queue_that_goes_while_the_reader_looks_at_it_leaves_the_end() -> None:
    view = _view(list(turns(2)), rows=2)
    view.queue([f"waiting {n}" for n in range(30)])
    view.scroll_by(-1)
    view.queue([])
    assert _texts(view) == ["answer 1", ""]


def test_a_retry_is_shown_and_replaced() -> None:
    view = _view([prompt(0)])
    view.open_reply(started(1))
    failure = Failure(FailureKind.OVERLOADED, "busy", 503)
    view.retry(Retrying(failure, 1, 3, 1.0))
    assert "503 no capacity · retry 1/3 after 1 s" in _texts(view)
    view.retry(Retrying(failure, 2, 3, 2.0))
    texts = _texts(view)
    assert "503 no capacity · retry 2/3 after 2 s" in texts
    assert "503 no capacity · retry 1/3 after 1 s" not in texts
    live = view.document.live
    assert live is not None
    live.append_text("at last")
    view.grow()
    assert "at last" in _texts(view)
    assert not any("retry" in text for text in _texts(view))


def test_a_finished_reply_without_a_beginning_is_added() -> None:
    view = _view([prompt(0)])
    view.close_reply(reply(1, "from nowhere"))
    view.retry(Retrying(Failure(FailureKind.SERVER, ""), 1, 3, 1.0))
    assert "from nowhere" in _texts(view)


def test_a_second_reply_leaves_the_first_one_behind() -> None:
    view = _view([prompt(0)])
    view.open_reply(started(1))
    view.open_reply(started(2))
    view.close_reply(reply(2, "second"))
    assert "second" in _texts(view)


def test_a_switch_of_model_is_marked_also_when_the_older_reply_comes_later() -> None:
    def label(view: View) -> str:
        return next(text for text in _texts(view) if "new" in text)

    view = _view([prompt(2), reply(3, model="p/new")])
    assert label(view) == "new  p"
    view.prepend(stored([prompt(0), reply(1, model="p/old")]))
    assert label(view) == "→ new  p"


def test_the_live_reply_is_compared_too() -> None:
    view = _view([prompt(0), reply(1, model="p/old"), prompt(2)])
    view.open_reply(started(3, "p/old"))
    assert _texts(view).count("old  p") == 2
    view.close_reply(reply(3, model="p/old"))
    view.open_reply(started(5, "p/new"))
    assert any(text == "→ new  p" for text in _texts(view))


def test_a_delta_after_many_messages_touches_one_entry() -> None:
    decoded: list[str] = []
    view = _view(list(stored(turns(10_000), decoded.append)))
    view.open_reply(started(99_999))
    live = view.document.live
    assert live is not None
    live.append_text("one\n\n" * 30)
    view.grow()
    decoded.clear()
    made: list[int] = []
    entry = view.document.entry

    def counting(order: int) -> object:
        made.append(order)
        return entry(order)

    view.document.entry = counting  # type: ignore[method-assign,assignment]  # counts who is asked
    live.append_text("x")
    view.grow()
    view.screen_rows(0, view.rows)
    assert decoded == []
    assert set(made) == {10_000}


def test_notes_say_what_to_do_next() -> None:
    view = _view([Note("Saved nothing.", "error", "The disk is full.")])
    assert _texts(view)[:3] == ["Saved nothing.", "The disk is full.", ""]


def test_undecodable_roles_do_not_matter_for_the_empty_view() -> None:
    view = _view([])
    assert view.top == 0
    assert set(_texts(view)) == {""}
    view.scroll_by(-1)
    view.settle()
    assert isinstance(reply(1), Message)
