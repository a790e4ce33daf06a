"""One good answer read to its end: bytes in from the transport, reply events out."""

from __future__ import annotations

import time
from collections.abc import AsyncGenerator, Callable
from dataclasses import dataclass, replace
from functools import partial
from typing import Protocol

from chatui.conversation.events import Alive, Ended, ReplyEvent
from chatui.conversation.failure import Failure, FailureKind
from chatui.providers.body import ReplyBody
from chatui.providers.errors import TransportFailure
from chatui.providers.openai import ChunkDecoder
from chatui.providers.refusals import Asked, advise, explain_foreign_answer, explain_stream_error
from chatui.providers.sse import MAX_EVENT_BYTES

_ALIVE_SECONDS = 1.0
"""Not more than one `Alive` in this time, however many keep-alives come."""


class ByteSource(Protocol):
    """The head of an answer, and its body piece by piece."""

    @property
    def status(self) -> int:
        """The HTTP status."""

    async def read(self, seconds: float | None) -> bytes:
        """Return the next bytes, none at the end. Raises TransportFailure, also after `seconds` of silence."""


@dataclass(frozen=True, slots=True)
class Patience:
    """How long to wait for what, in seconds."""

    idle: float
    """Without a byte, while the reply is not complete."""
    after_finish: float = 5.0
    """Without content, once there is a finish reason: usage may follow, and some servers then never close."""
    after_done: float = 0.25
    """In all, after `[DONE]`: reading the body to its end keeps the connection for the next prompt."""


async def read_reply(
    source: ByteSource,
    asked: Asked,
    patience: Patience,
    *,
    max_event_bytes: int = MAX_EVENT_BYTES,
    clock: Callable[[], float] = time.monotonic,
) -> AsyncGenerator[ReplyEvent, None]:
    """Yield the events of a reply as they come, `Ended` last. Never raises for what the server sends."""
    body = ReplyBody(max_event_bytes)
    decoder = ChunkDecoder(partial(explain_stream_error, asked=asked), asked.clean, asked.redactor.redact)
    told_alive = float("-inf")
    deadline: float | None = None
    cut: Failure | None = None
    while deadline is None or clock() < deadline:
        wait = patience.idle if deadline is None else min(patience.idle, deadline - clock())
        try:
            chunk = await source.read(max(wait, 0.0))
        except TransportFailure as error:
            cut = with_advice(error.failure, asked)
            break
        if not chunk:
            break
        was_over = decoder.is_over
        events = [event for each in body.feed(chunk) for event in decoder.decode(each.data, each.event)]
        for event in events:
            yield event
        now = clock()
        if not events and not decoder.is_complete and now - told_alive >= _ALIVE_SECONDS:
            told_alive = now
            yield Alive()
        if body.is_too_long:
            message = f"{asked.quirks.label} sent a line of more than {max_event_bytes // 2**20} MB; it was cut off."
            cut = Failure(FailureKind.PROTOCOL, message, advice=advise(FailureKind.PROTOCOL, asked))
            break
        if body.is_known_foreign:
            break
        if decoder.is_over:
            deadline = deadline if was_over else now + patience.after_done
        elif decoder.is_complete and (events or deadline is None):
            deadline = now + patience.after_finish
    for each in body.close():
        for event in decoder.decode(each.data, each.event, is_torn=True):
            yield event
    if cut is None and not decoder.has_understood and not body.has_events:
        # Neither an event nor a comment: it speaks of something else altogether.
        yield Ended(failure=explain_foreign_answer(source.status, body.kept, asked))
        return
    if cut is None:
        decoder.take_stray(body.stray)
    for event in decoder.end(cut):
        if isinstance(event, Ended) and event.failure is not None:
            event = replace(event, failure=with_advice(event.failure, asked))
        yield event


def with_advice(failure: Failure, asked: Asked) -> Failure:
    """Return a failure of the transport with the advice of its kind where it brings none, and without keys."""
    return replace(failure, message=asked.clean(failure.message), advice=failure.advice or advise(failure.kind, asked))
