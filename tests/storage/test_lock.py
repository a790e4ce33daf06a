"""The lock of a session."""

from __future__ import annotations

import signal
import subprocess
import sys
from pathlib import Path

import pytest

from chatui.storage import disk
from chatui.storage.errors import StorageError
from chatui.storage.lock import SessionLock
from chatui.storage.shelf import Shelf
from tests.storage.conftest import FailingDisk, count_descriptors

HOLD = """
import sys
from pathlib import Path
from chatui.storage.lock import SessionLock
from chatui.storage.shelf import Shelf
lock = SessionLock(Path(sys.argv[1]))
print(lock.acquire(), flush=True)
sys.stdin.read()
"""


def test_one_holds_it_and_then_the_other(tmp_path: Path) -> None:
    first, second = SessionLock(tmp_path / "locks" / "a"), SessionLock(tmp_path / "locks" / "a")
    assert first.acquire()
    assert first.acquire()
    assert first.is_held
    assert not second.acquire()
    first.release()
    first.release()
    assert not first.is_held
    assert second.acquire()
    second.release()
    assert list((tmp_path / "locks").iterdir()) == []


def test_it_dies_with_its_owner(tmp_path: Path) -> None:
    path = tmp_path / "a"
    with subprocess.Popen(
        [sys.executable, "-c", HOLD, str(path)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as owner:
        assert owner.stdout is not None
        assert owner.stdout.readline() == "True\n"
        lock = SessionLock(path)
        assert not lock.acquire()
        owner.send_signal(signal.SIGKILL)
        owner.wait()
    assert path.exists()
    assert lock.acquire()
    lock.release()


def test_a_file_removed_while_it_was_being_locked_is_not_taken_for_the_lock(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "a"
    try_lock = disk.try_lock
    rounds: list[int] = []

    def lock_late(fd: int) -> bool:
        rounds.append(fd)
        if len(rounds) == 1:
            path.unlink()
        return try_lock(fd)

    monkeypatch.setattr(disk, "try_lock", lock_late)
    lock = SessionLock(path)
    assert lock.acquire()
    assert len(rounds) == 2
    assert path.exists()
    lock.release()


@pytest.mark.parametrize("operation", ["open_file", "stat_file", "unlink"])
def test_a_fault_is_told_and_no_descriptor_stays_open(
    tmp_path: Path, failing_disk: FailingDisk, operation: str
) -> None:
    before = count_descriptors()
    lock = SessionLock(tmp_path / "a")
    failing_disk.fail_named = operation
    with pytest.raises(StorageError, match="reports a fault"):
        lock.release() if lock.acquire() else None
    assert not lock.is_held
    assert count_descriptors() == before


def test_locks_of_two_data_folders_are_two(shelf: Shelf, tmp_path: Path) -> None:
    other = Shelf(shelf.places._replace(data=tmp_path / "other"))
    lock, same, another = shelf.lock("a"), shelf.lock("a"), other.lock("a")
    assert lock.acquire()
    assert not same.acquire()
    assert another.acquire()
    lock.release()
    another.release()
