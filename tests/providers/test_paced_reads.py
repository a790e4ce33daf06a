"""Reads with a pause between them."""

from __future__ import annotations

import asyncio
import time

import pytest

from chatui.providers import paced_reads
from chatui.providers.paced_reads import PacedReads


class Connection:
    """Gives what it is told to, and notes when it is read."""

    def __init__(self, *pieces: bytes) -> None:
        self.pieces = list(pieces)
        self.read_at: list[float] = []

    async def read(self, max_bytes: int, timeout: float | None) -> bytes:
        self.read_at.append(time.monotonic())
        if not self.pieces:
            await asyncio.Event().wait()
        return self.pieces.pop(0)


async def test_between_two_short_reads_there_is_a_pause() -> None:
    connection = Connection(b"a", b"b")
    reads = PacedReads(connection.read)
    assert (await reads(10), await reads(10)) == (b"a", b"b")
    first, second = connection.read_at
    assert second - first >= paced_reads._PACE_SECONDS - 0.002


async def test_after_a_full_read_the_next_one_comes_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(paced_reads, "_PACE_SECONDS", 60.0)
    reads = PacedReads(Connection(b"aa", b"b").read)
    assert (await reads(2), await reads(2)) == (b"aa", b"b")


async def test_a_read_ends_at_its_deadline() -> None:
    reads = PacedReads(Connection().read)
    reads.deadline = time.monotonic() + 0.01
    with pytest.raises(TimeoutError):
        await reads(10)


async def test_the_pause_ends_at_the_deadline_too(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(paced_reads, "_PACE_SECONDS", 60.0)
    reads = PacedReads(Connection(b"a", b"b").read)
    assert await reads(10) == b"a"
    reads.deadline = time.monotonic() + 0.01
    with pytest.raises(TimeoutError):
        await reads(10)
