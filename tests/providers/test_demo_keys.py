"""Names of keys, however they are written."""

from __future__ import annotations

import pytest

from chatui.providers.demo.keys import find_keys, read_key, show_key


@pytest.mark.parametrize(
    ("question", "keys"),
    [
        ("what does ctrl+o do?", ["ctrl+o"]),
        ("What does Ctrl-O do", ["ctrl+o"]),
        ("control-o", ["ctrl+o"]),
        ("Strg+O", ["ctrl+o"]),
        ("ctrl o", ["ctrl+o"]),
        ("what is ^n for", ["ctrl+n"]),
        ("shift + enter or alt+↑?", ["shift+enter", "alt+up"]),
        ("ctrl+shift+t", ["ctrl+shift+t"]),
        ("what is F2", ["f2"]),
        ("f24, f1", ["f24", "f1"]),
        ("and Esc, or escape?", ["escape"]),
        ("what does enter do", ["enter"]),
        ("if I press return", ["enter"]),
        ("the tab key", ["tab"]),
        ("how do I enter a line", []),
        ("control the model", []),
        ("go up to the end", []),
        ("f99 and a2^n", []),
        ("what is a model?", []),
    ],
)
def test_keys_are_found_in_a_question(question: str, keys: list[str]) -> None:
    assert find_keys(question) == keys


@pytest.mark.parametrize(
    ("written", "name"),
    [("Ctrl+T", "ctrl+t"), ("esc", "escape"), ("ctrl+-", "ctrl+-"), ("Option-Return", "alt+enter")],
)
def test_a_key_is_read_as_textual_names_it(written: str, name: str) -> None:
    assert read_key(written) == name


@pytest.mark.parametrize(
    ("name", "shown"),
    [("ctrl+t", "Ctrl+T"), ("escape", "Esc"), ("shift+enter", "Shift+Enter"), ("alt+up", "Alt+↑"), ("f2", "F2")],
)
def test_a_key_is_shown_as_people_write_it(name: str, shown: str) -> None:
    assert show_key(name) == shown
