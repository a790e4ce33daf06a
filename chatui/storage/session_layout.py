"""How a session file's bytes fall into header and blocks: from the end when that is safe, whole otherwise.

Splitting at the block marks is exact when every piece is valid by itself: the one place in TOML where a line can read
`[[messages]]` and be no header is a multi-line string, and a piece that ends inside one is not valid. A file that falls
apart differently (CR LF, a look-alike in a string, blocks written another way) is parsed as one document.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from pathlib import Path

from chatui.conversation.message import StoredMessage
from chatui.conversation.session import SessionHeader
from chatui.storage.errors import StorageError
from chatui.storage.message_block import (
    MARK,
    decode_header,
    encode_header,
    encode_table,
    header_from,
    parse_block,
)
from chatui.storage.own_form import match_own_block
from chatui.storage.regular_file import RegularFile
from chatui.storage.stored_block import scan_block
from chatui.storage.toml_text import Table, TomlError, encode_string, parse_toml

WINDOW = 64 * 1024
"""Bytes read at each end of a long file."""

_SMALL = 4 * WINDOW
"""Bytes up to which reading the whole file costs next to nothing."""

_OWN_START = re.compile(rb"(?:[ \t]*(?:#[^\n]*)?\n)*format = ")
_ACTIVE_LINE = re.compile(rb'^active = "[^"\\\n]*"$', re.MULTILINE)
_BOM = b"\xef\xbb\xbf"

Block = tuple[StoredMessage, bytes]
"""A message and its bytes."""


@dataclass(frozen=True, slots=True)
class Layout:
    """A session file taken apart."""

    head: bytes
    """What stands above the blocks, as it is in the file."""
    header: SessionHeader
    active: str | None
    blocks: list[Block]
    """The newest messages, or all of them."""
    rest: tuple[int, int] | None = None
    """Where the older blocks lie, from byte and to byte; `None` when `blocks` holds all."""


def read_ends(source: RegularFile) -> Layout:
    """Take apart a session file, reading only its ends when it is long and in our own form. Raises StorageError."""
    if source.size > _SMALL:
        layout = _read_tail(source)
        if layout is not None:
            return layout
    return read_whole(source.path, source.read_at(0, source.size))


def read_whole(path: Path, data: bytes) -> Layout:
    """Take apart the bytes of a session file. Raises StorageError, with the line, for what is not a session."""
    try:
        return _split(data)
    except TomlError:
        # Said better by the parser of the whole: it knows the line.
        return _parse(path, data)


def read_rest(data: bytes) -> list[Block]:
    """Take apart the part of a file that `Layout.rest` names. Raises TomlError when it does not fall into blocks."""
    try:
        data.decode()
    except UnicodeDecodeError:
        raise TomlError("it is not UTF-8 text") from None
    return [(scan_block(block), block) for block in _blocks(data)]


def name_blocks(blocks: Sequence[Block], taken: AbstractSet[str]) -> list[Block]:
    """Give a message without an id, or with one that is taken, an id of its own: none may hide another."""
    seen = set(taken)
    all_ids = seen | {stored.id for stored, _ in blocks}
    named: list[Block] = []
    for stored, block in blocks:
        if not stored.id or stored.id in seen:
            number = 1
            while (new_id := f"{stored.id or 'm'}~{number}") in all_ids:
                number += 1
            all_ids.add(new_id)
            block = encode_table(parse_block(block) | {"id": new_id})
            stored = scan_block(block)
        seen.add(stored.id)
        named.append((stored, block))
    return named


def change_active(head: bytes, header: SessionHeader, active: str | None) -> bytes:
    """Return the head with another active message, comments kept where the `active` line can be told apart."""
    if active is not None:
        line = f"active = {encode_string(active)}".encode()
        changed = _ACTIVE_LINE.sub(lambda _: line, head, count=1)
        try:
            if decode_header(changed) == (header, active):
                return changed
        except TomlError:
            # Such a line stood inside a text.
            return encode_header(header, active)
    return encode_header(header, active)


def _read_tail(source: RegularFile) -> Layout | None:
    start = source.read_at(0, WINDOW)
    head_end = start.find(MARK)
    if head_end < 0 or not _OWN_START.match(start):
        return None
    size = WINDOW
    while True:
        tail_start = max(head_end, source.size - size)
        tail = source.read_at(tail_start, source.size - tail_start)
        cut = tail.find(MARK)
        if cut >= 0:
            break
        if tail_start == head_end:
            return None
        size *= 4
    head = start[:head_end]
    try:
        header, active = decode_header(head)
        tail[cut:].decode()
    except (TomlError, UnicodeDecodeError):
        return None
    blocks: list[Block] = []
    for block in _blocks(tail[cut:]):
        stored = match_own_block(block)
        if stored is None:
            return None
        blocks.append((stored, block))
    ids = {stored.id for stored, _ in blocks}
    if len(ids) < len(blocks) or (active is not None and active not in ids):
        return None
    rest = (head_end, tail_start + cut)
    return Layout(head, header, active, blocks, None if rest[0] == rest[1] else rest)


def _split(data: bytes) -> Layout:
    head, mark, rest = data.partition(MARK)
    header, active = decode_header(head)
    return Layout(head, header, active, read_rest(mark + rest))


def _blocks(data: bytes) -> list[bytes]:
    return [MARK + piece for piece in data.split(MARK)[1:]]


def _parse(path: Path, data: bytes) -> Layout:
    try:
        document = parse_toml(data.removeprefix(_BOM))
        blocks = [encode_table(table) for table in _messages_of(document)]
        header, active = header_from(document)
        return Layout(encode_header(header, active), header, active, [(scan_block(block), block) for block in blocks])
    except TomlError as error:
        place = f"{path}, line {error.line}" if error.line is not None else f"{path}"
        reason = f"{place}: this is not a session that can be read: {error.reason}."
        advice = "Correct it in an editor, or move it away; chatui leaves it as it is."
        raise StorageError(path, f"{reason} {advice}", line=error.line) from error


def _messages_of(document: Table) -> list[Table]:
    messages = document.pop("messages", [])
    if isinstance(messages, list) and all(isinstance(message, dict) for message in messages):
        return messages
    raise TomlError("`messages` is not a list of tables")
