"""A scripted HTTP server on 127.0.0.1 for tests: it sends any bytes under any cutting, and records what it was asked.

In a test::

    async with SSEServer() as server:
        server.add(Script([deltas("Hello", " you"), finish()]))
        ...                                    # a client talks to server.base_url
        assert server.requests[0].json["model"] == "m"

Nothing here sleeps: a script waits for an `asyncio.Event` of the test, or for the client to close.
By hand: `python -m tests.sse_server --port 8123` plays a Markdown reply for the app to show.
"""

from __future__ import annotations

import asyncio
import json
import socket
import ssl
import struct
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from http import HTTPStatus
from typing import Any, Self


@dataclass(frozen=True)
class Reset:
    """A step: the connection is reset (RST), not closed."""


@dataclass(frozen=True)
class Close:
    """A step: the connection is closed (FIN), whatever was announced."""


@dataclass(frozen=True)
class Stall:
    """A step: nothing more is sent until the client closes."""


@dataclass(frozen=True)
class Pause:
    """A step: so many seconds of silence. For playing by hand, never in a test."""

    seconds: float


Step = bytes | asyncio.Event | Reset | Close | Stall | Pause
"""Bytes are sent as one chunk; an event is waited for."""


@dataclass(frozen=True)
class Script:
    """One answer."""

    steps: Sequence[Step] = ()
    status: int = 200
    headers: dict[str, str] = field(default_factory=dict)
    """Beside `content-type`, which is `text/event-stream` where it is not given."""
    framing: str = "chunked"
    """`chunked`, `close` (the body ends with the connection), `length`, or `raw` (the steps are the whole answer)."""


@dataclass
class Recorded:
    """One request."""

    method: str
    path: str
    headers: dict[str, str]
    """Names in lower case."""
    body: bytes
    connection: int
    """Number of its connection, from 1."""
    closed: asyncio.Event
    """Set once the client has closed that connection, or it broke."""

    @property
    def json(self) -> Any:
        """The body, decoded."""
        return json.loads(self.body)


Choose = Callable[[Recorded], Script | None]


class SSEServer:
    """Answers each request with the next script, or with what `answer` returns for it; otherwise with 500.

    With `tls` it speaks HTTPS alone, and `connections` are those whose handshake was done.
    """

    def __init__(self, answer: Choose | None = None, tls: ssl.SSLContext | None = None) -> None:
        self.requests: list[Recorded] = []
        self.connections = 0
        self.tls = tls
        self._answer = answer
        self._scripts: list[Script] = []
        self._server: asyncio.Server | None = None
        self._open: set[_Connection] = set()
        self._arrived = asyncio.Condition()
        self.port = 0

    @property
    def base_url(self) -> str:
        """What a config would name."""
        return f"{'http' if self.tls is None else 'https'}://127.0.0.1:{self.port}/v1"

    def add(self, *scripts: Script) -> None:
        """Answer the next requests with these."""
        self._scripts += scripts

    async def start(self, port: int = 0) -> None:
        """Listen; port 0 takes a free one."""
        loop = asyncio.get_running_loop()
        self._server = await loop.create_server(lambda: _Connection(self), "127.0.0.1", port, ssl=self.tls)
        self.port = self._server.sockets[0].getsockname()[1]

    async def stop(self) -> None:
        """Break all connections and stop listening."""
        if self._server is not None:
            self._server.close()
        gone = [connection.request_closed for connection in self._open]
        for connection in list(self._open):
            connection.abort()
        for event in gone:
            await event.wait()
        if self._server is not None:
            await self._server.wait_closed()

    async def wait_for_request(self, number: int = 1) -> Recorded:
        """Wait until so many requests have come in all; return that one."""
        async with self._arrived:
            await self._arrived.wait_for(lambda: len(self.requests) >= number)
        return self.requests[number - 1]

    async def script_for(self, request: Recorded) -> Script:
        """Record a request and choose its answer."""
        self.requests.append(request)
        async with self._arrived:
            self._arrived.notify_all()
        chosen = self._answer(request) if self._answer else None
        if chosen is not None:
            return chosen
        if self._scripts:
            return self._scripts.pop(0)
        return Script([b"no script is left"], 500, {"content-type": "text/plain"})

    async def __aenter__(self) -> Self:
        await self.start()
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.stop()


