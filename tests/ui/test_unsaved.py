"""What the disk refuses is not lost by leaving the session or, unasked, the app."""

from __future__ import annotations

from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from chatui.engine import retry_timer
from tests.engine.sick_disk import SickDisk
from tests.ui.chat_stage import Chat, chat, read_toml


@pytest.fixture
def sick_disk(monkeypatch: pytest.MonkeyPatch) -> SickDisk:
    monkeypatch.setattr(retry_timer, "RETRY_SECONDS", 0.01)
    return SickDisk(monkeypatch)


@asynccontextmanager
async def _refused(home: Path, sick_disk: SickDisk) -> AsyncGenerator[Chat, None]:
    """The app with a reply that came while the disk was full."""
    async with chat(home, "-m", "held/one") as c:
        sick_disk.refused = {"write"}
        await c.ask_held("Hi", "Kept in memory.")
        await c.until(lambda: any("No space left" in notice for notice in c.notices))
        assert c.session_files == []
        yield c


@pytest.mark.parametrize("key", ["ctrl+q", "ctrl+c"])
async def test_quitting_asks_first_and_says_what_is_lost(tmp_path: Path, sick_disk: SickDisk, key: str) -> None:
    async with _refused(tmp_path, sick_disk) as c:
        await c.press(key)
        await c.sees("could not be saved, and is lost when you")
        await c.press("n")
        await c.until(lambda: len(c.app.screen_stack) == 1)
        await c.press(key)
        await c.sees("What came last")
        await c.press("y")
        await c.until(lambda: not c.app.is_running)
        (words,) = c.app.last_words
        assert "No space left" in words
        assert words.endswith("What was not saved is lost.")


async def test_once_it_is_saved_quitting_asks_no_more(tmp_path: Path, sick_disk: SickDisk) -> None:
    async with _refused(tmp_path, sick_disk) as c:
        sick_disk.heal()
        await c.until(lambda: any("Saved again" in notice for notice in c.notices))
        await c.press("ctrl+q")
        await c.until(lambda: not c.app.is_running)
        assert c.app.last_words == []


async def test_a_session_that_is_left_is_saved_later(tmp_path: Path, sick_disk: SickDisk) -> None:
    async with _refused(tmp_path, sick_disk) as c:
        left = c.desk.live
        await c.press("ctrl+n")
        await c.until(lambda: c.desk.live is not left)
        await c.until(lambda: any("“Hi” is not saved yet" in notice for notice in c.notices))
        sick_disk.heal()
        await c.until(lambda: any("Saved again" in notice for notice in c.notices))
        await c.until(lambda: not c.desk.unsaved.is_any(c.desk.live))
        (path,) = c.session_files
        assert [message["text"] for message in read_toml(path)["messages"]] == ["Hi", "Kept in memory."]
        # It is let go, so that it can be opened and written again.
        await c.enter(f"/sessions {left.header.id}")
        await c.until(lambda: c.desk.live.header.id == left.header.id)
        assert not c.desk.live.is_read_only


async def test_a_session_that_is_left_and_not_saved_is_there_when_it_is_opened_again(
    tmp_path: Path, sick_disk: SickDisk
) -> None:
    async with chat(tmp_path, "-m", "held/one") as c:
        await c.ask_held("Hi", "Saved.")
        sick_disk.refused = {"write"}
        await c.ask_held("And?", "Kept in memory.")
        left = c.desk.live
        await c.press("ctrl+n")
        await c.until(lambda: c.desk.live is not left)
        await c.enter(f"/sessions {left.header.id}")
        await c.until(lambda: c.desk.live is left)
        await c.sees("Kept in memory.")
        sick_disk.heal()
        await c.until(lambda: not c.desk.unsaved.is_any(c.desk.live))
        assert [message["text"] for message in c.saved["messages"]][-1] == "Kept in memory."
