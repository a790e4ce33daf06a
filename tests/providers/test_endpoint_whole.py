"""Whole replies: what is asked of a provider that is not to stream, and what comes of any answer."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator

import pytest

from chatui.conversation.events import Ended, ReasoningDelta, TextDelta, UsageReported
from chatui.conversation.failure import FailureKind
from chatui.conversation.usage import Usage
from chatui.providers.endpoint import Endpoint
from tests.providers.work import GOOD, ask, fail, make, stream, text_of
from tests.sse_server import Close, Script, SSEServer, Stall, refusal


def whole(message: object, finish_reason: object = "stop", **more: object) -> Script:
    """An answer that is one JSON object."""
    payload = {"choices": [{"index": 0, "message": message, "finish_reason": finish_reason}], **more}
    return Script([json.dumps(payload).encode()], 200, {"content-type": "application/json"}, framing="length")


@pytest.fixture
async def endpoint(server: SSEServer) -> AsyncIterator[Endpoint]:
    """An endpoint that asks for whole replies."""
    endpoint = make(server, stream=False)
    yield endpoint
    await endpoint.aclose()


async def test_a_whole_reply_is_asked_for_and_comes_with_its_usage(server: SSEServer, endpoint: Endpoint) -> None:
    usage = {"prompt_tokens": 3, "completion_tokens": 5}
    server.add(whole({"role": "assistant", "content": "Hello", "reasoning_content": "Hm."}, usage=usage))
    events = await stream(endpoint, ask(temperature=0.5))
    sent = server.requests[0].json
    assert (sent["stream"], sent["temperature"], "stream_options" in sent) == (False, 0.5, False)
    assert server.requests[0].headers["accept"] == "application/json"
    kinds = (TextDelta, ReasoningDelta, UsageReported, Ended)
    assert sorted((event for event in events if isinstance(event, kinds)), key=lambda e: kinds.index(type(e))) == [
        TextDelta("Hello"),
        ReasoningDelta("Hm."),
        UsageReported(Usage(3, 5)),
        Ended("stop"),
    ]


async def test_blank_lines_keep_it_alive_and_are_no_part_of_it(server: SSEServer, endpoint: Endpoint) -> None:
    body = whole({"content": "Hello"}).steps[0]
    assert isinstance(body, bytes)
    server.add(Script([b"\n", b"\n\n", body], 200, {"content-type": "application/json"}))
    assert text_of(await stream(endpoint)) == "Hello"


async def test_a_server_that_streams_all_the_same_is_understood(server: SSEServer, endpoint: Endpoint) -> None:
    server.add(GOOD)
    assert text_of(await stream(endpoint)) == "Hello"


@pytest.mark.parametrize("reason", ["length", "content_filter", "stop", "odd"])
async def test_the_finish_reason_is_the_servers_word(server: SSEServer, endpoint: Endpoint, reason: str) -> None:
    server.add(whole({"content": "Hello"}, reason))
    assert (await stream(endpoint))[-1] == Ended(reason)


async def test_a_reply_without_a_finish_reason_is_cut(server: SSEServer, endpoint: Endpoint) -> None:
    server.add(whole({"content": "Hello"}, None))
    events = await stream(endpoint)
    assert text_of(events) == "Hello"
    assert isinstance(events[-1], Ended)
    assert events[-1].interrupted


@pytest.mark.parametrize(
    ("body", "kind", "said"),
    [
        (b'{"error": {"message": "no room"}}', FailureKind.SERVER, "no room"),
        (b'{"choices": []}', FailureKind.NETWORK, "ended before the reply did"),
        (b'{"choices": [{"message": {"content": ""}, "finish_reason": "stop"}]}', FailureKind.PROTOCOL, "is empty"),
        (b'{"hello": 1}', FailureKind.PROTOCOL, "with no reply"),
        (b'{"choices": [{"mess', FailureKind.PROTOCOL, "with no reply"),
        (b"<html><title>Login</title>", FailureKind.PROTOCOL, "web page: “Login”"),
        (b"", FailureKind.PROTOCOL, "200 with an empty body"),
    ],
)
async def test_an_odd_body_is_told(
    server: SSEServer, endpoint: Endpoint, body: bytes, kind: FailureKind, said: str
) -> None:
    server.add(Script([body], 200, {"content-type": "application/json"}, framing="length"))
    failure = await fail(endpoint)
    assert (failure.kind, said in failure.message) == (kind, True), failure


async def test_a_refusal_is_explained_as_ever(server: SSEServer, endpoint: Endpoint) -> None:
    server.add(refusal(429, "slow down", retry_after="7"))
    failure = await fail(endpoint)
    assert (failure.kind, failure.retry_after) == (FailureKind.RATE_LIMIT, 7)


async def test_a_connection_that_breaks_is_told(server: SSEServer, endpoint: Endpoint) -> None:
    server.add(Script([b'{"choices": [', Close()], 200, {"content-type": "application/json"}))
    events = await stream(endpoint)
    assert isinstance(events[-1], Ended)
    assert events[-1].failure is not None


async def test_silence_is_borne_five_times_as_long_and_then_told(server: SSEServer) -> None:
    server.add(Script([Stall()], framing="raw"))
    endpoint = make(server, stream=False, idle_timeout=0.02)
    failure = await fail(endpoint)
    assert failure.kind is FailureKind.TIMEOUT
    assert "0.1 seconds" in failure.message
    await endpoint.aclose()
