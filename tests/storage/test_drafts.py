"""Drafts on the disk: what was written is read again, what was left behind is found once, damage is kept aside."""

from __future__ import annotations

import os
import stat
import tomllib
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

from chatui.conversation.attachment import AttachedImage, Attachment, attach_image
from chatui.conversation.message import Message, Role
from chatui.conversation.session import SessionHeader
from chatui.storage.drafts import Draft, DraftFolder, ImageRefused
from chatui.storage.errors import StorageError
from chatui.storage.paths import Places, find_places
from chatui.storage.session_file import SessionFile
from chatui.storage.shelf import Shelf

WHEN = datetime(2026, 11, 1, tzinfo=UTC)
ONE, TWO = "20261101-120000-aaaa", "20261102-120000-bbbb"
CAT, DOG = attach_image('my "cat".png', "image/png", b"a cat"), attach_image("dog.webp", "image/webp", b"a dog")
WHOLE = Draft(
    'tabs\there, "quotes", \\ and\r\nlines\n\n',
    ("first", "second\n"),
    "m3",
    {"m3": "changed", "m1": "é\x1b"},
    True,
    (CAT, DOG),
)


@pytest.fixture
def places(tmp_path: Path) -> Places:
    return find_places({"CHATUI_HOME": str(tmp_path)}, tmp_path)


@pytest.fixture
def folder(places: Places) -> DraftFolder:
    return DraftFolder(places)


@pytest.mark.usefixtures("open_umask")
def test_a_draft_comes_back_exactly_from_a_private_file(folder: DraftFolder) -> None:
    folder.save(ONE, WHOLE)
    assert folder.load(ONE) == WHOLE
    assert stat.S_IMODE(folder.path(ONE).stat().st_mode) == 0o600
    assert stat.S_IMODE(folder.path(ONE).parent.stat().st_mode) == 0o700
    assert folder.load(TWO) == Draft()


def test_an_empty_draft_leaves_no_file(folder: DraftFolder) -> None:
    folder.save(ONE, Draft("x"))
    folder.save(ONE, Draft(" \n"))
    assert not folder.path(ONE).exists()
    folder.save(ONE, Draft())


def test_a_draft_refers_to_its_images_as_a_message_does(folder: DraftFolder, places: Places) -> None:
    folder.save(ONE, Draft(images=(CAT,)))
    (table,) = tomllib.loads(folder.path(ONE).read_text())["attachments"]
    assert table == {"name": 'my "cat".png', "type": "image/png", "size": 5, "hash": CAT.attachment.hash}
    (image,) = places.attachments.iterdir()
    assert (image.name, image.read_bytes()) == (f"{CAT.attachment.hash}.png", b"a cat")


def test_a_draft_of_before_there_were_images_in_it_is_read(folder: DraftFolder) -> None:
    folder.save(ONE, Draft("x"))
    assert "attachments" not in folder.path(ONE).read_text()
    folder.path(ONE).write_text('format = 1\nis_of_new = true\nediting = ""\ntext = "old"\nwaiting = []\n[changes]\n')
    assert folder.load(ONE) == Draft("old", is_of_new=True)


def test_an_image_that_is_gone_damaged_or_made_up_comes_without_its_bytes_and_all_else_as_it_was(
    folder: DraftFolder, places: Places
) -> None:
    secret = Attachment("x.png", "image/png", 5, "../../secret")
    folder.save(ONE, WHOLE)
    for image in places.attachments.iterdir():
        image.unlink() if image.suffix == ".png" else image.write_bytes(b"a cow")
    loaded = replace(WHOLE, images=(AttachedImage(CAT.attachment, b""), AttachedImage(DOG.attachment, b"")))
    assert folder.load(ONE) == loaded
    folder.save(ONE, loaded)
    assert folder.load(ONE) == loaded
    assert [image.read_bytes() for image in places.attachments.iterdir()] == [b"a cow"], "it is left as it is"
    folder.save(ONE, WHOLE)
    assert folder.load(ONE) == WHOLE, "attached again, both are well"
    folder.path(ONE).write_text(folder.path(ONE).read_text().replace(CAT.attachment.hash, secret.hash))
    assert [image.data for image in folder.load(ONE).images] == [b"", b"a dog"]


def test_where_an_image_is_refused_the_text_is_kept(folder: DraftFolder, places: Places) -> None:
    places.attachments.parent.mkdir(parents=True)
    places.attachments.write_text("in the way")
    with pytest.raises(ImageRefused, match="attachments is a file"):
        folder.save(ONE, WHOLE)
    assert folder.load(ONE) == replace(WHOLE, images=())
    folder.save(ONE, WHOLE, kept=WHOLE.images)
    assert [image.attachment for image in folder.load(ONE).images] == [CAT.attachment, DOG.attachment]


