"""The lock that makes one process the writer of a session; the system drops it when its owner dies."""

from __future__ import annotations

import os
from pathlib import Path

from chatui.storage import disk
from chatui.storage.errors import StorageError
from chatui.storage.paths import make_private_dir


class SessionLock:
    """An advisory lock on a file of its own, for a session file is replaced at every save."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._fd: int | None = None

    @property
    def is_held(self) -> bool:
        """True while this object holds the lock."""
        return self._fd is not None

    def acquire(self) -> bool:
        """Take the lock without waiting; false when another process has it. Raises StorageError.

        A lock file that a killed process left behind locks nothing.
        """
        if self._fd is not None:
            return True
        make_private_dir(self.path.parent)
        try:
            while True:
                fd = disk.open_file(self.path, os.O_RDWR | os.O_CREAT)
                try:
                    if not disk.try_lock(fd):
                        disk.close(fd)
                        return False
                    is_current = self._is_current(fd)
                except BaseException:
                    disk.close(fd)
                    raise
                if is_current:
                    self._fd = fd
                    return True
                # Its owner removed the file between our opening and our locking it.
                disk.close(fd)
        except OSError as error:
            raise StorageError.from_os(self.path, "lock", error) from error

    def release(self) -> None:
        """Give the lock back and remove its file. May be called more than once. Raises StorageError."""
        if self._fd is None:
            return
        fd, self._fd = self._fd, None
        try:
            try:
                # Removed while it is held: nobody can have locked this very file, and whoever waits at it looks again.
                disk.unlink(self.path)
            finally:
                disk.close(fd)
        except OSError as error:
            raise StorageError.from_os(self.path, "remove", error) from error

    def _is_current(self, fd: int) -> bool:
        try:
            return os.path.samestat(disk.stat_file(fd), disk.stat_path(self.path))
        except FileNotFoundError:
            return False
