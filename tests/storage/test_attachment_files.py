"""Attachments on disk."""

from __future__ import annotations

import os
import time
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from chatui.conversation.attachment import AttachedImage, Attachment, attach_image
from chatui.storage.attachment_files import load_attachment, save_attachment, sweep_attachments
from chatui.storage.errors import StorageError

CAT = attach_image("cat.png", "image/png", b"a cat")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Where attachments rest; it is not there yet."""
    return tmp_path / "attachments"


def test_an_image_comes_back_as_it_was(folder: Path) -> None:
    save_attachment(folder, CAT)
    assert load_attachment(folder, CAT.attachment) == b"a cat"
    (path,) = folder.iterdir()
    assert path.name == f"{CAT.attachment.hash}.png"
    assert (path.stat().st_mode & 0o777, folder.stat().st_mode & 0o777) == (0o600, 0o700)


def test_the_same_image_is_kept_once_whatever_it_is_called(folder: Path) -> None:
    save_attachment(folder, CAT)
    (path,) = folder.iterdir()
    before = path.stat().st_ino
    os.utime(path, (0, 0))
    save_attachment(folder, attach_image("other.png", "image/png", b"a cat"))
    assert [each.stat().st_ino for each in folder.iterdir()] == [before]
    # As young as a new one: whoever sweeps now leaves it alone.
    assert path.stat().st_mtime > 0


@pytest.mark.parametrize("content", [b"a c", b"a cow"])
def test_an_image_that_was_torn_or_damaged_is_written_anew(folder: Path, content: bytes) -> None:
    save_attachment(folder, CAT)
    (path,) = folder.iterdir()
    path.write_bytes(content)
    assert load_attachment(folder, CAT.attachment) is None
    save_attachment(folder, CAT)
    assert load_attachment(folder, CAT.attachment) == b"a cat"


def test_one_that_is_gone_or_not_what_it_was_is_not_there(folder: Path) -> None:
    assert load_attachment(folder, CAT.attachment) is None
    save_attachment(folder, CAT)
    (path,) = folder.iterdir()
    path.write_bytes(b"a dog")
    assert load_attachment(folder, CAT.attachment) is None
    path.unlink()
    os.mkfifo(path)
    assert load_attachment(folder, CAT.attachment) is None


@pytest.mark.parametrize("name", ["../../secret", "/etc/passwd", "", "a" * 63, "A" * 64, "a" * 64 + "\n"])
def test_a_hash_that_a_file_makes_up_leads_nowhere(folder: Path, name: str) -> None:
    (folder.parent / "secret.png").write_bytes(b"secret")
    folder.mkdir()
    made_up = Attachment("cat.png", "image/png", 5, name)
    assert load_attachment(folder, made_up) is None
    with pytest.raises(StorageError, match=r"cat\.png"):
        save_attachment(folder, AttachedImage(made_up, b"a cat"))
    assert list(folder.iterdir()) == []


def test_a_kind_that_is_none_leads_nowhere(folder: Path) -> None:
    assert load_attachment(folder, replace(CAT.attachment, kind="text/x-sh")) is None


def test_sweeping_takes_what_no_session_names(folder: Path, tmp_path: Path) -> None:
    dog = attach_image("dog.png", "image/png", b"a dog")
    save_attachment(folder, CAT)
    save_attachment(folder, dog)
    (folder / "note.txt").write_text("of a person")
    session = tmp_path / "session.toml"
    session.write_text(f'hash = "{CAT.attachment.hash}"')
    now = time.time()
    assert sweep_attachments(folder, [], [session], now) == 0
    assert load_attachment(folder, dog.attachment) == b"a dog"
    assert sweep_attachments(folder, [], [session], now + 3700) == 1
    assert load_attachment(folder, CAT.attachment) == b"a cat"
    assert load_attachment(folder, dog.attachment) is None
    assert (folder / "note.txt").exists()


def test_sweeping_spares_what_a_draft_names_or_somebody_takes_into_use_meanwhile(folder: Path, tmp_path: Path) -> None:
    dog = attach_image("dog.png", "image/png", b"a dog")
    for image in (CAT, dog):
        save_attachment(folder, image)
    draft, session = tmp_path / "draft.toml", tmp_path / "session.toml"
    draft.write_text(f'hash = "{CAT.attachment.hash}"')
    session.touch()

    def sessions() -> Iterator[Path]:
        # What is sent goes from the draft to the session: the drafts are looked through first.
        draft.unlink()
        save_attachment(folder, dog)
        yield session

    assert sweep_attachments(folder, [draft], sessions(), time.time() + 3700) == 0
    assert load_attachment(folder, CAT.attachment) == b"a cat"
    assert load_attachment(folder, dog.attachment) == b"a dog"


def test_sweeping_where_there_is_nothing_is_nothing(folder: Path) -> None:
    assert sweep_attachments(folder, [], [], time.time()) == 0
