"""A provider that answers by a script, attempt by attempt, and notes what was asked of it."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, Callable, Sequence

from chatui.conversation.events import Ended, ReplyEvent, TextDelta
from chatui.conversation.failure import Failure, FailureKind
from chatui.conversation.model_info import ModelInfo
from chatui.conversation.request import Request
from chatui.conversation.usage import Price
from chatui.providers.base import ModelList, RetrySettings

Step = ReplyEvent | asyncio.Event | Callable[[], None] | Exception
"""Yield an event, wait for one, call a function, or raise."""

STOP = Ended(finish_reason="stop")
BUSY = Ended(failure=Failure(FailureKind.OVERLOADED, "Busy.", status=503))
CUT = Ended(failure=Failure(FailureKind.NETWORK, "Reset."), interrupted=True)
REFUSED = Ended(failure=Failure(FailureKind.AUTHENTICATION, "No.", status=401))
NO_WAIT = RetrySettings(initial_backoff=0.0)


def say(*texts: str) -> list[Step]:
    """The steps of a whole reply."""
    return [*map(TextDelta, texts), STOP]


class FakeProvider:
    """Plays one script for each attempt, the last one again when there are no more."""

    def __init__(
        self, *attempts: Sequence[Step], name: str = "fake", retry: RetrySettings = NO_WAIT, price: Price | None = None
    ) -> None:
        self.name = name
        self.retry = retry
        self.price = price
        self.takes_images: bool | None = None
        self.attempts = list(attempts)
        self.requests: list[Request] = []
        self.waits = asyncio.Event()
        """Set when a script waits."""
        self.open_streams = 0
        self.closes = 0

    async def stream(self, request: Request) -> AsyncGenerator[ReplyEvent, None]:
        script = self.attempts[min(len(self.requests), len(self.attempts) - 1)]
        self.requests.append(request)
        self.open_streams += 1
        try:
            for step in script:
                if isinstance(step, asyncio.Event):
                    self.waits.set()
                    await step.wait()
                elif isinstance(step, Exception):
                    raise step
                elif callable(step):
                    step()
                else:
                    yield step
        finally:
            self.open_streams -= 1

    async def list_models(self) -> ModelList:
        return ModelList((self.describe("one"),))

    def describe(self, model: str) -> ModelInfo:
        return ModelInfo(self.name, model, price=self.price, takes_images=self.takes_images)

    async def aclose(self) -> None:
        self.closes += 1


class AskedProvider(FakeProvider):
    """Answers the question for its models when it is told to."""

    def __init__(self, name: str, *attempts: Sequence[Step]) -> None:
        super().__init__(*attempts, name=name)
        self.may_answer = asyncio.Event()
        self.was_cancelled = False
        self.answer = ModelList((ModelInfo(name, "one"),))

    async def list_models(self) -> ModelList:
        self.waits.set()
        try:
            await self.may_answer.wait()
        except asyncio.CancelledError:
            self.was_cancelled = True
            raise
        return self.answer
