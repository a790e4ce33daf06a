"""Finding servers on this machine."""

from __future__ import annotations

import asyncio
import json
from contextlib import AsyncExitStack

import pytest

from chatui.providers import local
from chatui.providers.local import FoundServer, probe_local_servers
from tests.sse_server import Reset, Script, SSEServer, Stall


def answer(payload: object, status: int = 200, **headers: str) -> Script:
    content = payload if isinstance(payload, bytes) else json.dumps(payload).encode()
    return Script([content], status, {"content-type": "application/json"} | headers, framing="length")


async def probe(server: SSEServer, script: Script, name: str = "llamacpp") -> FoundServer | None:
    server.add(script)
    found = await probe_local_servers({}, {name: server.port})
    return found[0] if found else None


@pytest.mark.parametrize(
    ("script", "port_of", "name"),
    [
        (answer({"data": [{"id": "m", "owned_by": "llamacpp"}]}), "vllm", "llamacpp"),
        (answer({"data": [{"id": "m", "owned_by": "vllm"}]}), "llamacpp", "vllm"),
        (answer({"data": [{"id": "m", "owned_by": "library"}]}), "ollama", "ollama"),
        (answer({"data": [{"id": "m", "owned_by": "organization_owner"}]}), "llamacpp", "lmstudio"),
        (answer({"data": [{"id": "m", "owned_by": 5}, "x"]}, server="llama.cpp"), "vllm", "llamacpp"),
        (answer({"data": [{"id": "m"}]}), "jan", "jan"),
    ],
)
async def test_a_server_is_named_by_what_it_says_else_by_its_port(
    server: SSEServer, script: Script, port_of: str, name: str
) -> None:
    found = await probe(server, script, port_of)
    assert found is not None
    assert (found.name, found.base_url, found.models[0]) == (name, server.base_url, "m")
    request = server.requests[0]
    assert (request.method, request.path) == ("GET", "/v1/models")
    assert "authorization" not in request.headers


@pytest.mark.parametrize(
    "script",
    [
        answer(b"<html>Tomcat</html>"),
        answer(b""),
        answer({"ok": True}),
        answer({"data": []}, 500),
        answer(b"<html>", 401),
        answer(b"Service Unavailable", 503),
        Script([], 302, {"location": "/login"}, framing="length"),
        Script([Reset()], framing="raw"),
    ],
)
async def test_other_programs_are_not_taken_for_one(server: SSEServer, script: Script) -> None:
    assert await probe(server, script) is None


async def test_one_that_wants_a_key_or_is_loading_is_told(server: SSEServer) -> None:
    wants = await probe(server, answer({"error": "key"}, 401), "jan")
    loads = await probe(server, answer({"error": {"message": "Loading model"}}, 503))
    assert wants == FoundServer("jan", "Jan", server.base_url, needs_key=True)
    assert loads == FoundServer("llamacpp", "llama.cpp", server.base_url, is_loading=True)


async def test_a_silent_port_holds_nothing_up(server: SSEServer, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(local, "_SECONDS", 0.05)
    assert await probe(server, Script([Stall()], framing="raw")) is None
    await asyncio.wait_for(server.requests[0].closed.wait(), 5.0)


async def test_all_are_asked_at_once_and_named_in_order() -> None:
    gate = asyncio.Event()
    async with AsyncExitStack() as stack:
        servers = [await stack.enter_async_context(SSEServer()) for _ in range(3)]
        for server in servers:
            server.add(Script([b'{"data":[]}', gate]))
        ports = dict(zip(("ollama", "lmstudio", "vllm"), (server.port for server in servers), strict=True))
        task = asyncio.create_task(probe_local_servers({}, ports))
        for server in servers:
            await server.wait_for_request()
        gate.set()
        assert [found.name for found in await task] == ["ollama", "lmstudio", "vllm"]


async def test_ollama_host_names_the_port_only_where_it_is_this_machine(server: SSEServer) -> None:
    models = {"data": [{"id": "qwen3", "owned_by": "library"}]}
    server.add(answer(models))
    found = await probe_local_servers({"OLLAMA_HOST": f"0.0.0.0:{server.port}"})
    assert FoundServer("ollama", "Ollama", server.base_url, ("qwen3",)) in found
    for host in (f"box.example:{server.port}", "", "http://["):
        assert local._read_ollama_port({"OLLAMA_HOST": host}) == {}
