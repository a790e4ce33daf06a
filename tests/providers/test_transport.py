"""The transport: errors of httpx in words, and environments that do not let a client be made."""

from __future__ import annotations

import asyncio
import errno
import socket
import ssl
import subprocess
import sys
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import httpx
import pytest

from chatui.conversation.failure import FailureKind
from chatui.providers.errors import TransportFailure
from chatui.providers.transport import Answer, Transport, translate
from tests.sse_server import Script, SSEServer, Stall


def make(**changes: bool) -> Transport:
    return Transport(**({"is_tls": True, "is_loopback": False} | changes), connect_timeout=5.0)


def caused(error: httpx.HTTPError, cause: BaseException) -> httpx.HTTPError:
    error.__cause__ = cause
    return error


def _cases() -> Iterator[tuple[httpx.HTTPError | httpx.InvalidURL | httpx.StreamError, FailureKind, str]]:
    kind = FailureKind
    refused = OSError(errno.ECONNREFUSED, "x")
    group = OSError("All connection attempts failed")
    group.__cause__ = ExceptionGroup("several", [OSError("odd"), refused])
    untrusted = ssl.SSLCertVerificationError(1, "x")
    untrusted.verify_message = "self-signed certificate"
    yield httpx.PoolTimeout("x"), kind.NETWORK, "All connections to a.example were in use"
    yield httpx.ConnectTimeout("x"), kind.TIMEOUT, "did not take the connection in time"
    yield httpx.WriteTimeout("x"), kind.TIMEOUT, "took the request too slowly"
    yield caused(httpx.ConnectError("x"), refused), kind.NETWORK, "No connection to a.example: connection refused."
    yield caused(httpx.ConnectError("x"), group), kind.NETWORK, "No connection to a.example: connection refused."
    yield httpx.ConnectError("x"), kind.NETWORK, "No connection to a.example."
    yield caused(httpx.ConnectError("x"), socket.gaierror(-2, "x")), kind.NETWORK, "a.example cannot be found"
    yield caused(httpx.ConnectError("x"), untrusted), kind.CONFIGURATION, "is not trusted: self-signed certificate."
    yield caused(httpx.ConnectError("x"), ssl.SSLError("x")), kind.CONFIGURATION, "does not speak TLS as expected"
    yield httpx.ProxyError("403 \x1bForbidden"), kind.CONFIGURATION, "the environment does not let"
    yield httpx.UnsupportedProtocol("x"), kind.CONFIGURATION, "not valid"
    yield httpx.LocalProtocolError("x"), kind.CONFIGURATION, "not valid"
    yield httpx.InvalidURL("x"), kind.CONFIGURATION, "not valid"
    yield httpx.DecodingError("x"), kind.PROTOCOL, "compression"
    yield httpx.RemoteProtocolError("illegal status line"), kind.PROTOCOL, "does not speak HTTP: illegal status line"
    yield httpx.RemoteProtocolError("Server disconnected without"), kind.NETWORK, "in the middle of the answer"
    yield httpx.RemoteProtocolError("peer closed connection"), kind.NETWORK, "in the middle of the answer"
    yield caused(httpx.ReadError("x"), OSError(errno.ECONNRESET, "x")), kind.NETWORK, "was reset."
    yield httpx.ReadError("x"), kind.NETWORK, "The connection to a.example broke."
    yield httpx.StreamClosed(), kind.NETWORK, "The connection to a.example broke."


@pytest.mark.parametrize(("error", "kind", "words"), list(_cases()))
def test_every_error_has_its_kind_and_its_words(
    error: httpx.HTTPError | httpx.InvalidURL | httpx.StreamError, kind: FailureKind, words: str
) -> None:
    failure = translate(error, "a.example")
    assert failure.kind is kind
    assert words in failure.message
    assert failure.message.isprintable()


@pytest.mark.parametrize(
    ("code", "advice"),
    [(10, "renew it"), (9, "clock"), (62, "check base_url"), (64, "check base_url"), (18, "SSL_CERT_FILE"),
     (None, "SSL_CERT_FILE")],
)  # fmt: skip
def test_a_certificate_that_is_not_trusted_is_told_with_what_to_do(code: int | None, advice: str) -> None:
    untrusted = ssl.SSLCertVerificationError(1, "x")
    if code is not None:
        untrusted.verify_code = code
    assert advice in translate(caused(httpx.ConnectError("x"), untrusted), "a.example").advice


@pytest.mark.parametrize(
    ("name", "value", "words"),
    [
        ("HTTPS_PROXY", "socks5://127.0.0.1:1", "The proxy in HTTPS_PROXY speaks SOCKS"),
        ("ALL_PROXY", "ftp://127.0.0.1:1", "The proxy in ALL_PROXY is not an address."),
        ("HTTPS_PROXY", "http://a:port", "The proxy in HTTPS_PROXY is not an address."),
        ("HTTP_PROXY", "http://u:pw@127.0.0.1:99999999", "The proxy in HTTP_PROXY is not an address."),
        ("ALL_PROXY", "127.0.0.1:65536", "The proxy in ALL_PROXY is not an address."),
        ("HTTP_PROXY", "http://[", "The proxy in HTTP_PROXY is not an address."),
    ],
)
def test_a_proxy_that_cannot_be_used_is_named(
    monkeypatch: pytest.MonkeyPatch, name: str, value: str, words: str
) -> None:
    monkeypatch.setenv(name, value)
    with pytest.raises(TransportFailure) as caught:
        make()
    assert caught.value.failure.kind is FailureKind.CONFIGURATION
    assert words in caught.value.failure.message
    make(is_loopback=True)


