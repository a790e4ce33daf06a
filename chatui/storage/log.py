"""The log: what chatui has to say about its own faults, for the user's eyes only."""

from __future__ import annotations

import os
from pathlib import Path

from chatui.storage import disk
from chatui.storage.errors import StorageError
from chatui.storage.paths import make_private_dir


def append_log(path: Path, text: str) -> None:
    """Append to the log, made 0600 where it is not there yet. Raises StorageError."""
    make_private_dir(path.parent)
    try:
        fd = disk.open_file(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND)
        try:
            disk.write(fd, text.encode("utf-8", "replace"))
        finally:
            disk.close(fd)
    except OSError as error:
        raise StorageError.from_os(path, "write", error) from error
