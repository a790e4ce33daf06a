"""An endpoint against a real server on 127.0.0.1."""

from __future__ import annotations

import asyncio
import gzip
from contextlib import aclosing

import pytest

from chatui.config.config import Config, ModelSettings, PriceSettings, ProviderSettings
from chatui.conversation.events import Ended, TextDelta, UsageReported
from chatui.conversation.failure import FailureKind
from chatui.conversation.usage import Price, Usage
from chatui.providers.registry import build_rows
from tests.cutting import cut
from tests.providers.work import GOOD, KEY, PATIENT, ask, fail, make, stream, text_of
from tests.sse_server import Close, Reset, Script, SSEServer, Stall, deltas, finish, refusal


async def test_a_prompt_goes_out_and_a_reply_comes_in(server: SSEServer) -> None:
    server.add(GOOD)
    endpoint = make(server, headers={"X-Team": "a"})
    events = await stream(endpoint, ask(temperature=0.5))
    assert (text_of(events), events[-1]) == ("Hello", Ended("stop"))
    request = server.requests[0]
    assert (request.method, request.path) == ("POST", "/v1/chat/completions")
    assert request.headers["authorization"] == f"Bearer {KEY}"
    assert request.headers["x-team"] == "a"
    assert request.json == {
        "model": "m",
        "messages": [{"role": "user", "content": "hi"}],
        "stream": True,
        "stream_options": {"include_usage": True},
        "temperature": 0.5,
    }
    await endpoint.aclose()


@pytest.mark.parametrize("framing", ["chunked", "close", "length"])
async def test_the_framing_and_the_cutting_do_not_matter(server: SSEServer, framing: str) -> None:
    body = deltas("Hel", "lo 🙂") + finish()
    server.add(Script(cut(body), framing=framing), Script([body], framing=framing))
    endpoint = make(server)
    assert text_of(await stream(endpoint)) == text_of(await stream(endpoint)) == "Hello 🙂"
    await endpoint.aclose()


async def test_a_compressed_stream_is_read(server: SSEServer) -> None:
    body = gzip.compress(deltas("Hel", "lo") + finish())
    server.add(Script(cut(body, 7), headers={"content-encoding": "gzip"}))
    server.add(Script([b"no gzip"], headers={"content-encoding": "gzip"}))
    endpoint = make(server)
    assert text_of(await stream(endpoint)) == "Hello"
    failure = await fail(endpoint)
    assert failure.kind is FailureKind.PROTOCOL
    assert "compression" in failure.message
    await endpoint.aclose()


async def test_two_prompts_use_one_connection(server: SSEServer) -> None:
    server.add(GOOD, refusal(429, "slow down"), GOOD)
    endpoint = make(server)
    for _ in range(3):
        await stream(endpoint)
    assert [request.connection for request in server.requests] == [1, 1, 1]
    await endpoint.aclose()
    await asyncio.wait_for(server.requests[-1].closed.wait(), PATIENT)
    server.add(GOOD)
    assert text_of(await stream(endpoint)) == "Hello"
    await endpoint.aclose()
    await endpoint.aclose()


async def test_leaving_a_stream_closes_the_connection(server: SSEServer) -> None:
    server.add(Script([deltas("a"), Stall()]))
    endpoint = make(server)
    async with aclosing(endpoint.stream(ask())) as events:
        assert await anext(events) == TextDelta("a")
        assert not server.requests[0].closed.is_set()
    await asyncio.wait_for(server.requests[0].closed.wait(), PATIENT)
    await endpoint.aclose()


@pytest.mark.parametrize("steps", [[Stall()], [deltas("a"), Stall()]])
@pytest.mark.parametrize("framing", ["chunked", "raw"])
async def test_a_cancelled_stream_closes_the_connection(
    server: SSEServer, steps: list[bytes | Stall], framing: str
) -> None:
    server.add(Script(steps if framing == "chunked" else [Stall()], framing=framing), GOOD)
    endpoint = make(server)
    task = asyncio.create_task(stream(endpoint))
    request = await server.wait_for_request()
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    await asyncio.wait_for(request.closed.wait(), PATIENT)
    assert text_of(await stream(endpoint)) == "Hello"
    await endpoint.aclose()


