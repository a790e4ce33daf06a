"""What is in memory when a reply is over is what anyone reads from the disk, whatever happened on the way."""

from __future__ import annotations

import asyncio
import shutil
from contextlib import aclosing
from dataclasses import replace
from itertools import count
from pathlib import Path
from typing import Literal

from hypothesis import given
from hypothesis import strategies as st

from chatui.conversation.continued import add_part, parts_of
from chatui.conversation.events import (
    Added,
    Alive,
    Ended,
    ReasoningDelta,
    ReplyEvent,
    Started,
    TextDelta,
    UsageReported,
)
from chatui.conversation.failure import Failure, FailureKind
from chatui.conversation.message import Message, Status
from chatui.conversation.usage import Price, Usage
from chatui.engine.live_session import LiveSession
from tests.engine.fake_provider import CUT, FakeProvider
from tests.engine.stage import Stage, collect, messages_of, wait_for_writes

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
_passing = st.builds(
    Failure, st.sampled_from([FailureKind.SERVER, FailureKind.NETWORK]), _texts, st.none() | st.integers(500, 599)
)
_deltas = st.builds(TextDelta, _texts) | st.builds(ReasoningDelta, _texts)
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


@given(_texts, st.lists(_passing, max_size=3), st.lists(_deltas, max_size=6), st.integers(1, 12), st.booleans())
def test_live_state_equals_what_a_kill_leaves(
    tmp_path: Path,
    prompt: str,
    retries: list[Failure],
    deltas: list[TextDelta | ReasoningDelta],
    after: int,
    is_continued: bool,
) -> None:
    cut: list[list[ReplyEvent]] = [[TextDelta("Once "), CUT]] if is_continued else []
    failed: list[list[ReplyEvent]] = [[Alive(), Ended(failure=failure)] for failure in retries]
    answered: list[ReplyEvent] = [*deltas, Ended("stop")]
    attempts = [*cut, *failed, answered]
    asyncio.run(_check_kill(tmp_path / str(next(_numbers)), prompt, attempts, after, is_continued=is_continued))


async def _check_kill(
    folder: Path, prompt: str, attempts: list[list[ReplyEvent]], after: int, *, is_continued: bool
) -> None:
    """Look at what is on disk after so many events of a reply, as the next start does after a kill."""
    stage = Stage(folder / "live", FakeProvider(*attempts))
    live = stage.make()
    if is_continued:
        await collect(live.send("?"))
    seen = 0
    async with aclosing(live.continue_reply() if is_continued else live.send(prompt)) as events:
        async for event in events:
            # The request leaves after these two: nothing is promised of a reply before.
            seen += not isinstance(event, Added | Started)
            if seen == after:
                break
        live._recorder._flush()
        await wait_for_writes(live)
        shutil.copytree(folder / "live", folder / "killed")
        knew = [*(each for each in messages_of(live) if not _is_running(live, each)), *_running(live)]
    await live.aclose()
    killed = Stage(folder / "killed", FakeProvider())
    again = killed.open()
    found = messages_of(again)
    assert [_known(message) for message in found] == [_known(message) for message in knew]
    assert killed.read() == found
    await again.aclose()


def _is_running(live: LiveSession, message: Message) -> bool:
    reply = live.conversation.live
    return reply is not None and reply.id == message.id


def _running(live: LiveSession) -> list[Message]:
    """The reply that streams, as it would be if it were cut now."""
    reply = live.conversation.live
    if reply is None:
        return []
    message = reply.snapshot(Status.INTERRUPTED)
    if reply.kept is None:
        return [message]
    (part,) = parts_of(message)
    return [add_part(reply.kept, replace(part, start=len(reply.kept.text)), reply.text, reply.reasoning)]


def _known(message: Message) -> Message:
    """What was known of a message before its end: figures, and why it ended, come after that."""
    parts = [replace(part, usage=None, timing=None, failure=None, is_approximate=False) for part in message.parts]
    return replace(message, usage=None, timing=None, failure=None, parts=parts)
