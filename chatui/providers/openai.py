"""The chat completions protocol (OpenAI API reference, "Create chat completion", 2026-11), pure: no I/O.

`encode_request` makes the body; `ChunkDecoder` turns the data of server-sent events into reply events.
"""

from __future__ import annotations

import base64
import json
from collections.abc import Callable, Mapping
from typing import Any

from chatui.conversation.attachment import AttachedImage
from chatui.conversation.continuation import Continuation
from chatui.conversation.events import Ended, ReasoningDelta, ReplyEvent, TextDelta, UsageReported
from chatui.conversation.failure import Failure, FailureKind
from chatui.conversation.request import Request, Turn
from chatui.conversation.usage import Usage
from chatui.conversation.visible import make_visible_line
from chatui.providers.chunk_fields import (
    UnreadablePayload,
    first_choice,
    has_tool_call,
    read_finish_reason,
    read_payloads,
    read_text,
    read_usage,
)
from chatui.providers.scalars import PairJoiner
from chatui.providers.server_error import ServerError, classify, read_error_body, read_stream_error
from chatui.providers.think import ThinkSplitter

DONE = "[DONE]"
NEEDED_FIELDS = frozenset({"model", "messages", "stream", "continue_final_message", "add_generation_prompt"})
"""What cannot be left out of a request without making it another one; all other fields are optional."""


def encode_request(request: Request, *, has_stream_options: bool, is_streamed: bool = True) -> dict[str, Any]:
    """Return the JSON body of a request: nothing beyond what is needed and what the user set.

    `has_stream_options` says whether the server takes `stream_options`, `is_streamed` whether the reply is to come as a
    stream or whole, as one JSON object. A parameter of the user wins over ours, apart
    from `messages` and `stream`, without which nothing here would work.
    """
    messages: list[dict[str, Any]] = [{"role": "system", "content": request.system}] if request.system else []
    messages += [{"role": turn.role.value, "content": _encode_content(turn)} for turn in request.turns]
    body: dict[str, Any] = {"model": request.model}
    if has_stream_options and is_streamed:
        body["stream_options"] = {"include_usage": True}
    body |= dict(request.params)
    for name, instead in request.refused.items():
        if name in body and name not in NEEDED_FIELDS:
            value = body.pop(name)
            if instead:
                body.setdefault(instead, value)
    ours: dict[str, Any] = {"messages": messages, "stream": is_streamed}
    if request.continuation is Continuation.PREFIX:
        messages[-1]["prefix"] = True
    elif request.continuation is Continuation.FINAL_MESSAGE:
        # Both are needed: by default the server would open a new turn after the last message.
        ours |= {"continue_final_message": True, "add_generation_prompt": False}
    return body | ours


def _encode_content(turn: Turn) -> str | list[dict[str, Any]]:
    """The text alone, or content parts where images go along, which are sent as data URLs (RFC 2397)."""
    if not turn.image_count:
        return turn.text
    parts: list[dict[str, Any]] = []
    begin = 0
    for placed in turn.placed:
        if text := turn.text[begin : placed.place]:
            parts.append({"type": "text", "text": text})
        parts.append(_encode_image(placed.image, placed.detail))
        begin = placed.place
    if (text := turn.text[begin:]) or not turn.placed:
        parts.append({"type": "text", "text": text})
    return [*parts, *map(_encode_image, turn.images)]


def _encode_image(image: AttachedImage | str, detail: str = "") -> dict[str, Any]:
    if isinstance(image, AttachedImage):
        image = f"data:{image.attachment.kind};base64,{base64.b64encode(image.data).decode()}"
    return {"type": "image_url", "image_url": {"url": image} | ({"detail": detail} if detail else {})}


def explain_plainly(error: ServerError) -> Failure:
    """Make a failure of an error without knowing who was asked."""
    message = make_visible_line(error.message)[:500] or "The server reported an error."
    return Failure(classify(error), message, status=error.status)


