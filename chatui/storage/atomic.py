"""Whole files: at every moment either the old or the new one is there, and what is in doubt is kept aside."""

from __future__ import annotations

import errno
import os
from collections.abc import Iterable, Sequence
from pathlib import Path

from chatui.storage import disk
from chatui.storage.errors import StorageError
from chatui.storage.paths import list_names, make_private_dir
from chatui.storage.regular_file import RegularFile, Stamp, make_stamp

_NEW = os.O_WRONLY | os.O_CREAT | os.O_EXCL
_CANNOT_LINK = (errno.EPERM, errno.EOPNOTSUPP, errno.ENOTSUP, errno.EMLINK, errno.ENOSYS, errno.EXDEV)

_LONG = 1024 * 1024
"""Bytes from which on the room for a file is taken at once, and its pieces are not joined."""


def write_atomic(path: Path, data: bytes | Iterable[bytes]) -> Stamp:
    """Replace `path` by `data` (in one piece or many) and return its stamp.

    Unique temp file beside it (0600), fsync, rename over, fsync the folder. A missing folder is made.

    Raises StorageError; then the old file is as it was and the temp file is gone, unless the error's `is_in_place`
    says that only the last fsync failed.
    """
    temp = path.with_name(f".{path.name}.{os.urandom(4).hex()}.tmp")
    make_private_dir(path.parent)
    try:
        stamp = _write_new(temp, [data] if isinstance(data, bytes) else list(data))
        disk.rename(temp, path)
    except OSError as error:
        _remove(temp)
        raise StorageError.from_os(path, "save", error) from error
    except BaseException:
        _remove(temp)
        raise
    try:
        disk.sync_folder(path.parent)
    except OSError as error:
        raise StorageError.from_os(path, "make sure of", error, is_in_place=True) from error
    return stamp


def remove_temps(path: Path) -> None:
    """Remove temp files of `path` that a killed process left behind. Only for the one who holds its lock.

    Raises StorageError when the folder cannot be listed.
    """
    prefix = f".{path.name}."
    for name in list_names(path.parent):
        if name.startswith(prefix) and name.endswith(".tmp"):
            _remove(path.with_name(name))


def copy_aside(path: Path, label: str) -> Path:
    """Give the present bytes of `path` a second name, `<stem><label>-N.toml`, and return it. Raises StorageError."""
    try:
        for number in range(1, 10_000):
            aside = _aside(path, label, number)
            try:
                disk.link(path, aside)
            except FileExistsError:
                continue
            except OSError as error:
                if error.errno not in _CANNOT_LINK:
                    raise
                if aside.exists():
                    continue
                with RegularFile.open(path) as source:
                    write_atomic(aside, source.read_at(0, source.size))
            return aside
    except OSError as error:
        raise StorageError.from_os(path, "keep aside", error) from error
    raise StorageError(path, f"Too many copies of {path} are kept aside. Look through them and delete some.")


def move_aside(path: Path, label: str) -> Path:
    """Rename `path` to `<stem><label>-N.toml`, the first free N, and return that. Raises StorageError."""
    number = 1
    while os.path.lexists(aside := _aside(path, label, number)):
        number += 1
    try:
        disk.rename(path, aside)
    except OSError as error:
        raise StorageError.from_os(path, "keep aside", error) from error
    return aside


def _aside(path: Path, label: str, number: int) -> Path:
    return path.with_name(f"{path.stem}{label}-{number}{path.suffix}")


def _write_new(path: Path, pieces: Sequence[bytes]) -> Stamp:
    # Looked at once: pieces of a long session lie all over the memory, and touching them costs as much as copying.
    starts = range(0, len(pieces), disk.MOST_PIECES)
    parts = [pieces[start : start + disk.MOST_PIECES] for start in starts]
    sizes = [sum(map(len, part)) for part in parts]
    fd = disk.open_file(path, _NEW)
    try:
        if (size := sum(sizes)) >= _LONG:
            disk.reserve(fd, size)
            for part, expected in zip(parts, sizes, strict=True):
                _write_apart(fd, part, expected)
        else:
            _write(fd, b"".join(pieces))
        disk.sync(fd)
        return make_stamp(disk.stat_file(fd))
    finally:
        disk.close(fd)


def _write_apart(fd: int, pieces: Sequence[bytes], size: int) -> None:
    """Write pieces as they are: to join those of a long session costs as much as to write them, and holds the GIL."""
    written = disk.write_pieces(fd, pieces)
    if written < size:
        _write(fd, memoryview(b"".join(pieces))[written:])


def _write(fd: int, data: bytes | memoryview) -> None:
    rest = memoryview(data)
    while rest:
        rest = rest[disk.write(fd, rest) :]


def _remove(path: Path) -> None:
    try:
        disk.unlink(path)
    except OSError:
        # The failure that led here is the one to tell; a temp file left behind is removed when the session is opened.
        return
