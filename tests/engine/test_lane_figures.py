"""The figures of a reply among several, in words."""

from __future__ import annotations

import asyncio
from contextlib import aclosing

from chatui.conversation.events import Ended, Started, TextDelta
from chatui.conversation.failure import Failure, FailureKind
from chatui.conversation.message import Message, Role, Status
from chatui.conversation.request import Request, Turn
from chatui.conversation.usage import Timing, Usage
from chatui.engine.answer import Answer
from chatui.engine.lane_figures import say_end, say_lane, say_message
from chatui.engine.roster import Roster
from chatui.providers.base import RetrySettings
from tests.engine.fake_provider import STOP, FakeProvider
from tests.engine.stage import NOW, FakeClock, turn_loop


def reply(status: Status = Status.COMPLETE, **fields: object) -> Message:
    return Message("m2", Role.ASSISTANT, "text", NOW, status=status, **fields)  # type: ignore[arg-type]  # any field of a message


def answer_of(provider: FakeProvider, clock: FakeClock) -> Answer:
    request = Request("", (Turn(Role.USER, "Hi"),))
    return Answer(Roster({"fake": provider}), request, Started("m2", "m1", "fake/one", NOW), clock, lambda: 0.0)


async def consume(answer: Answer) -> None:
    async with aclosing(answer.events()) as events:
        async for _ in events:
            pass


async def test_while_it_streams_its_pace_is_an_estimate() -> None:
    gate, clock = asyncio.Event(), FakeClock(10.0)
    answer = answer_of(FakeProvider([TextDelta("x" * 400), gate, STOP]), clock)
    task = asyncio.create_task(consume(answer))
    await turn_loop()
    assert say_lane(answer, 11.0) == "streaming · 1.0 s · first 0.00 s · ~100 tok/s"
    assert answer.text == "x" * 400
    gate.set()
    await task
    assert say_lane(answer, 99.0).startswith("stop · 0.00 s")


async def test_a_wait_is_counted_down() -> None:
    failure = Failure(FailureKind.OVERLOADED, "Busy.", status=503, retry_after=20.0)
    clock = FakeClock(10.0)
    provider = FakeProvider([Ended(failure=failure)], [STOP], retry=RetrySettings(max_retries=2))
    answer = answer_of(provider, clock)
    task = asyncio.create_task(consume(answer))
    await turn_loop()
    assert say_lane(answer, 15.0) == "retry 1/2 in 15 s"
    answer.retry_now()
    await task
    assert answer.message is not None
    assert answer.message.attempts == 2


def test_what_is_over_has_all_that_is_known() -> None:
    usage, timing = Usage(10, 100), Timing(0.5, 2.5)
    assert say_message(reply(finish_reason="stop", usage=usage, timing=timing, cost=0.5)) == (
        "stop · 2.5 s · first 0.50 s · 50 tok/s · 100 tokens · $0.50"
    )
    assert say_message(reply()) == "complete"
    assert say_message(reply(usage=Usage(1, 2, estimated=True), timing=Timing())).endswith("~2 tokens · –")


def test_the_end_is_said_in_a_word_or_two() -> None:
    refused = Failure(FailureKind.RATE_LIMIT, "No.")
    assert say_end(reply(Status.FAILED, failure=refused)) == "failed: rate limit"
    assert say_end(reply(Status.CANCELLED)) == "stopped"
    assert say_end(reply(Status.INTERRUPTED, failure=refused)) == "interrupted"
    assert say_end(reply(finish_reason="odd\x1b")) == "odd␛"
