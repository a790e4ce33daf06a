"""S1, S5, S9 below the events: HTTP itself, as servers and proxies really speak it, byte by byte."""

from __future__ import annotations

import asyncio
import gzip
import zlib
from contextlib import suppress
from pathlib import Path

import pytest

from chatui.conversation.failure import FailureKind
from chatui.conversation.message import Message, Status
from tests.reliability.talk import talk
from tests.sse_server import Close, Script, SSEServer, deltas, finish

_BEGUN = deltas("Hi")
_WHOLE = _BEGUN + finish()
_CHUNKED = "transfer-encoding: chunked"


def _answer(body: bytes, *headers: str, status: str = "200 OK", version: str = "HTTP/1.1") -> bytes:
    lines = [f"{version} {status}", *headers]
    return "\r\n".join([*lines, "", ""]).encode("latin-1") + body


def _sized(body: bytes, *headers: str, status: str = "200 OK", size: int | None = None) -> bytes:
    return _answer(body, *headers, f"content-length: {len(body) if size is None else size}", status=status)


def _chunks(*pieces: bytes, mark: str = "", end: bytes = b"0\r\n\r\n") -> bytes:
    return b"".join(b"%X%b\r\n%b\r\n" % (len(piece), mark.encode(), piece) for piece in pieces) + end


async def _ask(server: SSEServer, folder: Path, answer: bytes) -> Message:
    server.add(Script([answer] if answer else [Close()], framing="raw"))
    async with talk(server, folder, max_retries=0) as here:
        reply = await here.ask()
        await here.live.aclose()
        assert await here.reopened() == reply
    if reply.failure is not None:
        assert reply.failure.advice
        assert "bytearray" not in reply.failure.message
    return reply


_COMPLETE = {
    "100 Continue first": b"HTTP/1.1 100 Continue\r\n\r\n" + _sized(_WHOLE),
    "102 and 103 first": b"HTTP/1.1 102 Processing\r\n\r\nHTTP/1.1 103 Early Hints\r\nlink: </x>\r\n\r\n"
    + _sized(_WHOLE),
    "a thousand of 103 first": b"HTTP/1.1 103 Early Hints\r\n\r\n" * 1000 + _sized(_WHOLE),
    "no reason phrase": _sized(_WHOLE, status="200"),
    "206": _sized(_WHOLE, status="206 Partial Content"),
    "HTTP/1.0, ended by the connection": _answer(_WHOLE, version="HTTP/1.0"),
    "bare line feeds in the head": _sized(_WHOLE).replace(b"\r\n\r\n", b"\n\n", 1),
    "a folded header": _sized(_WHOLE, "x-a: one\r\n two"),
    "Latin-1 in a header": _sized(_WHOLE, "x-a: \xe9"),
    "a length above what comes, after the end": _sized(_WHOLE, size=len(_WHOLE) + 50),
    "chunks": _answer(_chunks(_BEGUN, finish()), _CHUNKED),
    "chunks with extensions": _answer(_chunks(_WHOLE, mark=';a="b"'), _CHUNKED),
    "chunks with leading zeros": _answer(
        _chunks(_WHOLE).replace(b"%X\r\n" % len(_WHOLE), b"00%X\r\n" % len(_WHOLE), 1), _CHUNKED
    ),
    "chunks with trailers": _answer(_chunks(_WHOLE, end=b"0\r\nx-a: b\r\n\r\n"), _CHUNKED),
    "chunks with endless trailers, after the end": _answer(
        _chunks(_WHOLE, end=b"0\r\n" + b"x-a: b\r\n" * 20_000), _CHUNKED
    ),
    "chunks and a length": _answer(_chunks(_WHOLE), _CHUNKED, "content-length: 3"),
    "chunks without the last one, after the end": _answer(_chunks(_WHOLE, end=b""), _CHUNKED),
    "a chunk that is cut, after the end": _answer(_chunks(_BEGUN, finish(), end=b"ff\r\n"), _CHUNKED),
    "gzip": _sized(gzip.compress(_WHOLE), "content-encoding: gzip"),
    "gzip in capitals": _sized(gzip.compress(_WHOLE), "Content-Encoding: GZIP"),
    "x-gzip": _sized(gzip.compress(_WHOLE), "content-encoding: x-gzip"),
    "gzip, each event by itself": _sized(gzip.compress(_BEGUN) + gzip.compress(finish()), "content-encoding: gzip"),
    "gzip and zeros after it": _sized(gzip.compress(_WHOLE) + bytes(20), "content-encoding: gzip"),
    "gzip and something else after it": _sized(gzip.compress(_WHOLE) + b"else", "content-encoding: gzip"),
    "gzip in chunks": _answer(
        _chunks(gzip.compress(_BEGUN), gzip.compress(finish())), _CHUNKED, "content-encoding: gzip"
    ),
    "deflate": _sized(zlib.compress(_WHOLE), "content-encoding: deflate"),
    "deflate in its bare form": _sized(zlib.compress(_WHOLE)[2:-4], "content-encoding: deflate"),
    "identity": _sized(_WHOLE, "content-encoding: identity"),
    "an empty encoding": _sized(_WHOLE, "content-encoding:"),
}


