"""What providers were found not to take: optional fields that are left out of a request from then on."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Collection, Mapping

from chatui.conversation.events import PROVIDER_FIELDS, FieldRefused
from chatui.conversation.model_info import split_model_name

Remember = Callable[[str, FieldRefused], Awaitable[str | None]]
"""Writes down what a provider or a `provider/model` does not take; returns a sentence where it could not."""


async def _forget(name: str, refused: FieldRefused) -> str | None:
    return None


class Adaptations:
    """Known refusals by `provider` or `provider/model`; those of earlier runs are given at the start."""

    def __init__(self, remembered: Mapping[str, Mapping[str, str]] | None = None, remember: Remember = _forget) -> None:
        self._known = {name: dict(fields) for name, fields in (remembered or {}).items()}
        self._remember = remember
        self._told: set[tuple[str, str]] = set()

    def find(self, model: str) -> Mapping[str, str]:
        """The fields that must not be sent to `provider/model`, each with the one that carries its value instead."""
        provider = split_model_name(model)[0]
        return {**self._known.get(provider, {}), **self._known.get(model, {})}

    def take_untold(self, model: str, wanted: Collection[str]) -> list[FieldRefused]:
        """Those of the `wanted` fields that an earlier run left out for this model, each only once."""
        untold = []
        for field, instead in self.find(model).items():
            if field in wanted and (model, field) not in self._told:
                self._told.add((model, field))
                untold.append(FieldRefused(field, "It was refused before.", instead))
        return untold

    async def learn(self, model: str, refused: FieldRefused) -> str | None:
        """Take in what `provider/model` refused. Returns a sentence where it could not be written down."""
        self._told.add((model, refused.field))
        if not refused.is_lasting:
            return None
        name = split_model_name(model)[0] if refused.field in PROVIDER_FIELDS else model
        self._known.setdefault(name, {})[refused.field] = refused.instead
        return await self._remember(name, refused)


def say_refused(refused: FieldRefused) -> str:
    """Tell the user what was left out, in one sentence."""
    what = f"it was sent as {refused.instead}" if refused.instead else "it was left out"
    lasting = ", now and from here on" if refused.is_lasting else " this once"
    return f"The server did not take {refused.field}: {what}{lasting}."
