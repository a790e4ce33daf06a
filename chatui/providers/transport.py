"""HTTP: the one module that knows httpx. What goes wrong on the way leaves it as a `TransportFailure`.

Imported late, in a thread where possible: httpx and its TLS context cost more than 100 ms each.
"""

from __future__ import annotations

import asyncio
import importlib
import os
import socket
import ssl
import time
from collections.abc import AsyncGenerator, AsyncIterator, Mapping
from contextlib import asynccontextmanager, suppress
from dataclasses import replace

import httpx

from chatui.conversation.failure import Failure, FailureKind
from chatui.conversation.visible import make_visible_line
from chatui.providers.errors import TransportFailure
from chatui.providers.inflate import CompressionError, Inflater, can_inflate
from chatui.providers.opened_streams import OpenedStreams
from chatui.providers.os_errors import find_os_error, is_reset, say_reason
from chatui.providers.paced_stream import find_paced_stream
from chatui.providers.surroundings import check_proxies, find_proxy, name_proxies, silence_loggers
from chatui.providers.tls_errors import explain_tls
from chatui.providers.upload import prepare_upload

_WRITE_SECONDS = 30.0
_POOL_SECONDS = 10.0
_KEEP_ALIVE_SECONDS = 60.0
"""People think between two prompts; the next one should not pay for a TLS handshake again."""
_LOADED_LATE = ("anyio._backends._asyncio", "anyio._core._synchronization", "anyio._core._sockets", "anyio.streams.tls")
"""What httpx loads during the first request only, when the event loop waits for it (30 ms)."""


class Answer:
    """The head of a response, and its body piece by piece."""

    def __init__(self, response: httpx.Response) -> None:
        self.status = response.status_code
        self.headers: Mapping[str, str] = {name.lower(): value for name, value in response.headers.items()}
        self._host = response.url.host
        # A body that is not compressed needs none of the layers that unpack it.
        stream = response.stream
        encoding = self.headers.get("content-encoding", "").strip().lower()
        is_ours = encoding in ("", "identity") or can_inflate(encoding)
        self._inflater = Inflater(encoding) if can_inflate(encoding) else None
        self._pieces: AsyncIterator[bytes] = (
            aiter(stream) if is_ours and isinstance(stream, httpx.AsyncByteStream) else response.aiter_bytes()
        )
        self._paced = find_paced_stream(response.extensions)

    async def read(self, seconds: float | None) -> bytes:
        """Return the next bytes, decompressed; none at the end. Raises TransportFailure, also after so much silence."""
        while True:
            data = await self._read_raw(seconds)
            if self._inflater is None:
                return data
            try:
                unpacked = self._inflater.feed(data)
            except CompressionError as error:
                message = f"{self._host} sent a body whose compression is broken."
                raise TransportFailure(Failure(FailureKind.PROTOCOL, message)) from error
            if unpacked or not data:
                return unpacked

    async def _read_raw(self, seconds: float | None) -> bytes:
        try:
            if self._paced is None:
                async with asyncio.timeout(seconds):
                    return await anext(self._pieces, b"")
            # Kept by the stream, whose reads are what waits: a piece that is here needs no timer of its own.
            self._paced.deadline = None if seconds is None else time.monotonic() + seconds
            return await anext(self._pieces, b"")
        except TimeoutError:
            silence = f"{self._host} sent nothing for {seconds:g} seconds."
            raise TransportFailure(Failure(FailureKind.TIMEOUT, silence)) from None
        except (httpx.HTTPError, httpx.StreamError) as error:
            raise TransportFailure(translate(error, self._host)) from error

    async def read_up_to(self, limit: int, seconds: float | None) -> bytes:
        """Return at most `limit` bytes of the body, and what came of it when it breaks or `seconds` have passed."""
        body = bytearray()
        try:
            async with asyncio.timeout(seconds):
                while len(body) < limit and (piece := await self.read(None)):
                    body += piece
        except (TimeoutError, TransportFailure):
            pass
        return bytes(body[:limit])


