"""One provider's key has one back-off."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator
from contextlib import aclosing

import pytest

from chatui.conversation.events import Ended, ReplyEvent
from chatui.conversation.failure import Failure, FailureKind
from chatui.conversation.message import Role
from chatui.conversation.request import Request, Turn
from chatui.engine.backoff import LONGEST_HOLD, BackOff, HeldProvider, hold_together, is_holding
from chatui.providers.base import RetrySettings
from tests.engine.fake_provider import BUSY, STOP, FakeProvider, say
from tests.engine.stage import FakeClock, turn_loop

REQUEST = Request("one", (Turn(Role.USER, "Hi"),))
RETRY = RetrySettings(initial_backoff=1.0, max_backoff=8.0)


def limited(seconds: float | None = None) -> Failure:
    return Failure(FailureKind.RATE_LIMIT, "Slow down.", status=429, retry_after=seconds)


class Nap:
    """A sleep that lasts until the clock is told."""

    def __init__(self, clock: FakeClock) -> None:
        self.clock = clock
        self.naps: list[float] = []

    async def __call__(self, seconds: float) -> None:
        self.naps.append(seconds)
        self.clock.now += seconds


@pytest.fixture
def clock() -> FakeClock:
    return FakeClock(100.0)


@pytest.fixture
def nap(clock: FakeClock) -> Nap:
    return Nap(clock)


@pytest.fixture
def backoff(clock: FakeClock, nap: Nap) -> BackOff:
    return BackOff(RETRY, lambda: 1.0, clock, nap)


async def stream(provider: HeldProvider) -> list[ReplyEvent]:
    events: AsyncGenerator[ReplyEvent, None] = provider.stream(REQUEST)
    async with aclosing(events):
        return [event async for event in events]


async def test_nothing_is_held_at_first(backoff: BackOff, nap: Nap) -> None:
    assert await backoff.enter() == 100.0
    assert (backoff.seconds_left, nap.naps) == (0.0, [])


async def test_what_the_server_asks_for_holds_all(backoff: BackOff, nap: Nap) -> None:
    first = await backoff.enter()
    await backoff.enter()
    backoff.refuse(limited(7.0), first)
    assert backoff.seconds_left == 7.0
    assert await backoff.enter() == 107.0
    assert nap.naps == [7.0]


async def test_an_absurd_wish_is_cut(backoff: BackOff) -> None:
    backoff.refuse(limited(1e9), await backoff.enter())
    assert backoff.seconds_left == LONGEST_HOLD


async def test_a_shorter_wish_does_not_end_a_longer_one(backoff: BackOff) -> None:
    entered = await backoff.enter()
    backoff.refuse(limited(9.0), entered)
    backoff.refuse(limited(2.0), entered)
    assert backoff.seconds_left == 9.0


async def test_without_a_wish_it_doubles(backoff: BackOff) -> None:
    waits = []
    for _ in range(5):
        backoff.refuse(limited(), await backoff.enter())
        waits.append(backoff.seconds_left)
    assert waits == [1.0, 2.0, 4.0, 8.0, 8.0]


async def test_those_under_way_together_count_once(backoff: BackOff) -> None:
    entered = [await backoff.enter() for _ in range(5)]
    for each in entered:
        backoff.refuse(limited(), each)
    assert backoff.seconds_left == 1.0


async def test_after_a_hold_one_goes_ahead_and_the_others_follow(backoff: BackOff) -> None:
    backoff.refuse(limited(3.0), await backoff.enter())
    waiting = [asyncio.create_task(backoff.enter()) for _ in range(4)]
    await turn_loop()
    assert sum(task.done() for task in waiting) == 1
    backoff.leave(is_let_through=True)
    await turn_loop()
    assert all(task.done() for task in waiting)


async def test_the_next_one_goes_ahead_when_the_first_is_given_up(backoff: BackOff) -> None:
    backoff.refuse(limited(3.0), await backoff.enter())
    waiting = [asyncio.create_task(backoff.enter()) for _ in range(3)]
    for done in (1, 2, 3):
        await turn_loop()
        assert sum(task.done() for task in waiting) == done
        backoff.leave(is_let_through=False)


async def test_a_refused_stream_holds_the_next(clock: FakeClock, nap: Nap) -> None:
    backoff = BackOff(RETRY, lambda: 1.0, clock, nap)
    fake = FakeProvider([Ended(failure=limited(5.0))], say("Hello"))
    provider = HeldProvider(fake, backoff, RETRY)
    assert await stream(provider) == [Ended(failure=limited(5.0))]
    assert (await stream(provider))[-1] == STOP
    assert nap.naps == [5.0]
    assert await backoff.enter() == clock.now


async def test_a_stream_that_is_closed_early_lets_the_others_go(clock: FakeClock, nap: Nap) -> None:
    backoff = BackOff(RETRY, lambda: 1.0, clock, nap)
    never = asyncio.Event()
    fake = FakeProvider([BUSY], [never, STOP], say("Hello"))
    provider = HeldProvider(fake, backoff, RETRY)
    await stream(provider)
    stuck = asyncio.create_task(stream(provider))
    await fake.waits.wait()
    follower = asyncio.create_task(stream(provider))
    await turn_loop()
    assert len(fake.requests) == 2
    stuck.cancel()
    assert (await follower)[-1] == STOP
    with pytest.raises(asyncio.CancelledError):
        await stuck


@pytest.mark.parametrize(
    ("failure", "holds"),
    [
        (limited(), True),
        (Failure(FailureKind.OVERLOADED, "Busy.", status=503), True),
        (Failure(FailureKind.SERVER, "Broken.", status=500, retry_after=3.0), True),
        (Failure(FailureKind.SERVER, "Broken.", status=500), False),
        (Failure(FailureKind.NETWORK, "Reset."), False),
    ],
)
def test_only_what_concerns_the_key_holds_it(failure: Failure, *, holds: bool) -> None:
    assert is_holding(failure) is holds


async def test_it_stands_for_its_provider() -> None:
    fake = FakeProvider(say("Hello"))
    held = hold_together(fake, lambda: 1.0, max_retries=7)
    assert (held.name, held.retry.max_retries) == ("fake", 7)
    assert hold_together(fake, lambda: 1.0).retry is fake.retry
    assert held.describe("one").name == "fake/one"
    assert len((await held.list_models()).models) == 1
    await held.aclose()
    assert fake.closes == 1
