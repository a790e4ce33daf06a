"""A disk that refuses what it is told to refuse."""

from __future__ import annotations

import errno
import os
from collections.abc import Callable
from typing import Any

import pytest

from chatui.storage import disk

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
    "try_lock",
)


class SickDisk:
    """Makes operations fail: those of a name, or all from the n-th on."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.refused: set[str] = set()
        """Names of operations that fail."""
        self.only = ""
        """Part of the path that an operation must concern to fail; for those that take a path."""
        self.fail_at: int | None = None
        """The number of the operation that fails, from 0."""
        self.error = errno.ENOSPC
        self.count = 0
        for name in _OPERATIONS:
            monkeypatch.setattr(disk, name, self._wrap(name, getattr(disk, name)))

    def heal(self) -> None:
        """Let everything pass again."""
        self.refused = set()
        self.fail_at = None

    def _wrap(self, name: str, call: Callable[..., Any]) -> Callable[..., Any]:
        def run(*args: Any, **options: Any) -> Any:
            number, self.count = self.count, self.count + 1
            is_named = name in self.refused and self.only in str(args[0])
            if is_named or number == self.fail_at:
                if name == "close":
                    # Linux lets the descriptor go even when close() fails.
                    call(*args)
                raise OSError(self.error, os.strerror(self.error))
            return call(*args, **options)

        return run