@pytest.mark.parametrize("answer", _COMPLETE.values(), ids=_COMPLETE.keys())
async def test_s1_it_is_read_to_its_end(server: SSEServer, tmp_path: Path, answer: bytes) -> None:
    reply = await _ask(server, tmp_path, answer)
    assert (reply.status, reply.text, reply.finish_reason) == (Status.COMPLETE, "Hi", "stop")


_CUT = {
    "a length above what comes": (_sized(_BEGUN, size=5000), FailureKind.NETWORK, "in the middle of the answer"),
    "a length below what was meant": (_sized(_BEGUN), FailureKind.NETWORK, "ended before the reply did"),
    "chunks without the last one": (_answer(_chunks(_BEGUN, end=b""), _CHUNKED), FailureKind.NETWORK, "in the middle"),
    "a chunk that is cut": (
        _answer(_chunks(_BEGUN, end=b"ff\r\ndata"), _CHUNKED),
        FailureKind.NETWORK,
        "in the middle",
    ),
    "a chunk size that is none": (
        _answer(_chunks(_BEGUN, end=b"zz\r\n"), _CHUNKED),
        FailureKind.PROTOCOL,
        "illegal chunk header",
    ),
    "a chunk size without an end": (
        _answer(_chunks(_BEGUN, end=b"1" * 200_000), _CHUNKED),
        FailureKind.PROTOCOL,
        "does not speak HTTP",
    ),
    "gzip that breaks off": (
        _sized(gzip.compress(_BEGUN) + gzip.compress(finish())[:20], "content-encoding: gzip"),
        FailureKind.NETWORK,
        "ended before the reply did",
    ),
    "gzip that goes on as something else": (
        _sized(gzip.compress(_BEGUN) + b"no gzip", "content-encoding: gzip"),
        FailureKind.PROTOCOL,
        "compression is broken",
    ),
}


@pytest.mark.parametrize(("answer", "kind", "said"), _CUT.values(), ids=_CUT.keys())
async def test_s5_what_came_before_a_cut_is_kept(
    server: SSEServer, tmp_path: Path, answer: bytes, kind: FailureKind, said: str
) -> None:
    reply = await _ask(server, tmp_path, answer)
    assert (reply.status, reply.text, reply.finish_reason) == (Status.INTERRUPTED, "Hi", None)
    assert reply.failure is not None
    assert (reply.failure.kind, said in reply.failure.message) == (kind, True)


