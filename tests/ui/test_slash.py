"""What is a command and what is a prompt."""

from __future__ import annotations

import pytest

from chatui.ui.slash import parse_slash


@pytest.mark.parametrize(
    ("text", "parsed"),
    [
        ("/help", ("help", "")),
        (" /model  deepseek/x ", ("model", "deepseek/x")),
        ("/rename A title of ours", ("rename", "A title of ours")),
        ("/system You are terse.\nAnswer in French.", ("system", "You are terse.\nAnswer in French.")),
        ("/copy\tcode", ("copy", "code")),
    ],
    ids=["word", "argument", "words", "lines", "tab"],
)
def test_a_slash_and_a_word_are_a_command(text: str, parsed: tuple[str, str]) -> None:
    assert parse_slash(text) == parsed


@pytest.mark.parametrize(
    "text",
    ["hello", "/usr/bin is what?", "/", "// comment", "/Users are many", "and /help", "/etc/passwd", "/2 of it", ""],
)
def test_anything_else_is_a_prompt(text: str) -> None:
    assert parse_slash(text) is None
