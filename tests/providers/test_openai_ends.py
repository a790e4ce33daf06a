"""How a reply ends, well or not, and that nothing a server sends makes the decoder raise."""

from __future__ import annotations

import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from chatui.conversation.events import Ended
from chatui.conversation.failure import Failure, FailureKind
from chatui.providers.openai import ChunkDecoder
from tests.providers.chunks import DONE, STOP, chunk, decode, summarize


@pytest.mark.parametrize("reason", ["stop", "length", "content_filter", "tool_calls", "Odd reason", "null"])
def test_a_finish_reason_is_kept_verbatim_and_completes(reason: str) -> None:
    last = {"choices": [{"delta": {"content": "a"}, "finish_reason": reason}]}
    assert decode(last)[-1] == Ended(reason)


def test_done_completes_without_a_finish_reason() -> None:
    assert decode(chunk(content="a"), f" {DONE} ")[-1] == Ended()


@pytest.mark.parametrize("reason", [None, "", 5, {}, []])
def test_anything_else_is_interrupted(reason: object) -> None:
    payload = {"choices": [{"delta": {"content": "a"}, "finish_reason": reason}]}
    text, _, ended = summarize(decode(payload))
    assert text == "a"
    assert ended.interrupted
    assert ended.failure is not None
    assert ended.failure.kind is FailureKind.NETWORK


@pytest.mark.parametrize(("reason", "text"), [(None, "a"), ("length", "a"), ("stop", "a\ufffd")])
def test_half_a_character_at_a_cut_is_left_to_the_continuation(reason: str | None, text: str) -> None:
    half = '{"choices":[{"delta":{"content":"a\\ud83d"}}]}'
    assert summarize(decode(half, {"choices": [{"delta": {}, "finish_reason": reason}]}))[0] == text


def test_what_cut_the_stream_is_told_unless_the_reply_was_complete() -> None:
    reset = Failure(FailureKind.NETWORK, "reset")
    for payloads, expected in (([chunk(content="a")], Ended(None, reset, interrupted=True)), ([STOP], Ended("stop"))):
        decoder = ChunkDecoder()
        for payload in [chunk(content="a"), *payloads]:
            decoder.decode(json.dumps(payload))
        assert decoder.end(reset)[-1] == expected


@pytest.mark.parametrize(
    ("reason", "kind", "words"),
    [
        ("stop", FailureKind.PROTOCOL, "The reply is empty (finish reason stop)."),
        ("length", FailureKind.PROTOCOL, "limit of tokens"),
        ("content_filter", FailureKind.CONTENT_FILTER, "withheld"),
        ("tool_calls", FailureKind.PROTOCOL, "asked for a tool"),
        ("\x1b[2J", FailureKind.PROTOCOL, "The reply is empty (finish reason ␛[2J)."),
    ],
)
def test_an_empty_reply_is_told(reason: str, kind: FailureKind, words: str) -> None:
    ended = decode({"choices": [{"delta": {"content": ""}, "finish_reason": reason}]})[-1]
    assert isinstance(ended, Ended)
    assert ended.finish_reason == reason
    assert ended.failure is not None
    assert ended.failure.kind is kind
    assert words in ended.failure.message


def test_done_alone_is_an_empty_reply_and_reasoning_alone_is_none() -> None:
    assert summarize(decode(DONE))[2].failure == Failure(
        FailureKind.PROTOCOL, "The reply is empty.", advice="Ask again, or choose another model."
    )
    assert summarize(decode(chunk(reasoning="w"), STOP)) == ("", "w", Ended("stop"))


def test_an_error_ends_the_reply_as_failed_and_keeps_its_text() -> None:
    text, _, ended = summarize(decode(chunk(content="a"), {"error": {"message": "boom", "code": 429}}))
    assert text == "a"
    assert ended == Ended(None, Failure(FailureKind.RATE_LIMIT, "boom", status=429))


def test_the_first_error_counts_and_text_beside_it_is_kept() -> None:
    both = {"error": "one", "choices": [{"delta": {"content": "a"}, "finish_reason": "error"}]}
    text, _, ended = summarize(decode(both, {"error": "two"}, STOP))
    assert text == "a"
    assert ended.failure is not None
    assert ended.failure.message == "one"


def test_an_error_event_may_hold_anything() -> None:
    for data in ("plain words", '"plain words"', '{"message": "plain words"}'):
        decoder = ChunkDecoder()
        decoder.decode(data, "error")
        assert decoder.is_over
        assert decoder.end() == [Ended(None, Failure(FailureKind.SERVER, "plain words"))]


