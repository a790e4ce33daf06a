"""The disk: all system calls of this package on files, in one place, so that a test can make each one fail."""

from __future__ import annotations

import errno
import fcntl
import os
from collections.abc import Sequence
from pathlib import Path

MOST_PIECES = 512
"""What one call takes; the systems in use take 1,024."""


def open_file(path: Path, flags: int, mode: int = 0o600) -> int:
    """Open without following a link in the last step and without waiting for the other end of a FIFO."""
    return os.open(path, flags | os.O_CLOEXEC | os.O_NOFOLLOW | os.O_NONBLOCK, mode)


def close(fd: int) -> None:
    """Close a descriptor."""
    os.close(fd)


def read_at(fd: int, size: int, offset: int) -> bytes:
    """Read at most `size` bytes from `offset` on; fewer only at the end of the file."""
    pieces: list[bytes] = []
    while size > 0 and (piece := os.pread(fd, size, offset)):
        pieces.append(piece)
        offset += len(piece)
        size -= len(piece)
    return b"".join(pieces)


def write(fd: int, data: bytes | memoryview) -> int:
    """Write once; returns how many bytes were taken, which may be fewer."""
    return os.write(fd, data)


def write_pieces(fd: int, pieces: Sequence[bytes]) -> int:
    """Write many pieces in one call, at most `MOST_PIECES`, without joining them; returns how many bytes were taken."""
    return os.writev(fd, pieces)


def reserve(fd: int, size: int) -> None:
    """Take the room for `size` bytes of a new file at once, as far as the system can.

    Found piece by piece while it is written and synced, it takes a third longer. Raises OSError where there is none.
    """
    if not hasattr(os, "posix_fallocate"):
        return
    try:
        os.posix_fallocate(fd, 0, size)
    except OSError as error:
        if error.errno not in (errno.EINVAL, errno.ENOTSUP, errno.EOPNOTSUPP, errno.ENOSYS):
            raise


def sync(fd: int) -> None:
    """Wait until a file's bytes are on the disk."""
    os.fsync(fd)


def sync_folder(path: Path) -> None:
    """Wait until a folder's names are on the disk; a file system that cannot do that for folders is left alone."""
    fd = os.open(path, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
    try:
        os.fsync(fd)
    except OSError as error:
        if error.errno not in (errno.EINVAL, errno.ENOTSUP):
            raise
    finally:
        os.close(fd)


def touch(path: Path) -> None:
    """Make a file as young as if it were written now."""
    os.utime(path, follow_symlinks=False)


def truncate(fd: int, size: int) -> None:
    """Cut a file to `size` bytes."""
    os.ftruncate(fd, size)


def stat_file(fd: int) -> os.stat_result:
    """Stat an open file."""
    return os.fstat(fd)


def stat_path(path: Path) -> os.stat_result:
    """Stat a path, a link itself and not what it points to."""
    return path.lstat()


def rename(source: Path, target: Path) -> None:
    """Rename over whatever is there."""
    source.replace(target)


def link(source: Path, target: Path) -> None:
    """Give a file a second name. Raises FileExistsError rather than replace one."""
    os.link(source, target, follow_symlinks=False)


def unlink(path: Path) -> None:
    """Remove a name; one that is gone already is fine."""
    path.unlink(missing_ok=True)


def make_dir(path: Path) -> None:
    """Make one folder, 0700; one that is there already is left as it is."""
    path.mkdir(mode=0o700, exist_ok=True)


def list_folder(path: Path) -> list[str]:
    """List the names in a folder in no order; a folder that does not exist is empty."""
    try:
        with os.scandir(path) as entries:
            return [entry.name for entry in entries]
    except FileNotFoundError:
        return []


def try_lock(fd: int) -> bool:
    """Take the exclusive advisory lock without waiting; false when another process (or descriptor) holds it.

    A file system without locks counts as free: there, a change by someone else is found when saving.
    """
    try:
        fcntl.flock(fd, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    except OSError as error:
        if error.errno not in (errno.ENOLCK, errno.ENOTSUP, errno.ENOSYS):
            raise
    return True
