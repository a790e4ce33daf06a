"""A body on its way up: whole, with its length, and each piece of it a sign of life."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator

import pytest

from chatui.providers.errors import TransportFailure
from chatui.providers.transport import Transport
from chatui.providers.upload import PIECE_BYTES, prepare_upload
from tests.providers.work import GOOD
from tests.sse_server import SSEServer

BODY = bytes(range(256)) * 1024 + b"end"


@pytest.mark.parametrize("body", [None, b"", b"x" * PIECE_BYTES])
async def test_what_fits_into_one_piece_goes_as_it_is(body: bytes | None) -> None:
    assert prepare_upload(body, asyncio.timeout(1.0), 1.0) == (body, {})


async def test_r5_each_piece_that_is_taken_begins_the_time_anew() -> None:
    pieces: list[bytes] = []
    async with asyncio.timeout(1000.0) as waiting:
        content, headers = prepare_upload(BODY, waiting, 2000.0)
        assert headers == {"content-length": str(len(BODY))}
        assert isinstance(content, AsyncIterator)
        times = [waiting.when()]
        async for piece in content:
            pieces.append(piece)
            times.append(waiting.when())
        end = waiting.when()
    assert b"".join(pieces) == BODY
    assert max(map(len, pieces)) == PIECE_BYTES
    first, second, *_ = times
    assert first == second, "a piece counts once it is taken"
    assert first is not None
    assert end is not None
    assert end > first + 900


async def test_without_a_limit_of_time_there_is_none_after_a_piece_either() -> None:
    async with asyncio.timeout(None) as waiting:
        content, _ = prepare_upload(BODY, waiting, None)
        assert isinstance(content, AsyncIterator)
        assert b"".join([piece async for piece in content]) == BODY
        assert waiting.when() is None


async def test_a_long_body_comes_whole_and_with_its_length(server: SSEServer) -> None:
    server.add(GOOD)
    transport = Transport(is_tls=False, is_loopback=True, connect_timeout=5.0)
    async with transport.open_stream("POST", server.base_url, {}, BODY, 5.0) as answer:
        assert answer.status == 200
    (request,) = server.requests
    assert request.body == BODY
    assert request.headers["content-length"] == str(len(BODY))
    assert "transfer-encoding" not in request.headers
    await transport.aclose()


async def test_r5_a_server_that_takes_no_more_is_left() -> None:
    is_left = asyncio.Event()

    async def read_nothing(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        # A reader that nobody reads takes two limits of bytes, then the way is full.
        await is_left.wait()
        writer.transport.abort()

    listener = await asyncio.start_server(read_nothing, "127.0.0.1", 0)
    transport = Transport(is_tls=False, is_loopback=True, connect_timeout=5.0)
    url = f"http://127.0.0.1:{listener.sockets[0].getsockname()[1]}/"
    async with listener:
        with pytest.raises(TransportFailure, match=r"did not answer for 0\.1 seconds"):
            async with transport.open_stream("POST", url, {}, b"x" * 32_000_000, 0.1):
                pass
        is_left.set()
        await transport.aclose()
