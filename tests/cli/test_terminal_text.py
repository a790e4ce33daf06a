"""Text for a terminal, and the part of the screen that is drawn anew."""

from __future__ import annotations

import io
import os
import pty

import pytest

from chatui.cli.terminal_text import Canvas, Ink, cut, fit, is_terminal, measure


@pytest.mark.parametrize(("text", "cells"), [("abc", 3), ("漢字", 4), ("e\u0301", 1), ("🙂", 2), ("", 0)])
def test_wide_letters_take_two_cells_and_marks_none(text: str, cells: int) -> None:
    assert measure(text) == cells


@pytest.mark.parametrize("width", range(8))
@pytest.mark.parametrize("text", ["", "abc", "漢字漢字", "a\x1b[2Jb", "a\tb\nc"])
def test_a_text_is_fitted_to_exactly_its_cells(text: str, width: int) -> None:
    for is_right in (False, True):
        fitted = fit(text, width, is_right=is_right)
        assert measure(fitted) == width
        assert "\x1b" not in fitted
        assert "\n" not in fitted


def test_a_text_is_cut_between_letters() -> None:
    assert [cut("漢字", width) for width in range(5)] == ["", "", "漢", "漢", "漢字"]


def test_colour_is_for_terminals_and_not_with_no_color() -> None:
    assert Ink({}, is_terminal=True).bad("no") == "\x1b[31mno\x1b[0m"
    for environ, is_tty in (({}, False), ({"NO_COLOR": "1"}, True), ({"TERM": "dumb"}, True)):
        ink = Ink(environ, is_terminal=is_tty)
        assert [ink.dim("x"), ink.bold("x"), ink.good("x"), ink.warning("x"), ink.bad("x"), ink.accent("x")] == [
            "x"
        ] * 6
    assert Ink({}, is_terminal=True).bold("") == ""


def test_lines_take_the_place_of_those_before_and_go_at_the_end() -> None:
    stream = io.StringIO()
    canvas = Canvas(stream)
    canvas.draw(["one", "two"])
    assert "\x1b[2Kone\n\x1b[2Ktwo\n" in stream.getvalue()
    assert "\x1b[?25l" in stream.getvalue()
    stream.truncate(0)
    canvas.draw(["three"])
    assert "\x1b[2F\x1b[2Kthree\n\x1b[J" in stream.getvalue()
    stream.truncate(0)
    canvas.clear()
    assert stream.getvalue().endswith("\x1b[1F\x1b[J\x1b[?25h")
    stream.truncate(0)
    canvas.clear()
    assert stream.getvalue().strip("\0") == ""


def test_a_terminal_that_is_gone_is_no_fault() -> None:
    stream = io.StringIO()
    canvas = Canvas(stream)
    stream.close()
    canvas.draw(["one"])
    canvas.clear()
    assert canvas.size == (80, 24)


def test_what_is_a_terminal(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TERM", "xterm")
    leader, follower = pty.openpty()
    with os.fdopen(follower, "w") as stream:
        assert is_terminal(stream)
        assert Canvas(stream).size == (80, 24)
        monkeypatch.setenv("TERM", "dumb")
        assert not is_terminal(stream)
    os.close(leader)
    assert not is_terminal(io.StringIO())
    assert not is_terminal(None)
