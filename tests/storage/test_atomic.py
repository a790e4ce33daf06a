"""Whole files, replaced atomically."""

from __future__ import annotations

import errno
import os
import stat
from collections.abc import Sequence
from pathlib import Path

import pytest

from chatui.storage import disk
from chatui.storage.atomic import copy_aside, move_aside, remove_temps, write_atomic
from chatui.storage.errors import StorageError
from chatui.storage.regular_file import read_stamp
from tests.storage.conftest import FailingDisk, attempt

OLD = b"old " * 1000
NEW = b"new " * 2000


def test_the_new_bytes_replace_the_old_ones(tmp_path: Path) -> None:
    path = tmp_path / "a.toml"
    write_atomic(path, OLD)
    stamp = write_atomic(path, NEW)
    assert path.read_bytes() == NEW
    assert stamp == read_stamp(path)
    assert [entry.name for entry in tmp_path.iterdir()] == ["a.toml"]


def test_the_bytes_are_on_the_disk_before_the_name_and_the_name_before_it_returns(
    tmp_path: Path, failing_disk: FailingDisk
) -> None:
    path = tmp_path / "a.toml"
    path.write_bytes(b"old")
    failing_disk.calls.clear()
    write_atomic(path, b"new")
    order = [call for call in failing_disk.calls if call in ("write", "sync", "rename", "sync_folder")]
    assert order == ["write", "sync", "rename", "sync_folder"]


def test_a_file_may_come_in_many_pieces(tmp_path: Path) -> None:
    pieces = [f"{number}\n".encode() for number in range(2501)]
    write_atomic(tmp_path / "a.toml", iter(pieces))
    assert (tmp_path / "a.toml").read_bytes() == b"".join(pieces)


