"""Text in all sessions: a search over the files as they are, without an index."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from chatui.storage.errors import StorageError
from chatui.storage.exchange import read_file
from chatui.storage.session_layout import read_whole
from chatui.storage.session_names import is_session_id
from chatui.storage.shelf import Shelf

_ESCAPED = frozenset('"\\')


@dataclass(frozen=True, slots=True)
class FoundSession:
    """A session that holds the text. Texts are as they stand in the file: not yet safe to show."""

    id: str
    title: str
    role: str
    """Who said it: `user`, `assistant`, or `title` where it stands there alone."""
    message: str
    """The id of the message; empty for the title."""
    line: str
    """The first line with it."""


def is_seen_in_bytes(text: str) -> bool:
    """Whether a text stands in a file as it is; what TOML writes escaped is seen only when messages are decoded."""
    return text.isprintable() and not _ESCAPED.intersection(text)


def search_sessions(shelf: Shelf, text: str) -> Iterator[FoundSession | StorageError]:
    """Yield each session that holds `text`, in any case, newest first, and for a file that cannot be read its error.

    Raises StorageError when the folder cannot be listed.
    """
    wanted = text.casefold()
    is_plain = is_seen_in_bytes(wanted)
    for path in shelf.session_paths():
        if not is_session_id(path.stem):
            continue
        try:
            data = read_file(path)
            if is_plain and wanted not in data.decode("utf-8", "replace").casefold():
                continue
            layout = read_whole(path, data)
        except StorageError as error:
            yield error
            continue
        title = layout.header.title
        for stored, block in layout.blocks:
            if is_plain and wanted not in block.decode("utf-8", "replace").casefold():
                continue
            message = stored.decode()
            if line := _find_line(message.text, wanted):
                yield FoundSession(path.stem, title, message.role.value, message.id, line)
                break
        else:
            if wanted in title.casefold():
                yield FoundSession(path.stem, title, "title", "", title)


def _find_line(text: str, wanted: str) -> str:
    if wanted not in text.casefold():
        return ""
    found = next((line for line in text.split("\n") if wanted in line.casefold()), text)
    return found.strip() or text.strip()
