"""The back-off that all requests with one provider's key share: when the server asks one to wait, all of them wait."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncGenerator, Awaitable, Callable
from contextlib import aclosing

from chatui.conversation.events import Ended, ReplyEvent
from chatui.conversation.failure import Failure, FailureKind
from chatui.conversation.model_info import ModelInfo
from chatui.conversation.request import Request
from chatui.providers.base import ModelList, Provider, RetrySettings

LONGEST_HOLD = 3600.0
"""Seconds. A server that asks for more is asked again after an hour."""
_HOLDING_KINDS = frozenset({FailureKind.RATE_LIMIT, FailureKind.OVERLOADED})


class BackOff:
    """Holds requests back, then lets one go ahead and the others after it, once that one is let through.

    Without the one ahead, all that waited would leave at the same moment and be refused together.
    """

    def __init__(
        self,
        retry: RetrySettings,
        chance: Callable[[], float],
        clock: Callable[[], float] = time.monotonic,
        sleep: Callable[[float], Awaitable[object]] = asyncio.sleep,
    ) -> None:
        self._retry = retry
        self._chance = chance
        self._clock = clock
        self._sleep = sleep
        self._until = 0.0
        self._strikes = 0
        self._is_probing = False
        self._changed = asyncio.Event()

    @property
    def seconds_left(self) -> float:
        """Seconds until the next request may leave; 0 when it may now."""
        return max(self._until - self._clock(), 0.0)

    async def wait(self) -> None:
        """Return when no hold is on."""
        while (seconds := self.seconds_left) > 0:
            await self._sleep(seconds)

    async def enter(self) -> float:
        """Return when a request may leave, with the time of that; `leave` or `refuse` has to follow."""
        while True:
            await self.wait()
            if not self._strikes:
                return self._clock()
            if not self._is_probing:
                self._is_probing = True
                return self._clock()
            self._changed.clear()
            await self._changed.wait()

    def leave(self, *, is_let_through: bool) -> None:
        """A request that entered was answered, or given up; only an answer ends the hold for good."""
        if is_let_through and self._clock() >= self._until:
            self._strikes = 0
        self._is_probing = False
        self._changed.set()

    def refuse(self, failure: Failure, entered: float) -> None:
        """A request that left at `entered` was refused: hold all for as long as the server asks, else ever longer."""
        now = self._clock()
        asked = failure.retry_after
        if asked is not None and asked > 0:
            self._until = max(self._until, now + min(asked, LONGEST_HOLD))
            self._strikes = max(self._strikes, 1)
        elif entered >= self._until:
            # Those that were under way when the hold began say nothing new.
            seconds = min(self._retry.initial_backoff * 2.0**self._strikes, self._retry.max_backoff)
            self._until = now + seconds * (0.75 + 0.25 * self._chance())
            self._strikes += 1
        self._is_probing = False
        self._changed.set()


class HeldProvider:
    """A provider whose requests all pass one back-off."""

    def __init__(self, provider: Provider, backoff: BackOff, retry: RetrySettings) -> None:
        self._provider = provider
        self.backoff = backoff
        self.retry = retry
        """How the engine retries it."""

    @property
    def name(self) -> str:
        """The name in `provider/model`."""
        return self._provider.name

    async def stream(self, request: Request) -> AsyncGenerator[ReplyEvent, None]:
        """Make one attempt when the back-off allows it; see `Provider.stream`."""
        entered = await self.backoff.enter()
        is_told = False
        try:
            async with aclosing(self._provider.stream(request)) as events:
                async for event in events:
                    if not is_told:
                        is_told = True
                        refusal = event.failure if isinstance(event, Ended) else None
                        if refusal is not None and is_holding(refusal):
                            self.backoff.refuse(refusal, entered)
                        else:
                            self.backoff.leave(is_let_through=True)
                    yield event
        finally:
            if not is_told:
                self.backoff.leave(is_let_through=False)

    async def list_models(self) -> ModelList:
        """Ask which models there are; see `Provider.list_models`."""
        return await self._provider.list_models()

    def describe(self, model: str) -> ModelInfo:
        """What is known of a model; see `Provider.describe`."""
        return self._provider.describe(model)

    async def aclose(self) -> None:
        """Close connections that are kept open."""
        await self._provider.aclose()


def is_holding(failure: Failure) -> bool:
    """Tell whether a failure concerns all requests with this key, and not only the one that met it."""
    return failure.kind in _HOLDING_KINDS or failure.retry_after is not None


def hold_together(provider: Provider, chance: Callable[[], float], max_retries: int | None = None) -> HeldProvider:
    """Let all requests of a provider pass one back-off; `max_retries` takes the place of the provider's own."""
    retry = provider.retry
    if max_retries is not None:
        retry = RetrySettings(max_retries, retry.initial_backoff, retry.max_backoff)
    return HeldProvider(provider, BackOff(retry, chance), retry)
