"""TOML 1.0 as text: values encoded the way chatui's files are written, and documents parsed with the line of an error.

Text keeps its lines where that is safe, so that a session file can be read and edited by a person.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from typing import TypeVar

Table = dict[str, object]
"""A parsed TOML table."""

T = TypeVar("T")

_BARE_KEY = re.compile(r"[A-Za-z0-9_-]+")
_LONE_SURROGATE = re.compile("[\ud800-\udfff]")
_ONE_LINE_ESCAPED = re.compile(r'["\\\x00-\x08\x0a-\x1f\x7f]')
# In a multi-line string a quote matters only where three could meet: before two others, and before the closing ones.
_LINES_ESCAPED = re.compile(r'[\\\x00-\x08\x0b-\x1f\x7f]|"(?="")|"\Z')
_SHORT_ESCAPES = {'"': '\\"', "\\": "\\\\", "\n": "\\n", "\r": "\\r", "\b": "\\b", "\f": "\\f"}
_LOOKS_LIKE_HEADER = re.compile(r"""^[ \t]*\[\[[ \t]*["']?(?:messages|delta)""", re.MULTILINE)
_ERROR_LINE = re.compile(r"\(at line ([0-9]+), ")


class TomlError(ValueError):
    """A document, or a value in it, is not what it should be; the text is a sentence part for the user."""

    def __init__(self, reason: str, line: int | None = None) -> None:
        super().__init__(reason)
        self.reason = reason
        self.line = line
        """From 1; `None` where it is not known."""


def parse_toml(data: bytes) -> Table:
    """Parse a document. Raises TomlError."""
    try:
        return tomllib.loads(data.decode())
    except UnicodeDecodeError as error:
        raise TomlError("it is not UTF-8 text", data.count(b"\n", 0, error.start) + 1) from None
    except RecursionError:
        raise TomlError("it is nested too deeply") from None
    except ValueError as error:
        # Not only TOMLDecodeError: an integer of thousands of digits fails in int() itself.
        said = str(error)
        line = _ERROR_LINE.search(said)
        if line:
            raise TomlError(said.partition(" (at ")[0], int(line[1])) from None
        raise TomlError(said, data.count(b"\n") + 1 if "end of document" in said else None) from None


def encode_text(text: str) -> str:
    """Encode prose: over several lines where it has some, on one where a line could be taken for a block header.

    TOML reads CR LF as LF, so text with a CR goes on one line too, escaped. A lone surrogate becomes U+FFFD.
    """
    if "\n" not in text or "\r" in text or _LOOKS_LIKE_HEADER.search(text):
        return encode_string(text)
    text = replace_surrogates(text)
    return f'"""\n{_LINES_ESCAPED.sub(_escape, text)}"""'


def encode_string(text: str) -> str:
    """Encode a string on one line. A lone surrogate, which UTF-8 cannot hold, becomes U+FFFD."""
    text = replace_surrogates(text)
    return f'"{_ONE_LINE_ESCAPED.sub(_escape, text)}"'


def replace_surrogates(text: str) -> str:
    """Replace each lone surrogate, which no file can hold as UTF-8, by U+FFFD."""
    return _LONE_SURROGATE.sub("\ufffd", text)


def encode_key(key: str) -> str:
    """Encode a key, quoted only where it must be."""
    return key if _BARE_KEY.fullmatch(key) else encode_string(key)


def encode_value(value: object) -> str:
    """Encode any TOML value on one line; tables inline. Raises TypeError for what TOML does not have."""
    if isinstance(value, str):
        return encode_string(value)
    if isinstance(value, datetime) and value.tzinfo is not None:
        return encode_time(value)
    if isinstance(value, Mapping):
        return encode_inline(value.items())
    if isinstance(value, list | tuple):
        return f"[{', '.join(encode_value(item) for item in value)}]"
    # Deferred: the start reads only.
    import tomli_w

    return tomli_w.dumps({"v": value}).removeprefix("v = ").rstrip("\n")


def encode_inline(items: Iterable[tuple[str, object]]) -> str:
    """Encode an inline table, `{ a = 1, b = "c" }`."""
    inside = ", ".join(f"{encode_key(key)} = {encode_value(value)}" for key, value in items)
    return f"{{ {inside} }}" if inside else "{}"


def encode_time(time: datetime) -> str:
    """Encode a time as UTC, `2026-11-23T10:42:40Z`; one without a zone is taken for UTC."""
    return f"{_as_utc(time).replace(tzinfo=None).isoformat()}Z"


def take(table: Table, key: str, kind: type[T]) -> T | None:
    """Remove a key and return its value, `None` when it is not there. Raises TomlError when it is of another type."""
    value = table.pop(key, None)
    if value is None:
        return None
    is_number = isinstance(value, int) and not isinstance(value, bool)
    if isinstance(value, kind) and (is_number or kind is not int):
        return value
    raise TomlError(f"`{key}` is {encode_value(value)[:60]}, but should be {_KIND_NAMES.get(kind, kind.__name__)}")


def take_number(table: Table, key: str) -> float | None:
    """The same for a number, whole or not."""
    value = table.get(key)
    if isinstance(value, int) and not isinstance(value, bool):
        try:
            table[key] = float(value)
        except OverflowError:
            raise TomlError(f"`{key}` is a number of more than 300 digits") from None
    return take(table, key, float)


def take_time(table: Table, key: str) -> datetime | None:
    """The same for a date and time, as UTC; one without a zone is taken for UTC."""
    time = take(table, key, datetime)
    return None if time is None else _as_utc(time)


_KIND_NAMES: Mapping[type, str] = {
    str: "text in quotes",
    int: "a whole number",
    float: "a number",
    bool: "true or false",
    datetime: "a date and time such as 2026-11-23T10:42:33Z",
    dict: "a table",
    list: "a list",
}


def _as_utc(time: datetime) -> datetime:
    if time.tzinfo is None:
        return time.replace(tzinfo=UTC)
    try:
        return time.astimezone(UTC)
    except OverflowError:
        raise TomlError("a time is outside the years 1 to 9999") from None


def _escape(match: re.Match[str]) -> str:
    letter = match[0]
    return _SHORT_ESCAPES.get(letter) or f"\\u{ord(letter):04x}"
