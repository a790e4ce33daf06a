"""Text piped into the screen."""

from __future__ import annotations

import io
import os
import sys
from types import SimpleNamespace

import pytest

from chatui.cli.piped_input import take_piped_input


class _Input:
    """Standard input."""

    def __init__(self, data: bytes, *, is_terminal: bool = False) -> None:
        self.buffer = io.BytesIO(data)
        self._is_terminal = is_terminal

    def isatty(self) -> bool:
        return self._is_terminal


@pytest.fixture
def moved(monkeypatch: pytest.MonkeyPatch) -> list[tuple[int, int]]:
    """Descriptors that were put in the place of others; the terminal is nothing at all."""
    pairs: list[tuple[int, int]] = []
    terminal = os.open(os.devnull, os.O_RDWR)
    system = SimpleNamespace(
        open=lambda *_: terminal,
        dup2=lambda one, other: pairs.append((one, other)),
        close=os.close,
        O_RDWR=os.O_RDWR,
        O_CLOEXEC=os.O_CLOEXEC,
    )
    monkeypatch.setattr("chatui.cli.piped_input.os", system)
    return pairs


def test_a_terminal_is_left_as_it_is(monkeypatch: pytest.MonkeyPatch, moved: list[tuple[int, int]]) -> None:
    monkeypatch.setattr("sys.stdin", _Input(b"", is_terminal=True))
    assert take_piped_input() == ""
    assert moved == []


def test_what_is_piped_is_taken_and_the_terminal_takes_its_place(
    monkeypatch: pytest.MonkeyPatch, moved: list[tuple[int, int]]
) -> None:
    monkeypatch.setattr("sys.stdin", _Input(b"\n a\xff\n\n"))
    assert take_piped_input() == " a\ufffd"
    assert [other for _, other in moved] == [0]


def test_without_standard_input_there_is_nothing_to_take(
    monkeypatch: pytest.MonkeyPatch, moved: list[tuple[int, int]]
) -> None:
    monkeypatch.setattr("sys.stdin", None)
    assert take_piped_input() == ""
    assert len(moved) == 1
    assert sys.stdin is not None
