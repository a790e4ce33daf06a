"""Continuing a reply: it grows in its place, its parts add up, and it can be cut again."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from typing import Any

import pytest

from chatui.conversation.continuation import Continuation
from chatui.conversation.continued import seconds_between
from chatui.conversation.events import Ended, Finished, ReasoningDelta, Started, TextDelta, UsageReported
from chatui.conversation.failure import Failure, FailureKind
from chatui.conversation.message import Message, Role, Status
from chatui.conversation.model_info import ModelInfo
from chatui.conversation.request import Turn
from chatui.conversation.usage import Price, Usage
from chatui.engine.live_session import LiveSession
from chatui.storage.checkpoint import read_checkpoint
from tests.engine.conftest import SetStage
from tests.engine.fake_provider import CUT, REFUSED, STOP, FakeProvider, Step, say
from tests.engine.stage import Stage, collect, last_message, messages_of, status_of, wait_for_writes

LENGTH = Ended(finish_reason="length")
NOT_SO = Ended(failure=Failure(FailureKind.BAD_REQUEST, "No prefill.", status=400))
HALF: list[Step] = [TextDelta("one two"), CUT]


class Prefilling(FakeProvider):
    """A provider that goes on with the last message, or says that it does."""

    way = Continuation.PREFIX

    def describe(self, model: str) -> ModelInfo:
        return replace(super().describe(model), continuation=self.way)


async def _cut(stage: Stage) -> LiveSession:
    live = stage.make()
    await collect(live.send("count"))
    return live


def _prefilling(*attempts: list[Step], **options: Any) -> FakeProvider:
    return Prefilling(*attempts, **options)


async def test_a_cut_reply_goes_on_where_it_stands(set_stage: SetStage) -> None:
    stage = set_stage(provider=_prefilling(HALF, say(" three", " four")))
    live = await _cut(stage)
    kept = last_message(live)
    assert live.continuable == kept
    events = await collect(live.continue_reply())
    started = next(event for event in events if isinstance(event, Started))
    assert (started.message_id, started.parent, started.kept) == (kept.id, kept.parent, kept)
    reply = last_message(live)
    assert (reply.id, reply.text, reply.status) == (kept.id, "one two three four", Status.COMPLETE)
    assert len(messages_of(live)) == 2
    assert stage.read() == messages_of(live)
    assert not stage.checkpoint.exists()
    assert live.continuable is None
    request = stage.provider.requests[-1]
    assert request.continuation is Continuation.PREFIX
    assert request.turns == (Turn(Role.USER, "count"), Turn(Role.ASSISTANT, "one two"))


async def test_a_model_that_can_only_be_asked_is_asked_in_words(set_stage: SetStage) -> None:
    stage = set_stage(HALF, say("one two three"))
    live = await _cut(stage)
    events = await collect(live.continue_reply())
    assert any(isinstance(event, Started) and event.is_approximate for event in events)
    reply = last_message(live)
    assert reply.text == "one two three"
    assert [part.is_approximate for part in reply.parts] == [False, True]
    turns = stage.provider.requests[-1].turns
    assert turns[:2] == (Turn(Role.USER, "count"), Turn(Role.ASSISTANT, "one two"))
    assert turns[2].role is Role.USER
    assert turns[2].text.startswith("Your last message was cut off. Continue exactly where you stopped")
    assert turns[2].text.endswith(": one two")


async def test_a_way_that_the_server_refuses_gives_way_to_words(set_stage: SetStage) -> None:
    stage = set_stage(provider=_prefilling(HALF, [NOT_SO], say("two three")))
    live = await _cut(stage)
    await collect(live.continue_reply())
    reply = last_message(live)
    assert (reply.text, reply.parts[1].is_approximate) == ("one two three", True)
    assert [request.continuation for request in stage.provider.requests] == [
        None,
        Continuation.PREFIX,
        Continuation.WORDS,
    ]


async def test_parts_add_up(set_stage: SetStage) -> None:
    half: list[Step] = [ReasoningDelta("Hm."), TextDelta("one two"), UsageReported(Usage(10, 2)), CUT]
    rest: list[Step] = [ReasoningDelta("So."), TextDelta(" three"), UsageReported(Usage(12, 3, cached=8)), STOP]
    stage = set_stage(provider=_prefilling(half, rest, price=Price(1.0, 2.0)))
    live = await _cut(stage)
    first = last_message(live)
    stage.clock.now = 5.0
    await collect(live.continue_reply())
    reply = last_message(live)
    assert reply.usage == Usage(22, 5, cached=8)
    assert reply.reasoning == "Hm.\n\nSo."
    assert first.cost is not None
    assert reply.cost == pytest.approx(first.cost + 18e-6)
    assert [part.cost for part in reply.parts] == [first.cost, pytest.approx(18e-6)]
    assert [part.start for part in reply.parts] == [0, 7]
    assert [part.status for part in reply.parts] == [Status.INTERRUPTED, Status.COMPLETE]
    assert reply.attempts == 2
    assert live.total_cost.usd == pytest.approx(reply.cost)
    assert live.context_used == (15, False)
    await live.aclose()
    assert last_message(stage.open()) == reply


async def test_another_model_may_go_on(set_stage: SetStage) -> None:
    stage = set_stage(provider=_prefilling(HALF, say(" three")))
    live = await _cut(stage)
    await live.choose_model("fake/two")
    await collect(live.continue_reply())
    reply = last_message(live)
    assert (reply.model, reply.last_model) == ("fake/one", "fake/two")
    assert stage.provider.requests[-1].model == "two"


async def test_a_reply_that_came_to_its_limit_goes_on(set_stage: SetStage) -> None:
    stage = set_stage(provider=_prefilling([TextDelta("one"), LENGTH], [TextDelta(" two"), LENGTH], say(" three")))
    live = await _cut(stage)
    await collect(live.continue_reply())
    assert live.continuable is not None
    await collect(live.continue_reply())
    reply = last_message(live)
    assert (reply.text, reply.finish_reason) == ("one two three", "stop")
    assert [part.finish_reason for part in reply.parts] == ["length", "length", "stop"]


async def test_a_continuation_can_be_stopped_and_continued(set_stage: SetStage) -> None:
    hold = asyncio.Event()
    stage = set_stage(provider=_prefilling(HALF, [TextDelta(" three"), hold], say(" four")))
    live = await _cut(stage)
    task = asyncio.create_task(collect(live.continue_reply()))
    await stage.provider.waits.wait()
    live.stop()
    assert status_of(await task) is Status.CANCELLED
    assert last_message(live).text == "one two three"
    await collect(live.continue_reply())
    reply = last_message(live)
    assert reply.text == "one two three four"
    assert [part.status for part in reply.parts] == [Status.INTERRUPTED, Status.CANCELLED, Status.COMPLETE]


async def test_one_that_is_stopped_before_a_word_leaves_the_reply_as_it_was(set_stage: SetStage) -> None:
    hold = asyncio.Event()
    stage = set_stage(provider=_prefilling(HALF, [hold]))
    live = await _cut(stage)
    kept = last_message(live)
    task = asyncio.create_task(collect(live.continue_reply()))
    await stage.provider.waits.wait()
    live.stop()
    await task
    assert last_message(live) == kept
    assert stage.read()[-1] == kept


async def test_one_that_fails_keeps_the_text_and_says_why(set_stage: SetStage) -> None:
    stage = set_stage(provider=_prefilling(HALF, [REFUSED], say(" three")))
    live = await _cut(stage)
    await collect(live.continue_reply())
    reply = last_message(live)
    assert (reply.text, reply.status, reply.parts) == ("one two", Status.FAILED, ())
    assert reply.failure == REFUSED.failure
    await collect(live.continue_reply())
    assert last_message(live).text == "one two three"


async def test_a_reply_that_was_done_already_is_complete(set_stage: SetStage) -> None:
    empty = Ended("stop", Failure(FailureKind.PROTOCOL, "The reply is empty."))
    stage = set_stage(provider=_prefilling(HALF, [UsageReported(Usage(9, 0)), empty]))
    live = await _cut(stage)
    await collect(live.continue_reply())
    reply = last_message(live)
    assert (reply.text, reply.status, reply.failure) == ("one two", Status.COMPLETE, None)


@pytest.mark.parametrize("script", [say("all"), [REFUSED], [ReasoningDelta("Hm"), CUT]])
async def test_there_may_be_nothing_to_continue(set_stage: SetStage, script: list[Step]) -> None:
    stage = set_stage(script)
    live = await _cut(stage)
    assert live.continuable is None
    assert await collect(live.continue_reply()) == []
    empty = stage.sessions.make()
    assert empty.continuable is None
    await empty.aclose()


async def test_a_cut_reply_that_was_answered_is_history(set_stage: SetStage) -> None:
    stage = set_stage(HALF, say("new"))
    live = await _cut(stage)
    await collect(live.send("next"))
    assert live.continuable is None


async def test_the_checkpoint_of_a_continuation_holds_the_whole_reply(set_stage: SetStage) -> None:
    hold = asyncio.Event()
    stage = set_stage(provider=_prefilling(HALF, [TextDelta(" three"), hold]))
    live = await _cut(stage)
    task = asyncio.create_task(collect(live.continue_reply()))
    await stage.provider.waits.wait()
    live._recorder._flush()
    await wait_for_writes(live)
    found = read_checkpoint(stage.checkpoint)
    assert found is not None
    assert found.text == "one two three"
    session, checkpoint = stage.path.read_bytes(), stage.checkpoint.read_bytes()
    live.stop()
    await task
    await live.aclose()
    # What a kill leaves: the reply as it was saved when it was cut first, and the checkpoint.
    stage.path.write_bytes(session)
    stage.checkpoint.write_bytes(checkpoint)
    again = stage.open()
    reply = last_message(again)
    assert (reply.text, reply.status) == ("one two three", Status.INTERRUPTED)
    assert [part.start for part in reply.parts] == [0, 7]
    assert again.continuable == reply
    assert stage.read()[-1] == reply


async def test_a_continuation_that_died_after_its_limit_is_adopted_too(set_stage: SetStage) -> None:
    hold = asyncio.Event()
    stage = set_stage([TextDelta("one two"), LENGTH], [TextDelta("one two three"), hold])
    live = await _cut(stage)
    task = asyncio.create_task(collect(live.continue_reply()))
    await stage.provider.waits.wait()
    live._recorder._flush()
    await wait_for_writes(live)
    session, checkpoint = stage.path.read_bytes(), stage.checkpoint.read_bytes()
    live.stop()
    await task
    await live.aclose()
    stage.path.write_bytes(session)
    stage.checkpoint.write_bytes(checkpoint)
    reply = last_message(stage.open())
    assert (reply.text, reply.parts[1].is_approximate) == ("one two three", True)


async def test_the_pause_before_a_part_is_known_unless_the_clock_was_set_back(set_stage: SetStage) -> None:
    stage = set_stage(HALF, say("one two three"))
    live = await _cut(stage)
    await collect(live.continue_reply())
    first, second = last_message(live).parts
    assert seconds_between(first, second) == 0
    assert seconds_between(first, replace(second, created=first.created.replace(year=1971))) is None


async def test_finished_is_the_last_event(set_stage: SetStage) -> None:
    stage = set_stage(HALF, say("one two three"))
    live = await _cut(stage)
    events = await collect(live.continue_reply())
    assert isinstance(events[-1], Finished)
    assert isinstance(events[-1].message, Message)
