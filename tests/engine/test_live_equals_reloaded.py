"""What is in memory when a reply is over is what anyone reads from the disk, whatever happened on the way."""

from __future__ import annotations

import asyncio
from contextlib import aclosing
from itertools import count
from pathlib import Path
from typing import Literal

from hypothesis import given
from hypothesis import strategies as st

from chatui.conversation.events import Alive, Ended, ReasoningDelta, ReplyEvent, TextDelta, UsageReported
from chatui.conversation.failure import Failure, FailureKind
from chatui.conversation.usage import Price, Usage
from chatui.engine.live_session import LiveSession
from tests.engine.fake_provider import FakeProvider
from tests.engine.stage import Stage, messages_of

How = Literal["goes on", "stop", "cancel", "close"]

_TRICKY = [
    "\n[[messages]]\n",
    '"""',
    "\\",
    "\r\n",
    "\r",
    "\x00\x1b[31m",
    "\u2028",
    "é漢🙂",
    " ",
    "",
    "'''\n",
    "a" * 5000,
]
_texts = st.sampled_from(_TRICKY) | st.text(max_size=12)
_failures = st.builds(
    Failure,
    st.sampled_from(FailureKind),
    _texts,
    st.none() | st.integers(400, 599),
    _texts,
    st.none() | st.floats(0, 1e-3),
    st.none() | st.booleans(),
)
_ends = st.one_of(
    st.builds(Ended, st.none() | _texts),
    st.builds(Ended, st.none() | _texts, _failures, st.booleans()),
)
_counts = st.integers(0, 10**6)
_events = st.one_of(
    st.builds(TextDelta, _texts),
    st.builds(TextDelta, _texts),
    st.builds(ReasoningDelta, _texts),
    st.builds(UsageReported, st.builds(Usage, _counts, _counts, _counts, _counts), st.none() | st.floats(0, 10)),
    st.just(Alive()),
)
_attempts = st.tuples(st.lists(_events, max_size=8), _ends).map(lambda pair: [*pair[0], pair[1]])
_turns = st.tuples(
    _texts,
    st.lists(_attempts, min_size=1, max_size=3),
    st.sampled_from(["goes on", "goes on", "stop", "cancel", "close"]),
    st.integers(0, 8),
)
_prices = st.none() | st.builds(Price, st.floats(0, 100), st.floats(0, 100), st.none() | st.floats(0, 100))
_numbers = count()

Turn = tuple[str, list[list[ReplyEvent]], How, int]


async def _take_turn(live: LiveSession, prompt: str, how: How, after: int) -> None:
    """Send a prompt and, after so many events of the reply, let happen what is to happen."""

    async def consume() -> None:
        async with aclosing(live.send(prompt)) as events:
            seen = 0
            async for _ in events:
                seen += 1
                if seen != after:
                    continue
                if how == "close":
                    break
                if how == "stop":
                    live.stop()
                if how == "cancel":
                    task.cancel()

    task = asyncio.create_task(consume())
    await asyncio.wait([task])
    assert task.cancelled() or task.exception() is None


@given(st.lists(_turns, min_size=1, max_size=3), _prices)
def test_live_state_equals_reloaded_state(tmp_path: Path, turns: list[Turn], price: Price | None) -> None:
    asyncio.run(_check(tmp_path / str(next(_numbers)), turns, price))


async def _check(folder: Path, turns: list[Turn], price: Price | None) -> None:
    provider = FakeProvider(price=price)
    stage = Stage(folder, provider)
    live = stage.make()
    for prompt, attempts, how, after in turns:
        provider.attempts = [*([[]] * len(provider.requests)), *attempts]
        await _take_turn(live, prompt, how, after)
        assert not live.is_streaming
        assert live.conversation.live is None
        assert provider.open_streams == 0
        assert not stage.checkpoint.exists()
        assert stage.read() == messages_of(live)
    await live.aclose()
    again = stage.open()
    assert again.conversation.active == live.conversation.active
    assert [message.id for message in again.conversation.path()] == [m.id for m in live.conversation.path()]
    assert again.header == live.header
    assert again.total_cost == live.total_cost
    assert again.notices == ()
    await again.aclose()
