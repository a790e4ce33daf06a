"""The flush clock: at once for single deltas, 24 times a second for a flood, slower when a flush is dear."""

from __future__ import annotations

import asyncio
from collections.abc import Callable

from chatui.ui.switchboard import REFRESH_SECONDS
from chatui.ui.transcript.flush_clock import LONGEST_DELAY, SHORTEST_DELAY, SINGLE_DELAY, FlushClock


class Desk:
    """A clock by hand, and how often was flushed."""

    def __init__(self, cost: float = 0.0) -> None:
        self.now = 100.0
        self.cost = cost
        self.flushed = 0

    def flush(self) -> None:
        self.flushed += 1
        self.now += self.cost


def _at_once(callback: Callable[[], None]) -> None:
    callback()


async def _wait_of(desk: Desk, requests: int = 1) -> float:
    """The delay of the flush after one that showed so many deltas, which had come in the last 10 ms."""
    clock = FlushClock(desk.flush, lambda callback: None, lambda: desk.now)
    clock.run()
    desk.now += 0.01 - desk.cost
    for _ in range(requests):
        clock.request()
    clock.run()
    clock.request()
    handle = clock._handle
    assert handle is not None
    wait = handle.when() - asyncio.get_running_loop().time()
    clock.cancel()
    return wait


def test_a_flood_and_the_figures_beside_it_make_no_more_than_30_frames_a_second() -> None:
    assert 1 / SHORTEST_DELAY + 1 / REFRESH_SECONDS <= 30


async def test_the_first_request_flushes_at_once() -> None:
    desk = Desk()
    clock = FlushClock(desk.flush, _at_once, lambda: desk.now)
    clock.request()
    assert desk.flushed == 1
    assert not clock.is_due


async def test_many_requests_make_one_flush() -> None:
    desk = Desk()
    clock = FlushClock(desk.flush, _at_once, lambda: desk.now)
    for _ in range(1000):
        clock.request()
    assert desk.flushed == 1
    assert clock.is_due
    clock.run()
    assert desk.flushed == 2
    assert not clock.is_due


async def test_what_is_due_comes_by_itself() -> None:
    flushed = asyncio.Event()
    clock = FlushClock(flushed.set, _at_once)
    clock.request()
    flushed.clear()
    clock.request()
    await asyncio.wait_for(flushed.wait(), 5)
    assert not clock.is_due


async def test_single_deltas_are_shown_one_by_one_and_a_flood_30_times_a_second() -> None:
    assert abs(await _wait_of(Desk(), requests=2) - SINGLE_DELAY) < 0.002
    assert abs(await _wait_of(Desk(), requests=10) - SHORTEST_DELAY) < 0.002


async def test_the_next_flush_waits_three_times_the_cost_of_the_last() -> None:
    assert abs(await _wait_of(Desk(cost=0.05)) - 0.15) < 0.01
    assert abs(await _wait_of(Desk(cost=9.0)) - LONGEST_DELAY) < 0.01


async def test_all_that_comes_in_one_read_is_in_the_flush_that_it_asks_for() -> None:
    deferred: list[Callable[[], None]] = []
    desk = Desk()
    clock = FlushClock(desk.flush, deferred.append, lambda: desk.now)
    for _ in range(30):
        clock.request()
    assert (desk.flushed, len(deferred), clock.is_due) == (0, 1, True)
    deferred[0]()
    assert (desk.flushed, clock.is_due) == (1, False)


async def test_after_quiet_it_is_at_once_again() -> None:
    desk = Desk()
    clock = FlushClock(desk.flush, _at_once, lambda: desk.now)
    clock.request()
    desk.now += 1
    clock.request()
    assert desk.flushed == 2


async def test_a_cancelled_flush_never_comes() -> None:
    desk = Desk()
    clock = FlushClock(desk.flush, _at_once, lambda: desk.now)
    clock.request()
    clock.request()
    clock.cancel()
    clock._run_due()
    assert desk.flushed == 1


async def test_what_painting_takes_delays_the_next_flush() -> None:
    desk = Desk()
    clock = FlushClock(desk.flush, _at_once, lambda: desk.now)
    clock.run()
    clock.spend(0.04)
    desk.now += 0.1
    clock.request()
    assert clock.is_due
    clock.cancel()
    clock.spend(99)
    desk.now += LONGEST_DELAY
    clock.request()
    assert not clock.is_due
