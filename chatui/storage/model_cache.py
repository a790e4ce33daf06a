"""Lists of models that providers gave, kept for a while: derived, and safe to delete."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from chatui.conversation.model_info import ModelInfo
from chatui.conversation.usage import Price
from chatui.storage.atomic import write_atomic
from chatui.storage.errors import StorageError
from chatui.storage.regular_file import RegularFile, read_stamp

_FORMAT = 1


@dataclass(frozen=True, slots=True)
class CachedModels:
    """The list of one provider."""

    address: str
    """Where it came from; another address has another list."""
    fetched: datetime
    """UTC."""
    models: tuple[ModelInfo, ...]


def load_models(folder: Path, provider: str) -> CachedModels | None:
    """Load the list of a provider; `None` where there is none that can be read. Never raises."""
    path = _path(folder, provider)
    try:
        if read_stamp(path) is None:
            return None
        with RegularFile.open(path) as source:
            table: dict[str, Any] = json.loads(source.read_at(0, source.size))
        if table["format"] != _FORMAT:
            return None
        models = tuple(_decode(provider, row) for row in table["models"])
        fetched = datetime.fromisoformat(table["fetched"]).astimezone(UTC)
        return CachedModels(str(table["address"]), fetched, models)
    except (StorageError, ValueError, TypeError, KeyError, RecursionError):
        # It is only a copy: a damaged one counts as none, and is written anew.
        return None


def save_models(folder: Path, provider: str, address: str, models: Sequence[ModelInfo], fetched: datetime) -> None:
    """Save the list of a provider. Raises StorageError."""
    rows = [{key: value for key, value in asdict(model).items() if key != "provider"} for model in models]
    table = {"format": _FORMAT, "address": address, "fetched": fetched.isoformat(), "models": rows}
    write_atomic(_path(folder, provider), json.dumps(table).encode())


def _path(folder: Path, provider: str) -> Path:
    # A provider's name holds letters, digits, dots, - and _ only, and begins with none of the last three.
    return folder / "models" / f"{provider}.json"


def _decode(provider: str, row: dict[str, Any]) -> ModelInfo:
    price = row["price"]
    return ModelInfo(**(row | {"provider": provider, "price": None if price is None else Price(**price)}))
