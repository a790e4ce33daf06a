"""Fixtures of the storage tests: a disk that fails on demand, and places in a temporary folder."""

from __future__ import annotations

import errno
import os
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from chatui.storage import disk
from chatui.storage.errors import StorageError
from chatui.storage.paths import Places, find_places
from chatui.storage.shelf import Shelf

_OPERATIONS = (
    "open_file",
    "close",
    "read_at",
    "write",
    "write_pieces",
    "reserve",
    "sync",
    "sync_folder",
    "truncate",
    "stat_file",
    "stat_path",
    "rename",
    "link",
    "unlink",
    "make_dir",
    "list_folder",
)


class FailingDisk:
    """Makes one operation of the disk fail: the `fail_at`-th of all, or all of one name."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.fail_at: int | None = None
        self.fail_named = ""
        self.error = errno.EIO
        self.calls: list[str] = []
        for name in _OPERATIONS:
            monkeypatch.setattr(disk, name, self._wrap(name, getattr(disk, name)))

    def _wrap(self, name: str, call: Callable[..., Any]) -> Callable[..., Any]:
        def run(*args: Any, **options: Any) -> Any:
            self.calls.append(name)
            if len(self.calls) == self.fail_at or name == self.fail_named:
                if name == "close":
                    # Linux releases the descriptor even when close() fails.
                    call(*args)
                raise OSError(self.error, os.strerror(self.error))
            return call(*args, **options)

        return run

    def arm(self, number: int, error: int) -> None:
        """Let the `number`-th operation from now on fail."""
        self.calls.clear()
        self.fail_at = number
        self.error = error

    def disarm(self) -> None:
        """Let everything pass again."""
        self.fail_at = None
        self.fail_named = ""

    @property
    def has_failed(self) -> bool:
        """True when the operation that should fail was reached."""
        return self.fail_at is not None and len(self.calls) >= self.fail_at


def attempt(call: Callable[[], object]) -> StorageError | None:
    """Call, and return the StorageError it raised, if any."""
    try:
        call()
    except StorageError as error:
        return error
    return None


def note_last(calls: list[Any], call: Callable[..., Any]) -> Callable[..., Any]:
    """Wrap a call so that its last argument is noted."""

    def run(*args: Any) -> Any:
        calls.append(args[-1])
        return call(*args)

    return run


def count_descriptors() -> int:
    """How many files this process has open."""
    return len(list(Path("/dev/fd").iterdir()))


@pytest.fixture
def failing_disk(monkeypatch: pytest.MonkeyPatch) -> FailingDisk:
    return FailingDisk(monkeypatch)


@pytest.fixture
def places(tmp_path: Path) -> Places:
    return find_places({"CHATUI_HOME": str(tmp_path)}, tmp_path)


@pytest.fixture
def shelf(places: Places) -> Shelf:
    return Shelf(places)


@pytest.fixture
def open_umask() -> Iterator[None]:
    """A umask that takes nothing away."""
    old = os.umask(0)
    yield
    os.umask(old)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "sessions" / "work.toml"