_FAILED = {
    "nothing": (b"", FailureKind.NETWORK, "closed the connection"),
    "half a head": (b"HTTP/1.1 200 O", FailureKind.NETWORK, "closed the connection"),
    "another protocol": (b"SSH-2.0-OpenSSH_9.2\r\n\r\n", FailureKind.PROTOCOL, "does not speak HTTP"),
    "no head": (_WHOLE, FailureKind.PROTOCOL, "does not speak HTTP: illegal status line"),
    "TLS to a client without": (b"\x15\x03\x01\x00\x02\x02\x46\r\n", FailureKind.PROTOCOL, "does not speak HTTP"),
    "a header without a colon": (_sized(_WHOLE, "no colon"), FailureKind.PROTOCOL, "illegal header line"),
    "an endless header": (_sized(_WHOLE, f"x-a: {'a' * 200_000}"), FailureKind.PROTOCOL, "does not speak HTTP"),
    "two lengths": (_sized(_WHOLE, "content-length: 5"), FailureKind.PROTOCOL, "Content-Length"),
    "gzip that is none": (_sized(_WHOLE, "content-encoding: gzip"), FailureKind.PROTOCOL, "compression is broken"),
    "a compression that nobody asked for": (
        _sized(b"\x1b\x0f", "content-encoding: br"),
        FailureKind.PROTOCOL,
        "no reply",
    ),
    "101": (_answer(b"", "upgrade: x", status="101 Switching Protocols"), FailureKind.PROTOCOL, "does not speak HTTP"),
    "205": (_sized(b"", status="205 Reset Content"), FailureKind.PROTOCOL, "empty body"),
    "300": (_sized(b"", "location: /x", status="300 Multiple Choices"), FailureKind.CONFIGURATION, "sends us on"),
    "a redirect to no address": (
        _sized(b"", "location: http://[::1", status="302 Found"),
        FailureKind.CONFIGURATION,
        "sends us on to an address that is none",
    ),
    "a redirect to a script": (
        _sized(b"", "location: javascript:alert(1)", status="302 Found"),
        FailureKind.CONFIGURATION,
        "sends us on to an address that is none",
    ),
    "599": (_sized(b"odd", status="599 Odd"), FailureKind.SERVER, "answered 599: odd"),
    "999": (_sized(b"odd", status="999 Odd"), FailureKind.SERVER, "answered 999: odd"),
    "a refusal in gzip": (
        _sized(
            gzip.compress(b'{"error": {"message": "Slow."}}'), "content-encoding: gzip", status="429 Too Many Requests"
        ),
        FailureKind.RATE_LIMIT,
        "answered 429: Slow.",
    ),
    "a refusal in gzip that is none": (
        _sized(b'{"error": {"message": "Slow."}}', "content-encoding: gzip", status="429 Too Many Requests"),
        FailureKind.RATE_LIMIT,
        "answered 429",
    ),
    "a refusal that is cut": (
        _sized(b'{"error": {"mess', status="500 Oops", size=99),
        FailureKind.SERVER,
        "answered 500",
    ),
}


@pytest.mark.parametrize(("answer", "kind", "said"), _FAILED.values(), ids=_FAILED.keys())
async def test_s9_what_holds_no_reply_is_told(
    server: SSEServer, tmp_path: Path, answer: bytes, kind: FailureKind, said: str
) -> None:
    reply = await _ask(server, tmp_path, answer)
    assert reply.status in (Status.FAILED, Status.INTERRUPTED)
    assert reply.text == ""
    assert reply.failure is not None
    assert (reply.failure.kind, said in reply.failure.message) == (kind, True), reply.failure


@pytest.mark.parametrize("tail", [b"\r\n", b"0\r\n\r\n", b"junk"])
async def test_r1_what_follows_an_answer_does_not_spoil_the_next_one(
    server: SSEServer, tmp_path: Path, tail: bytes
) -> None:
    async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with suppress(asyncio.IncompleteReadError, ConnectionError):
            while True:
                head = await reader.readuntil(b"\r\n\r\n")
                await reader.readexactly(int(head.lower().partition(b"content-length: ")[2].split(b"\r")[0]))
                writer.write(_answer(_chunks(_WHOLE), _CHUNKED) + tail)
        writer.close()

    listener = await asyncio.start_server(answer, "127.0.0.1", 0)
    url = f"http://127.0.0.1:{listener.sockets[0].getsockname()[1]}/v1"
    async with listener, talk(server, tmp_path, base_url=url, max_retries=1) as here:
        assert (await here.ask()).text == "Hi"
        reply = await here.ask()
        assert (reply.status, reply.text, reply.attempts) == (Status.COMPLETE, "Hi", 2)
        assert [retry.kind for retry in reply.retries] == [FailureKind.NETWORK]
        assert "more than its last answer" in reply.retries[0].message
        assert (await here.ask()).attempts == 1, "from then on each request has a connection of its own"
