"""Attachments on disk: one file for each image, named by the hash of what is in it, so that none is kept twice."""

from __future__ import annotations

import hashlib
import itertools
import re
from collections.abc import Iterable
from pathlib import Path

from chatui.conversation.attachment import IMAGE_ENDINGS, AttachedImage, Attachment
from chatui.storage import disk
from chatui.storage.atomic import write_atomic
from chatui.storage.errors import StorageError
from chatui.storage.paths import list_names
from chatui.storage.regular_file import RegularFile, read_stamp

_HASH = re.compile(r"[0-9a-f]{64}")
_YOUNG = 3600.0
"""Seconds."""


def save_attachment(folder: Path, image: AttachedImage) -> None:
    """Put an image on disk, 0600, where it is not there yet or is not what it was. Raises StorageError."""
    path = _find(folder, image.attachment)
    if path is None:
        raise StorageError(folder, f"{image.attachment.name} has no name that it could be kept under.")
    if load_attachment(folder, image.attachment) is None:
        write_atomic(path, image.data)
        return
    try:
        disk.touch(path)
    except OSError as error:
        raise StorageError.from_os(path, "save", error) from error


def load_attachment(folder: Path, attachment: Attachment) -> bytes | None:
    """Read an image back; `None` where it is gone or is not what it was."""
    path = _find(folder, attachment)
    if path is None:
        return None
    try:
        with RegularFile.open(path) as file:
            data = file.read_at(0, file.size)
    except StorageError:
        # Missing, unreadable or something odd in its place: to whoever asks it is all the same.
        return None
    return data if hashlib.sha256(data).hexdigest() == attachment.hash else None


def sweep_attachments(folder: Path, drafts: Iterable[Path], sessions: Iterable[Path], now: float) -> int:
    """Remove the images that none of these files names, and return how many; `now` is the time since the epoch.

    Young ones stay: the file that names one may not be written yet. Raises StorageError.
    """
    names = [name for name in list_names(folder) if _HASH.match(name)]
    stamps = {name: read_stamp(folder / name) for name in names}
    left = {name[:64]: name for name, stamp in stamps.items() if stamp and stamp.mtime / 1e9 < now - _YOUNG}
    # An image goes from a draft to a session, so whoever does not find it in the one finds it in the other.
    for path in itertools.chain(drafts, sessions):
        if not left:
            break
        with RegularFile.open(path) as file:
            text = file.read_at(0, file.size)
        left = {each: name for each, name in left.items() if each.encode() not in text}
    # One that somebody has taken into use meanwhile is young again.
    unused = [folder / name for name in left.values() if read_stamp(folder / name) == stamps[name]]
    for image in unused:
        try:
            disk.unlink(image)
        except OSError as error:
            raise StorageError.from_os(image, "remove", error) from error
    return len(unused)


def _find(folder: Path, attachment: Attachment) -> Path | None:
    """The path of an image; `None` for what no session of ours says: a hash from a file could be any text."""
    ending = IMAGE_ENDINGS.get(attachment.kind)
    if ending is None or not _HASH.fullmatch(attachment.hash):
        return None
    return folder / f"{attachment.hash}{ending}"
