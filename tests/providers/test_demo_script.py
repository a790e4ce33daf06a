"""A script of the demo as events with times."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from chatui.conversation.events import Alive, Ended, ReasoningDelta, TextDelta, UsageReported
from chatui.conversation.failure import Failure, FailureKind
from chatui.conversation.message import Role
from chatui.conversation.request import Request, Turn
from chatui.conversation.usage import Usage
from chatui.providers.demo.script import Script

REQUEST = Request("guide", (Turn(Role.USER, "12345"),), system="123")


@given(st.text(), st.text())
def test_the_words_together_are_the_text(text: str, thought: str) -> None:
    events = [timed.event for timed in Script(text, thought).play_out(REQUEST)]
    assert "".join(event.text for event in events if isinstance(event, TextDelta)) == text
    assert "".join(event.text for event in events if isinstance(event, ReasoningDelta)) == thought
    assert isinstance(events[-1], Ended)


def test_a_reply_comes_word_by_word_and_ends_with_its_usage() -> None:
    events = [timed.event for timed in Script("One two,\n\nthree", thought="Hm hm").play_out(REQUEST)]
    assert events == [
        ReasoningDelta("Hm "),
        ReasoningDelta("hm"),
        TextDelta("One "),
        TextDelta("two,\n\n"),
        TextDelta("three"),
        UsageReported(Usage(input=2, output=2 + 4, reasoning=2, estimated=True)),
        Ended("stop"),
    ]


def test_sixty_words_come_in_a_second() -> None:
    moments = [timed.at for timed in Script("a " * 61).play_out(REQUEST)]
    assert round(moments[60] - moments[0], 6) == 1.0


def test_the_pace_is_the_scripts_own() -> None:
    first, second, *_ = Script("a b", seconds_per_word=0.3).play_out(REQUEST)
    assert round(second.at - first.at, 6) == 0.3


def test_a_silent_server_stays_alive_every_second_and_then_goes_on() -> None:
    events = list(Script("a", alive_seconds=2, after="b").play_out(REQUEST))
    assert [timed.event for timed in events[:4]] == [TextDelta("a"), Alive(), Alive(), TextDelta("b")]
    assert events[2].at - events[1].at == 1.0


def test_a_failure_reports_no_usage() -> None:
    failure = Failure(FailureKind.NETWORK, "cut")
    events = [timed.event for timed in Script("a", finish_reason=None, failure=failure, is_cut=True).play_out(REQUEST)]
    assert events == [TextDelta("a"), Ended(None, failure, interrupted=True)]


def test_the_rest_after_what_was_heard_is_what_is_missing() -> None:
    script = Script("One two", after=" three", rest=" four", seconds_per_word=0.3)
    rest = script.rest_after("One t")
    assert rest == Script("wo three four", seconds_per_word=0.3)


def test_there_is_no_rest_after_something_else() -> None:
    assert Script("One two").rest_after("Eins") is None
    assert Script("One two").rest_after("") is None
    assert Script("One two").rest_after("One two") is None
