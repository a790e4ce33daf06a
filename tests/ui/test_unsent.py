"""What was written and not sent: it is there again after leaving, a crash, or a visit in another session."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest

from chatui.storage.drafts import Draft, DraftFolder
from tests.ui.chat_stage import Chat, chat
from tests.ui.reading_stage import press
from tests.ui.saved_sessions import save_session

OLD = "20261101-120000-aaaa"
OTHER = "20261102-120000-bbbb"


pytestmark = pytest.mark.usefixtures("soon")


async def rests(c: Chat, folder: DraftFolder, draft: Draft) -> None:
    """Wait until this draft of the session on screen is on the disk."""
    session_id = c.desk.live.header.id
    await c.until(lambda: folder.load(session_id) == draft, f"{draft} on the disk")


async def test_a_draft_is_on_the_disk_while_it_is_written_and_gone_when_it_is_sent(
    tmp_path: Path, folder: DraftFolder
) -> None:
    save_session(tmp_path, OLD, "First?", "One.")
    async with chat(tmp_path, "--session", OLD) as c:
        await c.type("my dr")
        await rests(c, folder, Draft("my dr"))
        await c.type("aft")
        await rests(c, folder, Draft("my draft"))
        await c.press("enter")
        await c.until(lambda: c.held.requests)
        await rests(c, folder, Draft())
        assert not folder.path(OLD).exists()


async def test_a_draft_comes_back_with_its_session_and_only_there(tmp_path: Path) -> None:
    save_session(tmp_path, OLD, "First?", "One.")
    save_session(tmp_path, OTHER, "Second?", "Two.")
    async with chat(tmp_path, "--session", OLD) as c:
        await c.type("one\n two ")
        await c.press("ctrl+n")
        await c.until(lambda: c.desk.prompt.full_text == "")
        await c.until(lambda: any("waits in “First?”" in notice for notice in c.notices))
        await c.enter(f"/sessions {OTHER}")
        await c.sees("Two.")
        assert c.desk.prompt.full_text == ""
        await c.enter(f"/sessions {OLD}")
        await c.until(lambda: c.desk.prompt.full_text == "one\n two ")
    async with chat(tmp_path, "--session", OTHER) as c:
        await c.sees("Two.")
        assert c.desk.prompt.full_text == ""
    async with chat(tmp_path, "--session", OLD) as c:
        await c.until(lambda: c.desk.prompt.full_text == "one\n two ")


async def test_the_draft_of_a_session_that_never_began_comes_back_in_the_next_new_one(
    tmp_path: Path, folder: DraftFolder
) -> None:
    async with chat(tmp_path) as c:
        await c.type("a thought")
        await rests(c, folder, Draft("a thought", is_of_new=True))
    async with chat(tmp_path) as c:
        await c.until(lambda: c.desk.prompt.full_text == "a thought")
        async with chat(tmp_path) as second:
            await second.sees("Message")
            await second.type("mine")
            assert second.desk.prompt.full_text == "mine"
        await c.press("ctrl+n")
        await c.until(lambda: c.desk.prompt.full_text in ("a thought", "mine"))


async def test_what_is_piped_or_asked_at_once_does_not_mix_with_an_old_draft(tmp_path: Path) -> None:
    async with chat(tmp_path) as c:
        await c.type("a thought")
    async with chat(tmp_path, piped="from a pipe") as c:
        await c.pilot.pause()
        assert c.desk.prompt.full_text == "from a pipe"


async def test_prompts_that_waited_in_the_queue_come_back_in_the_prompt(tmp_path: Path, folder: DraftFolder) -> None:
    async with chat(tmp_path, "-m", "held/one") as c:
        await c.enter("First?")
        c.held.say("alpha")
        await c.sees("alpha")
        await c.enter("Second?")
        await c.enter("Third?")
        await c.type("and a draft")
        await rests(c, folder, Draft("and a draft", ("Second?", "Third?")))
    async with chat(tmp_path, "-c") as c:
        await c.until(lambda: c.desk.prompt.full_text == "Second?\n\nThird?\n\nand a draft")
        await c.until(lambda: any("nothing of it was sent" in notice for notice in c.notices))


async def test_what_reached_the_session_before_a_crash_does_not_come_back_twice(
    tmp_path: Path, folder: DraftFolder
) -> None:
    save_session(tmp_path, OLD, "First?", "One.", "Second?")
    folder.save(OLD, Draft("", ("Second?", "Third?")))
    async with chat(tmp_path, "--session", OLD) as c:
        await c.until(lambda: c.desk.prompt.full_text == "Third?")


async def test_what_is_typed_before_the_draft_is_read_stands_behind_it(tmp_path: Path, folder: DraftFolder) -> None:
    save_session(tmp_path, OLD, "First?", "One.")
    folder.save(OLD, Draft("kept"))
    async with chat(tmp_path, "--session", OLD) as c:
        await c.until(lambda: c.desk.prompt.full_text == "kept")
        await c.desk.unsent.aclose()
        c.desk.prompt.load_text("typed")
        await c.desk.unsent.enter(c.desk.live)
        assert c.desk.prompt.full_text == "kept\n\ntyped"


async def test_an_edited_prompt_and_the_draft_behind_it_come_back(tmp_path: Path, folder: DraftFolder) -> None:
    save_session(tmp_path, OLD, "First?", "One.", "Second?", "Two.")
    async with chat(tmp_path, "--session", OLD) as c:
        await c.type("my draft")
        await press(c, "ctrl+up", "ctrl+up", "e")
        await c.type(" Changed")
        await rests(c, folder, Draft("my draft", editing="m1", changes={"m1": "First? Changed"}))
    async with chat(tmp_path, "--session", OLD) as c:
        await c.sees("Editing a prompt")
        assert c.desk.prompt.full_text == "First? Changed"
        await press(c, "escape")
        assert c.desk.prompt.full_text == "my draft"


async def test_who_can_only_read_leaves_the_writers_draft_alone(tmp_path: Path, folder: DraftFolder) -> None:
    save_session(tmp_path, OLD, "First?", "One.")
    async with chat(tmp_path, "--session", OLD) as first:
        await first.type("the writer's")
        await rests(first, folder, Draft("the writer's"))
        async with chat(tmp_path, "--session", OLD) as second:
            await second.sees("One.")
            await second.type("the reader's")
            assert second.desk.prompt.full_text == "the reader's"
        assert folder.load(OLD) == Draft("the writer's")
    left = folder.take_left()
    assert left is not None
    assert left.draft.text == "the reader's", "it waits for the next new session"
    left.lock.release()


async def test_a_fork_takes_a_copy_of_the_draft_along(tmp_path: Path) -> None:
    save_session(tmp_path, OLD, "First?", "One.")
    async with chat(tmp_path, "--session", OLD) as c:
        await c.type("my draft")
        await c.press("ctrl+p")
        await c.type_into_dialog("go on with a copy")
        await c.press("enter")
        await c.until(lambda: c.desk.live.header.id != OLD and c.desk.prompt.full_text == "my draft")


async def test_a_disk_that_refuses_is_told_once_and_the_text_stays_in_the_box(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    save_session(tmp_path, OLD, "First?", "One.")
    async with chat(tmp_path, "--session", OLD) as c:
        await c.sees("One.")
        (tmp_path / "state" / "drafts").write_text("in the way")
        await c.type("my draft")
        await c.until(lambda: any("is not kept for now" in notice for notice in c.notices))
        await c.type(" goes on")
        await asyncio.sleep(0.05)
        assert sum("is not kept for now" in notice for notice in c.notices) == 1
        await c.press("ctrl+n")
        await c.sees("New session")
        assert c.desk.prompt.full_text == "my draft goes on"
        (tmp_path / "state" / "drafts").unlink()


async def test_a_session_is_left_only_when_its_draft_is_there(tmp_path: Path, folder: DraftFolder) -> None:
    save_session(tmp_path, OLD, "First?", "One.")
    folder.save(OLD, Draft("kept"))
    async with chat(tmp_path, "-m", "held/one") as c:
        unsent, sessions = c.desk.unsent, c.desk.services.sessions
        await unsent.leave()
        c.desk.live = sessions.open(OLD)
        entering = asyncio.create_task(unsent.enter(c.desk.live))
        await asyncio.sleep(0)
        await c.desk.replace_session(sessions.make())
        assert entering.done()
        assert c.desk.prompt.full_text == ""
        assert folder.load(OLD) == Draft("kept")


async def test_what_a_reader_had_not_sent_waits_for_the_next_new_session(tmp_path: Path) -> None:
    save_session(tmp_path, OLD, "First?", "One.")
    async with chat(tmp_path, "--session", OLD) as first, chat(tmp_path, "--session", OLD) as second:
        await first.sees("One.")
        await second.type("the reader's")
        await second.press("ctrl+n")
        await second.until(lambda: "What you had not sent waits for the next new session." in second.notices)


async def test_a_first_prompt_that_the_disk_refused_comes_back_in_the_next_new_session(
    tmp_path: Path, folder: DraftFolder
) -> None:
    in_the_way = tmp_path / "data" / "sessions"
    in_the_way.parent.mkdir()
    in_the_way.write_text("in the way")
    async with chat(tmp_path, "-m", "held/one") as c:
        await c.ask_held("First?", "One.")
        await c.type("and more")
        await rests(c, folder, Draft("and more", ("First?",), is_of_new=True))
    in_the_way.unlink()
    async with chat(tmp_path) as c:
        await c.until(lambda: c.desk.prompt.full_text == "First?\n\nand more")
