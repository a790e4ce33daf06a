"""Going on with a reply that was cut: which way, what is asked, and how what comes is joined."""

from __future__ import annotations

from collections.abc import AsyncGenerator, Sequence
from contextlib import aclosing

from chatui.conversation.continuation import Continuation
from chatui.conversation.events import Ended, Event, ReasoningDelta, TextDelta
from chatui.conversation.failure import FailureKind
from chatui.conversation.message import Message, Role, StoredMessage
from chatui.conversation.model_info import ModelInfo
from chatui.conversation.request import Request, Turn
from chatui.conversation.session import SessionHeader
from chatui.engine.attachments import Attachments
from chatui.engine.requests import compose_request
from chatui.engine.seam import Seam, find_anchor

_REFUSALS = (FailureKind.BAD_REQUEST, FailureKind.NOT_FOUND)
"""What a server says that does not know the way it was asked."""


def plan_ways(info: ModelInfo) -> tuple[Continuation, ...]:
    """The ways to try for a model, the best one first; every server understands words."""
    return tuple(dict.fromkeys((info.continuation, Continuation.WORDS)))


def compose_continuation(
    model_id: str,
    header: SessionHeader,
    path: Sequence[Message | StoredMessage],
    kept: Message,
    continuation: Continuation,
    attachments: Attachments,
) -> Request:
    """Compose the request that goes on with `kept`, the last message of `path`. Decodes the branch: see `requests`."""
    request = compose_request(model_id, header, path[:-1], attachments)
    own = Turn(Role.ASSISTANT, kept.text)
    if continuation is Continuation.LAST_MESSAGE:
        # Claude, behind whatever server, refuses a beginning that ends with a blank.
        own = Turn(Role.ASSISTANT, kept.text.rstrip())
    asked = (Turn(Role.USER, make_instruction(kept.text)),) if continuation is Continuation.WORDS else ()
    return Request(
        model=request.model,
        turns=(*request.turns, own, *asked),
        system=request.system,
        params=request.params,
        continuation=continuation,
    )


def make_instruction(kept: str) -> str:
    """What a model is told that can only be asked in words. It repeats the last words, so that the seam is found."""
    return (
        "Your last message was cut off. Continue exactly where you stopped, as if there had been no break: no "
        "introduction, no comment, no new code fence where one is open, nothing said twice, except that you begin by "
        f"repeating these last words of it, character by character: {find_anchor(kept)}"
    )


def is_refused(ended: Ended) -> bool:
    """True where the server did not take the request as it was: another way may pass."""
    failure = ended.failure
    return failure is not None and failure.kind in _REFUSALS and not ended.interrupted


async def join_reply(
    events: AsyncGenerator[Event, None], kept: Message, continuation: Continuation
) -> AsyncGenerator[Event, None]:
    """Pass the events of a continuation on, text without what repeats the kept reply, and `Ended` last.

    A reply that was done already, so that nothing more came, ended well.
    """
    seam = Seam(kept.text, continuation)
    has_thought = not kept.reasoning
    async with aclosing(events):
        async for event in events:
            if isinstance(event, TextDelta):
                if text := seam.feed(event.text):
                    yield event if text == event.text else TextDelta(text)
                continue
            if isinstance(event, ReasoningDelta) and event.text and not has_thought:
                has_thought = True
                yield ReasoningDelta("\n\n")
            if isinstance(event, Ended):
                if text := seam.end():
                    yield TextDelta(text)
                event = _end_well(event)
            yield event


def _end_well(ended: Ended) -> Ended:
    failure = ended.failure
    is_empty = failure is not None and failure.kind is FailureKind.PROTOCOL and not ended.interrupted
    return Ended(ended.finish_reason) if is_empty and ended.finish_reason == "stop" else ended
