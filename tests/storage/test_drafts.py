"""Drafts on the disk: what was written is read again, what was left behind is found once, damage is kept aside."""

from __future__ import annotations

import stat
from datetime import UTC, datetime
from pathlib import Path

import pytest

from chatui.conversation.message import Message, Role
from chatui.conversation.session import SessionHeader
from chatui.storage.drafts import Draft, DraftFolder
from chatui.storage.errors import StorageError
from chatui.storage.paths import Places, find_places
from chatui.storage.session_file import SessionFile
from chatui.storage.shelf import Shelf

WHEN = datetime(2026, 11, 1, tzinfo=UTC)
ONE, TWO = "20261101-120000-aaaa", "20261102-120000-bbbb"
WHOLE = Draft(
    'tabs\there, "quotes", \\ and\r\nlines\n\n', ("first", "second\n"), "m3", {"m3": "changed", "m1": "é\x1b"}, True
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


@pytest.mark.parametrize("content", [b"\xff", b"text = ", b"text = 1\n", b"waiting = [1]\n", b"changes = { m1 = 2 }\n"])
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
