"""A reply: what is on disk when, and how it may end."""

from __future__ import annotations

import asyncio
from contextlib import aclosing

import pytest

from chatui.conversation.events import (
    Added,
    Alive,
    Ended,
    Finished,
    ReasoningDelta,
    Retrying,
    Started,
    TextDelta,
    UsageReported,
)
from chatui.conversation.failure import Failure, FailureKind
from chatui.conversation.message import Message, Status
from chatui.conversation.usage import Price, Usage
from chatui.storage.checkpoint import read_checkpoint
from tests.engine.conftest import SetStage
from tests.engine.fake_provider import BUSY, CUT, REFUSED, STOP, FakeProvider, say
from tests.engine.stage import collect, last_message, messages_of, status_of


async def test_a_reply_comes_as_events_and_ends_with_the_saved_message(set_stage: SetStage) -> None:
    stage = set_stage([ReasoningDelta("Hm."), Alive(), TextDelta("A "), TextDelta("stream."), STOP])
    live = stage.make()
    events = await collect(live.send("What is SSE?"))
    kinds = [Added, Started, ReasoningDelta, Alive, TextDelta, TextDelta, Finished]
    assert [type(event) for event in events] == kinds
    reply = last_message(live)
    assert events[-1] == Finished(reply)
    assert (reply.text, reply.reasoning, reply.status, reply.finish_reason) == (
        "A stream.",
        "Hm.",
        Status.COMPLETE,
        "stop",
    )
    assert (reply.model, reply.parent, reply.failure) == ("fake/one", "m1", None)
    assert stage.read() == messages_of(live)
    assert not stage.checkpoint.exists()
    assert not live.is_streaming


async def test_the_prompt_is_on_disk_before_the_provider_is_asked(set_stage: SetStage) -> None:
    found: list[list[Message]] = []
    heads: list[Message | None] = []
    provider = FakeProvider()
    stage = set_stage(provider=provider)
    provider.attempts = [
        [lambda: found.append(stage.read()), lambda: heads.append(read_checkpoint(stage.checkpoint)), *say("Yes.")]
    ]
    await collect(stage.make().send("Is it there?"))
    assert [[message.text for message in messages] for messages in found] == [["Is it there?"]]
    assert heads[0] is not None
    assert (heads[0].id, heads[0].parent, heads[0].model, heads[0].text) == ("m2", "m1", "fake/one", "")


async def test_the_same_objects_reach_the_consumer_that_the_provider_gave(set_stage: SetStage) -> None:
    delta = TextDelta("one")
    events = await collect(set_stage([delta, STOP]).make().send("?"))
    assert [event for event in events if event is delta] == [delta]


@pytest.mark.parametrize(
    ("end", "status", "kind"),
    [
        (STOP, Status.COMPLETE, None),
        (CUT, Status.INTERRUPTED, FailureKind.NETWORK),
        (REFUSED, Status.FAILED, FailureKind.AUTHENTICATION),
        (Ended("length"), Status.COMPLETE, None),
    ],
)
async def test_the_providers_last_word_decides_the_status(
    set_stage: SetStage, end: Ended, status: Status, kind: FailureKind | None
) -> None:
    stage = set_stage([TextDelta("Half"), end])
    live = stage.make()
    events = await collect(live.send("?"))
    reply = stage.read()[-1]
    assert status_of(events) is status
    assert (reply.text, reply.status, reply.finish_reason) == ("Half", status, end.finish_reason)
    assert (None if reply.failure is None else reply.failure.kind) == kind


async def test_the_providers_count_gives_the_cost(set_stage: SetStage) -> None:
    provider = FakeProvider([TextDelta("x"), UsageReported(Usage(1000, 500)), STOP], price=Price(1.0, 2.0))
    live = set_stage(provider=provider).make()
    await collect(live.send("?"))
    reply = last_message(live)
    assert (reply.usage, reply.cost) == (Usage(1000, 500), 0.002)


