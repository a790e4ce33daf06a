"""The attempts at one reply: made again after failures that pass, as long as no content has come."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, Callable
from contextlib import aclosing

from chatui.conversation.events import Ended, ReasoningDelta, ReplyEvent, Retrying, TextDelta
from chatui.conversation.failure import Failure, FailureKind
from chatui.conversation.request import Request
from chatui.engine.retry import plan_wait
from chatui.providers.base import Provider


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
        has_content = False
        ended: Ended | None = None
        async with aclosing(provider.stream(request)) as events:
            async for event in events:
                if isinstance(event, Ended):
                    ended = event
                    break
                if isinstance(event, TextDelta | ReasoningDelta):
                    if not event.text:
                        continue
                    has_content = True
                yield event
        if ended is None:
            ended = Ended(
                failure=Failure(FailureKind.PROTOCOL, f"The provider {provider.name} ended without a word."),
                interrupted=True,
            )
        retry += 1
        seconds = None
        if ended.failure is not None and not has_content:
            seconds = plan_wait(ended.failure, retry, provider.retry, random)
        if ended.failure is None or seconds is None:
            yield ended
            return
        yield Retrying(ended.failure, retry, provider.retry.max_retries, seconds)
        await wait.wait(seconds)
