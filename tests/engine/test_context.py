"""The context in use: the provider's count where there is one, an estimate for the rest."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime

import pytest

from chatui.conversation.message import Message, Role, StoredMessage
from chatui.conversation.usage import Expense, Usage
from chatui.engine.context import measure_context

NOW = datetime(2026, 1, 1, tzinfo=UTC)


def _prompt(text: str) -> Message:
    return Message("p", Role.USER, text, NOW)


def _reply(text: str, usage: Usage | None) -> Message:
    return Message("r", Role.ASSISTANT, text, NOW, usage=usage)


def _stored(message: Message, size: int, decode: Callable[[], Message]) -> StoredMessage:
    return StoredMessage(message.id, message.role, None, size, decode, message.expense)


def test_an_empty_branch_takes_nothing() -> None:
    assert measure_context([]) == (0, False)


def test_the_count_of_the_last_reply_holds() -> None:
    branch = [_prompt("x" * 4000), _reply("y" * 400, Usage(input=900, output=80))]
    assert measure_context(branch) == (980, False)


def test_an_estimated_count_stays_an_estimate() -> None:
    assert measure_context([_reply("y", Usage(input=9, output=1, estimated=True))]) == (10, True)


def test_what_came_after_the_last_count_is_estimated() -> None:
    branch = [_reply("y", Usage(input=90, output=10)), _prompt("x" * 40), _reply("cut" * 4, None)]
    assert measure_context(branch) == (113, True)


def test_undecoded_messages_are_estimated_by_their_bytes_and_stay_undecoded() -> None:
    def decode() -> Message:
        pytest.fail("it was decoded")

    assert measure_context([_stored(_prompt("x"), 400, decode)]) == (100, True)


def test_only_the_undecoded_reply_with_a_count_is_decoded() -> None:
    reply = _reply("y", Usage(input=90, output=10))
    assert measure_context([_stored(reply, 4000, lambda: reply)]) == (100, False)


def test_a_stored_cost_without_usage_counts_as_none() -> None:
    odd = StoredMessage("r", Role.ASSISTANT, None, 40, lambda: _reply("y", None), Expense(None, estimated=False))
    assert measure_context([odd]) == (10, True)
