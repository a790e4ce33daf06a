from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from chatui.conversation.visible import make_visible_line
from chatui.ui.screens.row_layout import GAP, fit, fit_columns, measure

lines = st.text().map(make_visible_line) | st.text("日本語テスト한국어abc é👍🏽👩‍👩‍👧 ", max_size=40)


@settings(max_examples=100)
@given(lines, st.integers(0, 30), st.booleans())
def test_a_fitted_text_is_exactly_as_wide_as_asked(text: str, width: int, is_right: bool) -> None:
    assert measure(fit(text, width, is_right=is_right)) == width


@settings(max_examples=100)
@given(st.lists(st.integers(0, 60), max_size=6), st.integers(0, 200))
def test_columns_and_their_gaps_never_take_more_than_the_width(natural: list[int], width: int) -> None:
    columns = fit_columns(natural, width)
    assert sum(columns) + GAP * sum(1 for column in columns[1:] if column) <= width
    assert all(column >= 0 for column in columns)


def test_texts_are_aligned_left_or_right_and_cut_with_an_ellipsis() -> None:
    assert fit("ab", 4) == "ab  "
    assert fit("ab", 4, is_right=True) == "  ab"
    assert fit("abcdef", 4) == "abc…"
    assert fit("日本語", 4) == "日 …"


def test_the_last_columns_go_first_where_the_title_would_get_too_narrow() -> None:
    assert fit_columns((40, 6, 12, 4), 90) == (62, 6, 12, 4)
    assert fit_columns((40, 6, 12, 4), 32) == (24, 6)
    assert fit_columns((40, 6, 12, 4), 20) == (20,)


def test_nothing_to_lay_out_needs_no_column() -> None:
    assert fit_columns((), 80) == ()