def test_an_error_without_words_and_the_finish_reason_error_are_told() -> None:
    assert decode({"error": {"code": "x"}}) == [
        Ended(None, Failure(FailureKind.SERVER, "The server reported an error."))
    ]
    ended = decode({"choices": [{"delta": {"content": "a"}, "finish_reason": "error"}]})[-1]
    assert isinstance(ended, Ended)
    assert ended.failure is not None
    assert ended.failure.kind is FailureKind.SERVER


@pytest.mark.parametrize("data", ["{not json", "oops", "[" * 100_000, "5", '"text"', "[[1]]", "true"])
def test_a_payload_that_cannot_be_read_is_told_and_the_text_around_it_kept(data: str) -> None:
    text, _, ended = summarize(decode(chunk(content="a"), data, chunk(content="b"), STOP))
    assert text == "ab"
    assert ended.finish_reason == "stop"
    assert ended.failure is not None
    assert ended.failure.kind is FailureKind.PROTOCOL
    assert ended.failure.message.startswith("A part of the reply cannot be read: ")
    assert len(ended.failure.message) < 300
    assert summarize(decode(chunk(content="a"), data))[2].interrupted


def test_half_an_event_at_a_torn_end_is_an_interruption_and_no_fault() -> None:
    events = decode(chunk(content="a"), '{"choices":[{"delta":{"con', is_torn=True)
    assert summarize(events)[2].failure == Failure(FailureKind.NETWORK, "The stream ended before the reply did.")
    failure = summarize(decode("Internal Server Error", is_torn=True))[2].failure
    assert failure is not None
    assert "Internal Server Error" in failure.message


@pytest.mark.parametrize(
    "data",
    [
        pytest.param(
            '{"choices":[{"delta":{"content":"a"}}]}data: {"choices":[{"delta":{"content":"b"}}]}', id="glued"
        ),
        pytest.param(
            '{"choices":[{"delta":{"content":"a"}}]}\n{"choices":[{"delta":{"content":"b"}}]}\n[DONE]', id="lines"
        ),
        pytest.param('data: {"choices":[{"delta":{"content":"ab"}}]}', id="data twice"),
        pytest.param(
            '[{"choices":[{"delta":{"content":"a"}}]},{"choices":[{"delta":{"content":"b"}}]}]', id="in a list"
        ),
        pytest.param(': note\n{"choices":[{"delta":{"content":"ab"}}]}: end', id="comments between"),
    ],
)
def test_payloads_in_one_event_are_taken_apart(data: str) -> None:
    assert summarize(decode(data))[0] == "ab"
    assert summarize(decode(data, STOP))[2].failure is None


@pytest.mark.parametrize("data", ["", "  ", ": keepalive", "null", "{}", "[]", '{"type":"ping"}'])
def test_a_keep_alive_as_data_gives_nothing(data: str) -> None:
    assert ChunkDecoder().decode(data) == []
    assert summarize(decode(data, chunk(content="a"), STOP))[2] == Ended("stop")


def test_only_the_protocol_counts_as_understood() -> None:
    for payload, is_understood in (("{}", False), ('{"choices":[]}', True), (DONE, True), ('{"error":"x"}', True)):
        decoder = ChunkDecoder()
        decoder.decode(payload)
        assert decoder.has_understood is is_understood


_NAMES = [
    "choices",
    "delta",
    "content",
    "message",
    "error",
    "usage",
    "finish_reason",
    "reasoning",
    "index",
    "type",
    "prompt_tokens",
    "prompt_tokens_details",
    "cost",
    "text",
    "code",
    "detail",
    "metadata",
    "loc",
    "x_groq",
]

_JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5) | st.sampled_from(["stop", DONE]),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(_NAMES),
            inner,
            max_size=4,
        )
    ),
    max_leaves=12,
)


@settings(max_examples=100, deadline=None)
@given(st.lists(_JSON, max_size=3), st.sampled_from(["message", "error"]))
def test_any_json_is_taken_without_raising(payloads: list[object], event: str) -> None:
    decoder = ChunkDecoder()
    events = [e for payload in payloads for e in decoder.decode(json.dumps(payload), event)]
    events += decoder.end()
    text, reasoning, _ = summarize(events)
    assert (text + reasoning).encode("utf-8") is not None


@settings(max_examples=100, deadline=None)
@given(st.text(max_size=60))
def test_any_text_is_taken_without_raising(data: str) -> None:
    decoder = ChunkDecoder()
    events = decoder.decode(data) + decoder.end()
    assert isinstance(events[-1], Ended)
