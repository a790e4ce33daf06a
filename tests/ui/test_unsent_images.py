"""Images that were attached and not sent: they come back with the draft, and nothing of it is dropped untold."""

from __future__ import annotations

import asyncio
import os
from pathlib import Path

import pytest

from chatui.conversation.attachment import AttachedImage, attach_image
from chatui.conversation.message import Message, Role
from chatui.storage.drafts import Draft, DraftFolder
from chatui.storage.session_file import SessionFile
from tests.ui.chat_stage import Chat, chat
from tests.ui.saved_sessions import NOON, save_session

OLD = "20261101-120000-aaaa"
OTHER = "20261102-120000-bbbb"
PNG = b"\x89PNG\r\n\x1a\n" + bytes(200)
CAT = attach_image("cat.png", "image/png", PNG)
GOES_ALONG = "Goes along with the next prompt"


pytestmark = pytest.mark.usefixtures("soon")


async def attach(c: Chat, cat: Path) -> None:
    await c.enter(f"/attach {cat}")
    await c.sees("▣ cat.png (PNG, 208 bytes)", GOES_ALONG)


async def rests(c: Chat, folder: DraftFolder, *images: AttachedImage) -> None:
    """Wait until the draft of the session on screen refers to just these images on the disk."""
    session_id = c.desk.live.header.id
    await c.until(lambda: folder.load(session_id).images == images, f"{images} on the disk")


async def test_an_image_waits_in_its_session_until_it_is_sent_with_a_prompt_there(
    tmp_path: Path, folder: DraftFolder, cat: Path
) -> None:
    save_session(tmp_path, OLD, "First?", "One.")
    save_session(tmp_path, OTHER, "Second?", "Two.")
    async with chat(tmp_path, "--session", OLD) as c:
        await attach(c, cat)
        await rests(c, folder, CAT)
        await c.enter(f"/sessions {OTHER}")
        await c.sees("Two.")
        await c.until(lambda: any("waits in “First?”" in notice for notice in c.notices))
        assert len(c.desk.live.attached) == 0
        assert GOES_ALONG not in c.text
        await c.enter(f"/sessions {OLD}")
        await c.sees("One.", "▣ cat.png (PNG, 208 bytes)", GOES_ALONG)
    cat.unlink()
    async with chat(tmp_path, "--session", OLD) as c:
        await c.sees("▣ cat.png (PNG, 208 bytes)", GOES_ALONG)
        await c.ask_held("What is this?", "A cat.")
        assert [image.data for image in c.held.requests[0].turns[-1].images] == [PNG]
        await rests(c, folder)
        assert not folder.path(OLD).exists()
        assert len(c.desk.live.attached) == 0
        assert [path.read_bytes() for path in (tmp_path / "data" / "attachments").iterdir()] == [PNG]


async def test_one_that_is_left_behind_is_in_no_draft_any_more(tmp_path: Path, folder: DraftFolder, cat: Path) -> None:
    save_session(tmp_path, OLD, "First?", "One.")
    async with chat(tmp_path, "--session", OLD) as c:
        await attach(c, cat)
        await rests(c, folder, CAT)
        await c.enter("/attach")
        await c.misses(GOES_ALONG)
        await rests(c, folder)
        assert not folder.path(OLD).exists()


async def test_the_image_of_a_session_that_never_began_comes_back_in_the_next_new_one(
    tmp_path: Path, folder: DraftFolder, cat: Path
) -> None:
    async with chat(tmp_path, "-m", "held/one") as c:
        await attach(c, cat)
        await rests(c, folder, CAT)
    async with chat(tmp_path, "-m", "held/one") as c:
        await c.sees("▣ cat.png (PNG, 208 bytes)", GOES_ALONG)
        await c.until(lambda: "What you had not sent is back." in c.notices)
        await c.type("What is this?")
        await rests(c, folder, CAT)
        assert len(folder.list_files()) == 1
        await c.press("ctrl+n")
        await c.until(lambda: any("waits for the next new session" in notice for notice in c.notices))
        await c.sees(GOES_ALONG, "What is this?")


