"""Sessions carried from one place to another: as JSON and back, and taken in under an id that is free here."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time
from pathlib import Path

from chatui.conversation.session import SessionHeader, make_session_id
from chatui.storage.atomic import write_atomic
from chatui.storage.errors import StorageError
from chatui.storage.message_block import UNKNOWN_TIME, decode_message, encode_header, encode_table, header_from
from chatui.storage.regular_file import RegularFile
from chatui.storage.session_layout import read_whole
from chatui.storage.session_names import is_session_id
from chatui.storage.shelf import Shelf
from chatui.storage.toml_text import Table, TomlError, encode_time, parse_toml

_BOM = b"\xef\xbb\xbf"
_ADVICE = "A session is a file that `chatui sessions export --format json` or `--format toml` wrote."


@dataclass(frozen=True, slots=True)
class _Incoming:
    header: SessionHeader
    active: str | None
    blocks: list[bytes]


def read_file(path: Path) -> bytes:
    """Read a session file, or one to take in. Raises StorageError."""
    with RegularFile.open(path) as source:
        return source.read_at(0, source.size)


def export_json(path: Path) -> str:
    """Return a session file as JSON, everything in it, times as text; ASCII, indented. Raises StorageError."""
    data = read_file(path)
    # What is no session is refused with the reason that opening it would give.
    read_whole(path, data)
    try:
        document = parse_toml(data.removeprefix(_BOM))
        return json.dumps(document, indent=2, allow_nan=False, default=_encode_time)
    except (TomlError, ValueError) as error:
        raise StorageError(path, f"{path} cannot be exported: {error}.") from error


def import_session(path: Path, shelf: Shelf) -> str:
    """Take in an exported session, JSON or TOML, and return its id: its own where that is free here, else a new one.

    Raises StorageError, with the reason, for what is no session; nothing is written then.
    """
    data = read_file(path)
    incoming = _read_json(path, data) if data.lstrip()[:1] == b"{" else _read_toml(path, data)
    header = incoming.header
    session_id = header.id
    while not is_session_id(session_id) or shelf.has(session_id):
        created = header.created if header.created != UNKNOWN_TIME else datetime.now(UTC)
        session_id = make_session_id(created)
    lock = shelf.lock(session_id)
    if not lock.acquire():
        raise StorageError(lock.path, "Another chatui makes a session of that id just now. Import it again.")
    try:
        head = encode_header(replace(header, id=session_id), incoming.active)
        write_atomic(shelf.new_session_path(session_id), head + b"".join(incoming.blocks))
    finally:
        lock.release()
    return session_id


def _read_toml(path: Path, data: bytes) -> _Incoming:
    layout = read_whole(path, data)
    return _Incoming(layout.header, layout.active, [block for _, block in layout.blocks])


def _read_json(path: Path, data: bytes) -> _Incoming:
    try:
        table = _read_table(json.loads(data))
        messages = table.pop("messages", [])
        if not isinstance(messages, list) or not all(isinstance(message, dict) for message in messages):
            raise TomlError("`messages` is not a list of objects")
        header, active = header_from(table)
        blocks = [encode_table(message) for message in messages]
        for block in blocks:
            decode_message(block)
    except (ValueError, RecursionError, TypeError) as error:
        reason = error.reason if isinstance(error, TomlError) else str(error)
        raise StorageError(path, f"{path} is not a session: {reason}. {_ADVICE}") from error
    return _Incoming(header, active, blocks)


def _read_table(table: Mapping[str, object]) -> Table:
    """Turn JSON into what TOML holds: no null, and `created` as a time."""
    return {key: _read_value(key, value) for key, value in table.items() if value is not None}


def _read_value(key: str, value: object) -> object:
    if isinstance(value, dict):
        return _read_table(value)
    if isinstance(value, list):
        return [_read_value("", item) for item in value if item is not None]
    if key == "created" and isinstance(value, str):
        return datetime.fromisoformat(value)
    return value


def _encode_time(value: object) -> str:
    if isinstance(value, datetime):
        return encode_time(value)
    if isinstance(value, date | time):
        return value.isoformat()
    raise TypeError(f"{type(value).__name__} has no place in JSON")