async def test_a_cost_that_the_server_names_wins(set_stage: SetStage) -> None:
    provider = FakeProvider([TextDelta("x"), UsageReported(Usage(1000, 500), 0.7), STOP], price=Price(1.0, 2.0))
    live = set_stage(provider=provider).make()
    await collect(live.send("?"))
    assert last_message(live).cost == 0.7


async def test_without_a_count_the_usage_is_estimated(set_stage: SetStage) -> None:
    live = set_stage(say("four", "five", "six!")).make()
    await collect(live.send("12345678"))
    reply = last_message(live)
    assert reply.usage == Usage(input=6, output=3, estimated=True)
    assert reply.cost is None


async def test_a_reply_that_brought_nothing_used_no_tokens(set_stage: SetStage) -> None:
    live = set_stage([REFUSED]).make()
    await collect(live.send("?"))
    assert last_message(live).usage is None


async def test_times_come_from_the_clock(set_stage: SetStage) -> None:
    stage = set_stage()
    clock = stage.clock

    def pass_two_seconds() -> None:
        clock.now += 2.0

    stage.provider.attempts = [[pass_two_seconds, TextDelta("a"), pass_two_seconds, STOP]]
    live = stage.make()
    await collect(live.send("?"))
    timing = last_message(live).timing
    assert timing is not None
    assert (timing.first_token, timing.total) == (2.0, 4.0)


async def test_retries_are_told_and_counted(set_stage: SetStage) -> None:
    stage = set_stage([BUSY], [BUSY], say("At last."))
    live = stage.make()
    events = await collect(live.send("?"))
    assert [event.retry for event in events if isinstance(event, Retrying)] == [1, 2]
    assert (last_message(live).attempts, last_message(live).text) == (3, "At last.")
    assert stage.provider.requests[0] is stage.provider.requests[2]


async def test_a_retry_may_be_made_at_once(set_stage: SetStage) -> None:
    busy = Ended(failure=Failure(FailureKind.RATE_LIMIT, "Slow.", status=429, retry_after=60.0))
    stage = set_stage([busy], say("Here."))
    live = stage.make()
    async with aclosing(live.send("?")) as events:
        async for event in events:
            if isinstance(event, Retrying):
                assert event.wait >= 60.0
                asyncio.get_running_loop().call_soon(live.retry_now)
    assert last_message(live).text == "Here."


async def test_cutting_the_wait_short_ends_the_countdown(set_stage: SetStage) -> None:
    busy = Ended(failure=Failure(FailureKind.RATE_LIMIT, "Slow.", status=429, retry_after=60.0))
    hold = asyncio.Event()
    stage = set_stage([busy], [hold, *say("Here.")])
    live = stage.make()
    task = asyncio.create_task(collect(live.send("?")))
    while live.stats.phase_at(0.0) != "retrying":
        await asyncio.sleep(0)
    live.retry_now()
    await stage.provider.waits.wait()
    assert live.stats.phase_at(0.0) == "waiting"
    hold.set()
    await task


async def test_a_model_that_nobody_serves_fails_without_a_request(set_stage: SetStage) -> None:
    stage = set_stage(say("x"))
    live = stage.make()
    await live.choose_model("nobody/x")
    assert status_of(await collect(live.send("?"))) is Status.FAILED
    reply = stage.read()[-1]
    assert reply.failure is not None
    assert "nobody" in reply.failure.message
    assert not stage.provider.requests


@pytest.mark.parametrize("fault", [RuntimeError("a bug"), TimeoutError("a bug")])
async def test_a_fault_of_the_program_goes_on_but_the_text_is_kept(set_stage: SetStage, fault: Exception) -> None:
    stage = set_stage([TextDelta("Half"), fault])
    live = stage.make()
    with pytest.raises(type(fault), match="a bug"):
        await collect(live.send("?"))
    assert (stage.read()[-1].text, stage.read()[-1].status) == ("Half", Status.INTERRUPTED)
    assert not live.is_streaming