async def test_a_reset_in_mid_reply_is_an_interruption(server: SSEServer) -> None:
    for step in (Reset(), Close()):
        server.add(Script([deltas("a"), step]))
        endpoint = make(server)
        events = await stream(endpoint)
        assert text_of(events) == "a"
        assert isinstance(events[-1], Ended)
        assert events[-1].interrupted
        assert events[-1].failure is not None
        assert events[-1].failure.kind is FailureKind.NETWORK
        await endpoint.aclose()


async def test_a_reset_after_the_finish_reason_changes_nothing(server: SSEServer) -> None:
    server.add(Script([deltas("a") + finish(), Reset()]))
    endpoint = make(server)
    assert (await stream(endpoint))[-1] == Ended("stop")
    await endpoint.aclose()


async def test_a_connection_that_ends_before_the_answer_is_a_network_failure(server: SSEServer) -> None:
    server.add(Script([Reset()], framing="raw"), Script([Close()], framing="raw"))
    endpoint = make(server)
    for _ in range(2):
        failure = await fail(endpoint)
        assert failure.kind is FailureKind.NETWORK
        assert failure.advice == "Is work (127.0.0.1) running? Its address is base_url in [providers.work]."
    await endpoint.aclose()


async def test_a_server_that_does_not_speak_http_is_told(server: SSEServer) -> None:
    server.add(Script([b"SSH-2.0-OpenSSH_9.2\r\n\r\n"], framing="raw"))
    endpoint = make(server)
    failure = await fail(endpoint)
    assert (failure.kind, "does not speak HTTP" in failure.message) == (FailureKind.PROTOCOL, True)
    await endpoint.aclose()


async def test_nobody_listening_is_told(server: SSEServer) -> None:
    endpoint = make(server)
    await server.stop()
    failure = await fail(endpoint)
    assert failure.kind is FailureKind.NETWORK
    assert failure.message == "No connection to 127.0.0.1: connection refused."
    await endpoint.aclose()


async def test_silence_ends_an_attempt_before_and_during_the_reply(server: SSEServer) -> None:
    server.add(Script([Stall()], framing="raw"), Script([deltas("a"), Stall()]))
    endpoint = make(server, idle_timeout=0.3)
    failure = await fail(endpoint)
    assert (failure.kind, failure.message) == (FailureKind.TIMEOUT, "127.0.0.1 did not answer for 0.3 seconds.")
    failure = await fail(endpoint)
    assert (failure.kind, failure.message) == (FailureKind.TIMEOUT, "127.0.0.1 sent nothing for 0.3 seconds.")
    for request in server.requests:
        await asyncio.wait_for(request.closed.wait(), PATIENT)
    await endpoint.aclose()


async def test_it_can_be_warmed_up_in_a_thread(server: SSEServer) -> None:
    server.add(GOOD)
    endpoint = make(server)
    for _ in range(2):
        await asyncio.to_thread(endpoint.warm_up)
    assert text_of(await stream(endpoint)) == "Hello"
    await endpoint.aclose()


def test_the_retry_settings_are_those_of_the_config() -> None:
    settings = ProviderSettings(
        "work", base_url="http://127.0.0.1:1", max_retries=7, initial_backoff=0.5, max_backoff=9
    )
    retry = build_rows(Config(providers={"work": settings}), {})["work"].provider.retry
    assert (retry.max_retries, retry.initial_backoff, retry.max_backoff) == (7, 0.5, 9)


def test_the_config_knows_a_model_best() -> None:
    facts = ModelSettings(context_window=10, max_output=5, price=PriceSettings(1, 2, 0.5))
    settings = ProviderSettings("openai", models={"gpt-4.1": facts, "gpt-4o": ModelSettings()})
    endpoint = build_rows(Config(providers={"openai": settings}), {})["openai"].provider
    info = endpoint.describe("gpt-4.1")
    assert (info.context_window, info.max_output, info.price, info.price_as_of) == (10, 5, Price(1, 2, 0.5), "config")
    assert endpoint.describe("gpt-4o").context_window == 128_000
    assert endpoint.describe("gpt-4o").price == Price(2.5, 10, 1.25)
    assert endpoint.describe("no-such").price is None


async def test_usage_is_handed_on(server: SSEServer) -> None:
    server.add(Script([deltas("a"), finish(usage={"prompt_tokens": 5, "completion_tokens": 1, "cost": 0.1})]))
    endpoint = make(server)
    assert UsageReported(Usage(5, 1), 0.1) in await stream(endpoint)
    await endpoint.aclose()
