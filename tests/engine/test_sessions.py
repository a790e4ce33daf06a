"""Making, opening, finding and deleting sessions."""

from __future__ import annotations

import asyncio
import os

import pytest

from chatui.conversation.session import SessionHeader
from chatui.engine.live_session import LiveSession
from chatui.engine.sessions import SessionDefaults, Sessions
from chatui.storage.errors import StorageError
from chatui.storage.session_file import SessionFile
from tests.engine.conftest import SetStage
from tests.engine.fake_provider import say
from tests.engine.sick_disk import SickDisk
from tests.engine.stage import ID, NOW, Stage, collect, last_message, messages_of, problems_of


def _write(stage: Stage, session_id: str = ID, title: str = "Saved") -> None:
    SessionFile.create(stage.shelf.new_session_path(session_id), SessionHeader(session_id, NOW, title=title)).save()


async def _close(*sessions: LiveSession | None) -> None:
    for live in sessions:
        assert live is not None
        await live.aclose()


async def test_a_new_session_starts_with_the_defaults(set_stage: SetStage) -> None:
    stage = set_stage()
    defaults = SessionDefaults("fake/one", "Be terse.", {"temperature": 0.7})
    sessions = Sessions(stage.shelf, stage.roster, defaults, now=lambda: NOW)
    live = sessions.make()
    assert (live.header.system, live.header.params, live.model) == ("Be terse.", {"temperature": 0.7}, "fake/one")
    assert live.header.id.startswith("20261123-104233-")
    assert not live.is_read_only
    await _close(live)


async def test_two_sessions_of_the_same_second_are_two_files(set_stage: SetStage) -> None:
    stage = set_stage(say("x"))
    one, two = stage.sessions.make(), stage.sessions.make()
    await collect(one.send("One?"))
    await collect(two.send("Two?"))
    await _close(one, two)
    assert {summary.first_words for summary in await stage.sessions.list()} == {"One?", "Two?"}


async def test_a_long_list_comes_in_batches_in_the_order_of_the_whole(set_stage: SetStage) -> None:
    stage = set_stage()
    assert [list(batch) async for batch in stage.sessions.list_in_batches()] == [[]]
    folder = stage.shelf.places.sessions
    folder.mkdir(parents=True)
    for number in range(300):
        (folder / f"20261123-{number:06d}-abcd.toml").write_text("format = 1\n", encoding="utf-8")
    batches = [batch async for batch in stage.sessions.list_in_batches()]
    assert [len(batch) for batch in batches] == [50, 200, 50]
    assert [each.id for batch in batches for each in batch] == [each.id for each in await stage.sessions.list()]


async def test_the_second_writer_of_a_session_may_only_read(set_stage: SetStage) -> None:
    stage = set_stage(say("First."))
    writer = stage.make()
    await collect(writer.send("?"))
    reader = stage.open()
    assert reader.is_read_only
    assert "Another chatui has this session open" in reader.notices[0]
    assert messages_of(reader) == messages_of(writer)
    problems = problems_of(await collect(reader.send("Me too")))
    assert problems
    assert "can only be read" in problems[0]
    assert last_message(reader).text == "First."
    assert len(stage.read()) == 2
    assert not stage.checkpoint.exists()
    await _close(reader)


async def test_a_reader_does_not_become_the_writer_when_that_one_leaves(set_stage: SetStage) -> None:
    stage = set_stage(say("First."))
    writer = stage.make()
    await collect(writer.send("?"))
    reader = stage.open()
    await collect(writer.send("More?"))
    await writer.aclose()
    assert await reader.rename("Mine") is not None
    await _close(reader)
    assert len(stage.read()) == 4
    assert not list(stage.places.sessions.glob("*.conflict*"))


async def test_a_reply_that_streams_elsewhere_is_not_taken_for_a_cut_one(set_stage: SetStage) -> None:
    stage = set_stage([asyncio.Event()])
    writer = stage.make()
    task = asyncio.create_task(collect(writer.send("?")))
    await stage.provider.waits.wait()
    reader = stage.open()
    assert len(messages_of(reader)) == 1
    assert stage.checkpoint.exists()
    writer.stop()
    await task
    await _close(reader)


