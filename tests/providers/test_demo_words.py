"""The words of a question, in the form the guide knows."""

from __future__ import annotations

import pytest

from chatui.providers.demo.words import Vocabulary

VOCABULARY = Vocabulary(["the", "how", "i", "do"], {"switch": "change", "stop": "cancel", "retry": "", "copy": "yank"})


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("How do I SWITCH the model?", ["switch", "model"]),
        ("changing, changed, changes", ["switch", "switch", "switch"]),
        ("stopping the retries", ["stop", "retry"]),
        ("the model's keys", ["model", "key"]),
        ("copied glass bus", ["copied", "glass", "bus"]),
        ("switch-over STOP_NOW", ["switch", "stop"]),
        ("config.toml.", ["config.toml"]),
        ("Größe 你好", ["grösse", "你好"]),
        ("", []),
        ("?!", []),
    ],
)
def test_words_are_read_in_their_plain_form(text: str, words: list[str]) -> None:
    assert VOCABULARY.read(text) == words