class _Connection(asyncio.Protocol):
    """Reads requests one after another, so that keep-alive works, and notices when the client is gone."""

    def __init__(self, server: SSEServer) -> None:
        self.request_closed = asyncio.Event()
        self._server = server
        self._received = bytearray()
        self._transport: asyncio.Transport | None = None
        self._playing: asyncio.Task[None] | None = None
        self._can_write = asyncio.Event()
        self._can_write.set()
        self._number = 0

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self._transport = transport
        self._server.connections += 1
        self._number = self._server.connections
        self._server._open.add(self)

    def data_received(self, data: bytes) -> None:
        self._received += data
        self._start_next()

    def pause_writing(self) -> None:
        self._can_write.clear()

    def resume_writing(self) -> None:
        self._can_write.set()

    def connection_lost(self, exc: Exception | None) -> None:
        self.request_closed.set()
        self._can_write.set()
        self._server._open.discard(self)
        if self._playing is not None:
            self._playing.cancel()

    def abort(self, *, is_reset: bool = False) -> None:
        """Drop the connection; `is_reset` sends RST instead of FIN."""
        assert self._transport is not None
        sock = self._transport.get_extra_info("socket")
        if is_reset and sock is not None:
            sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        self._transport.abort()

    def _start_next(self) -> None:
        head, separator, rest = bytes(self._received).partition(b"\r\n\r\n")
        if not separator or self._playing is not None:
            return
        first, *lines = head.decode("latin-1").split("\r\n")
        headers = {name.lower(): value.strip() for name, _, value in (line.partition(":") for line in lines)}
        length = int(headers.get("content-length", "0"))
        if len(rest) < length:
            return
        method, path, _ = first.split(" ", 2)
        self._received = bytearray(rest[length:])
        request = Recorded(method, path, headers, rest[:length], self._number, self.request_closed)
        self._playing = asyncio.get_running_loop().create_task(self._play(request))

    async def _play(self, request: Recorded) -> None:
        script = await self._server.script_for(request)
        assert self._transport is not None
        is_chunked = script.framing == "chunked"
        if script.framing != "raw":
            self._transport.write(_head(script))
        for step in script.steps:
            match step:
                case bytes():
                    self._transport.write(b"%x\r\n%b\r\n" % (len(step), step) if is_chunked and step else step)
                    await self._can_write.wait()
                    await asyncio.sleep(0)  # Lets the client run between two chunks.
                case asyncio.Event():
                    await step.wait()
                case Stall():
                    await self.request_closed.wait()
                case Pause(seconds):
                    await asyncio.sleep(seconds)
                case Reset() | Close():
                    if isinstance(step, Reset):
                        self.abort(is_reset=True)
                    self._transport.close()
                    return
        if is_chunked:
            self._transport.write(b"0\r\n\r\n")
        self._playing = None
        if script.framing in ("close", "raw"):
            self._transport.close()
        else:
            self._start_next()


def _head(script: Script) -> bytes:
    phrase = HTTPStatus(script.status).phrase if script.status in set(HTTPStatus) else "Odd"
    headers = {"content-type": "text/event-stream"} | script.headers
    if script.framing == "chunked":
        headers["transfer-encoding"] = "chunked"
    elif script.framing == "length":
        headers["content-length"] = str(sum(len(step) for step in script.steps if isinstance(step, bytes)))
    else:
        headers["connection"] = "close"
    lines = [f"HTTP/1.1 {script.status} {phrase}", *(f"{name}: {value}" for name, value in headers.items())]
    return "\r\n".join([*lines, "", ""]).encode("latin-1")


def event(payload: object) -> bytes:
    """One server-sent event with a JSON payload."""
    return f"data: {json.dumps(payload)}\n\n".encode()


def delta(**fields: object) -> bytes:
    """One chunk whose delta has these fields."""
    return event({"choices": [{"index": 0, "delta": fields, "finish_reason": None}]})


def deltas(*texts: str) -> bytes:
    """Chunks of content, one per text."""
    return b"".join(delta(content=text) for text in texts)


def finish(reason: str = "stop", usage: dict[str, object] | None = None) -> bytes:
    """The end of a reply: the finish reason, the usage where it is given, and `[DONE]`."""
    last = event({"choices": [{"index": 0, "delta": {}, "finish_reason": reason}]})
    counted = event({"choices": [], "usage": usage}) if usage else b""
    return last + counted + b"data: [DONE]\n\n"


def refusal(status: int, message: str = "", **headers: str) -> Script:
    """An error in OpenAI's shape. Header names are given with `_` for `-`."""
    body = json.dumps({"error": {"message": message}}).encode() if message else b""
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return Script([body], status, {"content-type": "application/json"} | named, framing="length")


if __name__ == "__main__":
    # Deferred: the demo is made with what stands above.
    from tests.sse_demo import main

    main()
