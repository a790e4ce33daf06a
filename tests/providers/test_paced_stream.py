"""Reads with a pause between them."""

from __future__ import annotations

import asyncio
import itertools
import time

import pytest

from chatui.providers import paced_stream
from chatui.providers.paced_stream import PacedStream

FAST = b"data: x\n\n" * 40
"""More events than are read one by one."""


class Connection:
    """Gives what it is told to, and notes when it is read."""

    def __init__(self, *pieces: bytes) -> None:
        self.pieces = list(pieces)
        self.read_at: list[float] = []
        self.written: list[bytes] = []

    async def read(self, max_bytes: int, timeout: float | None) -> bytes:
        self.read_at.append(time.monotonic())
        if not self.pieces:
            await asyncio.Event().wait()
        return self.pieces.pop(0)

    async def write(self, data: bytes, timeout: float | None) -> None:
        self.written.append(data)


def pace(connection: Connection) -> PacedStream:
    return PacedStream(connection.read, connection.write)


async def test_a_stream_at_the_speed_of_reading_is_read_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(paced_stream, "PACE_SECONDS", 60.0)
    stream = pace(Connection(b"data: a\n\n", b"data: b\n\n", b"data: c\n\n"))
    assert [await stream.read(100) for _ in range(3)] == [b"data: a\n\n", b"data: b\n\n", b"data: c\n\n"]


async def test_after_many_events_there_is_a_pause() -> None:
    connection = Connection(FAST, b"b")
    stream = pace(connection)
    assert (await stream.read(1000), await stream.read(1000)) == (FAST, b"b")
    first, second = connection.read_at
    assert second - first >= paced_stream.PACE_SECONDS - 0.002


async def test_events_that_come_one_by_one_but_fast_are_gathered_too() -> None:
    count = 40
    connection = Connection(*[b"data: x\n\n"] * count)
    stream = pace(connection)
    for _ in range(count):
        await stream.read(1000)
    assert connection.read_at[-1] - connection.read_at[0] >= paced_stream.PACE_SECONDS - 0.002


async def test_a_stream_that_slows_down_is_soon_read_at_once_again(monkeypatch: pytest.MonkeyPatch) -> None:
    times = [0.0]
    monkeypatch.setattr(time, "monotonic", lambda: times[0])
    connection = Connection(FAST, b"data: a\n\n")
    stream = pace(connection)
    await stream.read(1000)
    times[0] += 0.2
    await stream.read(1000)
    assert stream._not_before == 0.0


async def test_after_a_full_read_the_next_one_comes_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(paced_stream, "PACE_SECONDS", 60.0)
    stream = pace(Connection(FAST, b"b"))
    assert (await stream.read(len(FAST)), await stream.read(len(FAST))) == (FAST, b"b")


class Records(Connection):
    """A TLS connection: what came from the network at once is read in pieces, each a record, without waiting."""

    def __init__(self, *flights: int) -> None:
        super().__init__()
        self.flights = list(flights)
        self.waits = 0

    async def read(self, max_bytes: int, timeout: float | None) -> bytes:
        self.read_at.append(time.monotonic())
        if not self.pieces:
            self.waits += 1
            await asyncio.sleep(0)
            self.pieces = [b"data: x\n\n"] * self.flights.pop(0)
        return self.pieces.pop(0)


async def test_records_of_tls_that_are_here_are_read_without_a_pause(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(paced_stream, "PACE_SECONDS", 60.0)
    connection = Records(100, 1)
    stream = PacedStream(connection.read, connection.write, is_sealed=True)
    for _ in range(100):
        assert await stream.read(1000) == b"data: x\n\n"
    assert connection.waits == 1


async def test_between_two_waits_for_records_of_tls_there_is_a_pause(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(paced_stream, "PACE_SECONDS", 0.01)
    connection = Records(40, 1, 40, 1, 40)
    stream = PacedStream(connection.read, connection.write, is_sealed=True)
    for _ in range(122):
        await stream.read(1000)
    pauses = [later - sooner for sooner, later in itertools.pairwise(connection.read_at) if later - sooner > 0.009]
    # One after each flight of which only one record was here in time.
    assert len(pauses) == 2


async def test_a_read_ends_at_its_deadline() -> None:
    stream = pace(Connection())
    stream.deadline = time.monotonic() + 0.01
    with pytest.raises(TimeoutError):
        await stream.read(10)


async def test_the_pause_ends_at_the_deadline_too(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(paced_stream, "PACE_SECONDS", 60.0)
    stream = pace(Connection(FAST, b"b"))
    assert await stream.read(1000) == FAST
    stream.deadline = time.monotonic() + 0.01
    with pytest.raises(TimeoutError):
        await stream.read(10)


async def test_chunks_of_a_response_are_joined_and_half_a_size_line_is_not_an_end() -> None:
    head = b"HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n"
    connection = Connection(head + b"1\r\na\r\n2\r\nbc\r\n1", b"0\r", b"\n0123456789abcdef\r\n", b"")
    stream = pace(connection)
    await stream.write(b"GET / HTTP/1.1\r\n\r\n")
    assert connection.written == [b"GET / HTTP/1.1\r\n\r\n"]
    assert await stream.read(1000) == head + b"3\r\nabc\r\n"
    assert await stream.read(1000) == b"10\r\n0123456789abcdef\r\n"
    assert await stream.read(1000) == b""
