"""A regular file that is open for reading: FIFOs, folders, links and giants are refused before they can do harm."""

from __future__ import annotations

import os
import stat
from pathlib import Path
from types import TracebackType
from typing import NamedTuple, Self

from chatui.storage import disk
from chatui.storage.errors import StorageError

MAX_SIZE = 256 * 1024 * 1024
"""Bytes; nothing of ours comes near it."""


class Stamp(NamedTuple):
    """What tells one version of a file from the next without reading it."""

    inode: int
    size: int
    """Bytes."""
    mtime: int
    """Nanoseconds."""


def make_stamp(found: os.stat_result) -> Stamp:
    """Take the stamp of what was found."""
    return Stamp(found.st_ino, found.st_size, found.st_mtime_ns)


def read_stamp(path: Path) -> Stamp | None:
    """Look at a path; `None` when nothing is there. Raises StorageError."""
    try:
        return make_stamp(disk.stat_path(path))
    except FileNotFoundError:
        return None
    except OSError as error:
        raise StorageError.from_os(path, "look at", error) from error


class RegularFile:
    """An open file and its stamp. Keeps reading the version it opened, even when another is renamed over it."""

    def __init__(self, path: Path, fd: int, stamp: Stamp) -> None:
        self.path = path
        self.stamp = stamp
        self._fd: int | None = fd

    @classmethod
    def open(cls, path: Path) -> Self:
        """Open a regular file of at most 256 MB. Raises StorageError, at once for what would block."""
        try:
            _refuse_odd(path, disk.stat_path(path))
            fd = disk.open_file(path, os.O_RDONLY)
            try:
                found = disk.stat_file(fd)
                # Looked at again, for it may have been replaced between the two calls.
                _refuse_odd(path, found)
            except BaseException:
                disk.close(fd)
                raise
        except OSError as error:
            raise StorageError.from_os(path, "open", error) from error
        return cls(path, fd, make_stamp(found))

    @property
    def size(self) -> int:
        """Bytes when it was opened."""
        return self.stamp.size

    def is_unchanged(self) -> bool:
        """True while nobody wrote into this very file since it was opened. Raises StorageError."""
        if self._fd is None:
            return False
        try:
            return make_stamp(disk.stat_file(self._fd)) == self.stamp
        except OSError as error:
            raise StorageError.from_os(self.path, "look at", error) from error

    def read_at(self, offset: int, size: int) -> bytes:
        """Read `size` bytes from `offset` on, fewer at the end. Raises StorageError."""
        if self._fd is None:
            raise StorageError(self.path, f"{self.path} is closed already.")
        try:
            return disk.read_at(self._fd, size, offset)
        except OSError as error:
            raise StorageError.from_os(self.path, "read", error) from error

    def close(self) -> None:
        """Close it. May be called more than once. Raises StorageError."""
        if self._fd is not None:
            fd, self._fd = self._fd, None
            try:
                disk.close(fd)
            except OSError as error:
                raise StorageError.from_os(self.path, "close", error) from error

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()


def _refuse_odd(path: Path, found: os.stat_result) -> None:
    if stat.S_ISLNK(found.st_mode):
        raise StorageError(path, f"{path} is a symbolic link. chatui opens only files that are really there.")
    if not stat.S_ISREG(found.st_mode):
        raise StorageError(path, f"{path} is not a regular file. Move it away; chatui leaves it as it is.")
    if found.st_size > MAX_SIZE:
        raise StorageError(path, f"{path} is larger than 256 MB. chatui does not open it; split it, or move it away.")
