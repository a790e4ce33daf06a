"""K1 to K4: what is said of a key, and what is never sent."""

from __future__ import annotations

import json
import time
from pathlib import Path

import pytest

from chatui.conversation.failure import FailureKind
from chatui.providers.key_check import KeyState, check_key_of
from chatui.providers.keys import FoundKey, check_key
from chatui.providers.quirks import load_quirks
from tests.providers.work import GOOD, KEY, fail, make
from tests.reliability.talk import talk
from tests.sse_server import Reset, Script, SSEServer, Stall, refusal

_JSON = {"content-type": "application/json"}
_LIST = Script([b'{"data":[{"id":"a"},{"id":"b"}]}'], headers=_JSON)


@pytest.mark.parametrize(
    ("script", "state"),
    [
        (_LIST, KeyState.VALID),
        (refusal(401, "no"), KeyState.REFUSED),
        (refusal(403, "no"), KeyState.REFUSED),
        (refusal(402, "no money"), KeyState.NO_FUNDS),
        (refusal(404, "what?"), KeyState.NO_MODEL_LIST),
        (refusal(429, "slow down"), KeyState.NOT_CHECKED),
        (refusal(500, "oops"), KeyState.NOT_CHECKED),
        (refusal(503, "loading"), KeyState.NOT_CHECKED),
        (Script([Reset()], framing="raw"), KeyState.NOT_CHECKED),
        (Script([b"<html><title>Hi</title>"]), KeyState.NO_MODEL_LIST),
        (Script([b'{"data": [{"id"'], headers=_JSON), KeyState.NO_MODEL_LIST),
    ],
)
async def test_k1_the_state_of_a_key_is_told_honestly(server: SSEServer, script: Script, state: KeyState) -> None:
    server.add(script)
    endpoint = make(server)
    check = await check_key_of(endpoint)
    assert (check.state, server.requests[0].method, server.requests[0].path) == (state, "GET", "/v1/models")
    assert "invalid" not in f"{check.state} {check.failure}"
    await endpoint.aclose()


async def test_k1_a_server_that_is_silent_is_not_waited_for(server: SSEServer) -> None:
    server.add(Script([Stall()], framing="raw"))
    endpoint = make(server)
    began = time.monotonic()
    assert (await check_key_of(endpoint, seconds=0.1)).state is KeyState.NOT_CHECKED
    assert time.monotonic() - began < 2
    await endpoint.aclose()


async def test_k1_a_key_that_could_not_be_checked_is_used_all_the_same(server: SSEServer, tmp_path: Path) -> None:
    server.add(refusal(503), GOOD)
    async with talk(server, tmp_path) as here:
        assert (await check_key_of(here.endpoint)).state is KeyState.NOT_CHECKED
        assert (await here.ask()).text == "Hello"


async def test_k1_an_endpoint_that_answers_without_a_key_says_so(server: SSEServer) -> None:
    server.add(_LIST, refusal(401))
    endpoint = make(server, {}, api_key_env="")
    assert (await check_key_of(endpoint)).state is KeyState.NO_KEY
    assert (await check_key_of(endpoint)).state is KeyState.MISSING
    await endpoint.aclose()


@pytest.mark.parametrize(
    ("body", "count"),
    [
        ({"data": []}, 0),
        ({"data": [{"id": f"m{n}"} for n in range(3000)]}, 3000),
        ({"data": [None, 1, "x", [], {}, {"id": None}, {"id": 7}, {"id": "ok"}, {"id": "\x1b[2J"}]}, 2),
        (["a", "b"], 2),
    ],
    ids=["none", "3000", "odd entries", "a bare list"],
)
async def test_k2_odd_lists_of_models(server: SSEServer, body: object, count: int) -> None:
    server.add(Script([json.dumps(body).encode()], headers=_JSON))
    endpoint = make(server)
    began = time.monotonic()
    assert len((await check_key_of(endpoint)).models.models) == count
    assert time.monotonic() - began < 1
    await endpoint.aclose()


