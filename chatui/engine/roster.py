"""The roster: every provider by name, and the models they offer."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, Iterable, Mapping

from chatui.conversation.failure import Failure, FailureKind
from chatui.conversation.model_info import ModelInfo, split_model_name
from chatui.engine.adaptations import Adaptations
from chatui.providers.base import ModelList, Provider


class Roster:
    """Finds who serves a model and asks who offers which."""

    def __init__(
        self,
        providers: Mapping[str, Provider],
        offered: Iterable[str] = (),
        adaptations: Adaptations | None = None,
    ) -> None:
        self._providers = dict(providers)
        self._offered = dict.fromkeys(offered)
        self.adaptations = Adaptations() if adaptations is None else adaptations
        """What the providers were found not to take."""

    @property
    def providers(self) -> tuple[Provider, ...]:
        """All of them."""
        return tuple(self._providers.values())

    @property
    def offered(self) -> tuple[str, ...]:
        """The names of the providers that are worth asking for their models: configured, with a key, or found here."""
        return tuple(self._offered)

    def offer(self, provider: Provider) -> None:
        """Take in a provider found later, such as a local server."""
        self._providers[provider.name] = provider
        self._offered[provider.name] = None

    def find(self, model: str) -> tuple[Provider, str] | Failure:
        """Find the provider of `provider/model` and the model's id there, or the failure that says what is missing.

        An empty id, as in `work/`, stands for the first model that the provider offers.
        """
        name, model_id = split_model_name(model)
        provider = self._providers.get(name)
        if provider is not None:
            return provider, model_id
        if not name:
            return Failure(
                FailureKind.CONFIGURATION,
                f"“{model}” does not name a model.",
                advice="Models are written provider/model, as in demo/guide.",
            )
        return Failure(
            FailureKind.CONFIGURATION,
            f"There is no provider “{name}”.",
            advice=f"Add [providers.{name}] with a base_url to config.toml, or choose another model.",
        )

    def describe(self, model: str) -> ModelInfo:
        """What is known of `provider/model` without asking anyone."""
        found = self.find(model)
        if isinstance(found, Failure):
            name, model_id = split_model_name(model)
            return ModelInfo(name, model_id)
        provider, model_id = found
        return provider.describe(model_id)

    async def settle(self, model: str) -> str:
        """Name the model that `provider/` stands for: the first one it offers. A full name, or no answer: as it was."""
        found = self.find(model)
        if isinstance(found, Failure) or found[1]:
            return model
        offered = (await found[0].list_models()).models
        return offered[0].name if offered else model

    async def list_models(self) -> AsyncGenerator[tuple[str, ModelList], None]:
        """Ask every offered provider at once and yield (provider's name, its list) as they answer."""

        async def ask(name: str, provider: Provider) -> tuple[str, ModelList]:
            return name, await provider.list_models()

        tasks = [asyncio.create_task(ask(name, self._providers[name])) for name in self._offered]
        try:
            for answer in asyncio.as_completed(tasks):
                yield await answer
        finally:
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)

    async def aclose(self) -> None:
        """Close every provider's connections."""
        for provider in self._providers.values():
            await provider.aclose()
