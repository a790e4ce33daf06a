"""Cassettes: replies with their times, as a TOML file that can be read, written by hand, recorded and played.

    format = 1
    model = "glm-5"
    context_window = 128000                        # optional, tokens
    price = { input = 0.28, output = 0.42 }        # optional, USD per million tokens; also `cached`

    [[replies]]                                    # one per request

    [[replies.events]]
    at = 0.31                                      # seconds from the request; where missing, that of the event before
    text = "Hello"

An event holds `at` and one of `text`, `reasoning`, `usage` (`input`, `output`, `cached`, `reasoning`, `estimated`;
beside it `cost` in USD), `alive = true`, or an end. An end is `finish_reason`, `error` (`kind`, `message`, `status`,
`advice`, `retry_after`, `may_retry`), `cut = true` (the connection broke), or `done = true` (`[DONE]` without a
reason); the first three may stand together. A reply without an end is one that was stopped while it was recorded.
"""

from __future__ import annotations

import re
import tomllib
from dataclasses import dataclass

import tomli_w

from chatui.conversation.events import (
    Alive,
    Ended,
    FieldRefused,
    ReasoningDelta,
    ReplyEvent,
    TextDelta,
    UsageReported,
    Warned,
)
from chatui.conversation.failure import Failure, FailureKind
from chatui.conversation.usage import Price, Usage
from chatui.providers.cassette_table import FLAG, NUMBER, TEXT, TRUE, WHOLE, CassetteError, Table

FORMAT = 1
"""The version that is written, and the newest that is read."""

CUT = Failure(FailureKind.NETWORK, "The connection broke.")
"""How a cut ends that names no error of its own."""

_SURROGATE = re.compile("[\ud800-\udfff]")
_CONTENT = ("text", "reasoning", "usage", "alive")
_ENDS = ("finish_reason", "error", "cut", "done")


@dataclass(frozen=True, slots=True)
class TimedEvent:
    """An event and when it came."""

    at: float
    """Seconds from the request on."""
    event: ReplyEvent


@dataclass(frozen=True, slots=True)
class Reply:
    """What came for one request, in order of time."""

    events: tuple[TimedEvent, ...] = ()


@dataclass(frozen=True, slots=True)
class Cassette:
    """One model and its replies."""

    model: str
    """The model's id, without a provider's name."""
    replies: tuple[Reply, ...]
    context_window: int | None = None
    """Tokens; `None` when unknown."""
    price: Price | None = None


def encode_cassette(cassette: Cassette) -> bytes:
    """Encode a cassette as TOML. Times are rounded to 0.1 ms; a lone surrogate, which no file can hold, is U+FFFD."""
    top: dict[str, object] = {"format": FORMAT, "model": cassette.model}
    if cassette.context_window is not None:
        top["context_window"] = cassette.context_window
    if (price := cassette.price) is not None:
        top["price"] = _present(input=price.input, output=price.output, cached=price.cached)
    top["replies"] = [{"events": [_encode_event(timed) for timed in reply.events]} for reply in cassette.replies]
    return _SURROGATE.sub("\ufffd", tomli_w.dumps(top)).encode()


def decode_cassette(data: bytes, source: str = "cassette") -> Cassette:
    """Decode a cassette. `source` names the file in errors. Raises CassetteError when anything is not as expected."""
    try:
        parsed = tomllib.loads(data.decode())
    except UnicodeDecodeError as error:
        raise CassetteError(source, "", f"expected UTF-8, but byte {error.start} is not") from error
    except (tomllib.TOMLDecodeError, RecursionError) as error:
        raise CassetteError(source, "", f"expected TOML: {error}") from error
    top = Table(parsed, source)
    if (version := top.take("format", WHOLE)) != FORMAT:
        raise top.error("format", f"expected {FORMAT}, the only format that this chatui reads, not {version}")
    cassette = Cassette(
        model=top.take("model", TEXT),
        context_window=top.take_or("context_window", WHOLE, None),
        price=_decode_price(top.take_table("price")) if "price" in top else None,
        replies=tuple(_decode_reply(reply) for reply in top.take_tables("replies")),
    )
    top.finish()
    if not cassette.replies:
        raise top.error("replies", "expected at least one reply")
    return cassette


