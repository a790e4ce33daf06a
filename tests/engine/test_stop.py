"""Stopping a reply: at any moment, keeping its text, and leaving no trace in the task that consumes it."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator
from contextlib import aclosing

import pytest

from chatui.conversation.events import Ended, Event, Finished, ReplyEvent, Retrying, SaveFailed, Started, TextDelta
from chatui.conversation.failure import Failure, FailureKind
from chatui.conversation.message import Status
from chatui.conversation.request import Request
from chatui.engine.live_session import LiveSession
from tests.engine.conftest import SetStage
from tests.engine.fake_provider import STOP, FakeProvider, Step, say
from tests.engine.stage import collect, last_message, status_of

LATER = Ended(failure=Failure(FailureKind.RATE_LIMIT, "Slow.", status=429, retry_after=60.0))


class SlowToClose(FakeProvider):
    """Its connection never says that it is closed."""

    async def stream(self, request: Request) -> AsyncGenerator[ReplyEvent, None]:
        try:
            async with aclosing(super().stream(request)) as events:
                async for event in events:
                    yield event
        finally:
            self.waits.set()
            await asyncio.Event().wait()


async def _collect_and_look(events: AsyncGenerator[Event, None]) -> tuple[list[Event], int]:
    """The events, and the cancellations that are left over in the consumer's task when they have ended."""
    seen = await collect(events)
    await asyncio.sleep(0)
    task = asyncio.current_task()
    assert task is not None
    return seen, task.cancelling()


async def _stop_where_it_waits(live: LiveSession, waits: asyncio.Event) -> tuple[list[Event], int]:
    task = asyncio.create_task(_collect_and_look(live.send("?")))
    await waits.wait()
    live.stop()
    return await task


@pytest.mark.parametrize(
    ("script", "text"),
    [
        ([TextDelta("Once "), TextDelta("upon"), asyncio.Event()], "Once upon"),
        ([asyncio.Event()], ""),
    ],
    ids=["while it streams", "before the first event"],
)
async def test_a_stopped_reply_keeps_its_text(set_stage: SetStage, script: list[Step], text: str) -> None:
    stage = set_stage(script)
    live = stage.make()
    events, cancellations = await _stop_where_it_waits(live, stage.provider.waits)
    reply = stage.read()[-1]
    assert (reply.text, reply.status, reply.failure, reply.finish_reason) == (text, Status.CANCELLED, None, None)
    assert reply == last_message(live)
    assert isinstance(events[-1], Finished)
    assert cancellations == 0
    assert stage.provider.open_streams == 0
    assert not stage.checkpoint.exists()


async def test_the_connection_is_closed_within_a_few_turns_of_the_loop(set_stage: SetStage) -> None:
    stage = set_stage([TextDelta("a"), asyncio.Event()])
    live = stage.make()
    task = asyncio.create_task(collect(live.send("?")))
    await stage.provider.waits.wait()
    live.stop()
    turns = 0
    while stage.provider.open_streams:
        await asyncio.sleep(0)
        turns += 1
    assert turns <= 3
    assert status_of(await task) is Status.CANCELLED


async def test_the_wait_for_a_retry_can_be_stopped(set_stage: SetStage) -> None:
    stage = set_stage([LATER])
    live = stage.make()
    async with aclosing(live.send("?")) as events:
        async for event in events:
            if isinstance(event, Retrying):
                asyncio.get_running_loop().call_soon(live.stop)
    reply = last_message(live)
    assert (reply.status, reply.failure, reply.attempts) == (Status.CANCELLED, None, 1)
    assert len(stage.provider.requests) == 1
    assert [(retry.kind, retry.wait) for retry in reply.retries] == [(FailureKind.RATE_LIMIT, 60.25)]


async def test_a_reply_stopped_while_the_prompt_is_saved_asks_nobody(set_stage: SetStage) -> None:
    stage = set_stage(say("x"))
    live = stage.make()
    events = live.send("Keep me")
    async with aclosing(events):
        await anext(events)
        live.stop()
        rest = [event async for event in events]
    assert [type(event) for event in rest] == [Started, Finished]
    assert [(message.text, message.status) for message in stage.read()] == [
        ("Keep me", Status.COMPLETE),
        ("", Status.CANCELLED),
    ]
    assert not stage.provider.requests


