"""The blocks of a session file as bytes: the header on top, and one `[[messages]]` block per message.

A block begins with the line break before its `[[messages]]` line, so that blocks can be put in a row in any order, and
holds no other such line, so that they can be told apart without parsing.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime

import tomli_w

from chatui.conversation.message import Message, Role, Status
from chatui.conversation.session import SessionHeader
from chatui.storage.attachment_tables import decode_attachments, encode_attachments
from chatui.storage.reply_tables import (
    choose,
    decode_failure,
    decode_parts,
    decode_retries,
    decode_timing,
    decode_usage,
    encode_parts,
    encode_retries,
    failure_table,
    timing_table,
    usage_table,
)
from chatui.storage.toml_text import (
    Table,
    TomlError,
    encode_inline,
    encode_key,
    encode_string,
    encode_text,
    encode_time,
    encode_value,
    parse_toml,
    take,
    take_number,
    take_time,
)

FORMAT = 1
"""The format this version writes."""

MARK = b"\n[[messages]]\n"
"""What every block begins with."""

UNKNOWN_TIME = datetime(1970, 1, 1, tzinfo=UTC)
"""Stands where a hand-written file has no `created`."""

_SUBTABLE_KEYS = ("usage", "timing", "error")
_HEADER_KEYS = (
    "format",
    "id",
    "title",
    "created",
    "model",
    "system",
    "tags",
    "active",
    "sent_from",
    "params",
    "messages",
)


def encode_message(message: Message) -> bytes:
    """Encode one message as its block. Text that UTF-8 cannot hold (a lone surrogate) becomes U+FFFD."""
    is_reply = message.role is Role.ASSISTANT
    has_status = is_reply or message.status is not Status.COMPLETE
    fields = {
        "id": encode_string(message.id),
        "parent": None if message.parent is None else encode_string(message.parent),
        "role": encode_string(message.role),
        "created": encode_time(message.created),
        "model": None if message.model is None else encode_string(message.model),
        "status": encode_string(message.status) if has_status else None,
        "finish_reason": None if message.finish_reason is None else encode_string(message.finish_reason),
        "text": encode_text(message.text),
        "attachments": encode_attachments(message.attachments),
        "reasoning": encode_text(message.reasoning) if message.reasoning else None,
        "usage": _encode_subtable(message, "usage", usage_table(message.usage)),
        "timing": _encode_subtable(message, "timing", timing_table(message.timing)),
        "cost": None if message.cost is None else encode_value(message.cost),
        "attempts": encode_value(message.attempts) if is_reply or message.attempts != 1 else None,
        "retries": encode_retries(message.retries),
        "error": _encode_subtable(message, "error", failure_table(message.failure)),
        "parts": encode_parts(message.parts),
    }
    lines = {key: value for key, value in fields.items() if value is not None}
    return _join(lines | {key: _encode_field(value) for key, value in message.extra.items() if key not in fields})


def encode_table(table: Table) -> bytes:
    """Encode a message as it was parsed, without asking what it means: nothing of it is lost."""
    return _join({key: _encode_field(value) for key, value in table.items()})


def decode_message(block: bytes) -> Message:
    """Decode a block. Raises TomlError, with the key concerned, for what this version cannot make a message of."""
    return message_from(parse_block(block))


def message_from(table: Table) -> Message:
    """Make a message of its parsed table, which is used up. Raises TomlError as `decode_message` does."""
    usage, timing, error = (take(table, key, dict) for key in _SUBTABLE_KEYS)
    role, text = take(table, "role", str), take(table, "text", str)
    if role is None or text is None:
        raise TomlError("`role` or `text` is missing")
    attempts = take(table, "attempts", int)
    message = Message(
        id=take(table, "id", str) or "",
        role=choose(Role, "role", role),
        text=text,
        created=take_time(table, "created") or UNKNOWN_TIME,
        parent=take(table, "parent", str),
        status=choose(Status, "status", take(table, "status", str) or Status.COMPLETE),
        model=take(table, "model", str),
        finish_reason=take(table, "finish_reason", str),
        reasoning=take(table, "reasoning", str) or "",
        usage=None if usage is None else decode_usage(usage),
        timing=None if timing is None else decode_timing(timing),
        cost=take_number(table, "cost"),
        attempts=1 if attempts is None else attempts,
        retries=decode_retries(take(table, "retries", list) or []),
        failure=None if error is None else decode_failure(error),
        parts=tuple(decode_parts(take(table, "parts", list) or [])),
        attachments=tuple(decode_attachments(take(table, "attachments", list) or [])),
        extra=table,
    )
    # What the small tables hold beyond the known keys waits in `extra` under the table's name.
    table.update({key: rest for key, rest in zip(_SUBTABLE_KEYS, (usage, timing, error), strict=True) if rest})
    return message


def parse_block(block: bytes) -> Table:
    """Parse a block into the table of its one message. Raises TomlError when it is anything else."""
    document = parse_toml(block)
    messages = document.pop("messages", None)
    if document or not isinstance(messages, list) or len(messages) != 1 or not isinstance(messages[0], dict):
        raise TomlError("it does not hold exactly one message")
    return messages[0]


def encode_header(header: SessionHeader, active: str | None) -> bytes:
    """Encode what stands above the messages. A newer `format` in `header.extra` is kept."""
    lines = {"format": encode_value(header.extra.get("format", FORMAT)), "id": encode_string(header.id)}
    lines["title"] = encode_string(header.title)
    lines["created"] = encode_time(header.created)
    if header.model:
        lines["model"] = encode_string(header.model)
    if header.system:
        lines["system"] = encode_text(header.system)
    if header.tags:
        lines["tags"] = encode_value(header.tags)
    if active is not None:
        lines["active"] = encode_string(active)
    if header.sent_from:
        lines["sent_from"] = encode_string(header.sent_from)
    rest: Table = {key: value for key, value in header.extra.items() if key not in _HEADER_KEYS}
    if header.params:
        rest["params"] = dict(header.params)
    # tomli_w writes values first and tables after them, so nothing of the above slips into a table.
    tail = tomli_w.dumps(rest)
    gap = "\n" if tail.startswith("[") else ""
    return (_lines(lines) + gap + tail).encode("utf-8", "replace")


def decode_header(head: bytes) -> tuple[SessionHeader, str | None]:
    """Decode what stands above the messages, and the active message's id. Raises TomlError.

    A `format` newer than ours stays in `extra["format"]`, which is how one is known.
    """
    table = parse_toml(head)
    if "messages" in table:
        raise TomlError("messages stand in its head")
    return header_from(table)


def header_from(table: Table) -> tuple[SessionHeader, str | None]:
    """Take the header from a parsed file without its messages. Raises TomlError."""
    extra = dict(table)
    version = extra.pop("format", None)
    if not isinstance(version, int) or isinstance(version, bool) or version < 1:
        raise TomlError("it has no `format = 1`, so it is not a chatui session")
    tags = take(extra, "tags", list) or []
    if not all(isinstance(tag, str) for tag in tags):
        raise TomlError("`tags` should be a list of texts in quotes")
    header = SessionHeader(
        id=take(extra, "id", str) or "",
        created=take_time(extra, "created") or UNKNOWN_TIME,
        title=take(extra, "title", str) or "",
        model=take(extra, "model", str) or "",
        system=take(extra, "system", str) or "",
        tags=tuple(tags),
        params=take(extra, "params", dict) or {},
        sent_from=take(extra, "sent_from", str) or "",
        extra=extra,
    )
    active = take(extra, "active", str)
    if version > FORMAT:
        extra["format"] = version
    return header, active


def _join(lines: Mapping[str, str]) -> bytes:
    return MARK + _lines(lines).encode()


def _lines(lines: Mapping[str, str]) -> str:
    return "".join(f"{encode_key(key)} = {value}\n" for key, value in lines.items())


def _encode_field(value: object) -> str:
    return encode_text(value) if isinstance(value, str) else encode_value(value)


def _encode_subtable(message: Message, key: str, known: Table | None) -> str | None:
    if known is None:
        return None
    unknown = message.extra.get(key)
    said = {name: value for name, value in known.items() if value is not None}
    return encode_inline((said | (unknown if isinstance(unknown, dict) else {})).items())
