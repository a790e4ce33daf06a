"""What chatui knows of models without asking anyone: context windows and dated prices, from `catalog.toml`."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path
from typing import Any

from chatui.conversation.model_info import ModelInfo
from chatui.conversation.usage import Price

_FILE = Path(__file__).with_name("catalog.toml")
_RELEASE = re.compile(r"[-@](\d{4}[\d-]*|\d{3}|latest)")
"""What may follow a known id: a date or release, as in `-20250929` or `-001`. Any other ending (`-mini`, `.5`) is
another model with another price."""


class Catalog:
    """The table, read when it is first asked."""

    def __init__(self) -> None:
        self._tables: dict[str, Any] | None = None

    def describe(self, provider: str, model: str, *, is_free: bool = False) -> ModelInfo:
        """Return what is known; unknown facts are `None`. `is_free` says that it runs on the user's own machine."""
        if is_free:
            # Ollama also hands out models that run in its maker's cloud, and those have a price.
            price = None if model.endswith("cloud") else Price(0, 0)
            return ModelInfo(provider, model, price=price, price_as_of="local" if price else "")
        row = self._find(provider, model)
        has_price = "input" in row
        return ModelInfo(
            provider,
            model,
            context_window=row.get("context_window"),
            max_output=row.get("max_output"),
            price=Price(row["input"], row["output"], row.get("cached")) if has_price else None,
            price_as_of=row["as_of"] if has_price else "",
            takes_images=row.get("images"),
        )

    def note(self, provider: str, model: str) -> str:
        """What the price leaves out (peak hours, tiers), in a few words; empty for nothing."""
        return str(self._find(provider, model).get("note", ""))

    def providers_of(self, model: str) -> list[str]:
        """The providers that are known to serve a model of exactly this id."""
        return [name for name, table in self._load().items() if isinstance(table, dict) and model in table]

    def list_models(self) -> list[ModelInfo]:
        """All models of the table."""
        tables = {name: table for name, table in self._load().items() if isinstance(table, dict)}
        return [self.describe(provider, model) for provider, table in tables.items() for model in table]

    def _find(self, provider: str, model: str) -> dict[str, Any]:
        tables = self._load()
        table = tables.get(provider)
        if not isinstance(table, dict):
            return {}
        for known in sorted(table, key=len, reverse=True):
            if model == known or (model.startswith(known) and _RELEASE.fullmatch(model, len(known))):
                return {"as_of": tables["as_of"], **table[known]}
        return {}

    def _load(self) -> dict[str, Any]:
        if self._tables is None:
            with _FILE.open("rb") as file:
                self._tables = tomllib.load(file)
        return self._tables
