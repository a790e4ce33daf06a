from __future__ import annotations

import pytest
from textual import _ansi_sequences, _xterm_parser
from textual._xterm_parser import XTermParser
from textual.events import Key

from chatui.ui.widgets import legacy_keys
from chatui.ui.widgets.legacy_keys import learn_legacy_keys


@pytest.fixture(autouse=True)
def own_key_table(monkeypatch: pytest.MonkeyPatch) -> None:
    table = dict(_ansi_sequences.ANSI_SEQUENCES_KEYS)
    monkeypatch.setattr(legacy_keys, "ANSI_SEQUENCES_KEYS", table)
    monkeypatch.setattr(_xterm_parser, "ANSI_SEQUENCES_KEYS", table)


@pytest.mark.parametrize("sequence", ["\x1b\r", "\x1b\n"])
def test_escape_and_return_in_one_go_is_alt_enter(sequence: str) -> None:
    learn_legacy_keys()
    learn_legacy_keys()
    keys = [event.key for event in XTermParser().feed(sequence) if isinstance(event, Key)]
    assert keys == ["alt+enter"]


def test_return_alone_stays_enter() -> None:
    learn_legacy_keys()
    keys = [event.key for event in XTermParser().feed("\r\x1b[13;2u") if isinstance(event, Key)]
    assert keys == ["enter", "shift+enter"]
