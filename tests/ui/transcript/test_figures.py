"""The figures below a reply: only what is known, estimates marked."""

from __future__ import annotations

from chatui.conversation.usage import Timing, Usage
from chatui.ui.transcript.figures import join_figures, reply_figures, wrap_figures
from tests.ui.transcript.stage import reply


def test_a_reply_tells_all_that_is_known() -> None:
    message = reply(1, usage=Usage(12, 345), timing=Timing(1.2, 8.4), cost=0.000214, attempts=2)
    assert reply_figures(message) == ["1.2 s to first token", "48 tok/s", "345 tokens", "$0.00021", "2 attempts"]


def test_estimates_are_marked() -> None:
    message = reply(1, usage=Usage(12, 1, estimated=True), timing=Timing(1.0, 2.0), cost=0.02)
    assert reply_figures(message) == ["1.0 s to first token", "~1.0 tok/s", "~1 token", "~$0.0200"]


def test_nothing_known_says_nothing() -> None:
    assert reply_figures(reply(1)) == []
    assert join_figures([], 40) == ""


def test_what_does_not_fit_is_left_out_whole() -> None:
    assert join_figures(["1.2 s to first token", "48 tok/s", "345 tokens"], 32) == "1.2 s to first token · 48 tok/s"
    assert join_figures(["1.2 s to first token"], 5) == ""


def test_figures_that_must_all_be_there_take_more_rows() -> None:
    figures = ["one", "two", "a long one"]
    assert wrap_figures(figures, 99) == ["one · two · a long one"]
    assert wrap_figures(figures, 10) == ["one · two", "a long one"]
    assert wrap_figures(figures, 5) == ["one", "two", "a lon"]
    assert wrap_figures([], 5) == []
