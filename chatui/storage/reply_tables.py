"""The small tables of a reply in a session file: usage, timing, error, and the parts of a continued one."""

from __future__ import annotations

from collections.abc import Sequence
from enum import StrEnum
from typing import TypeVar

from chatui.conversation.failure import Failure, FailureKind, Retry
from chatui.conversation.message import Part, Status
from chatui.conversation.usage import Timing, Usage
from chatui.storage.toml_text import Table, TomlError, encode_inline, encode_string, take, take_number, take_time

E = TypeVar("E", bound=StrEnum)

_USAGE_KEYS = ("input", "output", "cached", "reasoning")
_TIMING_KEYS = ("first_token", "total", "reasoning")


def usage_table(usage: Usage | None) -> Table | None:
    """The keys of `usage`."""
    if usage is None:
        return None
    return {key: getattr(usage, key) for key in _USAGE_KEYS} | {"estimated": usage.estimated}


def timing_table(timing: Timing | None) -> Table | None:
    """The keys of `timing`, some of them without a value."""
    return None if timing is None else {key: getattr(timing, key) for key in _TIMING_KEYS}


def failure_table(failure: Failure | None) -> Table | None:
    """The keys of `error`, some of them without a value."""
    if failure is None:
        return None
    return {
        "kind": str(failure.kind),
        "status": failure.status,
        "message": failure.message,
        "advice": failure.advice or None,
        "retry_after": failure.retry_after,
        "may_retry": failure.may_retry,
    }


def decode_usage(table: Table) -> Usage:
    """Take the known keys out of `usage`. Raises TomlError."""
    counts = {key: take(table, key, int) or 0 for key in _USAGE_KEYS}
    return Usage(**counts, estimated=take(table, "estimated", bool) or False)


def decode_timing(table: Table) -> Timing:
    """Take the known keys out of `timing`. Raises TomlError."""
    first_token, total, reasoning = (take_number(table, key) for key in _TIMING_KEYS)
    return Timing(first_token, total or 0.0, reasoning)


def decode_failure(table: Table) -> Failure:
    """Take the known keys out of `error`. Raises TomlError."""
    return Failure(
        kind=choose(FailureKind, "kind", take(table, "kind", str) or ""),
        # 0 is how a hand-written file says that there was none.
        status=take(table, "status", int) or None,
        message=take(table, "message", str) or "",
        advice=take(table, "advice", str) or "",
        retry_after=take_number(table, "retry_after"),
        may_retry=take(table, "may_retry", bool),
    )


def decode_retries(items: list[object]) -> tuple[Retry, ...]:
    """Decode `retries`. Raises TomlError."""
    return tuple(_decode_retry(item) for item in items)


def encode_retries(retries: Sequence[Retry]) -> str | None:
    """Encode `retries` as an array of inline tables, one a line; `None` for none."""
    return _encode_lines([retry_table(retry) for retry in retries])


def encode_parts(parts: Sequence[Part]) -> str | None:
    """Encode the parts as an array of inline tables, one a line; `None` for none."""
    return _encode_lines([_part_table(part) for part in parts])


def decode_parts(items: list[object]) -> list[Part]:
    """Decode the parts. Raises TomlError."""
    return [_decode_part(item) for item in items]


def _encode_lines(tables: Sequence[Table]) -> str | None:
    if not tables:
        return None
    return "[\n" + "".join(f"  {encode_inline(table.items())},\n" for table in tables) + "]"


def retry_table(retry: Retry) -> Table:
    """The keys of one entry of `retries`."""
    known: Table = {"kind": str(retry.kind), "status": retry.status, "message": retry.message, "wait": retry.wait}
    said = {key: value for key, value in known.items() if value is not None}
    return said | {key: value for key, value in retry.extra.items() if key not in known}


def _decode_retry(item: object) -> Retry:
    if not isinstance(item, dict):
        raise TomlError("`retries` should be a list of tables")
    table: Table = dict(item)
    return Retry(
        kind=choose(FailureKind, "kind", take(table, "kind", str) or ""),
        message=take(table, "message", str) or "",
        status=take(table, "status", int),
        wait=take_number(table, "wait") or 0.0,
        extra=table,
    )


def _part_table(part: Part) -> Table:
    known: Table = {
        "start": part.start,
        "model": part.model or None,
        "created": part.created,
        "status": str(part.status),
        "finish_reason": part.finish_reason,
        "usage": usage_table(part.usage),
        "timing": timing_table(part.timing),
        "cost": part.cost,
        "attempts": part.attempts,
        "retries": [retry_table(retry) for retry in part.retries] or None,
        "error": failure_table(part.failure),
        "approximate": part.is_approximate or None,
    }
    said = {key: _merge(value, part.extra.get(key)) for key, value in known.items() if value is not None}
    return said | {key: value for key, value in part.extra.items() if key not in known}


def _decode_part(item: object) -> Part:
    if not isinstance(item, dict):
        raise TomlError("`parts` should be a list of tables")
    table: Table = dict(item)
    usage, timing, error = (take(table, key, dict) for key in ("usage", "timing", "error"))
    created, attempts = take_time(table, "created"), take(table, "attempts", int)
    if created is None:
        raise TomlError("a part has no `created`")
    part = Part(
        start=take(table, "start", int) or 0,
        model=take(table, "model", str) or "",
        created=created,
        status=choose(Status, "status", take(table, "status", str) or Status.COMPLETE),
        finish_reason=take(table, "finish_reason", str),
        usage=None if usage is None else decode_usage(usage),
        timing=None if timing is None else decode_timing(timing),
        cost=take_number(table, "cost"),
        attempts=1 if attempts is None else attempts,
        retries=decode_retries(take(table, "retries", list) or []),
        failure=None if error is None else decode_failure(error),
        is_approximate=take(table, "approximate", bool) or False,
        extra=table,
    )
    # What the small tables hold beyond the known keys waits in `extra` under the table's name.
    small = {"usage": usage, "timing": timing, "error": error}
    table.update({key: rest for key, rest in small.items() if rest})
    return part


def _merge(value: object, unknown: object) -> object:
    """A small table without the keys that have no value, and with those that this version does not know."""
    if not isinstance(value, dict):
        return value
    said = {key: item for key, item in value.items() if item is not None}
    return said | unknown if isinstance(unknown, dict) else said


def choose(choices: type[E], key: str, value: str) -> E:
    """Return the member of an enumeration that a value names. Raises TomlError."""
    try:
        return choices(value)
    except ValueError:
        known = ", ".join(choices)
        raise TomlError(f"`{key}` is {encode_string(value)[:60]}, but should be one of: {known}") from None
