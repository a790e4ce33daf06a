"""The scripted provider: it plays a cassette, for tests, benchmarks and screenshots."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncGenerator, Awaitable, Callable, Iterable
from contextlib import aclosing

from chatui.conversation.events import Ended, ReplyEvent
from chatui.conversation.model_info import ModelInfo
from chatui.conversation.request import Request
from chatui.providers.base import ModelList, RetrySettings
from chatui.providers.cassette import CUT, Cassette, TimedEvent

_BURST = 64
"""Events that may come in a row, as they do in one read from a fast connection."""

Sleep = Callable[[float], Awaitable[object]]
"""Waits for that many seconds; `asyncio.sleep`, or a test's stand-in."""

Clock = Callable[[], float]
"""Tells seconds that never go back; `time.monotonic`, or a test's stand-in."""


async def play(
    events: Iterable[TimedEvent], sleep: Sleep, clock: Clock, speed: float = 1.0
) -> AsyncGenerator[ReplyEvent, None]:
    """Yield the events at their times, `speed` times as fast; 0 means at once.

    Times count from the first step on, so that what the listener spends does not add up. Every few events the loop gets
    its turn, as it does with a real connection: what plays at full speed can be cancelled, too.
    """
    start = clock()
    for number, timed in enumerate(events):
        wait = start + timed.at / speed - clock() if speed > 0 else 0.0
        if wait > 0 or number % _BURST == 0:
            await sleep(max(wait, 0.0))
        yield timed.event


class ScriptedProvider:
    """Plays reply n of its cassette to request n, whatever is asked; when they are used up, the last one again.

    A reply that was recorded without an end ends as cut.
    """

    def __init__(
        self, cassette: Cassette, speed: float = 1.0, sleep: Sleep = asyncio.sleep, clock: Clock = time.monotonic
    ) -> None:
        self._cassette = cassette
        self._speed = speed
        self._sleep = sleep
        self._clock = clock
        self._requests = 0

    @property
    def name(self) -> str:
        """`scripted`."""
        return "scripted"

    @property
    def retry(self) -> RetrySettings:
        """The defaults."""
        return RetrySettings()

    async def stream(self, request: Request) -> AsyncGenerator[ReplyEvent, None]:
        """Play the next reply."""
        events = self._cassette.replies[min(self._requests, len(self._cassette.replies) - 1)].events
        self._requests += 1
        async with aclosing(play(events, self._sleep, self._clock, self._speed)) as playing:
            async for event in playing:
                yield event
        if not (events and isinstance(events[-1].event, Ended)):
            yield Ended(failure=CUT, interrupted=True)

    async def list_models(self) -> ModelList:
        """The one model of the cassette."""
        return ModelList((self.describe(self._cassette.model),))

    def describe(self, model: str) -> ModelInfo:
        """What the cassette says of its model; of another one nothing is known."""
        if model != self._cassette.model:
            return ModelInfo(self.name, model)
        return ModelInfo(
            self.name,
            model,
            context_window=self._cassette.context_window,
            price=self._cassette.price,
            price_as_of="cassette" if self._cassette.price is not None else "",
        )

    async def aclose(self) -> None:
        """Nothing is kept open."""
