"""The thread that writes standard output."""

from __future__ import annotations

import asyncio
import fcntl
import os
from types import SimpleNamespace

import pytest

from chatui.cli.outlet import Outlet


def _ignore() -> None:
    """Nobody minds."""


async def test_all_comes_out_in_its_order() -> None:
    reading, writing = os.pipe()
    outlet = Outlet(writing, _ignore)
    for piece in (b"one", b"", b" two", b" three"):
        outlet.write(piece)
    assert await outlet.drain(5)
    outlet.write(b" four")
    assert await outlet.drain(5)
    assert os.read(reading, 100) == b"one two three four"
    os.close(reading)
    os.close(writing)


async def test_what_comes_in_one_burst_goes_out_in_one_write(monkeypatch: pytest.MonkeyPatch) -> None:
    written: list[bytes] = []

    def write(fd: int, data: memoryview) -> int:
        written.append(bytes(data))
        return len(data)

    outlet = Outlet(1, _ignore)
    monkeypatch.setattr("chatui.cli.outlet.os", SimpleNamespace(write=write))
    for piece in (b"a", b"b", b"c"):
        outlet.write(piece)
    await asyncio.sleep(0)
    outlet.write(b"d")
    assert await outlet.drain(5)
    assert written == [b"abc", b"d"]


async def test_a_reader_that_goes_away_is_told_once() -> None:
    reading, writing = os.pipe()
    os.close(reading)
    calls: list[str] = []
    outlet = Outlet(writing, lambda: calls.append("broken"))
    outlet.write(b"x")
    assert await outlet.drain(5)
    outlet.write(b"y")
    assert await outlet.drain(5)
    assert outlet.is_broken
    assert outlet.problem == ""
    assert calls == ["broken"]
    os.close(writing)


async def test_any_other_failure_is_the_problem() -> None:
    full = os.open("/dev/full", os.O_WRONLY)
    outlet = Outlet(full, _ignore)
    outlet.write(b"x")
    assert await outlet.drain(5)
    assert outlet.problem == "No space left on device"
    os.close(full)


async def test_a_stuck_reader_is_not_waited_for_for_ever() -> None:
    reading, writing = os.pipe()
    outlet = Outlet(writing, _ignore)
    outlet.write(b"x" * 1_000_000)
    assert not await outlet.drain(0.01)
    rest = 1_000_000
    while rest:
        rest -= len(os.read(reading, rest))
    assert await outlet.drain(5)
    os.close(reading)
    os.close(writing)


async def test_a_pipe_that_would_block_is_waited_for() -> None:
    reading, writing = os.pipe()
    fcntl.fcntl(writing, fcntl.F_SETFL, os.O_NONBLOCK)
    outlet = Outlet(writing, _ignore)
    outlet.write(b"x" * 200_000)
    rest = 200_000
    while rest:
        rest -= len(await asyncio.to_thread(os.read, reading, rest))
    assert await outlet.drain(5)
    os.close(reading)
    os.close(writing)


def test_a_loop_that_is_gone_is_no_fault() -> None:
    called: list[str] = []
    outlet: list[Outlet] = []

    async def make() -> None:
        outlet.append(Outlet(1, _ignore))

    asyncio.run(make())
    outlet[0]._call(lambda: called.append("x"))
    assert called == []
