"""What is written, and what is told beside it."""

from __future__ import annotations

import json
from datetime import UTC, datetime

import pytest

from chatui.cli.advice import explain, reword
from chatui.cli.answer_writer import AnswerForm, AnswerWriter, say_end
from chatui.conversation.events import Alive, FieldRefused, Finished, ReasoningDelta, SaveFailed, TextDelta, Warned
from chatui.conversation.failure import Failure, FailureKind
from chatui.conversation.message import Message, Role, Status
from chatui.providers.address import parse_base_url
from chatui.providers.keys import FoundKey
from chatui.providers.openai import explain_empty
from chatui.providers.quirks import Quirks
from chatui.providers.refusals import Asked, advise


def _reply(text: str = "Hi", **settings: object) -> Message:
    return Message("m2", Role.ASSISTANT, text, datetime(2026, 1, 1, tzinfo=UTC), **settings)  # type: ignore[arg-type]  # settings of a message as they come


class _Desk:
    """An answer, what it wrote and what it told."""

    def __init__(self, **form: bool) -> None:
        self.written = b""
        self.told: list[str] = []
        self.answer = AnswerWriter(AnswerForm(**form), self._write, self.told.append)

    def _write(self, data: bytes) -> None:
        self.written += data

    def end(self, message: Message) -> None:
        self.answer.take(Finished(message))
        self.answer.finish("s1")


def test_text_is_written_as_it_comes_and_nothing_else_is() -> None:
    desk = _Desk()
    for event in (TextDelta("a\x1b"), ReasoningDelta("hm"), Alive(), TextDelta("\ud800"), TextDelta("")):
        desk.answer.take(event)
    assert desk.written.decode() == "a\x1b\ufffd"
    desk.end(_reply("a\x1b\ud800"))
    assert desk.written.decode() == "a\x1b\ufffd"


def test_on_a_terminal_the_last_line_is_ended() -> None:
    desk = _Desk(is_visible=True)
    assert not desk.answer.is_in_line
    desk.answer.take(TextDelta("a\x1b"))
    assert desk.answer.is_in_line
    desk.end(_reply("a\x1b"))
    assert desk.written.decode() == "a␛\n"


def test_an_answer_that_never_ended_writes_nothing_more() -> None:
    desk = _Desk(is_json=True)
    desk.answer.finish(None)
    assert desk.written == b""


def test_json_holds_no_lone_surrogate() -> None:
    desk = _Desk(is_json=True)
    desk.end(_reply("\ud800"))
    assert json.loads(desk.written)["text"] == "\ufffd"
    assert json.loads(desk.written)["timing"] == {"first_token": None, "total": 0.0}


def test_json_of_a_stopped_reply_says_so() -> None:
    desk = _Desk(is_json=True)
    desk.end(_reply("Ha", status=Status.CANCELLED))
    told = json.loads(desk.written)
    assert (told["outcome"], told["error"]["kind"]) == ("interrupted", "cancelled")


def test_what_the_provider_warns_of_is_told() -> None:
    desk = _Desk()
    desk.answer.take(Warned("The way is long.", "Wait."))
    desk.answer.take(FieldRefused("temperature", "Lab"))
    assert desk.told[0] == "The way is long. Wait."
    assert "temperature" in desk.told[1]


@pytest.mark.parametrize(
    ("message", "has_all"),
    [
        (_reply("```\nls"), True),
        (_reply("```\nls", finish_reason="length"), False),
        (_reply("```\nls", status=Status.INTERRUPTED), False),
        (_reply("```\nls\n```", status=Status.INTERRUPTED), True),
    ],
)
def test_a_code_block_that_was_cut_is_told(message: Message, has_all: bool) -> None:
    desk = _Desk(is_extracted=True)
    desk.answer.take(TextDelta("not live"))
    desk.end(message)
    assert desk.written == b"ls\n"
    assert desk.answer.has_all is has_all
    assert desk.told == ([] if has_all else ["The code block is cut."])


def test_what_was_not_saved_is_told() -> None:
    desk = _Desk()
    desk.answer.take(SaveFailed("The disk is full."))
    assert desk.told == ["Not saved: The disk is full."]


@pytest.mark.parametrize(
    ("message", "sentences"),
    [
        (_reply(), []),
        (_reply(finish_reason="stop"), []),
        (_reply(finish_reason="odd"), ["The answer ended with finish reason “odd”."]),
        (_reply(finish_reason="content_filter"), ["The answer was cut off by the provider's content filter."]),
        (_reply(" "), ["The answer is empty."]),
        (
            _reply("", finish_reason="length"),
            [
                "The answer was cut off: the output limit is reached.",
                "Raise it with -o max_tokens=…, or go on with: chatui ask -c --continue-reply",
                "The answer is empty.",
            ],
        ),
        (_reply(status=Status.CANCELLED), ["Stopped.", "What came is kept: chatui -r s1"]),
        (_reply("", status=Status.CANCELLED), ["Stopped."]),
        (_reply("", status=Status.INTERRUPTED), ["The answer was interrupted."]),
        (_reply("", status=Status.FAILED), ["The reply failed."]),
        (
            _reply("", status=Status.FAILED, failure=Failure(FailureKind.SERVER, "It broke", advice="Wait.")),
            ["It broke. Wait."],
        ),
    ],
)
def test_how_it_ended_is_said_in_sentences(message: Message, sentences: list[str]) -> None:
    assert list(say_end(message, "s1")) == sentences


def test_no_advice_names_a_key_of_the_screen() -> None:
    key = FoundKey("sk-12345678901234", "KEY")
    texts = [explain(explain_empty(reason)) for reason in (None, "stop", "length", "content_filter", "tool_calls")]
    for url in ("https://llm.example.com", "http://127.0.0.1:1"):
        for model in ("", "big-1", "deepseek-chat"):
            for found in (None, key):
                asked = Asked(Quirks("lab", "Lab"), parse_base_url(url), model=model, key=found)
                texts += [reword(advise(kind, asked, status)) for kind in FailureKind for status in (None, 401, 403)]
    texts.append(reword("Another chatui has this session open, so it can only be read here."))
    for text in texts:
        for word in ("Ctrl", "F5", "F2", "/params"):
            assert word not in text


def test_what_is_told_waits_for_the_end_of_the_line_on_a_terminal() -> None:
    desk = _Desk(is_visible=True)
    desk.answer.take(TextDelta("Half a"))
    desk.answer.take(SaveFailed("the disk is full"))
    assert desk.told == []
    desk.answer.take(TextDelta(" line.\n"))
    assert desk.told == ["Not saved: the disk is full"]
    desk.answer.take(TextDelta("More"))
    desk.answer.take(SaveFailed("again"))
    desk.end(_reply("Half a line.\nMore"))
    assert desk.told[1:] == ["Not saved: again"]
    assert desk.written == b"Half a line.\nMore\n"
