"""Attempts at one reply."""

from __future__ import annotations

import asyncio
from contextlib import aclosing

import pytest

from chatui.conversation.events import Alive, Ended, ReasoningDelta, ReplyEvent, Retrying, TextDelta, UsageReported
from chatui.conversation.failure import Failure, FailureKind
from chatui.conversation.request import Request
from chatui.conversation.usage import Usage
from chatui.engine.attempts import RetryWait, make_attempts
from chatui.providers.base import RetrySettings
from tests.engine.fake_provider import BUSY, CUT, REFUSED, STOP, FakeProvider, say
from tests.engine.stage import turn_loop

REQUEST = Request("one", ())


class NotedWait(RetryWait):
    """Waits no time and notes how long it should have been."""

    def __init__(self) -> None:
        super().__init__()
        self.seconds: list[float] = []

    async def wait(self, seconds: float) -> None:
        self.seconds.append(seconds)


async def _attempt(provider: FakeProvider, wait: RetryWait | None = None) -> list[ReplyEvent | Retrying]:
    async with aclosing(make_attempts(provider, REQUEST, wait or NotedWait(), lambda: 1.0)) as events:
        return [event async for event in events]


async def test_a_reply_passes_through_up_to_its_end() -> None:
    provider = FakeProvider([ReasoningDelta("a"), Alive(), TextDelta("b"), UsageReported(Usage(1)), STOP, Alive()])
    assert await _attempt(provider) == [
        ReasoningDelta("a"),
        Alive(),
        TextDelta("b"),
        UsageReported(Usage(1)),
        STOP,
    ]
    assert provider.open_streams == 0


async def test_empty_deltas_are_left_out() -> None:
    assert await _attempt(FakeProvider([TextDelta(""), ReasoningDelta(""), STOP])) == [STOP]


async def test_failures_that_pass_are_tried_again_with_growing_waits() -> None:
    wait = NotedWait()
    provider = FakeProvider([BUSY], retry=RetrySettings(3, 1.0, 3.0))
    events = await _attempt(provider, wait)
    assert BUSY.failure is not None
    assert events == [*(Retrying(BUSY.failure, n, 3, s) for n, s in ((1, 1.0), (2, 2.0), (3, 3.0))), BUSY]
    assert wait.seconds == [1.0, 2.0, 3.0]
    assert provider.requests == [REQUEST] * 4


async def test_each_attempt_is_closed_before_the_wait() -> None:
    provider = FakeProvider([BUSY], say("x"))

    class Looks(NotedWait):
        async def wait(self, seconds: float) -> None:
            await super().wait(seconds)
            assert provider.open_streams == 0

    wait = Looks()
    assert (await _attempt(provider, wait))[-1] == STOP
    assert len(wait.seconds) == 1


@pytest.mark.parametrize("delta", [TextDelta("Half"), ReasoningDelta("Hm")])
async def test_nothing_is_retried_after_content(delta: ReplyEvent) -> None:
    provider = FakeProvider([delta, CUT], say("again"))
    assert await _attempt(provider) == [delta, CUT]
    assert len(provider.requests) == 1


@pytest.mark.parametrize("before", [Alive(), TextDelta(""), UsageReported(Usage(1))])
async def test_what_is_no_content_does_not_keep_from_retrying(before: ReplyEvent) -> None:
    provider = FakeProvider([before, CUT], say("again"))
    assert (await _attempt(provider))[-2:] == [TextDelta("again"), STOP]


async def test_content_of_a_later_attempt_ends_the_retries_too() -> None:
    provider = FakeProvider([BUSY], [TextDelta("Half"), BUSY], say("again"))
    assert (await _attempt(provider))[-1] == BUSY
    assert len(provider.requests) == 2


async def test_a_refusal_is_told_at_once() -> None:
    provider = FakeProvider([REFUSED])
    assert await _attempt(provider) == [REFUSED]
    assert len(provider.requests) == 1


async def test_a_wait_of_more_than_a_minute_is_told_and_not_made() -> None:
    long = Ended(failure=Failure(FailureKind.RATE_LIMIT, "Later.", status=429, retry_after=61.0))
    wait = NotedWait()
    (ended,) = await _attempt(FakeProvider([long]), wait)
    assert isinstance(ended, Ended)
    assert ended.failure is not None
    assert ended.failure.advice == "It asks to wait 61 s: ask again then, or choose another model."
    assert wait.seconds == []


async def test_a_provider_that_ends_without_a_word_broke_the_protocol() -> None:
    (event,) = await _attempt(FakeProvider([], name="mute"))
    assert isinstance(event, Ended)
    assert event.interrupted
    assert event.failure is not None
    assert event.failure.kind is FailureKind.PROTOCOL
    assert "mute" in event.failure.message


async def test_a_wait_ends_by_itself() -> None:
    async with asyncio.timeout(5):
        await RetryWait().wait(0.0)


async def test_a_wait_can_be_cut_short_but_only_while_it_lasts() -> None:
    wait = RetryWait()
    wait.end()
    waiting = asyncio.create_task(wait.wait(3600.0))
    await turn_loop()
    assert not waiting.done()
    wait.end()
    async with asyncio.timeout(5):
        await waiting
    assert waiting.done()
