"""Continuing a reply in the app: by key, by slash, by a click, from the command line."""

from __future__ import annotations

from pathlib import Path

import pytest

from chatui.conversation.events import Ended
from chatui.conversation.failure import Failure, FailureKind
from tests.ui.chat_stage import Chat, chat

CUT = Ended(failure=Failure(FailureKind.NETWORK, "The connection was reset."), interrupted=True)


async def _cut(c: Chat) -> None:
    c.held.say("It was a dark and")
    c.held.give(CUT)
    await c.ask("Tell")
    await c.sees("interrupted: the connection was reset · Ctrl+G continues")


async def _goes_on(c: Chat) -> None:
    c.held.say(" stormy", " night.")
    c.held.end()
    await c.sees("It was a dark and stormy night.", "continued by one")
    await c.until(lambda: not c.desk.runner.is_running)
    assert c.saved["messages"][1]["text"] == "It was a dark and stormy night."
    assert [part["start"] for part in c.saved["messages"][1]["parts"]] == [0, 17]
    assert "interrupted" not in c.text


@pytest.mark.parametrize("way", ["ctrl+g", "slash", "click"])
async def test_a_cut_reply_goes_on(tmp_path: Path, way: str) -> None:
    async with chat(tmp_path, "-m", "held/one") as c:
        await _cut(c)
        if way == "slash":
            await c.enter("/continue")
        elif way == "click":
            rows = c.text.split("\n")
            y = next(index for index, row in enumerate(rows) if "Ctrl+G continues" in row and "interrupted" in row)
            await c.pilot.click(offset=(rows[y].index("interrupted"), y))
        else:
            await c.press(way)
        await _goes_on(c)


async def test_a_stopped_reply_goes_on(tmp_path: Path) -> None:
    async with chat(tmp_path, "-m", "held/one") as c:
        c.held.say("It was a dark and")
        await c.enter("Tell")
        await c.sees("It was a dark and")
        await c.press("escape")
        await c.sees("stopped · Ctrl+G continues")
        await c.press("ctrl+g")
        await _goes_on(c)


async def test_why_nothing_goes_on_is_told(tmp_path: Path) -> None:
    async with chat(tmp_path, "-m", "held/one") as c:
        await c.press("ctrl+g")
        await c.until(lambda: "There is no reply to continue yet." in c.notices)
        await c.ask_held("Hi", "All of it.")
        await c.press("ctrl+g")
        await c.until(lambda: any("complete: there is nothing to continue" in notice for notice in c.notices))
        c.held.fail(FailureKind.AUTHENTICATION, "No such key.", 401)
        await c.ask("Again")
        await c.press("ctrl+g")
        await c.until(lambda: any("No text had come" in notice for notice in c.notices))


async def test_the_command_line_goes_on_at_once(tmp_path: Path) -> None:
    async with chat(tmp_path, "-m", "held/one") as c:
        await _cut(c)
    async with chat(tmp_path, "-c", "--continue-reply") as c:
        await _goes_on(c)


async def test_a_session_goes_on_as_a_copy(tmp_path: Path) -> None:
    async with chat(tmp_path, "-m", "held/one") as c:
        await c.ask_held("Hi", "Hello.")
        before = c.desk.live.header.id
        await c.enter("/fork")
        await c.until(lambda: c.desk.live.header.id != before)
        await c.sees("Hi (copy)", "Hello.")
        assert len(c.session_files) == 2


async def test_the_trash_gives_a_session_back(tmp_path: Path) -> None:
    async with chat(tmp_path, "-m", "held/one") as c:
        await c.ask_held("Remember me", "I will.")
        deleted = c.desk.live.header.id
        await c.enter("/new")
        await c.until(lambda: c.desk.live.header.id != deleted)
        await c.desk.services.sessions.delete(deleted)
        await c.enter("/trash")
        await c.sees("Trash", "Remember me")
        await c.press("enter")
        await c.until(lambda: c.desk.live.header.id == deleted)
        await c.sees("I will.")


async def test_a_file_that_an_editor_changed_is_shown_anew(tmp_path: Path) -> None:
    async with chat(tmp_path, "-m", "held/one") as c:
        await c.ask_held("Hi", "Colour.")
        (path,) = c.session_files
        path.write_bytes(path.read_bytes().replace(b"Colour", b"Color"))
        c.app.app_focus = False
        c.app.app_focus = True
        await c.sees("Color.")
        await c.ask_held("And?", "More.")
        assert [message["text"] for message in c.saved["messages"]] == ["Hi", "Color.", "And?", "More."]