def _encode_event(timed: TimedEvent) -> dict[str, object]:
    at = round(timed.at, 4)
    match timed.event:
        case TextDelta(text):
            return {"at": at, "text": text}
        case ReasoningDelta(text):
            return {"at": at, "reasoning": text}
        case UsageReported(usage, cost):
            return _present(at=at, usage=_encode_usage(usage), cost=cost)
        case Alive():
            return {"at": at, "alive": True}
        case FieldRefused() | Warned():
            raise TypeError("a cassette holds what a server said, and no notices of ours")
        case _:
            return {"at": at} | _encode_end(timed.event)


def _encode_end(end: Ended) -> dict[str, object]:
    encoded = _present(
        finish_reason=end.finish_reason,
        cut=end.interrupted or None,
        error=_encode_failure(end.failure) if end.failure is not None else None,
    )
    return encoded or {"done": True}


def _encode_usage(usage: Usage) -> dict[str, object]:
    return _present(
        input=usage.input,
        output=usage.output,
        cached=usage.cached or None,
        reasoning=usage.reasoning or None,
        estimated=usage.estimated or None,
    )


def _encode_failure(failure: Failure) -> dict[str, object]:
    return _present(
        kind=failure.kind.value,
        message=failure.message,
        status=failure.status,
        advice=failure.advice or None,
        retry_after=failure.retry_after,
        may_retry=failure.may_retry,
    )


def _present(**values: object) -> dict[str, object]:
    """TOML has no null: a key without a value is left out."""
    return {key: value for key, value in values.items() if value is not None}


def _decode_reply(table: Table) -> Reply:
    events: list[TimedEvent] = []
    now = 0.0
    for entry in table.take_tables("events"):
        if events and isinstance(events[-1].event, Ended):
            raise entry.error("", "expected nothing after the end of the reply")
        at = entry.take_or("at", NUMBER, now)
        if at < now:
            raise entry.error("at", f"expected at least {now:g}, the time of the event before")
        now = at
        events.append(TimedEvent(at, _decode_event(entry)))
        entry.finish()
    table.finish()
    return Reply(tuple(events))


def _decode_event(table: Table) -> ReplyEvent:
    held = [key for key in _CONTENT if key in table] + ["an end"] * any(key in table for key in _ENDS)
    if len(held) != 1:
        found = " and ".join(held) or "nothing"
        raise table.error("", f"expected one of {', '.join(_CONTENT)}, or an end ({', '.join(_ENDS)}), not {found}")
    match held[0]:
        case "text":
            return TextDelta(table.take("text", TEXT))
        case "reasoning":
            return ReasoningDelta(table.take("reasoning", TEXT))
        case "usage":
            return UsageReported(_decode_usage(table.take_table("usage")), table.take_or("cost", NUMBER, None))
        case "alive":
            table.take("alive", TRUE)
            return Alive()
        case _:
            return _decode_end(table)


def _decode_end(table: Table) -> Ended:
    if "done" in table:
        table.take("done", TRUE)
        return Ended()
    is_cut = "cut" in table
    if is_cut:
        table.take("cut", TRUE)
    failure = _decode_failure(table.take_table("error")) if "error" in table else CUT if is_cut else None
    return Ended(table.take_or("finish_reason", TEXT, None), failure, interrupted=is_cut)


def _decode_usage(table: Table) -> Usage:
    usage = Usage(
        input=table.take_or("input", WHOLE, 0),
        output=table.take_or("output", WHOLE, 0),
        cached=table.take_or("cached", WHOLE, 0),
        reasoning=table.take_or("reasoning", WHOLE, 0),
        estimated=table.take_or("estimated", FLAG, False),
    )
    table.finish()
    return usage


def _decode_failure(table: Table) -> Failure:
    word = table.take("kind", TEXT)
    try:
        kind = FailureKind(word)
    except ValueError:
        raise table.error("kind", f"expected one of {', '.join(FailureKind)}, not {word}") from None
    failure = Failure(
        kind,
        message=table.take("message", TEXT),
        status=table.take_or("status", WHOLE, None),
        advice=table.take_or("advice", TEXT, ""),
        retry_after=table.take_or("retry_after", NUMBER, None),
        may_retry=table.take_or("may_retry", FLAG, None),
    )
    table.finish()
    return failure


def _decode_price(table: Table) -> Price:
    price = Price(
        input=table.take("input", NUMBER),
        output=table.take("output", NUMBER),
        cached=table.take_or("cached", NUMBER, None),
    )
    table.finish()
    return price