class Transport:
    """One client with its kept-alive connections. It follows no redirect and always verifies TLS."""

    def __init__(self, *, is_tls: bool, is_loopback: bool, connect_timeout: float) -> None:
        """Make the client. `is_loopback` leaves the proxies aside. Raises TransportFailure for a broken environment."""
        silence_loggers()
        for name in _LOADED_LATE:
            with suppress(ImportError):  # Another version has its parts elsewhere, and loads them later.
                importlib.import_module(name)
        self._is_tls = is_tls
        self._trusts_proxies = not is_loopback
        self._timeout = httpx.Timeout(connect=connect_timeout, read=None, write=_WRITE_SECONDS, pool=_POOL_SECONDS)
        self._tls = _make_tls_context(is_tls)
        self._client: httpx.AsyncClient | None = self._make_client()
        self._closing: dict[str, str] = {}
        """The header that keeps no connection, once keeping one has done harm."""

    @asynccontextmanager
    async def open_stream(
        self, method: str, url: str, headers: Mapping[str, str], body: bytes | None, seconds: float | None
    ) -> AsyncGenerator[Answer, None]:
        """Send a request and give the answer, whose head must come within `seconds`. Raises TransportFailure.

        Leaving closes the response; a body that was not read to its end takes the connection with it.
        """
        response = await self._send(method, url, headers, body, seconds)
        try:
            yield Answer(response)
        finally:
            if (paced := find_paced_stream(response.extensions)) is not None:
                paced.deadline = None
            await response.aclose()

    async def aclose(self) -> None:
        """Close all connections; the next request opens new ones."""
        old, self._client = self._client, None
        if old is not None:
            await old.aclose()

    async def _send(
        self, method: str, url: str, headers: Mapping[str, str], body: bytes | None, seconds: float | None
    ) -> httpx.Response:
        if self._client is None:
            self._client = self._make_client()
        client = self._client
        host = ""
        opened = OpenedStreams()
        try:
            extensions = {"trace": opened.note}
            waiting = asyncio.timeout(seconds)
            content, sized = prepare_upload(body, waiting, seconds)
            request = client.build_request(
                method, url, headers={**headers, **sized, **self._closing}, content=content, extensions=extensions
            )
            host = request.url.host
            async with waiting, opened:
                return await self._send_request(client, request)
        except TimeoutError:
            silence = f"{host} did not answer for {seconds:g} seconds."
            raise TransportFailure(Failure(FailureKind.TIMEOUT, silence)) from None
        except httpx.PoolTimeout as error:
            # A cancel at the wrong moment can leak a place in the pool (httpcore #1093); a new pool has all of them.
            await self.aclose()
            raise TransportFailure(translate(error, host)) from error
        except (httpx.HTTPError, httpx.InvalidURL) as error:
            raise TransportFailure(self._explain(error, host, is_kept=not opened.streams)) from error
        except ValueError as error:
            # A header that cannot be encoded. Its value may be a secret, so the words of the error stay here.
            message = (
                "The request cannot be made: the address or a header has characters in it that HTTP does not take."
            )
            raise TransportFailure(Failure(FailureKind.CONFIGURATION, message)) from error

    async def _send_request(self, client: httpx.AsyncClient, request: httpx.Request) -> httpx.Response:
        try:
            return await client.send(request, stream=True)
        except (httpx.InvalidURL, httpx.UnsupportedProtocol) as error:
            # The request's own address was taken by `build_request`: httpx looks at that of a redirect, too.
            raise TransportFailure(_explain_odd_redirect(request.url.host)) from error
        except httpx.RemoteProtocolError as error:
            if "location header" not in str(error):
                raise
            raise TransportFailure(_explain_odd_redirect(request.url.host)) from error

    def _explain(self, error: httpx.HTTPError | httpx.InvalidURL, host: str, *, is_kept: bool) -> Failure:
        """Say what it means; who cannot be reached may well be a proxy that nobody thinks of.

        `is_kept` says that the connection was that of an earlier request.
        """
        failure = translate(error, host)
        if is_kept and failure.kind is FailureKind.PROTOCOL:
            # Some servers end an answer with a line too many, which then stands where the next one should begin.
            self._closing = {"connection": "close"}
            message = f"{host} sent more than its last answer, so the connection to it was closed."
            return Failure(FailureKind.NETWORK, message, advice="Ask again: a new connection is made.")
        is_unreached = isinstance(error, httpx.ConnectError | httpx.ConnectTimeout)
        name = find_proxy(host, is_tls=self._is_tls) if is_unreached and self._trusts_proxies else ""
        if not name:
            return failure
        message = f"{failure.message.rstrip('.')}, by the proxy in {name}."
        advice = "" if failure.kind is FailureKind.TIMEOUT else failure.advice
        return replace(failure, message=message, advice=advice or f"Correct or unset {name}, or set NO_PROXY.")

    def _make_client(self) -> httpx.AsyncClient:
        try:
            if self._trusts_proxies:
                check_proxies()
            return httpx.AsyncClient(
                verify=self._tls,
                timeout=self._timeout,
                limits=httpx.Limits(
                    max_connections=100, max_keepalive_connections=20, keepalive_expiry=_KEEP_ALIVE_SECONDS
                ),
                follow_redirects=False,
                trust_env=self._trusts_proxies,
            )
        except (ImportError, ValueError, httpx.InvalidURL) as error:
            if isinstance(error, ImportError):
                message = f"The proxy in {name_proxies()} speaks SOCKS, which this installation cannot."
                advice = "Install socksio beside chatui, use an HTTP proxy, or unset the variable."
            else:
                message, advice = f"The proxy in {name_proxies()} is not an address.", "Correct or unset the variable."
            raise TransportFailure(Failure(FailureKind.CONFIGURATION, message, advice=advice)) from error


