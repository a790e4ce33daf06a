"""A real, small file system that runs full or turns read-only; only root may mount one."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path

import pytest

PAGE = 4096
"""Bytes in which a tmpfs gives its space away."""
_MOUNT = ("mount", "-t", "tmpfs")


class SmallDisk:
    """A tmpfs on a folder."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._filler = folder / "filler"

    def fill(self, pages_left: int = 0) -> None:
        """Take all space but so many pages."""
        space = os.statvfs(self.folder)
        with self._filler.open("ab") as filler:
            filler.write(bytes(max(space.f_bavail * space.f_frsize - pages_left * PAGE, 0)))

    def free(self) -> None:
        """Give the space back."""
        self._filler.unlink()

    def forbid_writing(self) -> None:
        """Turn read-only. Raises CalledProcessError while a file on it is open for writing."""
        self._mount("-o", "remount,ro")

    def allow_writing(self) -> None:
        """Turn writable again."""
        self._mount("-o", "remount,rw")

    def _mount(self, *options: str) -> None:
        subprocess.run(["mount", *options, str(self.folder)], check=True, capture_output=True)


@cache
def can_mount() -> bool:
    """True where a tmpfs can be mounted; being root is not enough in most containers."""
    if sys.platform != "linux" or shutil.which("mount") is None or os.geteuid() != 0:
        return False
    with tempfile.TemporaryDirectory() as folder:
        is_mounted = subprocess.run([*_MOUNT, "tmpfs", folder], check=False, capture_output=True).returncode == 0
        if is_mounted:
            subprocess.run(["umount", folder], check=True, capture_output=True)
    return is_mounted


@contextmanager
def mount_small_disk(folder: Path, size: int) -> Iterator[SmallDisk]:
    """Mount a tmpfs of so many bytes on a folder, which is made; skips the test where that is not allowed."""
    if not can_mount():
        pytest.skip("a small disk cannot be mounted here: that takes root, and a system that lets it")
    folder.mkdir(parents=True, mode=0o700, exist_ok=True)
    subprocess.run([*_MOUNT, "-o", f"size={size},mode=0700", "tmpfs", str(folder)], check=True, capture_output=True)
    try:
        yield SmallDisk(folder)
    finally:
        # Lazy: a process that is being killed may still have a file open.
        subprocess.run(["umount", "-l", str(folder)], check=True, capture_output=True)
