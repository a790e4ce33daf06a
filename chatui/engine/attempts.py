"""The attempts at one reply: made again after failures that pass, as long as no content has come."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, Callable
from contextlib import aclosing

from chatui.conversation.events import Ended, ReasoningDelta, ReplyEvent, Retrying, TextDelta
from chatui.conversation.failure import Failure, FailureKind
from chatui.conversation.request import Request
from chatui.engine.retry import plan_wait
from chatui.providers.base import Provider, RetrySettings


class RetryWait:
    """The wait before a retry; it can be cut short."""

    def __init__(self) -> None:
        self._now = asyncio.Event()

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

    Once a delta with text has come nothing is retried: what the reader saw stays, and the failure is told.
    """
    retry = 0
    while True:
        retry += 1
        has_content = False
        async with aclosing(provider.stream(request)) as events:
            async for event in events:
                if isinstance(event, Ended):
                    retrying = None if has_content else _plan_retry(event, retry, provider.retry, random)
                    if retrying is not None:
                        break
                    yield event
                    return
                if isinstance(event, TextDelta | ReasoningDelta):
                    if not event.text:
                        continue
                    has_content = True
                yield event
            else:
                message = f"The provider {provider.name} ended without a word."
                yield Ended(failure=Failure(FailureKind.PROTOCOL, message), interrupted=True)
                return
        yield retrying
        await wait.wait(retrying.wait)


def _plan_retry(ended: Ended, retry: int, settings: RetrySettings, random: Callable[[], float]) -> Retrying | None:
    if ended.failure is None:
        return None
    seconds = plan_wait(ended.failure, retry, settings, random)
    return None if seconds is None else Retrying(ended.failure, retry, settings.max_retries, seconds)
