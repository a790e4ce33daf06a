"""Lists of models that are kept for a while."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest

from chatui.conversation.model_info import ModelInfo
from chatui.conversation.usage import Price
from chatui.storage.model_cache import CachedModels, load_models, save_models

WHEN = datetime(2026, 11, 23, 12, tzinfo=UTC)
MODELS = (
    ModelInfo("lab", "big/1", 128_000, 4096, Price(1.0, 2.0, 0.5), "the provider's list"),
    ModelInfo("lab", "ä"),
)


def test_what_is_saved_is_loaded_again(tmp_path: Path) -> None:
    assert load_models(tmp_path, "lab") is None
    save_models(tmp_path, "lab", "http://x/v1", MODELS, WHEN)
    assert load_models(tmp_path, "lab") == CachedModels("http://x/v1", WHEN, MODELS)
    assert load_models(tmp_path, "other") is None


@pytest.mark.parametrize(
    "damage",
    [
        b"",
        b"[]",
        b"{}",
        b'{"format": 2}',
        b'{"format": 1, "models": [3], "fetched": "2026-11-23T12:00:00+00:00", "address": ""}',
        b'{"format": 1, "models": [{"price": {"odd": 1}}], "fetched": "2026-11-23", "address": ""}',
        b'{"format": 1, "models": [], "fetched": "long ago", "address": ""}',
        b"[" * 100_000,
        b"\xff",
    ],
)
def test_a_damaged_list_counts_as_none(tmp_path: Path, damage: bytes) -> None:
    save_models(tmp_path, "lab", "http://x/v1", MODELS, WHEN)
    (tmp_path / "models" / "lab.json").write_bytes(damage)
    assert load_models(tmp_path, "lab") is None


def test_what_is_no_file_counts_as_none(tmp_path: Path) -> None:
    (tmp_path / "models" / "lab.json").mkdir(parents=True)
    assert load_models(tmp_path, "lab") is None
