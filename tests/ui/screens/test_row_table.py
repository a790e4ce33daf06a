from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from chatui.ui.screens.row_table import RowTable
from chatui.ui.screens.rows import PickerRow


def _row(key: str, group: str = "", title: str = "") -> PickerRow:
    return PickerRow(key, (title or key,), group)


def _table(*rows: PickerRow, selected: str = "") -> RowTable:
    table = RowTable(selected)
    table.add(rows)
    return table


def _selected(table: RowTable) -> str:
    return table.selected.key if table.selected is not None else ""


def test_groups_stand_under_their_headings_in_the_order_they_came() -> None:
    table = _table(_row("a", "x"), _row("b", "y"), _row("c", "x"), _row("d"))
    texts = [line if isinstance(line, str) else line.key for line in table.lines]
    assert texts == ["x", "a", "c", "y", "b", "d"]
    assert table.selected_line == 1


def test_a_filtered_list_has_no_headings_and_the_best_match_is_selected() -> None:
    table = _table(_row("a sprint", "x"), _row("print", "y"), _row("other", "y"))
    table.filter("print")
    assert [line.key for line in table.lines if isinstance(line, PickerRow)] == ["print", "a sprint"]
    assert len(table.lines) == table.shown_count == 2
    assert _selected(table) == "print"


def test_an_emptied_filter_shows_all_again_and_keeps_the_selection() -> None:
    table = _table(_row("a"), _row("b"), _row("c"))
    table.filter("b")
    table.filter("")
    assert table.shown_count == 3
    assert _selected(table) == "b"


def test_the_selection_moves_over_headings_and_stops_at_the_ends() -> None:
    table = _table(_row("a", "x"), _row("b", "y"))
    table.move(1)
    assert _selected(table) == "b"
    table.move(5)
    assert _selected(table) == "b"
    table.move(-9)
    assert _selected(table) == "a"


def test_rows_that_come_later_leave_the_selection_where_it_is() -> None:
    table = _table(_row("a"), _row("b"))
    table.move(1)
    table.add([_row("c"), _row("a", title="new title")])
    assert _selected(table) == "b"
    assert len(table) == 3
    first = table.lines[0]
    assert isinstance(first, PickerRow)
    assert first.cells == ("new title",)


def test_the_wanted_row_is_selected_as_soon_as_it_comes_unless_the_user_moved() -> None:
    table = _table(_row("a"), _row("b"), selected="late")
    table.add([_row("late")])
    assert _selected(table) == "late"
    moved = _table(_row("a"), _row("b"), selected="late")
    moved.move(1)
    moved.add([_row("late")])
    assert _selected(moved) == "b"


def test_after_a_deletion_the_next_row_is_selected() -> None:
    table = _table(_row("a"), _row("b"), _row("c"))
    table.move(1)
    table.replace([_row("a"), _row("c")])
    assert _selected(table) == "c"
    table.replace([_row("a")])
    assert _selected(table) == "a"
    table.replace([])
    assert table.selected is None
    assert table.selected_line == -1


def test_a_line_without_a_row_cannot_be_selected() -> None:
    table = _table(_row("a", "x"), _row("b", "x"))
    assert not table.select_line(0)
    assert not table.select_line(99)
    assert not table.select_line(-1)
    assert table.select_line(2)
    assert _selected(table) == "b"


def test_control_characters_are_made_visible_when_a_row_is_taken_in() -> None:
    table = _table(PickerRow("k\x1b", ("a\x1b[31m",), detail="\x07"))
    assert table.selected is not None
    assert table.selected.cells == ("a␛[31m",)
    assert table.selected.detail == "␇"
    assert table.selected.key == "k\x1b"


@settings(max_examples=100)
@given(
    st.lists(st.tuples(st.text("abc", min_size=1, max_size=3), st.sampled_from(["", "x", "y"])), max_size=20),
    st.lists(
        st.one_of(
            st.tuples(st.just("filter"), st.text("abcd", max_size=2)), st.tuples(st.just("move"), st.integers(-30, 30))
        ),
        max_size=6,
    ),
)
def test_one_of_the_rows_shown_is_always_selected(
    rows: list[tuple[str, str]], steps: list[tuple[str, str] | tuple[str, int]]
) -> None:
    table = _table(*(_row(key, group) for key, group in rows))
    for _, value in steps:
        if isinstance(value, str):
            table.filter(value)
        else:
            table.move(value)
        assert (table.selected is None) == (table.shown_count == 0)
        if table.selected is not None:
            assert table.lines[table.selected_line] is table.selected
