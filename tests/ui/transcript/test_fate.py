"""How a reply ended is told in words."""

from __future__ import annotations

from collections.abc import Mapping

import pytest

from chatui.conversation.failure import Failure, FailureKind
from chatui.conversation.message import Message, Status
from chatui.engine.words import say_kind, say_retry
from chatui.ui.transcript.fate import fate_sections
from tests.ui.transcript.stage import WAYS, reply


def _said(message: Message, width: int = 60, ways: Mapping[str, str] = WAYS) -> list[str]:
    return [s.lines.line(i).text for s in fate_sections(message, width, ways) for i in range(s.lines.height)]


def test_an_ordinary_end_needs_no_word() -> None:
    assert _said(reply(1)) == []


def test_a_cut_names_its_reason() -> None:
    failure = Failure(FailureKind.NETWORK, "connection reset.")
    assert _said(reply(1, status=Status.INTERRUPTED, failure=failure)) == [
        "— interrupted: connection reset · Ctrl+G continues —"
    ]
    assert _said(reply(1, status=Status.INTERRUPTED), ways={}) == ["— interrupted: the reply was cut —"]


def test_a_stop_is_marked() -> None:
    assert _said(reply(1, status=Status.CANCELLED)) == ["— stopped · Ctrl+G continues —"]
    assert _said(reply(1, " ", status=Status.CANCELLED)) == ["— stopped —"]


def test_a_cut_before_the_first_word_is_a_card() -> None:
    failure = Failure(FailureKind.TIMEOUT, "work sent nothing for 120 seconds.", advice="Ask again.")
    assert _said(reply(1, " ", status=Status.INTERRUPTED, failure=failure)) == [
        "Interrupted before the first word",
        "work sent nothing for 120 seconds.",
        "→ Ask again.",
        "F5 ask again · Ctrl+T other model",
    ]


@pytest.mark.parametrize(
    ("reason", "said"),
    [
        ("length", "— cut off: the output limit is reached · Ctrl+G continues —"),
        ("content_filter", "— cut off by the provider's content filter —"),
        ("weather", "— ended with finish reason “weather” —"),
    ],
)
def test_an_odd_finish_reason_is_told(reason: str, said: str) -> None:
    assert _said(reply(1, finish_reason=reason)) == [said]


def test_an_empty_reply_is_told() -> None:
    assert _said(reply(1, text=" \n")) == ["— the reply is empty —"]


def test_a_failure_is_a_card_with_the_servers_words_and_an_advice() -> None:
    failure = Failure(FailureKind.AUTHENTICATION, "Incorrect API key.", 401, "Set OPENAI_API_KEY.")
    assert _said(reply(1, " ", status=Status.FAILED, failure=failure)) == [
        "The key was refused (401)",
        "Incorrect API key.",
        "→ Set OPENAI_API_KEY.",
        "/key check the key · F5 ask again · Ctrl+T other model",
    ]
    assert _said(reply(1, status=Status.FAILED)) == ["— the reply failed —", "— Ctrl+G continues —"]


def test_a_card_names_the_ways_of_the_user_and_none_that_is_not_there() -> None:
    failure = Failure(FailureKind.CONTEXT_TOO_LONG, "Too long.", 400)
    message = reply(1, " ", status=Status.FAILED, failure=failure)
    assert _said(message, 80)[2:] == [
        "/trim leave out the oldest · /edit change the prompt · F5 ask again",
        "Ctrl+T other model",
    ]
    assert _said(message, 80, {"session.trim": "Alt+T", "reply.retry": "/retry", "model.pick": ""})[2:] == [
        "Alt+T leave out the oldest · /retry ask again"
    ]
    assert _said(message, 80, {})[2:] == []


def test_every_kind_of_failure_has_words() -> None:
    assert all(say_kind(Failure(kind, "")) for kind in FailureKind)


def test_a_retry_says_which_one_and_how_long() -> None:
    limited = Failure(FailureKind.RATE_LIMIT, "slow down", 429)
    assert say_retry(limited, 2, 3, 8.2) == "429 rate limited · retry 2/3 after 8 s"
    assert say_retry(Failure(FailureKind.BAD_REQUEST, ""), 1, 3, 1) == "bad request · retry 1/3 after 1 s"


def test_a_server_cannot_send_controls_in_its_words() -> None:
    failure = Failure(FailureKind.SERVER, "a\x1b[31mb\u202ec", 500, "d\x9be")
    assert not any(c in "".join(_said(reply(1, status=Status.FAILED, failure=failure))) for c in "\x1b\u202e\x9b")
    assert "\x1b" not in "".join(_said(reply(1, finish_reason="\x1b]0;x\x07")))
