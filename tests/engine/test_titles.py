"""Titles made from prompts."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chatui.engine.titles import MAX_TITLE, make_title


@pytest.mark.parametrize(
    ("prompt", "title"),
    [
        ("What is SSE?", "What is SSE?"),
        ("\n\n  What   is\tSSE?  \nMore.", "What is SSE?"),
        ("# A heading\ntext", "A heading"),
        ("```python\nprint(1)\n```", "python"),
        ("```\nimport os\n```\nWhat does this do?", "What does this do?"),
        ("```python\nprint(1)", "python"),
        ("```\nx = 1\n```\n", "x = 1"),
        ("---\n***\n> quoted", "quoted"),
        ("!?\n…", "!? …"),
        ("🙂", "🙂"),
        ("漢字", "漢字"),
        ("", ""),
        (" \n ", ""),
        ("a" * 80, "a" * 59 + "…"),
        ("word " * 20, "word " * 10 + "word…"),
        ("x" * 40 + ", " + "y" * 40, "x" * 40 + "…"),
        ("x " + "y" * 80, "x " + "y" * 57 + "…"),
    ],
)
def test_the_first_line_that_says_something_is_the_title(prompt: str, title: str) -> None:
    assert make_title(prompt) == title


@given(st.text())
def test_a_title_is_one_short_line(prompt: str) -> None:
    title = make_title(prompt)
    assert len(title) <= MAX_TITLE
    assert title == " ".join(title.split())
    assert bool(title) == bool(prompt.split())
