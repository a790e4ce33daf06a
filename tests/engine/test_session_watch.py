"""A session that somebody else writes: followed, taken over, copied; and files that are edited outside."""

from __future__ import annotations

import asyncio

import pytest

from chatui.conversation.events import Started, TextDelta
from chatui.conversation.message import Status
from chatui.engine.live_session import LiveSession
from chatui.engine.session_watch import News
from chatui.storage.checkpoint import Checkpoint
from chatui.storage.errors import StorageError
from tests.engine.conftest import SetStage
from tests.engine.fake_provider import Step, say
from tests.engine.sick_disk import SickDisk
from tests.engine.stage import ID, NOW, collect, last_message, messages_of, problems_of, wait_for_writes


async def test_a_reader_sees_the_reply_grow_and_then_the_session_change(set_stage: SetStage) -> None:
    first, second = asyncio.Event(), asyncio.Event()
    script: list[Step] = [TextDelta("Once"), first, TextDelta(" upon"), second, *say(" a time")]
    stage = set_stage(say("x"), script)
    writer = stage.make()
    await collect(writer.send("?"))
    reader = stage.open()
    assert reader.is_read_only
    watch = stage.sessions.watch(reader)
    assert await watch.look() is News.NONE
    task = asyncio.create_task(collect(writer.send("And?")))
    await stage.provider.waits.wait()
    # The prompt was saved, so the file is another one.
    assert await watch.look() is News.CHANGED
    reader = stage.open()
    watch = stage.sessions.watch(reader)
    await _flush(writer)
    assert await watch.look() is News.STREAMS
    watch.follow()
    assert last_message(reader).text == "Once"
    assert reader.continuable is None
    assert await watch.look() is News.NONE
    stage.provider.waits.clear()
    first.set()
    await stage.provider.waits.wait()
    await _flush(writer)
    assert await watch.look() is News.STREAMS
    watch.follow()
    assert last_message(reader).text == "Once upon"
    second.set()
    await task
    assert await watch.look() is News.CHANGED
    assert messages_of(stage.open()) == messages_of(writer)


async def test_a_reader_takes_over_when_the_writer_is_gone(set_stage: SetStage) -> None:
    stage = set_stage(say("x"))
    writer = stage.make()
    await collect(writer.send("?"))
    reader = stage.open()
    watch = stage.sessions.watch(reader)
    assert await watch.look() is News.NONE
    await writer.aclose()
    assert await watch.look() is News.FREE
    taken = stage.open()
    assert not taken.is_read_only
    assert problems_of(await collect(taken.send("Mine?"))) == []
    assert [message.text for message in stage.read()] == ["?", "x", "Mine?", "x"]


async def test_what_an_editor_changed_is_noticed_by_the_writer(set_stage: SetStage) -> None:
    stage = set_stage(say("colour"))
    live = stage.make()
    await collect(live.send("?"))
    watch = stage.sessions.watch(live)
    assert await watch.look() is News.NONE
    stage.path.write_bytes(stage.path.read_bytes().replace(b"colour", b"color"))
    assert await watch.look() is News.CHANGED
    await live.aclose()
    assert last_message(stage.open()).text == "color"


async def test_what_is_damaged_outside_is_told_once_and_kept_with_ours(set_stage: SetStage) -> None:
    stage = set_stage(say("x"), say("y"))
    live = stage.make()
    await collect(live.send("?"))
    watch = stage.sessions.watch(live)
    stage.path.write_bytes(b"format = 1\nid = ")
    assert await watch.look() is News.DAMAGED
    assert "this is not a session" in watch.problem
    assert await watch.look() is News.NONE
    problems = problems_of(await collect(live.send("And?")))
    assert any("kept as" in problem for problem in problems)
    assert [message.text for message in stage.read()] == ["?", "x", "And?", "y"]
    (aside,) = stage.path.parent.glob("*.conflict-1.toml")
    assert aside.read_bytes() == b"format = 1\nid = "


async def test_nothing_is_looked_at_while_a_reply_streams(set_stage: SetStage) -> None:
    hold = asyncio.Event()
    stage = set_stage([TextDelta("x"), hold])
    live = stage.make()
    watch = stage.sessions.watch(live)
    task = asyncio.create_task(collect(live.send("?")))
    await stage.provider.waits.wait()
    stage.path.write_bytes(stage.path.read_bytes() + b"\n")
    assert await watch.look() is News.NONE
    live.stop()
    await task