async def test_the_lock_of_a_writer_that_left_is_free(set_stage: SetStage) -> None:
    stage = set_stage(say("x"))
    await _close(stage.make())
    live = stage.make()
    await collect(live.send("?"))
    await live.aclose()
    assert not stage.open().is_read_only


async def test_a_session_of_a_newer_format_is_read_only(set_stage: SetStage) -> None:
    stage = set_stage(say("x"))
    _write(stage)
    newer = stage.path.read_bytes().replace(b"format = 1", b"format = 7")
    stage.path.write_bytes(newer)
    live = stage.open()
    assert live.is_read_only
    assert "newer chatui" in live.notices[0]
    assert len(problems_of(await collect(live.send("?")))) == 3
    assert stage.path.read_bytes() == newer
    assert not stage.checkpoint.exists()


async def test_where_no_lock_can_be_had_the_session_opens_for_reading(set_stage: SetStage, sick_disk: SickDisk) -> None:
    stage = set_stage()
    _write(stage)
    sick_disk.refused, sick_disk.only = {"open_file"}, ".lock"
    live = stage.open()
    assert live.header.title == "Saved"
    assert live.is_read_only
    assert "Could not lock" in live.notices[0]


async def test_a_session_that_cannot_be_opened_is_not_kept_locked(set_stage: SetStage) -> None:
    stage = set_stage()
    with pytest.raises(StorageError, match="There is no session"):
        stage.sessions.open(ID)
    _write(stage)
    assert not stage.open().is_read_only


@pytest.mark.parametrize("bad", ["", "../x", "CON", "a/b"])
async def test_what_is_no_id_opens_nothing(set_stage: SetStage, bad: str) -> None:
    with pytest.raises(StorageError):
        set_stage().sessions.open(bad)


async def test_a_named_session_is_made_once_and_then_opened(set_stage: SetStage) -> None:
    stage = set_stage(say("x"))
    made = stage.sessions.open_or_make("My notes")
    await collect(made.send("?"))
    await made.aclose()
    opened = stage.sessions.open_or_make("My notes")
    assert opened.header.id == made.header.id
    assert messages_of(opened) == messages_of(made)
    await _close(opened)
    with pytest.raises(StorageError, match="cannot have that name"):
        stage.sessions.open_or_make("..")


async def test_of_two_that_make_a_session_of_one_name_the_later_may_only_read(set_stage: SetStage) -> None:
    stage = set_stage(say("x"))
    first = stage.sessions.open_or_make("notes")
    second = stage.sessions.open_or_make("notes")
    assert (first.is_read_only, second.is_read_only) == (False, True)
    assert problems_of(await collect(first.send("?"))) == []
    await _close(first, second)
    opened = stage.sessions.open("notes")
    assert len(messages_of(opened)) == 2
    await _close(opened)


async def test_a_session_is_found_by_title_or_start_of_its_id(set_stage: SetStage) -> None:
    stage = set_stage()
    _write(stage, title="Explain SSE")
    assert stage.sessions.find_id("explain sse") == ID
    assert stage.sessions.find_id("20261123") == ID
    with pytest.raises(StorageError, match="No session fits"):
        stage.sessions.find_id("something else")


async def test_the_latest_is_the_one_written_last(set_stage: SetStage) -> None:
    stage = set_stage()
    assert stage.sessions.open_latest() is None
    for session_id, seconds in (("a", 1000), ("b", 3000), ("c", 2000)):
        _write(stage, session_id)
        os.utime(stage.shelf.new_session_path(session_id), (seconds, seconds))
    latest = stage.sessions.open_latest()
    assert latest is not None
    assert latest.header.id == "b"
    await _close(latest)


async def test_a_deleted_session_is_in_the_trash(set_stage: SetStage) -> None:
    stage = set_stage()
    _write(stage)
    await stage.sessions.delete(ID)
    assert await stage.sessions.list() == []
    assert [summary.title for summary in stage.shelf.list_trash()] == ["Saved"]


async def test_a_session_that_is_open_elsewhere_is_not_deleted(set_stage: SetStage) -> None:
    stage = set_stage(say("x"))
    live = stage.make()
    await collect(live.send("?"))
    with pytest.raises(StorageError, match="close it there first"):
        await stage.sessions.delete(ID)
    assert stage.path.exists()
