"""The built-in facts about models, and about providers."""

from __future__ import annotations

import tomllib
from pathlib import Path

import pytest

from chatui.conversation.usage import Price, Usage
from chatui.providers import catalog as catalog_module
from chatui.providers.address import parse_base_url
from chatui.providers.catalog import Catalog
from chatui.providers.quirks import load_quirks


@pytest.mark.parametrize(
    ("provider", "model", "price"),
    [
        ("deepseek", "deepseek-flash", Price(0.15, 0.6, 0.003)),
        ("openai", "gpt-4.1", Price(2, 8, 0.5)),
        ("openai", "gpt-4.1-2025-04-14", Price(2, 8, 0.5)),
        ("openai", "gpt-4.1-mini-2025-04-14", Price(0.4, 1.6, 0.1)),
        ("anthropic", "claude-sonnet-4-5-20250929", Price(3, 15, 0.3)),
        ("anthropic", "claude-sonnet-4-5@20250929", Price(3, 15, 0.3)),
        ("gemini", "gemini-2.5-pro-001", Price(1.25, 10, 0.125)),
        ("groq", "openai/gpt-oss-120b", Price(0.15, 0.6, 0.075)),
        ("openai", "gpt-4o-audio-preview", None),
        ("openai", "gpt-5.9", None),
        ("openai", "gpt-5-pro", None),
        ("openai", "gpt", None),
        ("mistral", "mistral-large-latest", None),
        ("deepseek", "gpt-4.1", None),
        ("work", "gpt-4.1", None),
        ("as_of", "2", None),
    ],
)
def test_a_price_is_known_for_exactly_this_model_or_not_at_all(provider: str, model: str, price: Price | None) -> None:
    info = Catalog().describe(provider, model)
    assert info.price == price
    assert bool(info.price_as_of) is (price is not None)
    assert info.name == f"{provider}/{model}"


def test_windows_dates_and_notes_come_with_it() -> None:
    info = Catalog().describe("deepseek", "deepseek-flash")
    assert (info.context_window, info.max_output, info.price_as_of) == (1_000_000, 384_000, "2026-11-15")
    assert "off-peak" in Catalog().note("deepseek", "deepseek-flash")
    assert Catalog().note("openai", "gpt-4o") == ""


def test_the_default_model_of_a_provider_is_in_the_catalog() -> None:
    catalog = Catalog()
    for name, quirks in load_quirks().items():
        if quirks.default_model and name != "openrouter":
            assert catalog.describe(name, quirks.default_model).price is not None, name


def test_what_runs_on_this_machine_is_free_unless_it_runs_in_a_cloud() -> None:
    local = Catalog().describe("ollama", "qwen3", is_free=True)
    assert local.price is not None
    assert local.price.cost(Usage(input=10**9)) == 0
    assert Catalog().describe("ollama", "gpt-oss:120b-cloud", is_free=True).price is None


def test_a_model_names_the_providers_that_serve_it() -> None:
    assert Catalog().providers_of("deepseek-flash") == ["deepseek"]
    assert Catalog().providers_of("nothing") == []


def test_every_row_of_the_catalog_is_well_formed_and_of_a_known_provider() -> None:
    tables = tomllib.loads(Path(catalog_module.__file__).with_name("catalog.toml").read_text("utf-8"))
    known = load_quirks()
    del tables["as_of"]
    for provider, table in tables.items():
        assert provider in known
        for row in table.values():
            facts = {"context_window", "max_output", "images"}
            assert set(row) <= facts | {"input", "output", "cached", "as_of", "note", "source"}
            # Where a window is from has to be known, or it is left out.
            has_limit = "context_window" in row or "max_output" in row
            assert not has_limit or row["source"].startswith("https://")
            assert row.get("images") in (None, True, False)
            assert ("input" in row) == ("output" in row)


def test_every_known_provider_is_complete() -> None:
    for name, quirks in load_quirks().items():
        assert quirks.name == name
        assert quirks.label
        assert parse_base_url(quirks.base_url).shown == quirks.base_url
        assert quirks.is_local == (not quirks.needs_key)
        assert quirks.is_local or (quirks.key_env and parse_base_url(quirks.key_page).scheme == "https")
        assert quirks.continuation in ("", "prefix", "last_message", "continue_final_message")


def test_the_known_providers_are_those_of_the_table() -> None:
    known = load_quirks()
    assert next(iter(known)) == "deepseek"
    assert known["deepseek"].default_model == "deepseek-flash"
    assert not known["mistral"].has_stream_options
    assert known["openai"].has_stream_options