async def test_one_that_is_gone_or_damaged_is_told_and_the_text_comes_back(tmp_path: Path, folder: DraftFolder) -> None:
    dog = attach_image("a\x1bdog.png", "image/png", b"a dog")
    save_session(tmp_path, OLD, "First?", "One.")
    folder.save(OLD, Draft("What are these?", images=(CAT, dog)))
    cat_file = tmp_path / "data" / "attachments" / f"{CAT.attachment.hash}.png"
    cat_file.write_bytes(bytes(208))
    cat_file.with_stem(dog.attachment.hash).unlink()
    async with chat(tmp_path, "--session", OLD) as c:
        await c.until(lambda: c.desk.prompt.full_text == "What are these?")
        await c.until(lambda: any("damaged: cat.png, a␛dog.png. Attach" in notice for notice in c.notices))
        assert len(c.desk.live.attached) == 0
        await rests(c, folder)
        assert folder.load(OLD) == Draft("What are these?")
    assert cat_file.read_bytes() == bytes(208), "it is left as it is"


async def test_what_reached_the_session_before_a_crash_is_not_attached_a_second_time(
    tmp_path: Path, folder: DraftFolder
) -> None:
    path = save_session(tmp_path, OLD, "First?", "One.")
    file = SessionFile.open(path)
    file.put(Message("m3", Role.USER, "What?", NOON, "m2", attachments=(CAT.attachment,)))
    file.set_active("m3")
    file.save()
    file.close()
    for kept in (Draft("", ("What?",)), Draft("What?"), Draft(editing="m1", changes={"m1": "What?"})):
        folder.save(OLD, Draft(kept.text, kept.waiting, kept.editing, kept.changes, images=(CAT,)))
        async with chat(tmp_path, "--session", OLD) as c:
            await rests(c, folder)
            assert len(c.desk.live.attached) == 0
    folder.save(OLD, Draft("Another?", images=(CAT,)))
    async with chat(tmp_path, "--session", OLD) as c:
        await c.sees(GOES_ALONG)


async def test_a_prompt_on_its_way_keeps_its_image_in_the_draft(tmp_path: Path, folder: DraftFolder, cat: Path) -> None:
    async with chat(tmp_path, "-m", "held/one") as c:
        await attach(c, cat)
        sessions = tmp_path / "data" / "sessions"
        sessions.write_text("in the way")
        await c.ask_held("What is this?", "A cat.")
        await rests(c, folder, CAT)
        assert folder.load(c.desk.live.header.id).waiting == ("What is this?",)
        sessions.unlink()


async def test_what_is_asked_on_the_way_in_does_not_take_the_image_of_a_draft_along(
    tmp_path: Path, folder: DraftFolder
) -> None:
    save_session(tmp_path, OLD, "First?", "One.")
    folder.save(OLD, Draft(images=(CAT,)))
    async with chat(tmp_path, "--session", OLD, "Second?") as c:
        await c.until(lambda: c.held.requests)
        c.held.say("Two.")
        c.held.end()
        await c.rests()
        await c.sees("Two.", GOES_ALONG)
        assert [len(turn.images) for turn in c.held.requests[0].turns] == [0, 0, 0]
        await rests(c, folder, CAT)


async def test_an_image_is_still_shown_after_a_reply_to_an_earlier_prompt_and_a_switch_of_model(
    tmp_path: Path, cat: Path
) -> None:
    save_session(tmp_path, OLD, "First?", "One.")
    async with chat(tmp_path, "--session", OLD) as c:
        await attach(c, cat)
        c.held.say("Again.")
        c.held.end()
        await c.press("f5")
        await c.sees("Again.")
        await c.rests()
        await c.sees(GOES_ALONG)
        await c.enter("/model held/two")
        await c.sees("model: held/one → held/two", "▣ cat.png", GOES_ALONG)
        await c.enter("/attach")
        await c.misses(GOES_ALONG)
        await c.sees("model: held/one → held/two")


