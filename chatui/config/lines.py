"""Where each key of a TOML text stands, so that a message can name the line."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping

KeyPath = tuple[str, ...]
"""A key in parts: `("providers", "work", "base_url")`."""

_PIECE = re.compile(
    r'''
    """(?:\\.|[^\\])*?"{3,5}        # up to two quotes may stand right before the closing three
    | \'\'\'.*?'{3,5}
    | "(?:\\.|[^"\\\n])*"
    | '[^'\n]*'
    | \#[^\n]*
    | [\[\]{}=.\n]
    | [^\s"'\#\[\]{}=.]+
    ''',
    re.DOTALL | re.VERBOSE,
)


def find_key_lines(text: str) -> dict[KeyPath, int]:
    """Return the line, from 1, of every key and table header of a text that `tomllib` has accepted.

    Keys inside an inline table are left out: they stand where the table's own key stands (`line_of` knows).
    """
    found: dict[KeyPath, int] = {}
    table: KeyPath = ()
    key: list[str] = []
    line, last = 1, 0
    depth = 0
    is_header = is_value = False
    for match in _PIECE.finditer(text):
        piece = match.group()
        line += text.count("\n", last, match.start())
        last = match.start()
        if piece == "\n" and depth == 0:
            if is_header:
                table = tuple(key)
                found.setdefault(table, line)
            key, is_header, is_value = [], False, False
        elif piece[0] in "\n#":
            continue
        elif is_value:
            depth += (piece in "[{") - (piece in "]}")
        elif piece == "=":
            # Dotted keys make their tables on the way: `a.b = 1` is also where `a` begins.
            for end in range(1, len(key) + 1):
                found.setdefault((*table, *key[:end]), line)
            is_value = True
        elif piece == "[":
            is_header = True
        elif piece not in "].":
            key.append(_decode_key(piece))
    if is_header:
        found.setdefault(tuple(key), line)
    return found


def line_of(path: KeyPath, lines: Mapping[KeyPath, int]) -> int | None:
    """Return the line of a key, or of the nearest table around it; `None` where nothing of it is in the text."""
    for end in range(len(path), 0, -1):
        if path[:end] in lines:
            return lines[path[:end]]
    return None


def join_key(path: KeyPath) -> str:
    """Write a key in dotted form, with quotes where TOML needs them: `providers.work.models."big-1.5"`."""
    return ".".join(part if re.fullmatch(r"[A-Za-z0-9_-]+", part) else f'"{part}"' for part in path)


def _decode_key(piece: str) -> str:
    if piece[0] == '"':
        return str(tomllib.loads(f"key = {piece}")["key"])
    return piece[1:-1] if piece[0] == "'" else piece
