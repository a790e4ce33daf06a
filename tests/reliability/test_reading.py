"""Promises about reading a stream that a table of streams cannot hold: great size, and an end that never comes."""

from __future__ import annotations

import asyncio
import time
from pathlib import Path

import pytest

from chatui.conversation.failure import FailureKind
from chatui.conversation.message import Status
from chatui.providers.sse import SSEDecoder
from chatui.ui.transcript.reply_entry import ReplyEntry
from tests.reliability.talk import talk
from tests.sse_server import Script, SSEServer, Stall, deltas, event, finish


async def test_s11_an_event_of_ten_megabytes_is_read(server: SSEServer, tmp_path: Path) -> None:
    text = "word " * 2_000_000
    server.add(Script([event({"choices": [{"delta": {"content": text}}]}), finish()]))
    began = time.monotonic()
    async with talk(server, tmp_path) as here:
        reply = await here.ask()
    assert reply.text == text
    assert time.monotonic() - began < 20


async def test_s11_twenty_thousand_deltas_are_read(server: SSEServer, tmp_path: Path) -> None:
    server.add(Script([deltas(*["ab "] * 1000)] * 20 + [finish()]))
    began = time.monotonic()
    async with talk(server, tmp_path) as here:
        reply = await here.ask()
    assert reply.text == "ab " * 20_000
    assert time.monotonic() - began < 30


@pytest.mark.parametrize("comment", [b": hi\n\n", b"\n\n", b"event: ping\n\n"])
async def test_s11_two_hundred_thousand_keep_alives_are_read(server: SSEServer, tmp_path: Path, comment: bytes) -> None:
    server.add(Script([comment * 10_000] * 20 + [deltas("a"), finish()]))
    began = time.monotonic()
    async with talk(server, tmp_path) as here:
        reply = await here.ask()
    assert reply.text == "a"
    assert time.monotonic() - began < 15


def test_s11_an_event_costs_the_same_per_byte_however_it_is_cut() -> None:
    def read(size: int) -> float:
        decoder = SSEDecoder()
        data = b"data: " + b"x" * size + b"\n\n"
        began = time.process_time()
        for place in range(0, len(data), 16):
            decoder.feed(data[place : place + 16])
        return time.process_time() - began

    read(100_000)
    small, large = min(read(200_000) for _ in range(3)), min(read(1_600_000) for _ in range(3))
    assert large < 24 * small + 0.05


async def test_s12_endless_white_space_is_not_kept(server: SSEServer, tmp_path: Path) -> None:
    server.add(Script([b" " * 20_000] * 4 + [b"\n", deltas("a"), finish()]))
    async with talk(server, tmp_path) as here:
        assert (await here.ask()).text == "a"


async def test_s12_an_endless_line_is_cut_off_and_told(server: SSEServer, tmp_path: Path) -> None:
    server.add(Script([deltas("before")] + [b"data: " + b"x" * 8_000_000] * 9 + [Stall()]))
    async with talk(server, tmp_path, max_retries=0) as here:
        reply = await here.ask()
    assert (reply.status, reply.text) == (Status.INTERRUPTED, "before")
    assert reply.failure is not None
    assert reply.failure.kind is FailureKind.PROTOCOL
    assert "64 MB" in reply.failure.message


async def test_s12_an_endless_error_body_is_cut_off(server: SSEServer, tmp_path: Path) -> None:
    server.add(Script([b"x" * 100_000, Stall()], 400))
    async with talk(server, tmp_path, max_retries=0) as here:
        reply = await here.ask()
        await asyncio.wait_for(server.requests[0].closed.wait(), 5)
    assert reply.status is Status.FAILED
    assert reply.failure is not None
    assert len(reply.failure.message) == 500


async def test_s11_a_stop_closes_the_connection_at_once(server: SSEServer, tmp_path: Path) -> None:
    server.add(Script([deltas("a", "b"), Stall()]))
    async with talk(server, tmp_path) as here:
        stopped = 0.0

        def react(happened: object) -> None:
            nonlocal stopped
            if "TextDelta" in type(happened).__name__ and not stopped:
                stopped = time.monotonic()
                here.live.stop()

        reply = await here.ask(react=react)
        await asyncio.wait_for(server.requests[0].closed.wait(), 5)
        assert time.monotonic() - stopped < 0.5
    assert reply.status is Status.CANCELLED
    assert reply.text.startswith("a")


def test_s11_a_long_paragraph_costs_the_same_per_piece_however_long_it_is() -> None:
    entry = ReplyEntry(100, "work/m")
    piece = "A line of prose, **bold** at times, and `code`. " * 11

    def lay_out(pieces: int) -> float:
        began = time.process_time()
        for _ in range(pieces):
            entry.append_text(piece)
            entry.flush()
        return time.process_time() - began

    lay_out(20)
    early = lay_out(80)
    lay_out(200)
    late = lay_out(80)
    assert late < 2 * early + 0.05
    # So the 4,000 pieces of a paragraph of 2 MB take no more than this.
    assert late / 80 * 4000 < 30
