"""The roster: every provider by name, and the models they offer."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, Mapping
from contextlib import suppress

from chatui.conversation.failure import Failure, FailureKind
from chatui.conversation.model_info import ModelInfo, split_model_name
from chatui.providers.base import ModelList, Provider


class Roster:
    """Finds who serves a model and asks who offers which."""

    def __init__(self, providers: Mapping[str, Provider]) -> None:
        self._providers = dict(providers)

    @property
    def names(self) -> tuple[str, ...]:
        """The providers' names, in their order."""
        return tuple(self._providers)

    def add(self, provider: Provider) -> None:
        """Take in a provider found later, such as a local server; one of that name stays as it is."""
        self._providers.setdefault(provider.name, provider)

    def find(self, model: str) -> tuple[Provider, str] | Failure:
        """Find the provider of `provider/model` and the model's id there, or the failure that says what is missing."""
        name, model_id = split_model_name(model)
        provider = self._providers.get(name)
        if provider is not None and model_id:
            return provider, model_id
        if not name or not model_id:
            return Failure(
                FailureKind.CONFIGURATION,
                f"“{model}” does not name a model.",
                advice="Models are written provider/model, as in demo/guide. Ctrl+T shows what there is.",
            )
        return Failure(
            FailureKind.CONFIGURATION,
            f"There is no provider “{name}”.",
            advice=f"Add [providers.{name}] with a base_url to config.toml, or choose another model with Ctrl+T.",
        )

    def describe(self, model: str) -> ModelInfo:
        """What is known of `provider/model` without asking anyone."""
        found = self.find(model)
        if isinstance(found, Failure):
            name, model_id = split_model_name(model)
            return ModelInfo(name, model_id)
        provider, model_id = found
        return provider.describe(model_id)

    async def list_models(self) -> AsyncGenerator[tuple[str, ModelList], None]:
        """Ask every provider at once and yield (provider's name, its list) as they answer."""

        async def ask(name: str, provider: Provider) -> tuple[str, ModelList]:
            return name, await provider.list_models()

        tasks = [asyncio.create_task(ask(name, provider)) for name, provider in self._providers.items()]
        try:
            for answer in asyncio.as_completed(tasks):
                yield await answer
        finally:
            for task in tasks:
                task.cancel()
            for task in tasks:
                with suppress(asyncio.CancelledError):
                    await task

    async def aclose(self) -> None:
        """Close every provider's connections."""
        for provider in self._providers.values():
            await provider.aclose()
