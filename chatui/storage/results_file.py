"""The results of a batch: one JSON object a line, appended as they finish, put in order at the end.

Every line is one write, so that a process that dies leaves at most one torn line, the last, and that is cut when the
file is opened again. Memory holds some numbers a line, never the lines.
"""

from __future__ import annotations

import json
import os
import secrets
import stat
from array import array
from collections import deque
from collections.abc import Iterator
from pathlib import Path
from types import TracebackType
from typing import Any, NamedTuple, Self

from chatui.storage import disk
from chatui.storage.atomic import remove_temps
from chatui.storage.errors import StorageError

_PIECE = 1024 * 1024


class Place(NamedTuple):
    """Where a line lies in the file."""

    offset: int
    length: int
    """Bytes, its end included."""
    n: int
    """The place in the input that it names."""


class ResultsFile:
    """One results file, open for appending, locked against other batches."""

    def __init__(self, path: Path, fd: int) -> None:
        self.path = path
        self._fd: int | None = fd
        self._size = 0
        self._done: dict[str, deque[Place]] = {}
        self._stale: dict[str, deque[Place]] = {}
        # The place in the input of each line that belongs to it: n, offset, length.
        self._index = array("Q")
        self._last_n = 0
        self._is_in_order = True
        self._needs_rewrite = False
        self._is_torn = False

    @classmethod
    def open(cls, path: Path) -> Self:
        """Open or make the file and look through what is there. A torn last line is cut.

        Raises StorageError for a file that is none of a batch, that another batch writes, or that cannot be read.
        """
        path = path.resolve()
        try:
            # The user's own file at a place of the user's choice: as readable as any other that is made there.
            fd = disk.open_file(path, os.O_RDWR | os.O_CREAT | os.O_APPEND, 0o666)
            try:
                if not stat.S_ISREG(disk.stat_file(fd).st_mode):
                    raise StorageError(path, f"{path} is no regular file, so results cannot be kept in it.")
                if not disk.try_lock(fd):
                    raise StorageError(path, f"Another chatui batch writes {path}; wait for its end.")
                remove_temps(path)
                file = cls(path, fd)
                file._look_through()
            except BaseException:
                disk.close(fd)
                raise
        except OSError as error:
            raise StorageError.from_os(path, "open", error) from error
        return file

    @property
    def unclaimed(self) -> int:
        """Complete results that no prompt has claimed so far."""
        return sum(map(len, self._done.values()))

    def claim(self, n: int, content_hash: str) -> bool:
        """Take the complete result of a prompt, if there is one; it then stands at place `n`."""
        places = self._done.get(content_hash)
        if not places:
            return False
        self._note(n, places.popleft())
        if not places:
            del self._done[content_hash]
        return True

    def append(self, n: int, content_hash: str, line: bytes) -> None:
        """Append the result of prompt `n`, a line with its end, in one write. Raises StorageError."""
        assert self._fd is not None, "a results file is written only while it is open"  # noqa: S101
        try:
            if self._is_torn:
                disk.truncate(self._fd, self._size)
                self._is_torn = False
            written = disk.write(self._fd, line)
            if written < len(line):
                self._is_torn = True
                disk.truncate(self._fd, self._size)
                self._is_torn = False
                reason = f"{self.path} could not take a result: the disk is full. Free some space, and run it again."
                raise StorageError(self.path, reason)
        except OSError as error:
            raise StorageError.from_os(self.path, "append to", error) from error
        self._note(n, Place(self._size, len(line), n))
        self._size += len(line)
        # What failed in an earlier run was done anew: the old line goes when the file is put in order.
        if stale := self._stale.get(content_hash):
            stale.popleft()
            self._needs_rewrite = True

    def arrange(self, *, is_sorted: bool = True) -> None:
        """Put the lines into the order of the input and leave out failures that were done anew. Raises StorageError.

        Lines that belong to no prompt of this input stay, at the end. With `is_sorted` false the order stays as it is.
        """
        if self._fd is None or not (self._needs_rewrite or (is_sorted and not self._is_in_order)):
            return
        temp = self.path.with_name(f".{self.path.name}.{secrets.token_hex(4)}.tmp")
        try:
            try:
                self._write_arranged(temp, is_sorted=is_sorted)
                disk.rename(temp, self.path)
            except BaseException:
                disk.unlink(temp)
                raise
            disk.sync_folder(self.path.parent)
        except OSError as error:
            raise StorageError.from_os(self.path, "put in order", error) from error

    def close(self) -> None:
        """Make sure of what was written and let go. May be called more than once. Raises StorageError."""
        if self._fd is None:
            return
        fd, self._fd = self._fd, None
        try:
            disk.sync(fd)
        except OSError as error:
            raise StorageError.from_os(self.path, "make sure of", error) from error
        finally:
            disk.close(fd)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def _note(self, n: int, place: Place) -> None:
        before = self._index[-2] if self._index else 0
        self._is_in_order = self._is_in_order and n > self._last_n and place.offset >= before
        # The input may have changed since: what was the third prompt is the fifth now.
        self._needs_rewrite = self._needs_rewrite or place.n != n
        self._index.extend((n, place.offset, place.length))
        self._last_n = n

    def _look_through(self) -> None:
        assert self._fd is not None, "looked through right after it was opened"  # noqa: S101
        size = disk.stat_file(self._fd).st_size
        for number, line in enumerate(self._read_lines(size), start=1):
            if not line.endswith(b"\n"):
                self._cut_torn(line, is_first=number == 1)
                break
            found = self._read_result(line, number)
            places = self._done if found["outcome"] == "complete" else self._stale
            place = Place(self._size, len(line), found["n"])
            places.setdefault(found["hash"], deque()).append(place)
            self._size += len(line)

    def _cut_torn(self, line: bytes, *, is_first: bool) -> None:
        assert self._fd is not None, "looked through right after it was opened"  # noqa: S101
        if is_first and not line.startswith(b"{"):
            raise StorageError(self.path, _foreign(self.path, 1))
        disk.truncate(self._fd, self._size)

    def _read_lines(self, size: int) -> Iterator[bytes]:
        assert self._fd is not None, "read only while it is open"  # noqa: S101
        rest = b""
        offset = 0
        while offset < size:
            piece = disk.read_at(self._fd, _PIECE, offset)
            offset += len(piece)
            lines = (rest + piece).split(b"\n")
            rest = lines.pop()
            for line in lines:
                yield line + b"\n"
        if rest:
            yield rest

    def _read_result(self, line: bytes, number: int) -> dict[str, Any]:
        try:
            found: Any = json.loads(line)
        except (ValueError, RecursionError):
            found = None
        is_result = isinstance(found, dict) and isinstance(found.get("hash"), str) and "outcome" in found
        if not is_result or not isinstance(found.get("n"), int):
            raise StorageError(self.path, _foreign(self.path, number), line=number)
        return dict(found)

    def _order(self, *, is_sorted: bool) -> Iterator[tuple[int | None, Place]]:
        index = self._index
        own = [(index[i], Place(index[i + 1], index[i + 2], index[i])) for i in range(0, len(index), 3)]
        others = [place for places in (*self._done.values(), *self._stale.values()) for place in places]
        if is_sorted:
            yield from sorted(own)
            yield from ((None, place) for place in sorted(others))
        else:
            together: list[tuple[int | None, Place]] = [*own, *((None, place) for place in others)]
            yield from sorted(together, key=lambda each: each[1])

    def _write_arranged(self, temp: Path, *, is_sorted: bool) -> None:
        assert self._fd is not None, "arranged only while it is open"  # noqa: S101
        mode = stat.S_IMODE(disk.stat_file(self._fd).st_mode)
        target = disk.open_file(temp, os.O_WRONLY | os.O_CREAT | os.O_EXCL, mode)
        try:
            for n, place in self._order(is_sorted=is_sorted):
                self._copy(target, n, place)
            disk.sync(target)
        finally:
            disk.close(target)

    def _copy(self, target: int, n: int | None, place: Place) -> None:
        assert self._fd is not None, "arranged only while it is open"  # noqa: S101
        line = disk.read_at(self._fd, place.length, place.offset)
        if n is not None:
            found = json.loads(line)
            if found.get("n") != n:
                line = (json.dumps(found | {"n": n}) + "\n").encode()
        rest = memoryview(line)
        while rest:
            rest = rest[disk.write(target, rest) :]


def _foreign(path: Path, number: int) -> str:
    return f"{path}, line {number}: this is no result of a batch, so the file is left as it is. Choose another -o."