@pytest.mark.usefixtures("open_umask")
def test_files_are_0600_and_folders_0700_from_creation_on(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    modes: list[int] = []
    write = disk.write

    def spy(fd: int, data: bytes | memoryview) -> int:
        modes.append(stat.S_IMODE(os.fstat(fd).st_mode))
        return write(fd, data)

    monkeypatch.setattr(disk, "write", spy)
    path = tmp_path / "deep" / "down" / "a.toml"
    write_atomic(path, NEW)
    assert modes == [0o600]
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert [stat.S_IMODE(folder.stat().st_mode) for folder in (path.parent, path.parent.parent)] == [0o700, 0o700]


@pytest.mark.parametrize("error", [errno.ENOSPC, errno.EIO, errno.EROFS])
def test_whichever_operation_fails_a_whole_file_is_there_and_no_temp(
    tmp_path: Path, failing_disk: FailingDisk, error: int
) -> None:
    path = tmp_path / "a.toml"
    number = 0
    while True:
        failing_disk.disarm()
        write_atomic(path, OLD)
        number += 1
        failing_disk.arm(number, error)
        failed = attempt(lambda: write_atomic(path, NEW))
        if failed is None:
            break
        assert str(path) in failed.reason
        assert path.read_bytes() == (NEW if failed.is_in_place else OLD)
        assert [entry.name for entry in tmp_path.iterdir()] == ["a.toml"]
    assert not failing_disk.has_failed
    assert number > 6


def test_a_disk_that_takes_bytes_in_pieces_gets_all_of_them(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write = disk.write
    monkeypatch.setattr(disk, "write", lambda fd, data: write(fd, data[:1000]))
    write_atomic(tmp_path / "a", NEW)
    assert (tmp_path / "a").read_bytes() == NEW


LONG = [b"%06d" % number * 500 for number in range(1200)]
"""Pieces of more than a megabyte: their room is taken at once, and they are written without being joined."""


def test_a_long_file_is_whole_whatever_a_disk_takes_at_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write_atomic(tmp_path / "a", LONG)
    assert (tmp_path / "a").read_bytes() == b"".join(LONG)
    write, write_pieces = disk.write, disk.write_pieces
    monkeypatch.setattr(disk, "write_pieces", lambda fd, pieces: write_pieces(fd, [pieces[0], pieces[1][:7]]))
    monkeypatch.setattr(disk, "write", lambda fd, data: write(fd, data[:100_000]))
    write_atomic(tmp_path / "b", LONG)
    assert (tmp_path / "b").read_bytes() == b"".join(LONG)


def test_no_more_pieces_go_in_one_call_than_a_system_takes(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    counts: list[int] = []
    write_pieces = disk.write_pieces

    def note(fd: int, pieces: Sequence[bytes]) -> int:
        counts.append(len(pieces))
        return write_pieces(fd, pieces)

    monkeypatch.setattr(disk, "write_pieces", note)
    write_atomic(tmp_path / "a", LONG)
    assert counts == [512, 512, 176]


@pytest.mark.parametrize("error", [errno.ENOSPC, errno.EIO])
def test_any_fault_while_a_long_file_is_written_leaves_the_old_one(
    tmp_path: Path, failing_disk: FailingDisk, error: int
) -> None:
    path = tmp_path / "a.toml"
    number = 0
    while True:
        failing_disk.disarm()
        write_atomic(path, OLD)
        number += 1
        failing_disk.arm(number, error)
        failed = attempt(lambda: write_atomic(path, LONG))
        if failed is None:
            break
        assert path.read_bytes() == (b"".join(LONG) if failed.is_in_place else OLD)
        assert [entry.name for entry in tmp_path.iterdir()] == ["a.toml"]
    assert {"reserve", "write_pieces"} <= set(failing_disk.calls)


@pytest.mark.parametrize("refused", [errno.EOPNOTSUPP, errno.EINVAL, None])
def test_a_file_system_that_cannot_take_room_ahead_is_written_all_the_same(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, refused: int | None
) -> None:
    def refuse(fd: int, offset: int, size: int) -> None:
        raise OSError(refused, "not here")

    if refused is None:
        monkeypatch.delattr(os, "posix_fallocate")
    else:
        monkeypatch.setattr(os, "posix_fallocate", refuse)
    write_atomic(tmp_path / "a", LONG)
    assert (tmp_path / "a").read_bytes() == b"".join(LONG)


def test_an_interrupt_leaves_no_temp_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def interrupt(fd: int) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(disk, "sync", interrupt)
    with pytest.raises(KeyboardInterrupt):
        write_atomic(tmp_path / "a", NEW)
    assert list(tmp_path.iterdir()) == []


def test_a_disk_that_fails_at_everything_still_gives_one_error(
    tmp_path: Path, failing_disk: FailingDisk, monkeypatch: pytest.MonkeyPatch
) -> None:
    failing_disk.fail_named = "sync"

    def refuse(path: Path) -> None:
        raise OSError(errno.EIO, "fault")

    monkeypatch.setattr(disk, "unlink", refuse)
    with pytest.raises(StorageError, match="reports a fault"):
        write_atomic(tmp_path / "a", NEW)


def test_temps_of_a_killed_process_are_removed_and_nothing_else(tmp_path: Path) -> None:
    for name in (".a.toml.0011aabb.tmp", ".b.toml.0011aabb.tmp", "a.toml", ".a.toml.keep"):
        (tmp_path / name).touch()
    remove_temps(tmp_path / "a.toml")
    assert sorted(entry.name for entry in tmp_path.iterdir()) == [".a.toml.keep", ".b.toml.0011aabb.tmp", "a.toml"]


@pytest.mark.parametrize("can_link", [True, False])
def test_a_copy_aside_gets_the_first_free_number(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, can_link: bool
) -> None:
    def refuse(source: Path, target: Path) -> None:
        raise OSError(errno.EPERM, "no links here")

    if not can_link:
        monkeypatch.setattr(disk, "link", refuse)
    path = tmp_path / "a.toml"
    path.write_bytes(OLD)
    assert copy_aside(path, ".conflict") == tmp_path / "a.conflict-1.toml"
    path.unlink()
    path.write_bytes(NEW)
    assert copy_aside(path, ".conflict") == tmp_path / "a.conflict-2.toml"
    assert (tmp_path / "a.conflict-1.toml").read_bytes() == OLD
    assert (tmp_path / "a.conflict-2.toml").read_bytes() == NEW
    assert path.read_bytes() == NEW


def test_a_copy_aside_that_fails_is_told(tmp_path: Path, failing_disk: FailingDisk) -> None:
    (tmp_path / "a.toml").touch()
    failing_disk.fail_named = "link"
    with pytest.raises(StorageError, match="keep aside"):
        copy_aside(tmp_path / "a.toml", ".conflict")


def test_copies_aside_do_not_go_on_for_ever(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def occupied(source: Path, target: Path) -> None:
        raise FileExistsError

    monkeypatch.setattr(disk, "link", occupied)
    with pytest.raises(StorageError, match="Too many copies"):
        copy_aside(tmp_path / "a.toml", ".conflict")


def test_moving_aside_never_replaces(tmp_path: Path, failing_disk: FailingDisk) -> None:
    path = tmp_path / "a.toml"
    for content in (OLD, NEW):
        path.write_bytes(content)
        move_aside(path, ".damaged")
    assert (tmp_path / "a.damaged-1.toml").read_bytes() == OLD
    assert (tmp_path / "a.damaged-2.toml").read_bytes() == NEW
    failing_disk.fail_named = "rename"
    with pytest.raises(StorageError, match="keep aside"):
        move_aside(path, ".damaged")
