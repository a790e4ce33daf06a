"""The form this version writes a block in, as one regular expression.

What matches is valid TOML and decodes without a fault, so a long session is checked at the speed of `re`, some ten
times that of `tomllib`; blocks that a person or another version wrote do not match and are parsed. The keys stand in
one order, which is what makes a key that comes twice impossible.
"""

from __future__ import annotations

import re
from functools import cache, partial

from chatui.conversation.failure import FailureKind
from chatui.conversation.message import Message, Role, Status, StoredMessage
from chatui.conversation.usage import Expense
from chatui.storage.message_block import message_from, parse_block

_ESCAPE = r'\\(?:["\\bfnrt]|u00[0-9a-f]{2})'
_STRING = rf'"(?:[^"\\\x00-\x08\x0a-\x1f\x7f]++|{_ESCAPE})*+"'
_LINES = rf'"""\n(?:[^"\\\x00-\x08\x0b-\x1f\x7f]++|{_ESCAPE}|"(?!""))*+"""'
_TEXT = rf"(?:{_LINES}|{_STRING})"
_INTEGER = r"-?(?:0|[1-9][0-9]{0,17})"
_NUMBER = rf"(?:{_INTEGER}(?:\.[0-9]{{1,20}})?(?:e[+-]?[0-9]{{1,3}})?|-?(?:inf|nan))"
_DAY = r"(?:(?:0[1-9]|1[0-2])-(?:0[1-9]|1[0-9]|2[0-8])|(?:0[13-9]|1[0-2])-(?:29|30)|(?:0[13578]|1[02])-31)"
_TIME = rf"[1-9][0-9]{{3}}-{_DAY}T(?:[01][0-9]|2[0-3]):[0-5][0-9]:[0-5][0-9](?:\.[0-9]{{1,6}})?Z"
_ID = r"[A-Za-z0-9_.:~-]{1,64}"


def _one_of(choices: type[Role] | type[Status] | type[FailureKind]) -> str:
    return f'"(?:{"|".join(choices)})"'


def _table(*fields: tuple[str, str]) -> str:
    (first, first_value), *rest = fields
    others = "".join(f"(?:, {key} = {value})?" for key, value in rest)
    return rf"\{{ {first} = {first_value}{others} \}}"


def _usage(estimated: str) -> str:
    counts = ((key, _INTEGER) for key in ("input", "output", "cached", "reasoning"))
    return _table(*counts, ("estimated", estimated))


_TIMING = rf"\{{ (?:first_token = {_NUMBER}, )?total = {_NUMBER}(?:, reasoning = {_NUMBER})? \}}"
_ERROR = _table(
    ("kind", _one_of(FailureKind)),
    ("status", _INTEGER),
    ("message", _STRING),
    ("advice", _STRING),
    ("retry_after", _NUMBER),
    ("may_retry", "(?:true|false)"),
)
_RETRY = _table(
    ("kind", _one_of(FailureKind)),
    ("status", _INTEGER),
    ("message", _STRING),
    ("wait", _NUMBER),
)
_PART = _table(
    ("start", _INTEGER),
    ("model", _STRING),
    ("created", _TIME),
    ("status", _one_of(Status)),
    ("finish_reason", _STRING),
    ("usage", _usage("(?:true|false)")),
    ("timing", _TIMING),
    ("cost", _NUMBER),
    ("attempts", _INTEGER),
    ("retries", rf"\[{_RETRY}(?:, {_RETRY})*\]"),
    ("error", _ERROR),
    ("approximate", "true"),
)


_ATTACHMENT = _table(("name", _STRING), ("type", _STRING), ("size", _INTEGER), ("hash", _STRING))


def _line(key: str, value: str) -> str:
    return f"{key} = {value}\n"


def _maybe(key: str, value: str) -> str:
    return f"(?:{_line(key, value)})?"


_ESCAPED = re.compile(rb"\\(u[0-9a-f]{4}|.)")
_SHORT_ESCAPES = {b'"': b'"', b"\\": b"\\", b"b": b"\b", b"f": b"\f", b"n": b"\n", b"r": b"\r", b"t": b"\t"}


@cache
def _block_pattern() -> re.Pattern[bytes]:
    """Made when the first session is read: it takes some milliseconds, and a start may do without."""
    return re.compile(
        (
            r"\n\[\[messages\]\]\n"
            + _line("id", f'"(?P<id>{_ID})"')
            + _maybe("parent", f'"(?P<parent>{_ID})"')
            + _line("role", f'"(?P<role>{"|".join(Role)})"')
            + _line("created", _TIME)
            + _maybe("model", _STRING)
            + _maybe("status", _one_of(Status))
            + _maybe("finish_reason", _STRING)
            + _line("text", f"(?P<text>{_TEXT})")
            + _maybe("attachments", rf"\[\n(?:  {_ATTACHMENT},\n)+\]")
            + _maybe("reasoning", f"(?P<reasoning>{_TEXT})")
            + _maybe("usage", f"(?P<usage>{_usage('(?P<estimated>true|false)')})")
            + _maybe("timing", _TIMING)
            + _maybe("cost", f"(?P<cost>{_NUMBER})")
            + _maybe("attempts", _INTEGER)
            + _maybe("retries", rf"\[\n(?:  {_RETRY},\n)+\]")
            + _maybe("error", _ERROR)
            + _maybe("parts", rf"\[\n(?:  {_PART},\n)+\]")
        ).encode()
    )


def match_own_block(block: bytes) -> StoredMessage | None:
    """Return the message of a block in our form, undecoded; `None` for any other block. The bytes must be UTF-8."""
    found = _block_pattern().fullmatch(block)
    if found is None:
        return None
    parent = found["parent"]
    text, reasoning = found.span("text"), found.span("reasoning")
    return StoredMessage(
        id=found["id"].decode(),
        role=Role(found["role"].decode()),
        parent=None if parent is None else parent.decode(),
        size=len(block),
        decode=partial(_decode, block, text, reasoning),
        expense=_read_expense(found),
        find_text=partial(_find_text, block, *text),
        find_reasoning=partial(_find_text, block, *reasoning),
    )


def _decode(block: bytes, text: tuple[int, int], reasoning: tuple[int, int]) -> Message:
    rest = block
    # The reasoning comes behind the text: cut first, it leaves the text's place as it is.
    for start, end in (reasoning, text):
        if start >= 0:
            rest = rest[:start] + b'""' + rest[end:]
    table = parse_block(rest)
    table["text"] = _find_text(block, *text).decode()
    table["reasoning"] = _find_text(block, *reasoning).decode()
    return message_from(table)


def _find_text(block: bytes, start: int, end: int) -> bytes:
    """Return the text whose encoded form, quotes included, stands at a place of a block in our form; -1 for none."""
    if start < 0:
        return b""
    text = block[start + 4 : end - 3] if block.startswith(b'"""\n', start) else block[start + 1 : end - 1]
    return _ESCAPED.sub(_unescape, text) if b"\\" in text else text


def _unescape(found: re.Match[bytes]) -> bytes:
    letter = found[1]
    return chr(int(letter[1:], 16)).encode() if letter[:1] == b"u" else _SHORT_ESCAPES[letter]


def _read_expense(found: re.Match[bytes]) -> Expense | None:
    if found["usage"] is None:
        return None
    cost = found["cost"]
    return Expense(None if cost is None else float(cost), found["estimated"] == b"true")