async def test_a_reply_stopped_while_its_checkpoint_is_opened_asks_nobody(set_stage: SetStage) -> None:
    stage = set_stage(say("x"))
    live = stage.make()
    async with aclosing(live.send("?")) as events:
        async for event in events:
            if isinstance(event, Started):
                asyncio.get_running_loop().call_soon(live.stop)
    assert last_message(live).status is Status.CANCELLED
    assert not stage.provider.requests
    assert not stage.checkpoint.exists()


async def test_stopping_twice_is_stopping_once(set_stage: SetStage) -> None:
    stage = set_stage([TextDelta("a"), asyncio.Event()])
    live = stage.make()
    task = asyncio.create_task(_collect_and_look(live.send("?")))
    await stage.provider.waits.wait()
    live.stop()
    live.stop()
    await asyncio.sleep(0)
    live.stop()
    events, cancellations = await task
    assert status_of(events) is Status.CANCELLED
    assert cancellations == 0


async def test_stopping_when_nothing_runs_does_nothing(set_stage: SetStage) -> None:
    live = set_stage(say("One."), say("Two.")).make()
    live.stop()
    live.retry_now()
    assert status_of(await collect(live.send("?"))) is Status.COMPLETE
    live.stop()
    assert status_of(await collect(live.send("?"))) is Status.COMPLETE


async def test_stopping_while_the_whole_reply_is_saved_changes_nothing(set_stage: SetStage) -> None:
    stage = set_stage()
    live = stage.make()

    def stop_soon() -> None:
        asyncio.get_running_loop().call_soon(live.stop)

    stage.provider.attempts = [[TextDelta("Whole."), stop_soon, STOP]]
    events, cancellations = await _collect_and_look(live.send("?"))
    assert status_of(events) is Status.COMPLETE
    assert stage.read()[-1].status is Status.COMPLETE
    assert cancellations == 0


async def test_a_stop_between_the_last_delta_and_the_end_leaves_no_cancellation_behind(set_stage: SetStage) -> None:
    stage = set_stage(say("All", " of it."))
    live = stage.make()

    async def consume() -> tuple[Status, int]:
        async with aclosing(live.send("?")) as events:
            async for event in events:
                if event == TextDelta(" of it."):
                    live.stop()
                if isinstance(event, Finished):
                    status = event.message.status
        await asyncio.sleep(0)
        task = asyncio.current_task()
        assert task is not None
        return status, task.cancelling()

    assert await asyncio.create_task(consume()) == (Status.CANCELLED, 0)
    assert stage.read()[-1].text == "All of it."
    assert stage.provider.open_streams == 0


async def test_a_stop_after_the_providers_last_word_leaves_the_reply_complete(set_stage: SetStage) -> None:
    provider = SlowToClose(say("Whole."))
    stage = set_stage(provider=provider)
    events, cancellations = await _stop_where_it_waits(stage.make(), provider.waits)
    assert status_of(events) is Status.COMPLETE
    assert stage.read()[-1].status is Status.COMPLETE
    assert cancellations == 0


async def test_the_consumer_may_wait_for_something_else_when_the_stop_comes(set_stage: SetStage) -> None:
    stage = set_stage(say("a", "b"))
    live = stage.make()
    waits, hold = asyncio.Event(), asyncio.Event()

    async def consume() -> list[Event]:
        seen = []
        async with aclosing(live.send("?")) as events:
            async for event in events:
                seen.append(event)
                if event == TextDelta("a"):
                    waits.set()
                    await hold.wait()
        return seen

    task = asyncio.create_task(consume())
    await waits.wait()
    live.stop()
    await asyncio.sleep(0)
    hold.set()
    assert status_of(await task) is Status.CANCELLED
    assert stage.read()[-1].text == "a"


async def test_what_is_told_after_a_stop_is_still_told(set_stage: SetStage) -> None:
    stage = set_stage([TextDelta("a"), asyncio.Event()])
    live = stage.make()
    task = asyncio.create_task(collect(live.send("?")))
    await stage.provider.waits.wait()
    stage.path.write_bytes(b"format = 1\n")
    live.stop()
    events = await task
    assert isinstance(events[-1], SaveFailed)
    assert "changed by another program" in events[-1].reason
