"""Messages and requests as values."""

from __future__ import annotations

from dataclasses import FrozenInstanceError, replace

import pytest

from chatui.conversation.message import Role
from chatui.conversation.request import Request, Turn
from chatui.conversation.usage import Expense, Usage
from tests.conversation.messages import prompt, reply, stored


def test_a_prompt_costs_nothing_and_a_reply_what_its_usage_says() -> None:
    answer = reply("m2", "m1")
    assert prompt("m1").expense is None
    assert answer.expense is None
    assert replace(answer, usage=Usage(1, 2), cost=0.5).expense == Expense(0.5, estimated=False)
    assert replace(answer, usage=Usage(1, 2, estimated=True)).expense == Expense(None, estimated=True)


def test_a_stored_message_decodes_to_the_message() -> None:
    message = reply("m2", "m1")
    found = stored(message)
    assert (found.id, found.role, found.parent, found.expense) == ("m2", Role.ASSISTANT, "m1", None)
    assert found.decode() is message


def test_a_request_cannot_change_between_two_attempts() -> None:
    request = Request("guide", (Turn(Role.USER, "Hi"),))
    with pytest.raises(FrozenInstanceError):
        request.model = "other"  # type: ignore[misc]  # what mypy forbids is what must fail
    assert (request.system, dict(request.params)) == ("", {})
