"""Payloads of a chat completion, and what a decoder makes of them."""

from __future__ import annotations

import json

from chatui.conversation.events import Ended, ReasoningDelta, ReplyEvent, TextDelta
from chatui.providers.openai import ChunkDecoder

STOP = {"choices": [{"index": 0, "delta": {}, "finish_reason": "stop"}]}
DONE = "[DONE]"


def chunk(**delta: object) -> dict[str, object]:
    return {"choices": [{"index": 0, "delta": delta, "finish_reason": None}]}


def decode(*payloads: object, is_torn: bool = False) -> list[ReplyEvent]:
    """Decode payloads (a string is taken as it is) and end the stream."""
    decoder = ChunkDecoder()
    events: list[ReplyEvent] = []
    for payload in payloads:
        data = payload if isinstance(payload, str) else json.dumps(payload)
        events += decoder.decode(data, is_torn=is_torn)
    return events + decoder.end()


def summarize(events: list[ReplyEvent]) -> tuple[str, str, Ended]:
    text = "".join(event.text for event in events if isinstance(event, TextDelta))
    reasoning = "".join(event.text for event in events if isinstance(event, ReasoningDelta))
    assert isinstance(events[-1], Ended)
    assert sum(isinstance(event, Ended) for event in events) == 1
    return text, reasoning, events[-1]
