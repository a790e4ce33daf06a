"""Asking an endpoint for its models, which is also the check of a key."""

from __future__ import annotations

import asyncio
import json

import pytest

from chatui.conversation.failure import Failure, FailureKind
from chatui.conversation.usage import Price
from chatui.providers import endpoint as endpoint_module
from tests.providers.work import GOOD, KEY, PATIENT, ask, fail, make, stream, text_of
from tests.sse_server import Reset, Script, SSEServer, Stall, refusal


def listing(payload: object) -> Script:
    return Script([json.dumps(payload).encode()], headers={"content-type": "application/json"}, framing="length")


async def failure_of(server: SSEServer, script: Script) -> Failure:
    server.add(script)
    endpoint = make(server)
    answer = await asyncio.wait_for(endpoint.list_models(), PATIENT)
    await endpoint.aclose()
    assert answer.failure is not None
    assert answer.models == ()
    return answer.failure


async def test_the_models_are_asked_for_and_what_is_said_of_them_remembered(server: SSEServer) -> None:
    pricing = {"prompt": "0.000001", "completion": "0.000002"}
    server.add(listing({"data": [{"id": "big", "context_length": 8192, "pricing": pricing}, {"id": "small"}]}))
    endpoint = make(server)
    answer = await endpoint.list_models()
    assert [model.name for model in answer.models] == ["work/big", "work/small"]
    request = server.requests[0]
    assert (request.method, request.path) == ("GET", "/v1/models")
    assert request.headers["authorization"] == f"Bearer {KEY}"
    info = endpoint.describe("big")
    assert (info.context_window, info.price) == (8192, Price(1, 2))
    assert endpoint.describe("small").price is None
    await endpoint.aclose()


async def test_an_empty_list_is_no_failure(server: SSEServer) -> None:
    server.add(listing({"data": []}))
    endpoint = make(server)
    answer = await endpoint.list_models()
    assert (list(answer.models), answer.failure) == ([], None)
    await endpoint.aclose()


async def test_three_thousand_models_are_read(server: SSEServer) -> None:
    server.add(listing({"data": [{"id": f"vendor/model-{n}", "context_length": n} for n in range(3000)]}))
    endpoint = make(server)
    async with asyncio.timeout(1.0):
        assert len((await endpoint.list_models()).models) == 3000
    await endpoint.aclose()


@pytest.mark.parametrize(
    ("status", "kind"),
    [
        (401, FailureKind.AUTHENTICATION),
        (402, FailureKind.FUNDS),
        (403, FailureKind.AUTHENTICATION),
        (404, FailureKind.NOT_FOUND),
        (429, FailureKind.RATE_LIMIT),
        (500, FailureKind.SERVER),
        (503, FailureKind.OVERLOADED),
    ],
)
async def test_a_refusal_tells_what_is_known_of_the_key(server: SSEServer, status: int, kind: FailureKind) -> None:
    failure = await failure_of(server, refusal(status, "no"))
    assert (failure.kind, failure.status) == (kind, status)


async def test_a_server_without_a_list_asks_for_the_name(server: SSEServer) -> None:
    assert (await failure_of(server, refusal(404))).advice == "Name the model yourself: work/MODEL."


@pytest.mark.parametrize("body", [b"", b"<html>", b"{", b'{"object":"list"}', b"null"])
async def test_what_is_no_list_is_told(server: SSEServer, body: bytes) -> None:
    failure = await failure_of(server, Script([body], framing="length"))
    assert failure.kind is FailureKind.PROTOCOL
    assert failure.message.endswith("/v1/models gives no list of models.")


async def test_a_reset_is_a_network_failure(server: SSEServer) -> None:
    assert (await failure_of(server, Script([Reset()], framing="raw"))).kind is FailureKind.NETWORK


async def test_it_does_not_take_for_ever(server: SSEServer, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(endpoint_module, "_LIST_SECONDS", 0.05)
    for script in (Script([Stall()], framing="raw"), Script([b'{"data":[', Stall()])):
        failure = await failure_of(server, script)
        assert failure.kind is FailureKind.TIMEOUT
        assert failure.message == "127.0.0.1 gave no list of models in 0.05 seconds."
        assert failure.advice == "Ask again, or name the model yourself: work/MODEL."


async def test_a_model_without_a_name_is_the_first_one_offered(server: SSEServer) -> None:
    server.add(listing({"data": [{"id": "first"}, {"id": "second"}]}), GOOD)
    endpoint = make(server)
    assert text_of(await stream(endpoint, ask(""))) == "Hello"
    assert server.requests[1].json["model"] == "first"
    await endpoint.aclose()


async def test_a_model_without_a_name_where_none_is_offered_is_told(server: SSEServer) -> None:
    server.add(listing({"data": []}), refusal(500))
    endpoint = make(server)
    assert (await fail(endpoint, ask(""))).advice == "Name one: work/MODEL."
    assert (await fail(endpoint, ask(""))).status == 500
    await endpoint.aclose()
