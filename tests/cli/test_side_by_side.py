"""Texts stand side by side, or below one another."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chatui.cli.compare_figures import lay_table
from chatui.cli.side_by_side import Column, are_side_by_side, lay_out, wrap
from chatui.cli.terminal_text import measure

TWO = [Column("one", "A first answer.", "stop"), Column("two", "A second\n\n  answer.", "")]


def test_words_are_wrapped_and_indents_stay() -> None:
    assert wrap("one two three\n  four", 8) == ["one two", "three", "  four"]
    assert wrap("abcdefghij", 4) == ["abcd", "efgh", "ij"]
    assert wrap("", 4) == [""]


@given(st.text("ab 漢\n\x1b\t", max_size=40), st.integers(min_value=2, max_value=12))
def test_no_line_is_wider_than_its_column_and_no_word_is_lost(text: str, width: int) -> None:
    lines = wrap(text, width)
    assert all(measure(line) <= width for line in lines)
    shown = text.replace("\x1b", "␛")
    assert "".join("".join(lines).split()) == "".join(shown.split())


def test_columns_stand_side_by_side_where_there_is_room() -> None:
    lines = lay_out(TWO, 79)
    assert lines[0].split() == ["one", "│", "two"]
    assert "A first answer." in lines[2]
    assert "A second" in lines[2]
    assert all(measure(line) <= 79 for line in lines)
    assert lines[-1].startswith("stop")


def test_they_stand_below_one_another_where_there_is_none() -> None:
    assert not are_side_by_side(2, 50)
    lines = lay_out(TWO, 50)
    assert lines[0].startswith("── one ──")
    assert lines[1:3] == ["A first answer.", "stop"]


def test_without_figures_there_is_no_line_for_them() -> None:
    assert lay_out([Column("one", "x", ""), Column("two", "y", "")], 79)[-1].split() == ["x", "│", "y"]


@pytest.mark.parametrize("width", [40, 100])
def test_with_a_height_the_ends_are_shown(width: int) -> None:
    text = "\n".join(map(str, range(100)))
    lines = lay_out([Column("one", text, "f"), Column("two", text, "g")], width, 12)
    assert len(lines) <= 12
    assert any("99" in line for line in lines)
    assert not any("50" in line for line in lines)


def test_a_table_is_aligned() -> None:
    assert lay_table([("a", "1", "x"), ("bbb", "22", "y")], ("n", "count", "end"), left=(0, 2)) == [
        "n    count  end",
        "a        1  x",
        "bbb     22  y",
    ]


def test_figures_that_take_two_rows_are_broken_between_two_of_them() -> None:
    figures = "streaming · 4.1 s · first 0.02 s · ~42 tok/s"
    lines = lay_out([Column("one", "x", figures), Column("two", "y", "stop")], 75, 12)
    assert len(lines) == 12
    assert lines[-2].split("│")[0].strip() == "streaming · 4.1 s · first 0.02 s"
    assert lines[-1].split("│")[0].strip() == "~42 tok/s"