def test_a_draft_that_was_truncated_is_read_as_it_was_or_kept_aside_and_told(folder: DraftFolder) -> None:
    folder.save(ONE, WHOLE)
    whole = folder.path(ONE).read_bytes()
    for size in range(len(whole)):
        folder.path(ONE).write_bytes(whole[:size])
        try:
            draft = folder.load(ONE)
        except StorageError:
            kept = max(folder.list_files(), key=lambda path: path.stat().st_mtime_ns)
            assert kept.read_bytes() == whole[:size]
        else:
            assert (draft.text, draft.images) in [("", ()), (WHOLE.text, ()), (WHOLE.text, WHOLE.images)]


@pytest.mark.parametrize(
    "content",
    [
        b"\xff",
        b"text = ",
        b"text = 1\n",
        b"waiting = [1]\n",
        b"changes = { m1 = 2 }\n",
        b"attachments = 1\n",
        b'attachments = ["cat.png"]\n',
        b"attachments = [{ name = 1 }]\n",
    ],
)
def test_a_damaged_draft_is_kept_aside_and_told(folder: DraftFolder, content: bytes) -> None:
    folder.save(ONE, WHOLE)
    folder.path(ONE).write_bytes(content)
    with pytest.raises(StorageError, match=f"{ONE}.damaged-1.toml"):
        folder.load(ONE)
    assert folder.path(f"{ONE}.damaged-1").read_bytes() == content
    assert folder.load(ONE) == Draft()


def test_the_newest_draft_of_a_session_that_never_began_is_taken_once(folder: DraftFolder) -> None:
    folder.save(ONE, Draft("older", is_of_new=True))
    folder.save(TWO, Draft("newer", is_of_new=True))
    left = folder.take_left()
    assert left is not None
    assert (left.session_id, left.draft.text) == (TWO, "newer")
    other = folder.take_left()
    assert other is not None
    assert other.draft.text == "older", "the newer one is being taken by somebody"
    folder.remove_left(left)
    other.lock.release()
    assert not folder.path(TWO).exists()
    assert folder.path(ONE).exists()


def test_drafts_that_have_an_owner_are_not_left_behind(folder: DraftFolder, places: Places) -> None:
    assert folder.take_left() is None
    folder.save(ONE, Draft("of a session that began"))
    folder.save(TWO, Draft("is being written", is_of_new=True))
    places.sessions.mkdir(parents=True)
    saved = "20261103-120000-cccc"
    folder.save(saved, Draft("its session was saved since", is_of_new=True))
    (places.sessions / f"{saved}.toml").touch()
    owner = folder.lock(TWO)
    assert owner.acquire()
    assert folder.take_left() is None
    owner.release()
    left = folder.take_left()
    assert left is not None
    assert left.session_id == TWO
    left.lock.release()


def test_a_session_that_is_removed_for_good_takes_its_draft_along(folder: DraftFolder, places: Places) -> None:
    shelf = Shelf(places)
    for session_id in (ONE, TWO):
        file = SessionFile.create(shelf.new_session_path(session_id), SessionHeader(session_id, WHEN, title="x"))
        file.put(Message("m1", Role.USER, "x", WHEN))
        file.save()
        folder.save(session_id, Draft("not sent"))
    shelf.delete(ONE)
    assert folder.load(ONE) == Draft("not sent"), "it may be restored"
    shelf.empty_trash()
    assert not folder.path(ONE).exists()
    assert folder.load(TWO) == Draft("not sent")


def test_emptying_the_trash_spares_the_images_of_drafts_and_takes_those_that_nothing_refers_to(
    folder: DraftFolder, places: Places
) -> None:
    cow = attach_image("cow.png", "image/png", b"a cow")
    folder.save(ONE, Draft("not sent", images=(CAT, cow)))
    folder.save(TWO, Draft("of a damaged one", images=(DOG,)))
    folder.path(TWO).write_bytes(folder.path(TWO).read_bytes() + b"text =")
    with pytest.raises(StorageError):
        folder.load(TWO)
    folder.save(ONE, Draft("not sent", images=(CAT,)))
    for image in places.attachments.iterdir():
        os.utime(image, (0, 0))
    shelf = Shelf(places)
    shelf.empty_trash()
    assert {image.read_bytes() for image in places.attachments.iterdir()} == {b"a cat", b"a dog"}
    folder.save(ONE, Draft())
    shelf.empty_trash()
    assert [image.read_bytes() for image in places.attachments.iterdir()] == [b"a dog"]
