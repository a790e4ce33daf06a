"""A session as a list shows it, read from the beginning of its file."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from chatui.conversation.message import Role
from chatui.conversation.session import SessionHeader
from chatui.storage.checkpoint import checkpoint_owner
from chatui.storage.errors import StorageError
from chatui.storage.message_block import MARK, UNKNOWN_TIME, decode_header
from chatui.storage.regular_file import RegularFile, read_stamp
from chatui.storage.session_layout import read_ends
from chatui.storage.session_names import is_session_id
from chatui.storage.stored_block import scan_block
from chatui.storage.toml_text import TomlError

COUNTED_SIZE = 1024 * 1024
"""Bytes up to which a file is read whole, so that its messages are counted."""

_SECOND_HEAD = b"\nformat = "
_BEGINNING = 256 * 1024
_FIRST_WORDS = 80
_FIRST_BLOCKS = 3


@dataclass(frozen=True, slots=True)
class SessionSummary:
    """What a list shows of a session. Texts are as they stand in the file: not yet safe to show."""

    id: str
    """The file's name without its suffix; of a file that is no session, the name as it is."""
    path: Path
    title: str = ""
    model: str = ""
    """`provider/model` of the next reply; empty: the configured default."""
    created: datetime = UNKNOWN_TIME
    """UTC."""
    modified: datetime = UNKNOWN_TIME
    """UTC, by the file system."""
    messages: int | None = None
    """Messages of all branches; `None` when the file is too long to count them in passing."""
    first_words: str = ""
    """The beginning of the first prompt, on one line, about 80 characters."""
    problem: str | None = None
    """Why it cannot be opened, or only be read, in a sentence for the user."""
    is_readable: bool = True
    """False where it cannot be opened at all, as far as a look at its ends tells."""


def summarize(path: Path) -> SessionSummary:
    """Read what a list shows of a file. Never raises: what is wrong is the summary's `problem`."""
    modified = read_modified(path)
    problem = _judge_name(path)
    if problem:
        return SessionSummary(path.name, path, modified=modified, problem=problem, is_readable=False)
    try:
        with RegularFile.open(path) as source:
            header, count, first_words = _read(source)
    except StorageError as error:
        return SessionSummary(path.stem, path, modified=modified, problem=error.reason, is_readable=False)
    is_newer = "format" in header.extra
    return SessionSummary(
        id=path.stem,
        path=path,
        title=header.title,
        model=header.model,
        created=header.created,
        modified=modified,
        messages=count,
        first_words=first_words,
        problem=f"{path} was written by a newer chatui and opens for reading only." if is_newer else None,
    )


def read_modified(path: Path) -> datetime:
    """When a file was written last, UTC, by the file system; 1970 when that cannot be told."""
    try:
        stamp = read_stamp(path)
        # Not fromtimestamp(), which fails for some of the times that a file system can hold.
        return UNKNOWN_TIME if stamp is None else UNKNOWN_TIME + timedelta(microseconds=stamp.mtime // 1000)
    except (StorageError, OverflowError):
        return UNKNOWN_TIME


def _judge_name(path: Path) -> str | None:
    owner = checkpoint_owner(path.name)
    if owner is not None:
        return f"{path} holds the reply of a session whose file, {owner}.toml, is missing. Put that back to get both."
    if ".conflict-" in path.stem:
        return f"{path} is another version of a session, kept aside. Give it a name without dots to open it."
    if not is_session_id(path.stem):
        return f"{path} does not have the name of a session: letters a to z, digits and hyphens, at most 64."
    return None


def _read(source: RegularFile) -> tuple[SessionHeader, int | None, str]:
    is_whole = source.size <= COUNTED_SIZE
    data = source.read_at(0, source.size if is_whole else _BEGINNING)
    head, *blocks = (data if is_whole else data[: data.rfind(MARK) + 1]).split(MARK)
    try:
        header, _ = decode_header(head)
        if is_whole:
            # The end is where a file is cut; the rest is looked at when it is opened.
            data.decode()
            if blocks:
                scan_block(MARK + blocks[-1])
            if _SECOND_HEAD in data[len(head) :]:
                # A file that holds two, unless a text says so: what it is comes out when it is read whole.
                raise TomlError("it may hold two sessions")
        return (
            header,
            len(blocks) if is_whole else None,
            _first_words([MARK + block for block in blocks[:_FIRST_BLOCKS]]),
        )
    except (TomlError, UnicodeDecodeError):
        layout = read_ends(source)
        texts = [block for _, block in layout.blocks[:_FIRST_BLOCKS]] if layout.rest is None else []
        return layout.header, len(layout.blocks) if layout.rest is None else None, _first_words(texts)


def _first_words(blocks: list[bytes]) -> str:
    for block in blocks:
        stored = scan_block(block)
        if stored.role is Role.USER:
            return " ".join(stored.decode().text[: 4 * _FIRST_WORDS].split())[:_FIRST_WORDS]
    return ""
