"""The session file where others write, the disk fails, or bytes are damaged."""

from __future__ import annotations

import errno
import tomllib
from pathlib import Path

import pytest

from chatui.storage.errors import StorageError
from chatui.storage.message_block import MARK
from chatui.storage.session_file import SessionFile
from tests.storage.conftest import FailingDisk, attempt, count_descriptors
from tests.storage.samples import (
    LONG_TEXT,
    make_dialogue,
    make_prompt,
    make_reply,
    read_messages,
    write_session,
)


@pytest.mark.parametrize("change", [b"", b"# edited\n", None])
def test_a_version_that_someone_else_wrote_is_kept_aside(path: Path, change: bytes | None) -> None:
    data = write_session(path, make_dialogue(400, LONG_TEXT))
    with SessionFile.open(path) as file:
        if change is None:
            path.unlink()
        else:
            other = path.with_name("other")
            other.write_bytes(data + change)
            other.replace(path)
        file.put(make_prompt("m401"))
        notice = file.save()
        assert notice is not None
        assert file.save() is None
    assert len(read_messages(path)) == 401
    if change is None:
        assert "written anew" in notice
    else:
        assert "kept as work.conflict-1.toml" in notice
        assert path.with_name("work.conflict-1.toml").read_bytes() == data + change


def test_a_new_session_does_not_replace_one_of_its_name(path: Path) -> None:
    write_session(path, make_dialogue(2))
    write_session(path, make_dialogue(3))
    assert len(read_messages(path.with_name("work.conflict-1.toml"))) == 2
    assert len(read_messages(path)) == 3


def test_a_link_put_in_its_place_is_not_followed(path: Path, tmp_path: Path) -> None:
    write_session(path, make_dialogue(2))
    outside = tmp_path / "outside"
    outside.write_bytes(b"mine")
    with SessionFile.open(path) as file:
        path.unlink()
        path.symlink_to(outside)
        file.save()
    assert outside.read_bytes() == b"mine"
    assert not path.is_symlink()


def test_a_file_changed_in_place_while_it_is_open_is_read_again(path: Path) -> None:
    dialogue = make_dialogue(400, LONG_TEXT)
    data = write_session(path, dialogue)
    with SessionFile.open(path) as file:
        path.write_bytes(data.replace(b"\n[[messages]]", b"\n# longer now\n\n[[messages]]", 1))
        assert len(file.load_rest()) + len(file.tail) == 400
        file.save()
    assert read_messages(path) == dialogue


def test_a_look_alike_far_up_in_a_long_file_is_text(path: Path) -> None:
    dialogue = make_dialogue(400, LONG_TEXT)
    data = write_session(path, dialogue)
    look_alike = b"text = '''\n[[messages]]\nid = \"ghost\"\n'''\n"
    path.write_bytes(data.replace(b'text = """\n2: ', look_alike + b'spare = """\n2: '))
    with SessionFile.open(path) as file:
        older = file.load_rest()
        assert len(older) + len(file.tail) == 400
        assert older[1].decode().text == '[[messages]]\nid = "ghost"\n'
        file.save()
    assert len(read_messages(path)) == 400


def test_damage_far_up_in_a_long_file_is_told_and_nothing_is_overwritten(path: Path) -> None:
    data = write_session(path, make_dialogue(400, LONG_TEXT))
    place = data.find(MARK, len(data) // 4)
    line = data.count(b"\n", 0, place) + 1
    damaged = data[:place] + b"\x00" * 50 + data[place + 50 :]
    path.write_bytes(damaged)
    with SessionFile.open(path) as file:
        assert file.tail
        with pytest.raises(StorageError, match=f"line {line}"):
            file.load_rest()
        assert file.is_read_only
        file.put(make_prompt("m401"))
        with pytest.raises(StorageError, match=f"line {line}"):
            file.save()
    assert path.read_bytes() == damaged
    assert [entry.name for entry in path.parent.iterdir()] == ["work.toml"]


def test_bytes_that_are_not_utf8_far_up_in_a_long_file_are_told(path: Path) -> None:
    data = write_session(path, make_dialogue(400, LONG_TEXT))
    path.write_bytes(data.replace("é".encode(), b"\xe9\xe9", 1))
    with SessionFile.open(path) as file, pytest.raises(StorageError, match="not UTF-8"):
        file.load_rest()


def test_a_damaged_file_is_told_and_left_as_it_is(path: Path) -> None:
    path.parent.mkdir()
    path.write_bytes(b"format = 1\ntitle = \n")
    before = count_descriptors()
    with pytest.raises(StorageError, match="line 2"):
        SessionFile.open(path)
    assert path.read_bytes() == b"format = 1\ntitle = \n"
    assert count_descriptors() == before


def test_a_double_id_in_a_long_file_hides_no_message(path: Path) -> None:
    data = write_session(path, make_dialogue(400, LONG_TEXT))
    path.write_bytes(data.replace(b'id = "m3"\n', b'id = "m400"\n', 1))
    found = read_messages(path)
    assert len({message.id for message in found}) == 400
    assert found[2].text.startswith("3: ")


@pytest.mark.parametrize("error", [errno.ENOSPC, errno.EIO])
@pytest.mark.parametrize("is_changed", [False, True])
def test_whichever_operation_fails_nothing_is_lost(
    tmp_path: Path, failing_disk: FailingDisk, error: int, is_changed: bool
) -> None:
    number = 0
    while True:
        number += 1
        folder = tmp_path / str(number)
        path = folder / "work.toml"
        old = write_session(path, make_dialogue(2))
        other = old.replace(b"Explain SSE", b"Changed by another") if is_changed else old
        file = SessionFile.open(path)
        if is_changed:
            path.write_bytes(other)
        file.put(make_reply("m3", "new", "m2"))
        failing_disk.arm(number, error)
        failed = attempt(file.save)
        failing_disk.disarm()
        names = sorted(entry.name for entry in folder.iterdir())
        assert not [name for name in names if name.startswith(".")]
        if failed is None:
            break
        assert failed.reason
        assert len(tomllib.loads(path.read_text())["messages"]) == (3 if failed.is_in_place else 2)
        file.save()
        assert [message.id for message in read_messages(path)] == ["m1", "m2", "m3"]
        # One copy of the other version, however often the save was tried.
        kept = [entry for entry in folder.iterdir() if ".conflict-" in entry.name]
        assert len(kept) == is_changed
        assert all(entry.read_bytes() == other for entry in kept)
    assert not failing_disk.has_failed
    assert number > 6
