"""Ends that come from outside: the task is cancelled, or the generator closed. The reply is saved, then they go on."""

from __future__ import annotations

import asyncio
import threading
from contextlib import aclosing

import pytest

from chatui.conversation.events import Finished, Started, TextDelta
from chatui.conversation.message import Status
from tests.engine.conftest import SetStage
from tests.engine.fake_provider import STOP, say
from tests.engine.stage import Stage, collect, messages_of, turn_loop


async def _cancel_where_it_waits(stage: Stage, *, is_stopped: bool = False) -> asyncio.Task[object]:
    live = stage.make()
    task: asyncio.Task[object] = asyncio.create_task(collect(live.send("?")))
    await stage.provider.waits.wait()
    if is_stopped:
        live.stop()
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    assert stage.read() == messages_of(live)
    assert not live.is_streaming
    assert stage.provider.open_streams == 0
    return task


async def test_a_cancelled_reply_is_saved_as_interrupted(set_stage: SetStage) -> None:
    stage = set_stage([TextDelta("Half"), asyncio.Event()])
    task = await _cancel_where_it_waits(stage)
    reply = stage.read()[-1]
    assert (reply.text, reply.status) == ("Half", Status.INTERRUPTED)
    assert reply.failure is not None
    assert "closed" in reply.failure.message
    assert task.cancelled()


async def test_a_stop_does_not_swallow_a_cancellation_that_comes_with_it(set_stage: SetStage) -> None:
    stage = set_stage([TextDelta("Half"), asyncio.Event()])
    task = await _cancel_where_it_waits(stage, is_stopped=True)
    assert task.cancelled()
    assert stage.read()[-1].status is Status.CANCELLED


async def test_a_cancellation_that_comes_while_a_stopped_reply_opens_its_checkpoint_goes_on(
    set_stage: SetStage,
) -> None:
    stage = set_stage(say("x"))
    live = stage.make()

    async def consume() -> None:
        async with aclosing(live.send("?")) as events:
            async for event in events:
                if isinstance(event, Started):
                    live.stop()
                    task = asyncio.current_task()
                    assert task is not None
                    asyncio.get_running_loop().call_soon(task.cancel)

    task = asyncio.create_task(consume())
    with pytest.raises(asyncio.CancelledError):
        await task
    assert stage.read()[-1].status is Status.CANCELLED


async def test_a_closed_generator_saves_the_reply_as_interrupted(set_stage: SetStage) -> None:
    stage = set_stage(say("Once ", "upon ", "a time"))
    live = stage.make()
    async with aclosing(live.send("?")) as events:
        async for event in events:
            if event == TextDelta("upon "):
                break
    assert (stage.read()[-1].text, stage.read()[-1].status) == ("Once upon ", Status.INTERRUPTED)
    assert stage.read() == messages_of(live)
    assert stage.provider.open_streams == 0
    assert not live.is_streaming


async def test_a_prompt_whose_consumer_leaves_at_once_is_saved(set_stage: SetStage) -> None:
    stage = set_stage(say("x"))
    live = stage.make()
    async with aclosing(live.send("Keep me")) as events:
        await anext(events)
    assert [message.text for message in stage.read()] == ["Keep me"]
    assert not live.is_streaming


async def test_a_generator_closed_before_the_request_keeps_the_prompt(set_stage: SetStage) -> None:
    stage = set_stage(say("x"))
    live = stage.make()
    async with aclosing(live.send("Keep me")) as events:
        async for event in events:
            if isinstance(event, Started):
                break
    assert [message.text for message in stage.read()] == ["Keep me", ""]
    assert not stage.provider.requests


async def test_a_cancellation_waits_for_the_disk(set_stage: SetStage, monkeypatch: pytest.MonkeyPatch) -> None:
    stage = set_stage([TextDelta("Whole."), STOP])
    live = stage.make()
    may_save = threading.Event()
    task: asyncio.Task[object] = asyncio.create_task(collect(live.send("?")))
    loop = asyncio.get_running_loop()
    run_in_executor = loop.run_in_executor
    asked = asyncio.Event()

    def hold(executor: object, job: object, *arguments: object) -> object:
        if live.conversation.live is None and len(live.conversation) == 2:
            run_in_executor(executor, may_save.wait)  # type: ignore[arg-type]  # passed on as it came
            asked.set()
        return run_in_executor(executor, job, *arguments)  # type: ignore[arg-type]  # passed on as it came

    monkeypatch.setattr(loop, "run_in_executor", hold)
    await asked.wait()
    task.cancel()
    await turn_loop()
    is_done, saved = task.done(), stage.read()
    may_save.set()
    assert not is_done
    assert [message.text for message in saved] == ["?"]
    with pytest.raises(asyncio.CancelledError):
        await task
    assert stage.read() == messages_of(live)
    assert stage.read()[-1].status is Status.COMPLETE


async def test_a_cancellation_while_the_prompt_is_saved_saves_it_first(set_stage: SetStage) -> None:
    stage = set_stage(say("x"))
    live = stage.make()

    async def consume() -> None:
        async with aclosing(live.send("Keep me")) as events:
            await anext(events)
            task = asyncio.current_task()
            assert task is not None
            asyncio.get_running_loop().call_soon(task.cancel)
            async for event in events:
                assert not isinstance(event, Finished)

    task = asyncio.create_task(consume())
    with pytest.raises(asyncio.CancelledError):
        await task
    assert [message.text for message in stage.read()] == ["Keep me"]
    assert not live.is_streaming


async def test_closing_the_session_stops_the_reply_and_saves_it(set_stage: SetStage) -> None:
    stage = set_stage([TextDelta("Half"), asyncio.Event()])
    live = stage.make()
    task = asyncio.create_task(collect(live.send("?")))
    await stage.provider.waits.wait()
    await live.aclose()
    assert isinstance((await task)[-1], Finished)
    assert (stage.read()[-1].text, stage.read()[-1].status) == ("Half", Status.CANCELLED)