@pytest.mark.parametrize("name", ["SSL_CERT_FILE", "SSL_CERT_DIR"])
def test_certificates_that_cannot_be_read_are_named(monkeypatch: pytest.MonkeyPatch, name: str, tmp_path: Path) -> None:
    broken = tmp_path / "broken.pem"
    broken.write_text("no certificate")
    values = [str(tmp_path / "none"), str(broken)] if name == "SSL_CERT_FILE" else []
    for value in values:
        monkeypatch.setenv(name, value)
        with pytest.raises(TransportFailure) as caught:
            make()
        assert caught.value.failure.message == f"SSL_CERT_FILE names no certificates that can be read: {value}"
        assert caught.value.failure.advice == "Correct or unset SSL_CERT_FILE."
    make(is_tls=False)


async def test_a_full_pool_is_replaced(server: SSEServer, monkeypatch: pytest.MonkeyPatch) -> None:
    server.add(Script([b"x"], framing="length"))
    transport = make(is_tls=False, is_loopback=True)

    async def send(*_: object, **__: object) -> httpx.Response:
        raise httpx.PoolTimeout("full")

    with monkeypatch.context() as patch:
        patch.setattr(httpx.AsyncClient, "send", send)
        with pytest.raises(TransportFailure, match="were in use"):
            async with transport.open_stream("GET", server.base_url, {}, None, 5.0):
                pass
    async with transport.open_stream("GET", server.base_url, {}, None, 5.0) as answer:
        assert await answer.read(5.0) == b"x"
        assert await answer.read(5.0) == b""
    await transport.aclose()


async def test_tls_to_a_server_without_it_is_told() -> None:
    async def answer_in_plain_text(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.read(1)
        writer.write(b"HTTP/1.1 400 Bad Request\r\n\r\n")
        writer.close()

    listener = await asyncio.start_server(answer_in_plain_text, "127.0.0.1", 0)
    transport = make(is_loopback=True)
    async with listener:
        with pytest.raises(TransportFailure, match="does not speak TLS as expected") as caught:
            async with transport.open_stream("GET", f"https://127.0.0.1:{_port(listener)}/", {}, None, 5.0):
                pass
    assert caught.value.failure.kind is FailureKind.CONFIGURATION
    await transport.aclose()


async def test_a_cancel_during_the_tls_handshake_closes_the_connection() -> None:
    has_begun = asyncio.Event()
    is_closed = asyncio.Event()

    async def stay_silent(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        while await reader.read(4096):
            has_begun.set()
        is_closed.set()
        writer.close()

    listener = await asyncio.start_server(stay_silent, "127.0.0.1", 0)
    transport = make(is_loopback=True)

    async def ask() -> None:
        async with transport.open_stream("GET", f"https://127.0.0.1:{_port(listener)}/", {}, None, 5.0):
            pass

    async with listener:
        task = asyncio.create_task(ask())
        await asyncio.wait_for(has_begun.wait(), 5.0)
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task
        await asyncio.wait_for(is_closed.wait(), 5.0)
    await transport.aclose()


def _port(listener: asyncio.Server) -> int:
    port = listener.sockets[0].getsockname()[1]
    assert isinstance(port, int)
    return port


async def test_a_body_of_an_unknown_connection_keeps_the_time_of_its_own() -> None:
    class Silence(httpx.AsyncByteStream):
        async def __aiter__(self) -> AsyncIterator[bytes]:
            yield b"a"
            await asyncio.Event().wait()

    request = httpx.Request("GET", "http://a.example/")
    answer = Answer(httpx.Response(200, stream=Silence(), request=request))
    assert await answer.read(1.0) == b"a"
    with pytest.raises(TransportFailure, match="sent nothing for 0 seconds"):
        await answer.read(0.0)
    whole = Answer(httpx.Response(200, content=b"abc", headers={"content-encoding": "identity"}, request=request))
    assert await whole.read_up_to(10, None) == b"abc"


async def test_a_body_is_read_up_to_a_limit_of_bytes_and_time(server: SSEServer) -> None:
    server.add(Script([b"abc", b"def", Stall()]), Script([b"abc", Stall()]))
    transport = make(is_tls=False, is_loopback=True)
    async with transport.open_stream("GET", server.base_url, {}, None, 5.0) as answer:
        assert await answer.read_up_to(4, None) == b"abcd"
    async with transport.open_stream("GET", server.base_url, {}, None, 5.0) as answer:
        assert await answer.read_up_to(4, 0.05) == b"abc"
    for request in server.requests:
        await asyncio.wait_for(request.closed.wait(), 5.0)
    await transport.aclose()


def test_httpx_is_imported_by_nobody_before_the_first_request() -> None:
    code = "import sys, chatui.providers.registry, chatui.providers.local; sys.exit('httpx' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
