"""A provider of several models, each of which answers at the test's word."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator

from chatui.conversation.events import Ended, ReplyEvent, TextDelta
from chatui.conversation.failure import Failure
from chatui.conversation.model_info import ModelInfo
from chatui.conversation.request import Request
from chatui.providers.base import ModelList, RetrySettings


class GatedProvider:
    """Serves `gated/a` to `gated/d`."""

    name = "gated"
    retry = RetrySettings(max_retries=0)

    def __init__(self) -> None:
        self.models: list[str] = []
        """Those that were asked, in that order."""
        self._queues: dict[str, asyncio.Queue[ReplyEvent]] = {}

    def say(self, model: str, text: str) -> None:
        """Have a model say something."""
        self._queue(model).put_nowait(TextDelta(text))

    def end(self, *models: str) -> None:
        """End replies in the ordinary way."""
        for model in models:
            self._queue(model).put_nowait(Ended("stop"))

    def fail(self, model: str, failure: Failure) -> None:
        """End a reply with a failure."""
        self._queue(model).put_nowait(Ended(failure=failure))

    async def stream(self, request: Request) -> AsyncGenerator[ReplyEvent, None]:
        """Yield what the test says."""
        self.models.append(request.model)
        while True:
            event = await self._queue(request.model).get()
            yield event
            if isinstance(event, Ended):
                return

    async def list_models(self) -> ModelList:
        """All four."""
        return ModelList(tuple(self.describe(model) for model in "abcd"))

    def describe(self, model: str) -> ModelInfo:
        """Nothing is known of them."""
        return ModelInfo(self.name, model)

    async def aclose(self) -> None:
        """Nothing is open."""

    def _queue(self, model: str) -> asyncio.Queue[ReplyEvent]:
        return self._queues.setdefault(model, asyncio.Queue())
