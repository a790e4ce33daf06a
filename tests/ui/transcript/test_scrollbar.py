"""The thumb shows where the screen is, and a drag brings it where it points."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from chatui.ui.transcript.scrollbar import NO_THUMB, drag_to, place_thumb


def test_no_thumb_when_all_is_on_screen() -> None:
    assert place_thumb(0, 10, 10) == NO_THUMB
    assert place_thumb(0, 10, 0) == NO_THUMB


@settings(max_examples=100, deadline=None)
@given(st.integers(2, 60), st.integers(1, 100_000), st.floats(0, 1))
def test_the_thumb_touches_an_end_only_at_the_end(rows: int, more: int, where: float) -> None:
    total = rows + more
    top = round(where * more)
    thumb = place_thumb(top, total, rows)
    assert 0 <= thumb.start < thumb.end <= rows
    if top == 0:
        assert thumb.start == 0
    if top == more:
        assert thumb.end == rows
    if rows - (thumb.end - thumb.start) > 1 and 0 < top < more:
        assert thumb.start > 0
        assert thumb.end < rows


@settings(max_examples=100, deadline=None)
@given(st.integers(2, 60), st.integers(1, 100_000), st.integers(-5, 70))
def test_a_drag_stays_in_the_document(rows: int, more: int, row: int) -> None:
    thumb = place_thumb(0, rows + more, rows)
    assert 0 <= drag_to(row, 0, thumb, rows + more, rows) <= more
    assert drag_to(rows + 70, 0, thumb, rows + more, rows) == more


def test_a_drag_without_room_goes_to_the_start() -> None:
    assert drag_to(3, 0, place_thumb(0, 5, 1), 5, 1) == 0