async def test_who_can_only_read_leaves_the_writers_images_alone(
    tmp_path: Path, folder: DraftFolder, cat: Path
) -> None:
    save_session(tmp_path, OLD, "First?", "One.")
    async with chat(tmp_path, "--session", OLD) as first:
        await first.sees("One.")
        async with chat(tmp_path, "--session", OLD) as second:
            await second.sees("One.")
            await attach(second, cat)
            await second.until(lambda: len(folder.list_files()) == 1)
        assert not folder.path(OLD).exists()
    async with chat(tmp_path) as c:
        await c.sees(GOES_ALONG)


async def test_whoever_takes_a_session_over_gets_what_its_writer_had_not_sent(
    tmp_path: Path, folder: DraftFolder, cat: Path
) -> None:
    save_session(tmp_path, OLD, "First?", "One.")
    dog = attach_image("dog.png", "image/png", b"a dog")
    async with chat(tmp_path, "--session", OLD) as c:
        await c.sees("One.")
        async with chat(tmp_path, "--session", OLD) as reader:
            await reader.sees("One.")
            await attach(reader, cat)
            await reader.type("the reader's")
            await c.desk.unsent.aclose()
            await c.desk.live.aclose()
            folder.save(OLD, Draft("the writer's", images=(dog,)))
            await reader.until(lambda: not reader.desk.live.is_read_only)
            await reader.until(lambda: reader.desk.prompt.full_text == "the writer's\n\nthe reader's")
            await reader.sees("▣ cat.png (PNG, 208 bytes), dog.png (PNG, 5 bytes)")
            await rests(reader, folder, CAT, dog)
            await reader.until(lambda: folder.list_files() == [folder.path(OLD)])


async def test_a_session_that_was_changed_outside_is_shown_anew_with_its_images(
    tmp_path: Path, folder: DraftFolder, cat: Path
) -> None:
    path = save_session(tmp_path, OLD, "First?", "One.")
    async with chat(tmp_path, "--session", OLD) as c:
        await attach(c, cat)
        path.write_bytes(path.read_bytes().replace(b"One.", b"Two."))
        c.app.app_focus = False
        c.app.app_focus = True
        await c.sees("Two.", GOES_ALONG)
        await rests(c, folder, CAT)


async def test_a_fork_takes_the_images_along(tmp_path: Path, folder: DraftFolder, cat: Path) -> None:
    save_session(tmp_path, OLD, "First?", "One.")
    async with chat(tmp_path, "--session", OLD) as c:
        await attach(c, cat)
        await c.enter("/fork")
        await c.until(lambda: c.desk.live.header.id != OLD)
        await c.sees(GOES_ALONG)
        await rests(c, folder, CAT)
        assert folder.load(OLD).images == (CAT,)


async def test_what_the_disk_refuses_to_keep_goes_along_to_the_next_session(
    tmp_path: Path, folder: DraftFolder, cat: Path
) -> None:
    save_session(tmp_path, OLD, "First?", "One.")
    (tmp_path / "data" / "attachments").write_text("in the way")
    async with chat(tmp_path, "--session", OLD) as c:
        await attach(c, cat)
        await c.until(lambda: any("An image that you attached is not kept" in notice for notice in c.notices))
        await c.type("What is this?")
        await c.until(lambda: folder.load(OLD) == Draft("What is this?"), "the text on the disk")
        await c.press("ctrl+n")
        await c.sees("New session", GOES_ALONG)
        (tmp_path / "data" / "attachments").unlink()
        await c.type(" And why?")
        await rests(c, folder, CAT)


async def test_an_image_that_is_read_while_another_session_comes_is_told(tmp_path: Path) -> None:
    save_session(tmp_path, OLD, "First?", "One.")
    slow = tmp_path / "slow.png"
    os.mkfifo(slow)
    async with chat(tmp_path, "--session", OLD) as c:
        await c.enter(f"/attach {slow}")
        await c.press("ctrl+n")
        await c.until(lambda: c.desk.live.header.id != OLD)
        await asyncio.to_thread(slow.write_bytes, PNG)
        await c.until(lambda: any("slow.png was not attached" in notice for notice in c.notices))
