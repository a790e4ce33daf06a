"""A provider that answers at the test's word: it streams what it is told, when it is told, and notes what is asked."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, Sequence

from chatui.conversation.events import Ended, ReplyEvent, TextDelta
from chatui.conversation.failure import Failure, FailureKind
from chatui.conversation.model_info import ModelInfo
from chatui.conversation.request import Request
from chatui.conversation.usage import Price
from chatui.providers.base import ModelList, RetrySettings


class HeldProvider:
    """Each attempt waits for `say` and `end`; the test decides how fast a model is."""

    def __init__(self, models: Sequence[str] = ("one", "two"), name: str = "held") -> None:
        self.name = name
        self.requests: list[Request] = []
        self.closed = 0
        """Attempts whose generator was closed or cancelled before its end."""
        self.retry = RetrySettings(initial_backoff=0.01, max_backoff=0.01)
        self.may_list = asyncio.Event()
        """Cleared, the list of models does not come."""
        self.may_list.set()
        self._models = models
        self._events: asyncio.Queue[ReplyEvent] = asyncio.Queue()

    def say(self, *texts: str) -> None:
        """Stream these deltas."""
        self.give(*(TextDelta(text) for text in texts))

    def give(self, *events: ReplyEvent) -> None:
        """Stream these events; `Ended` ends the attempt."""
        for event in events:
            self._events.put_nowait(event)

    def end(self, finish_reason: str = "stop") -> None:
        """End the reply well."""
        self.give(Ended(finish_reason))

    def fail(self, kind: FailureKind, message: str, status: int | None = None, advice: str = "") -> None:
        """End the attempt with a failure."""
        self.give(Ended(failure=Failure(kind, message, status=status, advice=advice)))

    async def stream(self, request: Request) -> AsyncGenerator[ReplyEvent, None]:
        """Yield what the test gives."""
        self.requests.append(request)
        is_over = False
        try:
            while not is_over:
                event = await self._events.get()
                is_over = isinstance(event, Ended)
                yield event
        finally:
            self.closed += not is_over

    async def list_models(self) -> ModelList:
        """Its models, when `may_list` is set."""
        await self.may_list.wait()
        return ModelList(tuple(self.describe(model) for model in self._models))

    def describe(self, model: str) -> ModelInfo:
        """A model with a price, so that costs can be seen."""
        return ModelInfo(self.name, model, context_window=1000, price=Price(1.0, 2.0), price_as_of="2026-11-01")

    async def aclose(self) -> None:
        """Nothing is kept open."""
