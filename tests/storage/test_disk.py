"""The seam to the system."""

from __future__ import annotations

import errno
import fcntl
import os
from pathlib import Path

import pytest

from chatui.storage import disk


@pytest.mark.parametrize("error", [errno.EINVAL, errno.ENOTSUP])
def test_a_file_system_that_cannot_sync_folders_is_left_alone(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, error: int
) -> None:
    asked: list[int] = []

    def refuse(fd: int) -> None:
        asked.append(fd)
        raise OSError(error, "not for folders")

    monkeypatch.setattr(os, "fsync", refuse)
    disk.sync_folder(tmp_path)
    assert len(asked) == 1


def test_a_folder_that_cannot_be_synced_for_a_fault_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(fd: int) -> None:
        raise OSError(errno.EIO, "fault")

    monkeypatch.setattr(os, "fsync", fail)
    with pytest.raises(OSError, match="fault"):
        disk.sync_folder(tmp_path)


def test_a_folder_that_is_not_there_is_empty(tmp_path: Path) -> None:
    assert disk.list_folder(tmp_path / "nowhere") == []


@pytest.mark.parametrize(
    ("error", "is_free"), [(errno.ENOLCK, True), (errno.ENOTSUP, True), (errno.EWOULDBLOCK, False)]
)
def test_a_file_system_without_locks_counts_as_free(monkeypatch: pytest.MonkeyPatch, error: int, is_free: bool) -> None:
    def refuse(fd: int, operation: int) -> None:
        raise OSError(error, os.strerror(error))

    monkeypatch.setattr(fcntl, "flock", refuse)
    assert disk.try_lock(0) is is_free


def test_a_lock_that_fails_for_a_fault_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(fd: int, operation: int) -> None:
        raise OSError(errno.EIO, "fault")

    monkeypatch.setattr(fcntl, "flock", fail)
    with pytest.raises(OSError, match="fault"):
        disk.try_lock(0)


def test_reading_gathers_what_comes_in_pieces(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "a").write_bytes(b"0123456789")
    pread = os.pread
    monkeypatch.setattr(os, "pread", lambda fd, size, offset: pread(fd, min(size, 3), offset))
    fd = disk.open_file(tmp_path / "a", os.O_RDONLY)
    assert disk.read_at(fd, 100, 2) == b"23456789"
    disk.close(fd)
