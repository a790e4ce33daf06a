"""The view keeps what the reader looks at still, follows only at the end, and decodes only what is visible."""

from __future__ import annotations

import pytest

from chatui.conversation.message import Message
from chatui.ui.transcript.document import KEPT_ENTRIES, Document, Item
from chatui.ui.transcript.note import Note
from chatui.ui.transcript.view import View
from tests.ui.transcript.stage import all_rows, prompt, reply, started, stored, texts_of, turns, view_of


def test_showing_goes_to_the_end() -> None:
    view = view_of(list(turns(50)))
    assert view.is_following
    assert texts_of(view)[-2:] == ["answer 49", ""]
    assert view.top == view.max_top


@pytest.mark.parametrize("rows", [3, 20, 50])
def test_only_what_is_visible_is_decoded(rows: int) -> None:
    decoded: list[str] = []
    view = view_of(list(stored(turns(10_000), decoded.append)), rows=rows)
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
    whole = all_rows(view_of([]), items)
    view = view_of(items)
    end = len(whole) - view.rows
    for up in range(1, 200):
        view.scroll_by(-1)
        assert texts_of(view) == whole[end - up : end - up + view.rows]
    view.scroll_by(-120)
    assert texts_of(view)[0] == whole[end - 319]
    view.scroll_by(57)
    assert texts_of(view)[0] == whole[end - 262]


def test_following_ends_with_scrolling_up_and_begins_at_the_end() -> None:
    view = view_of(list(turns(50)))
    view.scroll_by(-3)
    assert not view.is_following
    view.scroll_by(2)
    assert not view.is_following
    view.scroll_by(1)
    assert view.is_following


def test_a_document_shorter_than_the_screen_is_always_followed() -> None:
    view = view_of(list(turns(2)))
    view.scroll_by(-5)
    assert view.is_following
    assert view.top == 0
    assert texts_of(view)[:2] == ["question 0", ""]


def test_older_items_in_front_move_nothing() -> None:
    view = view_of(list(turns(50, first=100)))
    view.scroll_by(-30)
    before = texts_of(view)
    view.prepend(stored(turns(100)))
    assert texts_of(view) == before
    assert not view.is_following
    assert len(view.document) == 150
    view.scroll_to(0)
    assert texts_of(view)[0] == "question 0"


def test_older_items_in_front_of_nothing_show_the_end() -> None:
    view = view_of([])
    view.prepend(turns(50))
    assert view.is_following
    assert "answer 49" in texts_of(view)


def test_new_lines_are_counted_while_the_reader_is_elsewhere() -> None:
    view = view_of(list(turns(50)))
    view.scroll_by(-10)
    before = texts_of(view)
    view.add(reply(51, "one\n\ntwo"))
    assert view.new_lines == 5
    assert texts_of(view) == before
    view.scroll_by(12)
    assert view.new_lines == 3
    view.follow()
    assert view.new_lines == 0
    assert "two" in texts_of(view)


def test_a_growing_reply_is_followed_or_leaves_the_reader_alone() -> None:
    view = view_of(list(turns(50)))
    view.open_reply(started(99))
    live = view.document.live
    assert live is not None
    for n in range(40):
        live.append_text(f"line {n}\n\n")
        view.grow()
    assert "line 39" in texts_of(view)
    view.scroll_by(-5)
    before = texts_of(view)
    live.append_text("more\n\n" * 30)
    view.grow()
    assert texts_of(view) == before
    assert view.new_lines > 30


def test_a_growth_tells_the_first_row_that_changed() -> None:
    view = view_of(list(turns(50)))
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
    assert "text" in texts_of(view)


def test_entries_far_away_are_dropped_and_come_back_the_same() -> None:
    view = view_of(list(turns(2000)), rows=20)
    last = texts_of(view)
    for _ in range(150):
        view.scroll_by(-20)
    assert len(view.document.laid_out()) <= KEPT_ENTRIES
    view.follow()
    assert texts_of(view) == last


def test_a_delta_after_many_messages_touches_one_entry() -> None:
    decoded: list[str] = []
    view = view_of(list(stored(turns(10_000), decoded.append)))
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
    view = view_of([Note("Saved nothing.", "error", "The disk is full.")])
    assert texts_of(view)[:3] == ["Saved nothing.", "The disk is full.", ""]


def test_undecodable_roles_do_not_matter_for_the_emptyview_of() -> None:
    view = view_of([])
    assert view.top == 0
    assert set(texts_of(view)) == {""}
    view.scroll_by(-1)
    view.settle()
    assert isinstance(reply(1), Message)