async def test_a_copy_goes_its_own_way(set_stage: SetStage) -> None:
    stage = set_stage(say("x"))
    writer = stage.make()
    await collect(writer.send("?"))
    reader = stage.open()
    new_id = await stage.sessions.fork(reader.header.id)
    assert new_id != ID
    copy = stage.open(new_id)
    assert not copy.is_read_only
    await collect(copy.send("Mine?"))
    assert [message.text for message in messages_of(copy)] == ["?", "x", "Mine?", "x"]
    assert [message.text for message in stage.read()] == ["?", "x"]
    with pytest.raises(StorageError, match="There is a session"):
        stage.shelf.copy(ID, new_id)


async def test_a_copy_has_what_had_come_of_the_reply_that_streams(set_stage: SetStage) -> None:
    hold = asyncio.Event()
    stage = set_stage([TextDelta("Once upon"), hold, *say(" a time")], say("Once upon a night"))
    writer = stage.make()
    task = asyncio.create_task(collect(writer.send("?")))
    await stage.provider.waits.wait()
    await _flush(writer)
    before = stage.path.read_bytes(), stage.checkpoint.read_bytes()
    copy = stage.open(await stage.sessions.fork(ID))
    assert (stage.path.read_bytes(), stage.checkpoint.read_bytes()) == before
    reply = last_message(copy)
    assert (reply.text, reply.status) == ("Once upon", Status.INTERRUPTED)
    assert reply.failure is not None
    assert reply.failure.message == "this copy was made while the reply streamed"
    assert copy.notices == ("The last reply still streams in the other one; what had come of it is here.",)
    await collect(copy.continue_reply())
    assert last_message(copy).text == "Once upon a night"
    hold.set()
    await task
    assert stage.read()[-1].text == "Once upon a time"
    # Once it is whole there is nothing more to bring into a copy.
    whole = stage.open(await stage.sessions.fork(ID))
    assert (last_message(whole).text, whole.notices) == ("Once upon a time", ())


async def test_the_trash_gives_back_until_it_is_emptied(set_stage: SetStage) -> None:
    stage = set_stage(say("x"))
    live = stage.make()
    await collect(live.send("?"))
    await live.aclose()
    before = stage.path.read_bytes()
    await stage.sessions.delete(ID)
    assert [summary.id for summary in await stage.sessions.list_trash()] == [ID]
    await stage.sessions.restore(ID)
    assert stage.path.read_bytes() == before
    await stage.sessions.delete(ID)
    assert await stage.sessions.empty_trash() == 1
    assert await stage.sessions.list_trash() == []
    with pytest.raises(StorageError):
        await stage.sessions.restore(ID)


async def test_a_trash_that_cannot_be_emptied_is_told(set_stage: SetStage, sick_disk: SickDisk) -> None:
    stage = set_stage(say("x"))
    live = stage.make()
    await collect(live.send("?"))
    await live.aclose()
    await stage.sessions.delete(ID)
    sick_disk.refused = {"unlink"}
    with pytest.raises(StorageError, match="Could not remove"):
        await stage.sessions.empty_trash()


async def test_a_folder_that_cannot_be_looked_at_is_no_news(set_stage: SetStage, sick_disk: SickDisk) -> None:
    stage = set_stage(say("x"))
    live = stage.make()
    await collect(live.send("?"))
    watch = stage.sessions.watch(live)
    sick_disk.refused = {"stat_path"}
    assert await watch.look() is News.NONE


async def test_a_checkpoint_without_its_prompt_is_no_news(set_stage: SetStage) -> None:
    stage = set_stage(say("x"))
    writer = stage.make()
    await collect(writer.send("?"))
    reader = stage.open()
    watch = stage.sessions.watch(reader)
    watch.follow()
    Checkpoint.open(stage.checkpoint, Started("m9", "m8", "fake/one", NOW)).close()
    assert await watch.look() is News.NONE
    stage.checkpoint.write_bytes(b"format = 1\n")
    assert await watch.look() is News.NONE
    assert len(messages_of(reader)) == 2


async def _flush(live: LiveSession) -> None:
    """Let what came so far be on the disk."""
    live._recorder._flush()
    await wait_for_writes(live)
