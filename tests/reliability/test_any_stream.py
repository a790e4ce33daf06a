"""S7 and S9 for streams that nobody thought of: whatever comes ends in a reply, or in words with what to do."""

from __future__ import annotations

import json
from contextlib import aclosing
from unicodedata import category

from hypothesis import given, settings
from hypothesis import strategies as st

from chatui.conversation.events import Ended, ReasoningDelta, ReplyEvent, TextDelta
from chatui.providers.address import parse_base_url
from chatui.providers.quirks import Quirks
from chatui.providers.refusals import Asked, explain_refusal
from chatui.providers.reply_reader import Patience, read_reply

_ASKED = Asked(Quirks("work", "work"), parse_base_url("http://127.0.0.1:1/v1"))
_KEYS = (
    *(
        "error",
        "errors",
        "message",
        "detail",
        "code",
        "type",
        "status",
        "metadata",
        "raw",
        "x_groq",
        "choices",
        "delta",
    ),
    *("content", "finish_reason", "usage", "index", "tool_calls", "object", "loc", "msg", "prompt_tokens", "reasoning"),
    *("completion_tokens", "text", "fault", "title", "param"),
)
_LEAVES = st.one_of(
    st.sampled_from([None, True, False, 0, -1, 1.5, 10**30, float("nan"), "", "x", "[DONE]", "429", "stop", "null"]),
    st.sampled_from(["<html><title>t</title>", "\ud83d", '{"error": {"message": "i"}}', "\x00\x1b[31m", "data: x"]),
)
_VALUES = st.recursive(
    _LEAVES,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(_KEYS), inner, max_size=4),
    max_leaves=12,
)
_PIECES = st.one_of(
    _VALUES.flatmap(
        lambda value: st.sampled_from(
            ["data: {}\n\n", "event: error\ndata: {}\n\n", "{}\n", "error: {}\n\n", "<p>{}\n", "data: {}"]
        ).map(lambda form: form.replace("{}", json.dumps(value)).encode())
    ),
    st.sampled_from([b": c\n\n", b"data: [DONE]\n\n", b"\r\n", b"data: {\n\n"]),
    st.binary(max_size=8),
)


class _Body:
    """A good answer with one piece."""

    status = 200

    def __init__(self, body: bytes) -> None:
        self._rest = body

    async def read(self, seconds: float | None) -> bytes:
        body, self._rest = self._rest, b""
        return body


def _is_safe(text: str) -> bool:
    return 0 < len(text) <= 500 and not any(category(letter) in ("Cc", "Cs") for letter in text)


@settings(max_examples=200, deadline=None)
@given(st.lists(_PIECES, max_size=5).map(b"".join))
async def test_s7_whatever_comes_is_read_or_told(body: bytes) -> None:
    async with aclosing(read_reply(_Body(body), _ASKED, Patience(60.0))) as reply:
        events: list[ReplyEvent] = [event async for event in reply]
    ended = events[-1]
    assert isinstance(ended, Ended)
    assert not any(isinstance(event, Ended) for event in events[:-1])
    if ended.failure is None:
        assert any(isinstance(event, TextDelta | ReasoningDelta) for event in events)
    else:
        assert _is_safe(ended.failure.message)
        assert ended.failure.advice


@settings(max_examples=100, deadline=None)
@given(st.sampled_from([302, 400, 401, 429, 500, 599]), st.lists(_PIECES, max_size=3).map(b"".join))
def test_s7_whatever_a_refusal_says_is_told(status: int, body: bytes) -> None:
    failure = explain_refusal(status, {}, body, _ASKED)
    assert _is_safe(failure.message)
    assert failure.advice