@pytest.mark.parametrize("pasted", [f" {KEY}\n", f"\t{KEY}  ", f'"{KEY}"', f"Bearer {KEY}", f"{KEY}\r\n"])
async def test_k3_a_pasted_key_is_trimmed(server: SSEServer, tmp_path: Path, pasted: str) -> None:
    server.add(GOOD)
    async with talk(server, tmp_path, {"WORK_KEY": pasted}) as here:
        await here.ask()
    assert server.requests[0].headers["authorization"] == f"Bearer {KEY}"


@pytest.mark.parametrize(
    ("key", "reason"),
    [
        ("sk-one\nsk-two", "a line break"),
        ("sk-\x00abcdef", "a control character"),
        ("sk-abc def", "a space"),
        ("sk-schlüssel", "not ASCII"),
        ("sk-abc\u200bdef", "not ASCII"),
        ("YOUR_DEEPSEEK_API_KEY", "placeholder"),
        ("your-api-key-here", "placeholder"),
        ("sk-xxx", "placeholder"),
        ("sk-xxxxxxxxxxxxxxxx", "placeholder"),
        ("sk-...", "placeholder"),
        ("<your key>", "placeholder"),
        ("${OPENAI_API_KEY}", "placeholder"),
        ("$OPENAI_API_KEY", "placeholder"),
        ("sk-your-key", "placeholder"),
        ("changeme", "placeholder"),
        ("***", "placeholder"),
    ],
)
async def test_k3_what_cannot_be_a_key_is_refused_with_a_reason_and_not_sent(
    server: SSEServer, tmp_path: Path, key: str, reason: str
) -> None:
    async with talk(server, tmp_path, {"WORK_KEY": key}) as here:
        reply = await here.ask()
    assert server.requests == []
    assert reply.failure is not None
    assert reply.failure.kind is FailureKind.CONFIGURATION
    assert reason in reply.failure.message
    assert "WORK_KEY" in reply.failure.message
    if len(key) > 8:
        assert key not in reply.failure.message


@pytest.mark.parametrize("key", [KEY, "sk-proj-Xy9", "gsk_xxYz12", "ollama", "EMPTY", "sk-or-v1-0123", "secret-9f3e21"])
def test_k3_real_keys_pass(key: str) -> None:
    found = check_key(key, "WORK_KEY")
    assert isinstance(found, FoundKey)
    assert found.value == key


async def test_k3_a_missing_key_names_the_page_where_one_is_made(server: SSEServer) -> None:
    endpoint = make(server, {}, api_key_env="WORK_KEY")
    assert "WORK_KEY is not set" in (await fail(endpoint)).message
    assert all(quirks.key_page for quirks in load_quirks().values() if quirks.needs_key)


@pytest.mark.parametrize(
    ("typed", "path"),
    [
        ("{}/v1", "/v1/chat/completions"),
        ("{}/v1/", "/v1/chat/completions"),
        ("{}", "/v1/chat/completions"),
        ("{}/", "/v1/chat/completions"),
        ("{}/v1/v1", "/v1/chat/completions"),
        ("{}//v1//", "/v1/chat/completions"),
        ("{}/v1/chat/completions", "/v1/chat/completions"),
        ("{}/v1/chat/completions/", "/v1/chat/completions"),
        ("{}/v1/models", "/v1/chat/completions"),
        ("{}/api/paas/v4", "/api/paas/v4/chat/completions"),
        ("{}/v1?api-version=1", "/v1/chat/completions?api-version=1"),
    ],
)
async def test_k4_every_way_to_write_an_address_reaches_the_same_path(
    server: SSEServer, tmp_path: Path, typed: str, path: str
) -> None:
    server.add(GOOD)
    url = typed.format(server.base_url.removesuffix("/v1"))
    async with talk(server, tmp_path, base_url=url) as here:
        await here.ask()
    assert server.requests[0].path == path
