from __future__ import annotations

import pytest

from chatui.conversation.model_info import ModelInfo
from chatui.conversation.usage import Price
from chatui.ui.screens.model_rows import MODEL_HEADINGS, model_rows, name_context, name_price

FLASH = ModelInfo("deepseek", "deepseek-flash", 128_000, 8192, Price(0.28, 0.42, 0.028), "2026-11-01")
QWEN = ModelInfo("ollama", "qwen3")


@pytest.mark.parametrize(
    ("tokens", "text"),
    [
        (None, "–"),
        (512, "512"),
        (8192, "8k"),
        (128_000, "128k"),
        (131_072, "128k"),
        (200_000, "200k"),
        (1_048_576, "1M"),
        (1_500_000, "1.5M"),
        (65_535, "66k"),
    ],
)
def test_a_context_window_is_told_in_a_few_letters(tokens: int | None, text: str) -> None:
    assert name_context(tokens) == text


@pytest.mark.parametrize(
    ("price", "text"),
    [
        (None, "–"),
        (Price(-1, -1), "–"),
        (Price(0, 0), "free"),
        (Price(0.28, 0.42), "$0.28/$0.42"),
        (Price(3, 15), "$3/$15"),
        (Price(0.075, 0.3), "$0.075/$0.30"),
    ],
)
def test_an_unknown_price_is_a_dash_never_nothing(price: Price | None, text: str) -> None:
    assert name_price(price) == text


def test_favourites_come_first_then_recent_ones_then_the_providers_and_each_model_once() -> None:
    other = ModelInfo("ollama", "llama")
    rows = model_rows(
        [FLASH, QWEN, other, QWEN],
        favorites=["ollama/qwen3"],
        recent=["ollama/qwen3", "deepseek/deepseek-flash"],
        current="deepseek/deepseek-flash",
    )
    assert [(row.key, row.group, row.mark) for row in rows] == [
        ("ollama/qwen3", "favourites", "★"),
        ("deepseek/deepseek-flash", "recent", "●"),
        ("ollama/llama", "ollama", ""),
    ]


def test_a_favourite_that_no_provider_listed_can_be_chosen_all_the_same() -> None:
    (row,) = model_rows([], favorites=["work/team/big-1"])
    assert row.key == "work/team/big-1"
    assert row.cells == ("team/big-1", "work", "–", "–")


def test_a_model_shows_id_provider_context_window_and_price() -> None:
    (row,) = model_rows([FLASH])
    assert row.cells == ("deepseek-flash", "deepseek", "128k", "$0.28/$0.42")
    assert len(row.cells) == len(MODEL_HEADINGS)
    assert row.detail == (
        "deepseek/deepseek-flash · replies up to 8k tokens · cached input $0.028 · price as of 2026-11-01"
    )
