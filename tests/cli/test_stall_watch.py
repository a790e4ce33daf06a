"""Telling that nothing comes, and signals that end a reply."""

from __future__ import annotations

import asyncio
import os
import signal

from chatui.cli.stall_watch import StallWatch
from chatui.cli.stops import Stops


async def test_a_stall_is_told_once_until_something_comes() -> None:
    told: list[str] = []
    quiet = iter([0.0, 0.02, 0.03, 0.0, 0.02])
    done = asyncio.Event()

    def look() -> float:
        seconds = next(quiet, None)
        if seconds is None:
            done.set()
            return 0.0
        return seconds

    with StallWatch(look, told.append, stall_seconds=0.01):
        await done.wait()
    assert told == ["no text for 0 s; still waiting, Ctrl-C stops"] * 2


async def test_nothing_is_looked_at_after_the_end() -> None:
    looks: list[int] = []

    def look() -> float:
        looks.append(1)
        return 0.0

    with StallWatch(look, print, stall_seconds=0.001):
        pass
    count = len(looks)
    for _ in range(3):
        await asyncio.sleep(0)
    assert len(looks) == count


async def test_the_first_signal_gives_the_exit_code() -> None:
    stopped = asyncio.Event()
    with Stops(stopped.set) as stops:
        assert stops.exit_code is None
        os.kill(os.getpid(), signal.SIGTERM)
        await stopped.wait()
        stopped.clear()
        os.kill(os.getpid(), signal.SIGINT)
        await stopped.wait()
        assert stops.exit_code == 143
    assert signal.getsignal(signal.SIGTERM) is signal.SIG_DFL


async def test_a_watch_that_was_never_entered_can_be_left() -> None:
    told: list[str] = []
    StallWatch(lambda: 0.0, told.append, stall_seconds=1).__exit__(None, None, None)
    assert told == []
