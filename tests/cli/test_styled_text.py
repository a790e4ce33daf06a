"""Inline Markdown, and rows of it."""

from __future__ import annotations

import pytest

from chatui.cli.styled_text import Stretch, paint, read_inline, wrap
from chatui.cli.terminal_text import Ink


@pytest.mark.parametrize(
    ("text", "stretches"),
    [
        ("plain", [("plain", "")]),
        ("a **b** c", [("a ", ""), ("b", "b"), (" c", "")]),
        ("*a* _b_ __c__", [("a", "i"), (" ", ""), ("b", "i"), (" ", ""), ("c", "b")]),
        ("***a***", [("a", "bi")]),
        ("**a *b* c**", [("a ", "b"), ("b", "bi"), (" c", "b")]),
        ("~~a~~", [("a", "s")]),
        ("`a*b*c` ``d`e``", [("a*b*c", "c"), (" ", ""), ("d`e", "c")]),
        ("[a](http://b.c)", [("a", "l"), (" (http://b.c)", "d")]),
        ("![a](b.png)", [("a", "l"), (" (b.png)", "d")]),
        (r"\*a\* \`", [("*", ""), ("a", ""), ("*", ""), (" ", ""), ("`", "")]),
        ("2 * 3 * 4", [("2 * 3 * 4", "")]),
        ("snake_case_name __init__", [("snake_case_name ", ""), ("init", "b")]),
        ("**open", [("**open", "")]),
        ("a ` b", [("a ` b", "")]),
    ],
)
def test_inline_markdown_is_taken_apart(text: str, stretches: list[tuple[str, str]]) -> None:
    assert read_inline(text) == [Stretch(*each) for each in stretches]


def _rows(text: str, width: int) -> list[str]:
    return ["".join(stretch.text for stretch in row) for row in wrap(read_inline(text), width)]


def test_rows_break_between_words_and_within_one_that_is_too_long() -> None:
    assert _rows("one two three", 7) == ["one two", "three"]
    assert _rows("a abcdefghij b", 4) == ["a", "abcd", "efgh", "ij b"]
    assert _rows("a **b**c d", 3) == ["a", "bc", "d"]
    assert _rows("漢字漢字", 4) == ["漢字", "漢字"]
    assert _rows("", 4) == [""]


def test_looks_become_codes_where_they_are_wanted() -> None:
    row = read_inline("a **b** `c`")
    assert paint(row, Ink({}, is_terminal=True)) == "a \x1b[1mb\x1b[0m \x1b[36mc\x1b[0m"
    assert paint(row, Ink({"NO_COLOR": "1"}, is_terminal=True)) == "a b c"
