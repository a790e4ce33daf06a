"""Opening what may be anything."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from chatui.storage import disk
from chatui.storage.errors import StorageError
from chatui.storage.regular_file import MAX_SIZE, RegularFile, read_stamp
from tests.storage.conftest import FailingDisk, note_last


def test_a_fifo_is_refused_at_once(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "a.toml")
    with pytest.raises(StorageError, match="not a regular file"):
        RegularFile.open(tmp_path / "a.toml")


def test_a_folder_is_refused(tmp_path: Path) -> None:
    with pytest.raises(StorageError, match="not a regular file"):
        RegularFile.open(tmp_path)


def test_a_link_is_refused(tmp_path: Path) -> None:
    (tmp_path / "real").write_bytes(b"x")
    (tmp_path / "a.toml").symlink_to(tmp_path / "real")
    with pytest.raises(StorageError, match="symbolic link"):
        RegularFile.open(tmp_path / "a.toml")


def test_a_giant_is_refused_without_reading_it(tmp_path: Path) -> None:
    path = tmp_path / "a.toml"
    path.touch()
    os.truncate(path, MAX_SIZE + 1)
    with pytest.raises(StorageError, match="256 MB"):
        RegularFile.open(path)


def test_a_file_that_is_not_there_is_told(tmp_path: Path) -> None:
    with pytest.raises(StorageError, match=r"Could not open .*: No such file"):
        RegularFile.open(tmp_path / "a.toml")
    assert read_stamp(tmp_path / "a.toml") is None


def test_what_turns_into_a_fifo_between_two_looks_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path, fifo = tmp_path / "a.toml", tmp_path / "fifo"
    path.touch()
    os.mkfifo(fifo)
    closed: list[int] = []
    open_file = disk.open_file
    monkeypatch.setattr(disk, "open_file", lambda path, flags: open_file(fifo, flags))
    monkeypatch.setattr(disk, "close", note_last(closed, disk.close))
    with pytest.raises(StorageError, match="not a regular file"):
        RegularFile.open(path)
    assert len(closed) == 1


def test_it_goes_on_reading_the_version_it_opened(tmp_path: Path) -> None:
    path, other = tmp_path / "a.toml", tmp_path / "b.toml"
    path.write_bytes(b"first version")
    other.write_bytes(b"second")
    with RegularFile.open(path) as file:
        other.replace(path)
        assert file.is_unchanged()
        assert file.read_at(6, 100) == b"version"
    assert not file.is_unchanged()
    file.close()
    with pytest.raises(StorageError, match="closed already"):
        file.read_at(0, 1)


@pytest.mark.parametrize("operation", ["read_at", "stat_file"])
def test_a_fault_while_reading_is_told(tmp_path: Path, failing_disk: FailingDisk, operation: str) -> None:
    (tmp_path / "a").write_bytes(b"x")
    with RegularFile.open(tmp_path / "a") as file:
        failing_disk.fail_named = operation
        with pytest.raises(StorageError, match="reports a fault"):
            file.read_at(0, 1) if operation == "read_at" else file.is_unchanged()
        failing_disk.disarm()


def test_a_path_that_cannot_be_looked_at_is_told(tmp_path: Path, failing_disk: FailingDisk) -> None:
    failing_disk.fail_named = "stat_path"
    with pytest.raises(StorageError, match="look at"):
        read_stamp(tmp_path / "a")
