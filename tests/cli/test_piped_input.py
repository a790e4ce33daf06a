"""Text piped into the screen, and the terminal that takes its place."""

from __future__ import annotations

import io
import os
import pty
import sys
from collections.abc import Callable, Iterator
from types import SimpleNamespace

import pytest

from chatui.cli.piped_input import take_piped_input


def _replace_open(monkeypatch: pytest.MonkeyPatch, open_terminal: Callable[[str, int], int]) -> None:
    """Only where the module looks: pytest opens files of its own."""
    own = SimpleNamespace(**vars(os) | {"open": open_terminal})
    monkeypatch.setattr("chatui.cli.piped_input.os", own)


@pytest.fixture
def terminal(monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    """The name of a terminal that is opened as `/dev/tty`; descriptor 0 is as it was afterwards."""
    kept = os.dup(0)
    master, slave = pty.openpty()

    def open_terminal(path: str, flags: int) -> int:
        assert path == "/dev/tty"
        return os.dup(slave)

    _replace_open(monkeypatch, open_terminal)
    monkeypatch.setattr(sys, "stdin", None)
    yield os.ttyname(slave)
    monkeypatch.undo()
    os.dup2(kept, 0)
    for number in (kept, master, slave):
        os.close(number)


def _pipe(data: bytes) -> io.TextIOWrapper:
    return io.TextIOWrapper(io.BytesIO(data))


def test_where_keys_are_typed_nothing_is_taken(monkeypatch: pytest.MonkeyPatch) -> None:
    stdin = _pipe(b"typed")
    monkeypatch.setattr(stdin, "isatty", lambda: True)
    monkeypatch.setattr(sys, "stdin", stdin)
    assert take_piped_input() == ""
    assert stdin.read() == "typed"


def test_the_text_is_taken_whole_and_the_terminal_stands_in_its_place(
    terminal: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys, "stdin", _pipe("\n Größe\n\n".encode() + b"\xff\n"))
    assert take_piped_input() == " Größe\n\n\ufffd"
    assert os.ttyname(0) == terminal
    assert sys.stdin.fileno() == 0
    sys.stdin.close()


def test_more_than_a_prompt_can_be_is_left(terminal: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("chatui.cli.piped_input.MAX_PIPED_BYTES", 4)
    monkeypatch.setattr(sys, "stdin", _pipe(b"123456"))
    assert take_piped_input() == "1234"
    sys.stdin.close()


def test_standard_input_may_be_closed(terminal: str) -> None:
    assert take_piped_input() == ""
    assert os.ttyname(0) == terminal
    sys.stdin.close()


def test_without_a_terminal_it_raises_and_takes_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    def open_terminal(path: str, flags: int) -> int:
        raise OSError(6, "No such device or address", path)

    stdin = _pipe(b"still there")
    _replace_open(monkeypatch, open_terminal)
    monkeypatch.setattr(sys, "stdin", stdin)
    with pytest.raises(OSError, match="No such device"):
        take_piped_input()
    assert stdin.read() == "still there"