class ChunkDecoder:
    """Takes the data of one reply's events in order. It never raises, whatever comes.

    A payload that cannot be read is remembered and told by `end`; the text before and after it is kept.
    """

    def __init__(
        self,
        explain: Callable[[ServerError], Failure] = explain_plainly,
        clean: Callable[[str], str] = make_visible_line,
        redact: Callable[[str], str] = str,
    ) -> None:
        """`explain` makes a failure of an error; `clean` makes server text safe to show and takes keys out of it.

        `redact` takes out keys alone, of what is else kept as it came.
        """
        self._explain = explain
        self._clean = clean
        self._redact = redact
        self._think = ThinkSplitter()
        self._answer_pairs = PairJoiner()
        self._reasoning_pairs = PairJoiner()
        self._usage: tuple[Usage, float | None] | None = None
        self._finish_reason: str | None = None
        self._failure: Failure | None = None
        self._unreadable: Failure | None = None
        self._is_done = False
        self._has_answer = False
        self._has_reasoning = False
        self._has_tool_call = False
        self._is_chat = False
        self._foreign = ""
        self.has_understood = False
        """True once anything of the protocol came: a choice, usage, an error, `[DONE]`."""

    @property
    def is_complete(self) -> bool:
        """True once a finish reason or `[DONE]` came."""
        return self._is_done or self._finish_reason is not None

    @property
    def is_over(self) -> bool:
        """True once nothing but usage can follow: after `[DONE]` or an error."""
        return self._is_done or self._failure is not None

    def decode(self, data: str, event: str = "message", *, is_torn: bool = False) -> list[ReplyEvent]:
        """Return the events that one payload gives; none for a keep-alive.

        `is_torn` says that the stream ended inside this event: half a JSON value is then no fault of its own.
        """
        data = data.strip()
        events: list[ReplyEvent] = []
        if not data:
            return events
        if data == DONE:
            self._take_done()
            return events
        try:
            payloads = read_payloads(data)
        except UnreadablePayload as error:
            payloads = error.read
            if event == "error":
                payloads = [*payloads, error.rest]
            elif not (is_torn and error.rest[:1] in ("{", "[")) and not self.is_over:
                self._note_unreadable(error.rest)
        for payload in payloads:
            self._take(payload, event, events)
        return events

    def take_stray(self, stray: bytes) -> None:
        """Take what stood between the events: where the reply is not complete, it may say why."""
        if stray and not self.is_complete and not self.is_over and (error := read_error_body(stray)).message:
            self.has_understood = True
            self._failure = self._explain(error)

    def end(self, cut: Failure | None = None) -> list[ReplyEvent]:
        """The stream is over: return what was held back, and `Ended` as the last.

        `cut` says what broke the stream, if something did; it counts for nothing once the reply is complete.
        """
        events: list[ReplyEvent] = []
        self._flush(events)
        events.append(self._decide(cut))
        return events

    def _take(self, payload: object, event: str, events: list[ReplyEvent]) -> None:
        if payload == DONE:
            self._take_done()
            return
        if not self.is_over and (error := read_stream_error(payload, event)):
            self.has_understood = True
            self._failure = self._explain(error)
        for item in payload if isinstance(payload, list) else [payload]:
            if isinstance(item, dict):
                self._take_chunk(item, events)
            elif item is not None and not self.is_over:
                self._note_unreadable(str(item) if isinstance(item, str | int | float) else "[…]")

    def _take_chunk(self, chunk: Mapping[str, object], events: list[ReplyEvent]) -> None:
        usage = read_usage(chunk)
        if usage and usage != self._usage:
            self._usage = usage
            self.has_understood = True
            events.append(UsageReported(*usage))
        if isinstance(chunk.get("choices"), list):
            self.has_understood = self._is_chat = True
            self._foreign = ""
        elif not usage and chunk and not self._foreign:
            self._foreign = json.dumps(chunk)[:200]
        choice = first_choice(chunk)
        if choice is None or self._is_done:
            return
        self._has_tool_call = self._has_tool_call or has_tool_call(choice)
        answer, reasoning = read_text(choice, has_text=self._has_answer or self._has_reasoning)
        if reasoning and (reasoning := self._reasoning_pairs.feed(reasoning)):
            self._has_reasoning = True
            self._think.pass_through()
            events.append(ReasoningDelta(reasoning))
        if answer:
            self._add(self._think.feed(self._answer_pairs.feed(answer)), events)
        reason = read_finish_reason(choice)
        if reason is not None:
            self._finish_reason = self._redact(reason)

    def _add(self, deltas: list[TextDelta | ReasoningDelta], events: list[ReplyEvent]) -> None:
        for delta in deltas:
            if isinstance(delta, TextDelta):
                self._has_answer = True
            else:
                self._has_reasoning = True
            events.append(delta)

    def _flush(self, events: list[ReplyEvent]) -> None:
        if self.is_complete and self._finish_reason != "length":
            if reasoning := self._reasoning_pairs.flush():
                self._has_reasoning = True
                events.append(ReasoningDelta(reasoning))
            # Where a reply was cut, half a character is none yet: who continues it says the whole one.
            self._add(self._think.feed(self._answer_pairs.flush()), events)
        self._add(self._think.flush(), events)

    def _take_done(self) -> None:
        self._is_done = True
        self.has_understood = True

    def _note_unreadable(self, payload: str) -> None:
        if self._unreadable is None:
            excerpt = self._clean(payload[:200]) + ("…" if len(payload) > 200 else "")
            advice = "Ask again; where it stays so, the server does not keep to the protocol: choose another model."
            message = f"A part of the reply cannot be read: {excerpt}"
            self._unreadable = Failure(FailureKind.PROTOCOL, message, advice=advice)

    def _decide(self, cut: Failure | None) -> Ended:
        reason = self._finish_reason
        if self._failure is not None:
            return Ended(reason, self._failure)
        if self._unreadable is not None:
            return Ended(reason, self._unreadable, interrupted=not self.is_complete)
        if not self.is_complete and cut is None and self._foreign and not self._is_chat:
            message = f"The answer is in another protocol: {self._clean(self._foreign)}"
            return Ended(None, Failure(FailureKind.PROTOCOL, message))
        if not self.is_complete:
            last = f" Last came {self._clean(self._foreign)}" if self._foreign else ""
            cut = cut or Failure(FailureKind.NETWORK, f"The stream ended before the reply did.{last}")
            return Ended(None, cut, interrupted=True)
        if reason == "error":
            return Ended(reason, Failure(FailureKind.SERVER, "The server ended the reply with an error."))
        if not self._has_answer and not self._has_reasoning:
            return Ended(reason, explain_empty("tool_calls" if self._has_tool_call else reason))
        return Ended(reason)


def explain_empty(finish_reason: str | None) -> Failure:
    """Say why a reply that ended well holds nothing."""
    match finish_reason:
        case "content_filter":
            message = "The reply is empty: the provider withheld it."
            return Failure(
                FailureKind.CONTENT_FILTER, message, advice="Put the prompt differently, or choose another model."
            )
        case "length":
            message = "The reply is empty: the limit of tokens was reached before the first word."
            return Failure(FailureKind.PROTOCOL, message, advice="Raise max_tokens, or shorten the conversation.")
        case "tool_calls" | "function_call":
            message = "The reply is empty: the model asked for a tool, and chatui has none."
            return Failure(FailureKind.PROTOCOL, message, advice="Ask for an answer in words, or choose another model.")
    ended = f" (finish reason {make_visible_line(finish_reason[:40])})" if finish_reason else ""
    return Failure(FailureKind.PROTOCOL, f"The reply is empty{ended}.", advice="Ask again, or choose another model.")