def _make_tls_context(is_tls: bool) -> ssl.SSLContext:
    if not is_tls:
        # Never used, since no redirect is followed; without certificates it is made at once and trusts nobody.
        return ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    try:
        return httpx.create_ssl_context()
    except (OSError, ValueError) as error:
        name = next((name for name in ("SSL_CERT_FILE", "SSL_CERT_DIR") if os.environ.get(name)), "the certificates")
        message = f"{name} names no certificates that can be read: {os.environ.get(name, '')}"
        shown = make_visible_line(message)[:500]
        failure = Failure(FailureKind.CONFIGURATION, shown, advice=f"Correct or unset {name}.")
        raise TransportFailure(failure) from error


def _explain_odd_redirect(host: str) -> Failure:
    message = f"{host} sends us on to an address that is none. The prompt and the key were not sent there."
    return Failure(FailureKind.CONFIGURATION, message, advice="Check base_url: it usually ends in /v1.")


def translate(error: httpx.HTTPError | httpx.InvalidURL | httpx.StreamError, host: str) -> Failure:
    """Say in words what an error of httpx means; the advice is left to those who know the settings."""
    match error:
        case httpx.PoolTimeout():
            return Failure(FailureKind.NETWORK, f"All connections to {host} were in use; they have been closed.")
        case httpx.ConnectTimeout():
            advice = "Check the address and the network; connect_timeout of the provider sets how long to wait."
            return Failure(FailureKind.TIMEOUT, f"{host} did not take the connection in time.", advice=advice)
        case httpx.TimeoutException():
            return Failure(FailureKind.TIMEOUT, f"{host} took the request too slowly.")
        case httpx.ConnectError():
            return _translate_connect(error, host)
        case httpx.ProxyError():
            said = make_visible_line(str(error))[:200]
            message = f"The proxy in {name_proxies()} does not let the request through: {said}"
            return Failure(FailureKind.CONFIGURATION, message, advice="Correct or unset the variable.")
        case httpx.InvalidURL() | httpx.UnsupportedProtocol() | httpx.LocalProtocolError():
            return Failure(
                FailureKind.CONFIGURATION, "The request cannot be made: the address or a header is not valid."
            )
        case httpx.DecodingError():
            return Failure(FailureKind.PROTOCOL, f"{host} sent a body whose compression is broken.")
        case httpx.RemoteProtocolError() if "disconnected" not in str(error) and "peer closed" not in str(error):
            # h11 shows the bytes as Python does, which says nothing to a reader.
            said = str(error).partition(": bytearray(")[0]
            return Failure(FailureKind.PROTOCOL, f"{host} does not speak HTTP: {make_visible_line(said)[:200]}")
        case httpx.RemoteProtocolError():
            return Failure(FailureKind.NETWORK, f"{host} closed the connection in the middle of the answer.")
    if is_reset(find_os_error(error)):
        return Failure(FailureKind.NETWORK, f"The connection to {host} was reset.")
    return Failure(FailureKind.NETWORK, f"The connection to {host} broke{say_reason(error)}.")


def _translate_connect(error: httpx.ConnectError, host: str) -> Failure:
    cause = find_os_error(error)
    if isinstance(cause, socket.gaierror):
        return Failure(FailureKind.NETWORK, f"The host {host} cannot be found.")
    if isinstance(cause, ssl.SSLError):
        return explain_tls(cause, host)
    return Failure(FailureKind.NETWORK, f"No connection to {host}{say_reason(error)}.")
