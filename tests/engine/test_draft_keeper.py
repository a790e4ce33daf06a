"""The draft keeper: many changes are one write, the last one counts, and what is closed writes nothing more."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from pathlib import Path

import pytest

from chatui.conversation.attachment import attach_image
from chatui.engine.draft_keeper import DraftKeeper
from chatui.engine.unsent_images import UnsentImages
from chatui.storage.drafts import Draft, DraftFolder
from chatui.storage.paths import find_places

ID = "20261101-120000-aaaa"
CAT, DOG = attach_image("cat.png", "image/png", b"a cat"), attach_image("dog.png", "image/png", b"a dog")


class Desk:
    """What is written now, and what was told."""

    def __init__(self, folder: Path) -> None:
        self.home = folder
        self.draft = Draft()
        self.make: Callable[[], Draft] = lambda: self.draft
        self.told: list[str] = []
        self.reads = 0
        self.folder = DraftFolder(find_places({"CHATUI_HOME": str(folder)}, folder))
        self.keeper = DraftKeeper(self.folder, ID, self.read, self.told.append)

    def read(self) -> Draft:
        self.reads += 1
        return self.make()

    def write(self, text: str) -> None:
        self.draft = Draft(text)
        self.keeper.note()


@pytest.fixture
def desk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Desk:
    monkeypatch.setattr("chatui.engine.draft_keeper.DRAFT_SECONDS", 0.01)
    return Desk(tmp_path)


async def wait_for(desk: Desk, draft: Draft) -> None:
    async with asyncio.timeout(5):
        while desk.folder.load(ID) != draft:
            await asyncio.sleep(0.002)


async def test_many_changes_are_read_once(desk: Desk) -> None:
    for length in range(1, 100):
        desk.write("x" * length)
    await wait_for(desk, Draft("x" * 99))
    assert desk.reads == 1
    await desk.keeper.aclose()


async def test_closing_writes_what_there_is_and_nothing_after_that(desk: Desk) -> None:
    desk.write("mine")
    await desk.keeper.aclose()
    assert desk.folder.load(ID) == Draft("mine")
    desk.write("of another session")
    await desk.keeper.aclose()
    assert await desk.keeper.save()
    assert desk.folder.load(ID) == Draft("mine")


async def test_a_write_that_is_due_while_it_closes_does_not_write_what_comes_next(desk: Desk) -> None:
    desk.draft = Draft("mine")
    closing = asyncio.create_task(desk.keeper.aclose(Draft("mine")))
    due = asyncio.create_task(desk.keeper.save())
    await asyncio.sleep(0)
    desk.draft = Draft("of another session")
    await asyncio.gather(closing, due)
    assert desk.folder.load(ID) == Draft("mine")


async def test_nothing_is_written_where_nothing_has_changed(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    desk.folder.save(ID, Draft("kept"))
    assert await desk.keeper.load() == Draft("kept")
    desk.draft = Draft("kept")
    monkeypatch.setattr(desk.folder, "save", None)
    assert await desk.keeper.save()


async def test_an_image_that_is_attached_or_detached_is_a_change(desk: Desk) -> None:
    images = UnsentImages()
    images.changed = desk.keeper.note
    desk.make = lambda: Draft("mine", images=images.to_keep)
    images.add(CAT)
    await wait_for(desk, Draft("mine", images=(CAT,)))
    images.add(DOG)
    await wait_for(desk, Draft("mine", images=(CAT, DOG)))
    assert images.take() == (CAT, DOG)
    assert await desk.keeper.save()
    assert desk.folder.load(ID).images == (CAT, DOG), "their prompt is not on the disk yet"
    images.settle()
    await wait_for(desk, Draft("mine"))
    images.add(CAT)
    await wait_for(desk, Draft("mine", images=(CAT,)))
    assert images.clear() == (CAT,)
    await wait_for(desk, Draft("mine"))


async def test_an_image_is_written_once_however_long_is_typed(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    desk.draft = Draft("mine", images=(CAT,))
    assert await desk.keeper.save()
    monkeypatch.setattr("chatui.storage.drafts.save_attachment", None)
    desk.draft = Draft("mine too", images=(CAT,))
    assert await desk.keeper.save()
    assert desk.folder.load(ID) == Draft("mine too", images=(CAT,))


async def test_an_image_that_the_disk_refuses_is_told_and_tried_again_with_the_next_change(desk: Desk) -> None:
    in_the_way = desk.home / "data" / "attachments"
    in_the_way.parent.mkdir(parents=True)
    in_the_way.write_text("in the way")
    desk.draft = Draft("mine", images=(CAT,))
    assert not await desk.keeper.save()
    (told,) = desk.told
    assert told.startswith("An image that you attached is not kept for now: ")
    assert desk.folder.load(ID) == Draft("mine")
    desk.draft = Draft()
    assert await desk.keeper.save()
    assert not desk.folder.path(ID).exists(), "what was half kept before is not left behind"
    in_the_way.unlink()
    desk.draft = Draft("mine", images=(CAT,))
    assert await desk.keeper.save()
    assert desk.folder.load(ID) == Draft("mine", images=(CAT,))


async def test_what_is_discarded_is_gone(desk: Desk) -> None:
    desk.write("mine")
    assert await desk.keeper.save()
    await desk.keeper.discard()
    assert not desk.folder.path(ID).exists()


async def test_a_disk_that_refuses_is_told_once_and_again_after_it_was_well(desk: Desk) -> None:
    folder = desk.folder.path(ID).parent
    folder.parent.mkdir(parents=True)
    for number in range(2):
        folder.write_text("in the way")
        for text in (f"a{number}", f"b{number}"):
            desk.write(text)
            assert not await desk.keeper.save()
        folder.unlink()
        assert await desk.keeper.save()
        assert desk.folder.load(ID) == Draft(f"b{number}")
        desk.folder.save(ID, Draft())
        folder.rmdir()
    assert len(desk.told) == 2
    assert all("is not kept for now" in sentence for sentence in desk.told)
    await desk.keeper.aclose(Draft("b1"))
