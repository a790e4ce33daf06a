"""What an endpoint makes of refusals, redirects, keys and settings that cannot be used."""

from __future__ import annotations

import asyncio
import os
import sys

import pytest

from chatui.conversation.attachment import attach_image
from chatui.conversation.failure import FailureKind
from chatui.conversation.message import Role
from chatui.conversation.request import PlacedImage, Request, Turn
from tests.providers.work import GOOD, KEY, PATIENT, fail, make, stream, text_of
from tests.sse_server import Script, SSEServer, Stall, refusal


@pytest.mark.parametrize("status", [*range(400, 419), 422, 425, 426, 428, 429, 431, 451, *range(500, 512), 529, 599])
async def test_every_refusal_is_a_failure_with_the_servers_words_and_without_the_key(status: int) -> None:
    async with SSEServer() as server:
        server.add(refusal(status, f"because of {KEY}", retry_after="7", x_should_retry="false"))
        endpoint = make(server)
        failure = await fail(endpoint)
        assert failure.message == f"work (127.0.0.1) answered {status}: because of [key]"
        assert (failure.status, failure.retry_after, failure.may_retry) == (status, 7, False)
        await endpoint.aclose()


async def test_a_redirect_is_not_followed(server: SSEServer) -> None:
    async with SSEServer() as other:
        for status in (301, 302, 303, 307, 308):
            server.add(Script([], status, {"location": f"{other.base_url}/chat/completions"}, framing="length"))
        endpoint = make(server)
        for _ in range(5):
            failure = await fail(endpoint)
            assert failure.kind is FailureKind.CONFIGURATION
            assert f"http://127.0.0.1:{other.port}." in failure.message
        assert other.requests == []
        await endpoint.aclose()


async def test_an_endless_error_body_is_cut_off(server: SSEServer) -> None:
    server.add(Script([b"x" * 70_000, Stall()], 500))
    endpoint = make(server)
    assert len((await fail(endpoint)).message) == 500
    await asyncio.wait_for(server.requests[0].closed.wait(), PATIENT)
    await endpoint.aclose()


@pytest.mark.parametrize("status", [400, 422])
async def test_stream_options_are_left_out_once_they_were_refused(server: SSEServer, status: int) -> None:
    server.add(refusal(status, "extra_forbidden: stream_options"), GOOD, GOOD)
    endpoint = make(server)
    assert text_of(await stream(endpoint)) == text_of(await stream(endpoint)) == "Hello"
    assert ["stream_options" in request.json for request in server.requests] == [True, False, False]
    await endpoint.aclose()


async def test_a_second_refusal_is_told(server: SSEServer) -> None:
    server.add(*[refusal(400, "no stream_options, ever")] * 2)
    endpoint = make(server)
    assert "no stream_options, ever" in (await fail(endpoint)).message
    assert len(server.requests) == 2
    await endpoint.aclose()


@pytest.mark.parametrize(("params", "word"), [({"x": float("nan")}, "float"), ({"x": {1, 2}}, "set")])
async def test_a_parameter_that_is_no_json_is_told(server: SSEServer, params: dict[str, object], word: str) -> None:
    failure = await fail(make(server), Request("m", [Turn(Role.USER, "hi")], params=params))
    assert failure.kind is FailureKind.CONFIGURATION
    assert word in failure.message
    assert server.requests == []


async def test_half_a_surrogate_pair_in_a_prompt_does_not_hinder(server: SSEServer) -> None:
    server.add(GOOD)
    endpoint = make(server)
    assert text_of(await stream(endpoint, Request("m", [Turn(Role.USER, "a\ud83d")]))) == "Hello"
    assert server.requests[0].json["messages"][0]["content"] == "a?"
    await endpoint.aclose()


async def test_no_key_is_sent_where_there_is_none_and_a_wanted_one_is_told(server: SSEServer) -> None:
    server.add(refusal(401))
    endpoint = make(server, {}, api_key_env="")
    assert (await fail(endpoint)).advice == "It wants a key: set api_key_env in [providers.work]."
    assert "authorization" not in server.requests[0].headers
    await endpoint.aclose()


async def test_a_missing_or_broken_key_is_told_before_anything_is_sent(server: SSEServer) -> None:
    for environ in ({}, {"WORK_KEY": "YOUR_API_KEY"}, {"WORK_KEY": "a\nb"}):
        endpoint = make(server, environ)
        assert (await fail(endpoint)).kind is FailureKind.CONFIGURATION
        assert (await endpoint.list_models()).failure is not None
    assert server.requests == []


async def test_a_refused_key_is_fetched_again(server: SSEServer) -> None:
    server.add(GOOD, refusal(401), GOOD)
    command = f"{sys.executable} -c \"import os; print('{KEY}' + str(os.getpid()))\""
    endpoint = make(server, dict(os.environ), api_key_env="", api_key_cmd=command)
    for _ in range(3):
        await stream(endpoint)
    keys = [request.headers["authorization"] for request in server.requests]
    assert keys[0] == keys[1] != keys[2]
    await endpoint.aclose()


async def test_secrets_in_headers_and_addresses_are_taken_out_too(server: SSEServer) -> None:
    server.add(refusal(400, "you sent hunter2hunter2 and s3cret-header-value"))
    url = server.base_url.replace("http://", "http://me:hunter2hunter2@")
    endpoint = make(server, {}, api_key_env="", base_url=url, headers={"X-Auth": "s3cret-header-value"})
    assert (await fail(endpoint)).message.endswith("you sent [key] and [key]")
    await endpoint.aclose()


@pytest.mark.parametrize("headers", [{"X-Team": "a\nb"}, {"X-Team": "käse"}, {"X Team": "a"}])
async def test_a_header_that_cannot_be_sent_is_told(server: SSEServer, headers: dict[str, str]) -> None:
    failure = await fail(make(server, headers=headers))
    assert failure.kind is FailureKind.CONFIGURATION
    assert server.requests == []


async def test_a_broken_address_is_told(server: SSEServer) -> None:
    endpoint = make(server, base_url="ftp://a.example")
    endpoint.warm_up()
    assert "base_url in [providers.work] is no address" in (await fail(endpoint)).message
    assert (await endpoint.list_models()).failure is not None
    await endpoint.aclose()


@pytest.mark.parametrize("status", [400, 404, 415, 422])
async def test_where_images_were_refused_the_advice_speaks_of_them(server: SSEServer, status: int) -> None:
    server.add(refusal(status, "no image input, please"), refusal(status, "no"))
    endpoint = make(server)
    image = attach_image("cat.png", "image/png", b"a cat")
    failure = await fail(endpoint, Request("m", [Turn(Role.USER, "What?", (image,))]))
    assert failure.advice.startswith("m may take no images, or not these: choose another model, or set images = false")
    assert "images" not in (await fail(endpoint)).advice
    await endpoint.aclose()


async def test_where_the_address_of_an_image_was_refused_the_image_itself_is_asked_for(server: SSEServer) -> None:
    server.add(refusal(400, "cannot download"))
    endpoint = make(server)
    turn = Turn(Role.USER, "What?", placed=(PlacedImage(5, "https://example.org/cat.png"),))
    failure = await fail(endpoint, Request("m", [turn]))
    assert failure.advice == (
        "m may fetch no images by their address: send them as data: URLs, or choose another model."
    )
    await endpoint.aclose()
