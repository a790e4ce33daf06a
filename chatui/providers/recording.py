"""Recording: what any provider sends is kept with its times, as a cassette that the scripted provider can play."""

from __future__ import annotations

import time
from collections.abc import AsyncGenerator, Callable
from contextlib import aclosing
from dataclasses import replace

from chatui.conversation.events import FieldRefused, ReplyEvent, Warned
from chatui.conversation.model_info import ModelInfo
from chatui.conversation.request import Request
from chatui.providers.base import ModelList, Provider, RetrySettings
from chatui.providers.cassette import Cassette, Reply, TimedEvent, encode_cassette
from chatui.providers.scripted import Clock


class Recording:
    """The replies of one run, of all providers that share it; one attempt is one reply.

    `write` gets the whole cassette, encoded, each time an attempt has ended, well or not. It must not raise: telling
    the user that a file cannot be written is its own task.
    """

    def __init__(self, write: Callable[[bytes], None]) -> None:
        self._write = write
        self._cassette: Cassette | None = None

    def add(self, model: ModelInfo, reply: Reply) -> None:
        """Add a reply. The cassette names the model of the first one."""
        cassette = self._cassette or Cassette(model.id, (), model.context_window, model.price)
        self._cassette = replace(cassette, replies=(*cassette.replies, reply))
        self._write(encode_cassette(self._cassette))


class RecordingProvider:
    """A provider as it was, whose replies are recorded. Events pass through unchanged, as the same objects."""

    def __init__(self, provider: Provider, recording: Recording, clock: Clock = time.monotonic) -> None:
        self._provider = provider
        self._recording = recording
        self._clock = clock

    @property
    def name(self) -> str:
        """The name of the provider that is recorded."""
        return self._provider.name

    @property
    def retry(self) -> RetrySettings:
        """As the provider that is recorded."""
        return self._provider.retry

    async def stream(self, request: Request) -> AsyncGenerator[ReplyEvent, None]:
        """Make one attempt and record it. One that is cancelled is recorded as far as it came, without an end."""
        start = self._clock()
        taken: list[TimedEvent] = []
        try:
            async with aclosing(self._provider.stream(request)) as events:
                async for event in events:
                    # What is told about the way there is no part of the answer.
                    if not isinstance(event, FieldRefused | Warned):
                        taken.append(TimedEvent(self._clock() - start, event))
                    yield event
        finally:
            self._recording.add(self._provider.describe(request.model), Reply(tuple(taken)))

    async def list_models(self) -> ModelList:
        """Ask the provider that is recorded."""
        return await self._provider.list_models()

    def describe(self, model: str) -> ModelInfo:
        """Ask the provider that is recorded."""
        return self._provider.describe(model)

    async def aclose(self) -> None:
        """Close the provider that is recorded."""
        await self._provider.aclose()
