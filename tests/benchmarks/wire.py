"""A reply over HTTP at 1,000 events per second: what the client alone costs, beside raw loops that do the least."""

from __future__ import annotations

import asyncio
import importlib
import json
import socket
import statistics
import subprocess
import sys
import time
from collections.abc import Awaitable, Callable, Mapping
from contextlib import aclosing
from types import MappingProxyType

from chatui.config.config import Config, ProviderSettings
from chatui.conversation.events import Ended, TextDelta
from chatui.conversation.message import Role
from chatui.conversation.request import Request, Turn
from chatui.providers.endpoint import Endpoint
from chatui.providers.registry import build_rows
from tests.benchmarks.terminal import ROOT

SPEED = 1000
_PACE = 1 / 60


async def serve(count: int) -> None:
    """Serve streams of `count` events on a free port, which is printed; ends with the standard input."""

    async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        head = await reader.readuntil(b"\r\n\r\n")
        for line in head.split(b"\r\n"):
            if line.lower().startswith(b"content-length:"):
                await reader.readexactly(int(line.partition(b":")[2]))
        writer.write(b"HTTP/1.1 200 OK\r\ncontent-type: text/event-stream\r\n")
        writer.write(b"transfer-encoding: chunked\r\nconnection: close\r\n\r\n")
        loop = asyncio.get_running_loop()
        began, sent = loop.time(), 0
        while sent < count:
            due = min(int((loop.time() - began) * SPEED) + 1, count)
            for number in range(sent, due):
                writer.write(_event({"content": f"tok{number % 10} "}))
            sent = due
            await writer.drain()
            await asyncio.sleep(1 / SPEED)
        writer.write(_event({}, "stop") + _chunk(b"data: [DONE]\n\n") + b"0\r\n\r\n")
        await writer.drain()
        writer.close()

    server = await asyncio.start_server(answer, "127.0.0.1", 0)
    print(server.sockets[0].getsockname()[1], flush=True)
    await asyncio.to_thread(sys.stdin.read)
    server.close()


def _event(delta: dict[str, str], finish: str | None = None) -> bytes:
    chunk = {
        "id": "chatcmpl-1",
        "object": "chat.completion.chunk",
        "created": 1,
        "model": "m",
        "choices": [{"index": 0, "delta": delta, "finish_reason": finish}],
    }
    return _chunk(b"data: " + json.dumps(chunk).encode() + b"\n\n")


def _chunk(data: bytes) -> bytes:
    """A chunk of the transfer encoding: servers send one for each event."""
    return f"{len(data):x}\r\n".encode() + data + b"\r\n"


async def read_with_chatui(port: int) -> int:
    """The whole provider: HTTP, event stream, chunks, reply events."""
    provider = _make_provider(port)
    count = 0
    async with aclosing(provider.stream(Request("m", (Turn(Role.USER, "go"),)))) as events:
        async for event in events:
            if isinstance(event, TextDelta):
                count += 1
            elif isinstance(event, Ended) and event.failure is not None:
                raise RuntimeError(event.failure.message)
    await provider.aclose()
    return count


def _make_provider(port: int) -> Endpoint:
    settings = ProviderSettings("bench", f"http://127.0.0.1:{port}/v1", api_key="key")
    provider = build_rows(Config(providers={"bench": settings}), {})["bench"].provider
    assert isinstance(provider, Endpoint)
    return provider


async def read_raw(port: int) -> int:
    """The least: bytes off a socket 60 times a second, cut at line ends, and JSON decoded."""
    loop = asyncio.get_running_loop()
    with socket.socket() as connection:
        connection.setblocking(False)
        await loop.sock_connect(connection, ("127.0.0.1", port))
        await loop.sock_sendall(connection, b"POST / HTTP/1.1\r\nhost: x\r\ncontent-length: 2\r\n\r\n{}")
        count, rest = 0, b""
        while data := await loop.sock_recv(connection, 1 << 16):
            *lines, rest = (rest + data).split(b"\n")
            for line in lines:
                if line.startswith(b"data: {"):
                    count += bool(json.loads(line[6:])["choices"][0]["delta"].get("content"))
            await asyncio.sleep(_PACE)
    return count


async def read_with_httpx(port: int) -> int:
    """What a script does: `aiter_lines`, JSON, print."""
    import httpx  # Only this reader needs it.

    count = 0
    async with (
        httpx.AsyncClient(trust_env=False) as client,
        client.stream("POST", f"http://127.0.0.1:{port}/", json={}) as response,
    ):
        async for line in response.aiter_lines():
            if line.startswith("data: {"):
                text = json.loads(line[6:])["choices"][0]["delta"].get("content")
                if text:
                    print(text, end="", flush=True, file=sys.stderr)
                    count += 1
    return count


_READERS: Mapping[str, Callable[[int], Awaitable[int]]] = MappingProxyType(
    {"chatui": read_with_chatui, "raw": read_raw, "httpx": read_with_httpx}
)


async def measure(name: str, port: int) -> None:
    """Read a stream and print the microseconds of CPU per delta, imports not counted."""
    if name != "raw":
        importlib.import_module("httpx")
        # Loads what a client needs, as the app does after its first frame.
        _make_provider(port).warm_up()
    began = time.process_time()
    count = await _READERS[name](port)
    print(json.dumps((time.process_time() - began) / max(count, 1) * 1e6))


def read_streams(names: tuple[str, ...], seconds: float, repeats: int) -> dict[str, float]:
    """Microseconds of CPU per delta of each reader, each in a process of its own; medians."""
    module = [sys.executable, "-m", "tests.benchmarks.wire"]
    found: dict[str, list[float]] = {name: [] for name in names}
    count = int(seconds * SPEED)
    with subprocess.Popen(
        [*module, "serve", str(count)], cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as server:
        assert server.stdin is not None
        assert server.stdout is not None
        port = server.stdout.readline().strip()
        for _ in range(repeats):
            for name in names:
                done = subprocess.run(
                    [*module, name, port],
                    cwd=ROOT,
                    check=True,
                    text=True,
                    stdout=subprocess.PIPE,
                    stderr=subprocess.DEVNULL,
                )
                found[name].append(float(done.stdout))
        server.stdin.close()
    return {name: statistics.median(values) for name, values in found.items()}


def main() -> None:
    """Serve, or read."""
    mode, number = sys.argv[1:]
    asyncio.run(serve(int(number)) if mode == "serve" else measure(mode, int(number)))


if __name__ == "__main__":
    main()
