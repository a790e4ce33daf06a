"""The attempts at one reply: made again after failures that pass, as long as no content has come."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, Callable
from contextlib import aclosing
from dataclasses import replace

from chatui.conversation.events import Delta, Ended, ReplyEvent, Retrying
from chatui.conversation.failure import Failure, FailureKind
from chatui.conversation.request import Request
from chatui.engine.begun import Begun
from chatui.engine.retry import plan_wait, tell_long_wait
from chatui.providers.base import Provider, RetrySettings

_ABANDONED = Failure(FailureKind.TIMEOUT, "No text came, so it was asked again.")


class RetryWait:
    """The waiting of one reply: before a retry, and for what an attempt brings. Either can be cut short."""

    def __init__(self) -> None:
        self._now = asyncio.Event()
        self._is_abandoned = False
        self._listening: asyncio.Timeout | None = None

    def abandon(self) -> None:
        """End the attempt that runs and make another one at once; for one that has brought no content."""
        if self._listening is not None:
            self._is_abandoned = True
            self._listening.reschedule(asyncio.get_running_loop().time())

    def take_abandoned(self) -> bool:
        """Whether the last attempt was abandoned; true once."""
        was_abandoned, self._is_abandoned = self._is_abandoned, False
        return was_abandoned

    async def next(self, events: AsyncGenerator[ReplyEvent, None]) -> ReplyEvent | None:
        """The next event of an attempt; `None` at its end, and as soon as it is abandoned."""
        begun = Begun(anext(events, None))
        if begun.is_done:
            return begun.result
        try:
            # A timeout without a time, which `abandon` sets to now; see `Stop.unless_set`.
            async with asyncio.timeout(None) as self._listening:
                return await begun
        except TimeoutError:
            if not self._is_abandoned:
                raise
            return None
        finally:
            self._listening = None

    def end(self) -> None:
        """Make the retry at once."""
        self._now.set()

    async def wait(self, seconds: float) -> None:
        """Return after `seconds`, or as soon as `end` is called."""
        self._now.clear()
        try:
            async with asyncio.timeout(seconds):
                await self._now.wait()
        except TimeoutError:
            return


async def make_attempts(
    provider: Provider, request: Request, wait: RetryWait, random: Callable[[], float]
) -> AsyncGenerator[ReplyEvent | Retrying, None]:
    """Stream a reply; yield `Retrying` before each wait and exactly one `Ended`, last.

    Once a delta with text has come nothing is retried: what the reader saw stays, and the failure is told. An attempt
    that is abandoned is made again whatever the limit: the user asked for it.
    """
    made = 0
    retry = 0
    while True:
        made += 1
        has_content = False
        retrying: Retrying | None = None
        async with aclosing(provider.stream(request)) as events:
            while (event := await wait.next(events)) is not None:
                if isinstance(event, Delta):
                    if not event.text:
                        continue
                    has_content = True
                elif isinstance(event, Ended):
                    retry += 1
                    retrying = None if has_content else _plan_retry(event, made, retry, provider.retry, random)
                    if retrying is not None:
                        break
                    yield replace(event, failure=event.failure and tell_long_wait(event.failure))
                    return
                yield event
        if wait.take_abandoned():
            retrying = Retrying(_ABANDONED, made, max(made, provider.retry.max_retries), 0.0)
        if retrying is None:
            message = f"The provider {provider.name} ended without a word."
            yield Ended(failure=Failure(FailureKind.PROTOCOL, message), interrupted=True)
            return
        yield retrying
        await wait.wait(retrying.wait)


def _plan_retry(
    ended: Ended, made: int, retry: int, settings: RetrySettings, random: Callable[[], float]
) -> Retrying | None:
    """The retry after attempt number `made`; `retry` counts those that count against the limit."""
    if ended.failure is None:
        return None
    seconds = plan_wait(ended.failure, retry, settings, random)
    return None if seconds is None else Retrying(ended.failure, made, max(made, settings.max_retries), seconds)
