"""A session that is not kept: it works as any other, and nothing is written."""

from __future__ import annotations

from contextlib import aclosing
from datetime import UTC, datetime
from pathlib import Path

from chatui.conversation.events import Ended, Finished, TextDelta
from chatui.conversation.message import Message, Role
from chatui.conversation.session import SessionHeader
from chatui.engine.live_session import LiveSession
from chatui.engine.roster import Roster
from chatui.engine.sessions import SessionDefaults, Sessions
from chatui.storage.paths import find_places
from chatui.storage.session_file import SessionFile
from chatui.storage.shelf import Shelf
from tests.engine.fake_provider import FakeProvider

WHEN = datetime(2026, 1, 1, tzinfo=UTC)


def _sessions(shelf: Shelf) -> Sessions:
    provider = FakeProvider([TextDelta("Hi."), Ended("stop")])
    return Sessions(shelf, Roster({provider.name: provider}), SessionDefaults(model=f"{provider.name}/one"))


def _files(folder: Path) -> dict[Path, bytes]:
    return {path: path.read_bytes() for path in folder.rglob("*") if path.is_file()}


async def _talk(live: LiveSession) -> Message:
    async with aclosing(live.send("Hello")) as events:
        async for event in events:
            if isinstance(event, Finished):
                message = event.message
    assert await live.rename("Another title") is None
    await live.aclose()
    return message


async def test_a_new_one_leaves_nothing_behind(tmp_path: Path) -> None:
    sessions = _sessions(Shelf(find_places({"CHATUI_HOME": str(tmp_path)}, tmp_path)))
    for live in (sessions.make(is_kept=False), sessions.open_or_make("notes", is_kept=False)):
        assert not live.is_read_only
        assert (await _talk(live)).text == "Hi."
    assert sessions.open_latest(is_kept=False) is None
    assert _files(tmp_path) == {}


async def test_one_that_is_there_goes_on_in_memory_and_stays_as_it_is(tmp_path: Path) -> None:
    shelf = Shelf(find_places({"CHATUI_HOME": str(tmp_path)}, tmp_path))
    file = SessionFile.create(shelf.new_session_path("notes"), SessionHeader("notes", WHEN))
    file.put(Message("m1", Role.USER, "Before", WHEN))
    file.set_active("m1")
    file.save()
    before = _files(tmp_path)
    elsewhere = shelf.lock("notes")
    assert elsewhere.acquire()
    live = _sessions(shelf).open("notes", is_kept=False)
    assert live.notices == ()
    await _talk(live)
    assert [live.conversation.message(item.id).text for item in live.conversation.path()] == ["Before", "Hello", "Hi."]
    elsewhere.release()
    assert _files(tmp_path) == before
