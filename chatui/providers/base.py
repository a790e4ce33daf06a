"""The protocol that every provider speaks."""

from __future__ import annotations

from collections.abc import AsyncGenerator, Sequence
from dataclasses import dataclass
from typing import Protocol

from chatui.conversation.events import ReplyEvent
from chatui.conversation.failure import Failure
from chatui.conversation.model_info import ModelInfo
from chatui.conversation.request import Request


@dataclass(frozen=True, slots=True)
class RetrySettings:
    """How often and how patiently a failed attempt is made again."""

    max_retries: int = 3
    initial_backoff: float = 1.0
    """Seconds."""
    max_backoff: float = 30.0
    """Seconds."""


@dataclass(frozen=True, slots=True)
class ModelList:
    """The answer to "which models do you offer?"."""

    models: Sequence[ModelInfo] = ()
    failure: Failure | None = None
    """Why there is no list; `None` when there is one."""


class Provider(Protocol):
    """Someone who answers. Making one costs nothing: no import of httpx, no connection, no key looked up."""

    @property
    def name(self) -> str:
        """The name in `provider/model`."""

    @property
    def retry(self) -> RetrySettings:
        """How the engine retries this provider."""

    def stream(self, request: Request) -> AsyncGenerator[ReplyEvent, None]:
        """Make one attempt. Yields deltas as they come and ends with exactly one `Ended`; failure is never raised.

        Cancelling it closes the connection. Consume it under `contextlib.aclosing`.
        """

    async def list_models(self) -> ModelList:
        """Ask which models there are; at most 5 seconds, never raises for the network."""

    def describe(self, model: str) -> ModelInfo:
        """What is known of a model without asking anyone; unknown facts are `None`."""

    async def aclose(self) -> None:
        """Close connections that are kept open. May be called more than once."""
