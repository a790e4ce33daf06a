"""A session too long to be read whole when it is opened: its older messages are there when they count."""

from __future__ import annotations

import asyncio

import pytest

from chatui.conversation.events import Added, Loaded, SaveFailed
from chatui.conversation.message import Message, Role, StoredMessage
from chatui.conversation.session import SessionHeader
from chatui.conversation.usage import Usage
from chatui.storage.session_file import SessionFile
from tests.engine.conftest import SetStage
from tests.engine.fake_provider import say
from tests.engine.stage import ID, NOW, Stage, collect, problems_of


def _write_long_session(stage: Stage, count: int = 400) -> None:
    """A session of some 400 KB on disk: too long to be read whole when it is opened."""
    with SessionFile.create(stage.path, SessionHeader(ID, NOW, title="Long", model="fake/one")) as file:
        for number in range(1, count + 1):
            is_prompt = number % 2 == 1
            file.put(
                Message(
                    f"m{number}",
                    Role.USER if is_prompt else Role.ASSISTANT,
                    f"{number}: " + "word " * 200,
                    NOW,
                    f"m{number - 1}" if number > 1 else None,
                    usage=None if is_prompt else Usage(10, 5),
                    cost=None if is_prompt else 0.5,
                )
            )
        file.set_active(f"m{count}")
        file.save()


async def test_a_long_session_opens_at_its_end_and_grows_upward(set_stage: SetStage) -> None:
    stage = set_stage(say("x"))
    _write_long_session(stage)
    live = stage.open()
    shown = list(live.conversation.path())
    assert 0 < len(shown) < 400
    assert shown[-1].id == "m400"
    happened = await live.load_older()
    assert isinstance(happened, Loaded)
    path = live.conversation.path()
    assert [message.id for message in path] == [f"m{number}" for number in range(1, 401)]
    assert list(path[len(happened.messages) :]) == shown
    assert live.conversation.active == "m400"
    assert await live.load_older() is None


async def test_costs_are_summed_without_decoding(set_stage: SetStage) -> None:
    stage = set_stage(say("x"))
    _write_long_session(stage)
    live = stage.open()
    before = live.total_cost
    await live.load_older()
    assert 0 < before.usd < live.total_cost.usd == 100.0
    assert live.total_cost is live.total_cost
    assert all(isinstance(message, StoredMessage) for message in live.conversation)


async def test_the_whole_branch_is_sent_even_when_only_its_end_was_read(set_stage: SetStage) -> None:
    stage = set_stage(say("x"))
    _write_long_session(stage)
    events = await collect(stage.open().send("And now?"))
    assert [type(event) for event in events[:2]] == [Loaded, Added]
    assert len(stage.provider.requests[0].turns) == 401
    assert len(stage.read()) == 402


async def test_asking_again_reads_the_rest_first_too(set_stage: SetStage) -> None:
    stage = set_stage(say("x"))
    _write_long_session(stage)
    events = await collect(stage.open().ask_again())
    assert isinstance(events[0], Loaded)
    assert len(stage.provider.requests[0].turns) == 399


async def test_messages_that_a_save_read_on_its_way_are_not_lost(set_stage: SetStage) -> None:
    stage = set_stage(say("x"))
    _write_long_session(stage)
    live = stage.open()
    assert await live.rename("Renamed") is None
    assert isinstance(await live.load_older(), Loaded)
    assert len(live.conversation) == 400


async def test_messages_that_were_read_for_someone_who_left_are_not_lost(set_stage: SetStage) -> None:
    stage = set_stage(say("x"))
    _write_long_session(stage)
    live = stage.open()
    task = asyncio.create_task(live.load_older())
    await asyncio.sleep(0)
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    assert isinstance(await live.load_older(), Loaded)
    assert len(live.conversation) == 400


async def test_a_long_session_damaged_in_its_middle_is_told_and_not_written(set_stage: SetStage) -> None:
    stage = set_stage(say("x"))
    _write_long_session(stage)
    data = stage.path.read_bytes()
    damaged = data[:50_000] + b'"""\n' + data[50_000:]
    stage.path.write_bytes(damaged)
    live = stage.open()
    assert not live.is_read_only
    happened = await live.load_older()
    assert isinstance(happened, SaveFailed)
    assert "cannot" in happened.reason or "can be read" in happened.reason
    assert live.is_read_only
    assert problems_of(await collect(live.send("?")))
    assert await live.rename("x") is not None
    assert stage.path.read_bytes() == damaged
    assert not stage.checkpoint.exists()
