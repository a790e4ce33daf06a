"""Requests."""

from __future__ import annotations

from chatui.conversation.message import Message, Role, Status, StoredMessage
from chatui.conversation.request import Request, Turn
from chatui.conversation.session import SessionHeader
from chatui.engine.attachments import Attachments
from chatui.engine.requests import compose_request
from tests.engine.stage import ID, NOW

USER, ASSISTANT = Role.USER, Role.ASSISTANT


def test_a_request_holds_the_branch_and_what_the_header_sets() -> None:
    header = SessionHeader(ID, NOW, system="Be terse.", params={"temperature": 0.7})
    path = [Message("m1", USER, "Hi", NOW), Message("m2", ASSISTANT, "Hello.", NOW, reasoning="A greeting.")]
    turns = (Turn(USER, "Hi"), Turn(ASSISTANT, "Hello."))
    assert compose_request("one", header, path, Attachments()) == Request(
        "one", turns, "Be terse.", {"temperature": 0.7}
    )


def test_replies_without_text_are_left_out_and_partial_ones_are_not() -> None:
    path = [
        Message("m1", USER, "", NOW),
        Message("m2", ASSISTANT, "", NOW, status=Status.FAILED),
        Message("m3", ASSISTANT, "Half", NOW, status=Status.CANCELLED),
    ]
    assert compose_request("one", SessionHeader(ID, NOW), path, Attachments()).turns == (
        Turn(USER, ""),
        Turn(ASSISTANT, "Half"),
    )


def test_messages_that_lie_undecoded_are_decoded() -> None:
    stored = StoredMessage("m1", USER, None, 2, lambda: Message("m1", USER, "Hi", NOW))
    assert compose_request("one", SessionHeader(ID, NOW), [stored], Attachments()).turns == (Turn(USER, "Hi"),)
