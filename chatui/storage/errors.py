"""The one error of this package."""

from __future__ import annotations

import errno
from pathlib import Path

_ADVICE = {
    errno.ENOSPC: "Free some space on that disk",
    errno.EDQUOT: "Your disk quota is used up: free some space",
    errno.EACCES: "Check who owns the file and its folder",
    errno.EPERM: "Check who owns the file and its folder",
    errno.EROFS: "The disk is mounted read-only: choose another folder with --data-dir, or remount it",
    errno.EIO: "The disk reports a fault: copy what matters to another one",
    errno.ELOOP: "It is a symbolic link, which chatui does not follow here: put the file itself in its place",
    errno.ENOENT: "The folder or file is gone: put it back, or choose another with --data-dir",
    errno.EISDIR: "A folder stands where a file belongs: move it away",
    errno.ENOTDIR: "A file stands where a folder belongs: move it away",
    errno.EMFILE: "Too many files are open: close some programs",
    errno.ENAMETOOLONG: "Choose a shorter name",
}


class StorageError(Exception):
    """Something could not be read or kept. What was saved before is as it was."""

    def __init__(self, path: Path, reason: str, *, line: int | None = None, is_in_place: bool = False) -> None:
        super().__init__(reason)
        self.path = path
        """The file or folder concerned."""
        self.reason = reason
        """A sentence or two for the user: which file, what is wrong, what to do. Not yet made safe to show."""
        self.line = line
        """Line in the file, from 1, where one is to blame."""
        self.is_in_place = is_in_place
        """True when the new content is in the file, but the disk did not confirm that it would survive a power cut."""

    @classmethod
    def from_os(cls, path: Path, action: str, error: OSError, *, is_in_place: bool = False) -> StorageError:
        """Make one from what the system said; `action` completes "Could not …"."""
        said = error.strerror or str(error)
        advice = _ADVICE.get(error.errno or 0, "Check the disk and the permissions of the folder")
        return cls(path, f"Could not {action} {path}: {said}. {advice}.", is_in_place=is_in_place)
