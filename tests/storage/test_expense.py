"""What a message cost is known without decoding it, and is the same once it is decoded."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chatui.conversation.message import Message, Role
from chatui.conversation.usage import Expense, Usage
from chatui.storage.message_block import encode_message
from chatui.storage.own_form import match_own_block
from chatui.storage.stored_block import scan_block

CREATED = datetime(2026, 11, 23, 10, 42, 33, tzinfo=UTC)

_usages = st.builds(Usage, st.integers(0, 10**9), st.integers(0, 10**9), estimated=st.booleans())


def _reply(usage: Usage | None, cost: float | None) -> bytes:
    return encode_message(Message("m2", Role.ASSISTANT, "Hello.", CREATED, "m1", usage=usage, cost=cost))


def _by_hand(lines: str) -> bytes:
    return f'\n[[messages]]\nrole = "assistant"\nid = "m2"\ntext = "Hello."\n{lines}\n'.encode()


@given(st.none() | _usages, st.none() | st.floats(0, 1e6))
def test_a_block_of_ours_tells_what_it_cost(usage: Usage | None, cost: float | None) -> None:
    stored = match_own_block(_reply(usage, cost))
    assert stored is not None
    assert stored.expense == stored.decode().expense
    assert stored.expense == (None if usage is None else Expense(cost, usage.estimated))


@given(st.none() | _usages, st.none() | st.floats(0, 1e6) | st.integers(0, 9))
def test_a_block_written_by_hand_tells_it_too(usage: Usage | None, cost: float | None) -> None:
    stored = scan_block(_reply(usage, cost) + b"# a note of mine\n")
    assert stored.expense == stored.decode().expense
    assert stored.expense == (None if usage is None else Expense(cost, usage.estimated))


def test_usage_without_the_word_estimated_was_counted() -> None:
    block = _reply(Usage(1, 2), 0.5).replace(b", estimated = false", b"")
    stored = match_own_block(block)
    assert stored is not None
    assert stored.expense == Expense(0.5, estimated=False)


@pytest.mark.parametrize(
    "lines",
    [
        "usage = 5",
        'usage = { input = 1 }\ncost = "much"',
        'usage = { input = 1, estimated = "perhaps" }',
        f"usage = {{ input = 1 }}\ncost = {'9' * 400}",
    ],
)
def test_a_block_that_cannot_be_read_cost_nothing(lines: str) -> None:
    stored = scan_block(_by_hand(lines))
    assert stored.expense is None
    assert stored.decode().expense is None
    assert stored.decode().text == "Hello."
