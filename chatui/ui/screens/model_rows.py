"""The rows of the model list: id, provider, context window, price; favourites first, then those used last."""

from __future__ import annotations

from collections.abc import Sequence

from chatui.conversation.model_info import ModelInfo, split_model_name
from chatui.conversation.usage import Price
from chatui.ui.screens.rows import PickerRow

MODEL_HEADINGS = ("model", "provider", "context", "$/M in/out")
"""The names of the columns."""

FAVORITES = "favourites"
RECENT = "recent"


def model_rows(
    models: Sequence[ModelInfo], *, favorites: Sequence[str] = (), recent: Sequence[str] = (), current: str = ""
) -> list[PickerRow]:
    """Make the rows: each model once, under `favourites`, `recent` or its provider, in that order.

    Names are `provider/model`. A favourite or recent one that is not among `models` has a row all the same: a provider
    that was not asked yet, or does not answer, keeps nobody from choosing it.
    """
    known: dict[str, ModelInfo] = {}
    for model in models:
        known.setdefault(model.name, model)
    groups: dict[str, str] = {}
    for group, names in ((FAVORITES, favorites), (RECENT, recent)):
        for name in names:
            groups.setdefault(name, group)
    for name, model in known.items():
        groups.setdefault(name, model.provider)
    rows = []
    for name, group in groups.items():
        found = known.get(name) or ModelInfo(*split_model_name(name))
        rows.append(_make_row(name, found, group, is_current=name == current))
    return rows


def _make_row(name: str, model: ModelInfo, group: str, *, is_current: bool) -> PickerRow:
    return PickerRow(
        key=name,
        cells=(model.id, model.provider, name_context(model.context_window), name_price(model.price)),
        group=group,
        mark="●" if is_current else "★" if group == FAVORITES else "",
        detail=_describe(model),
        search=name,
    )


def _describe(model: ModelInfo) -> str:
    parts = [model.name]
    if model.max_output is not None:
        parts.append(f"replies up to {name_context(model.max_output)} tokens")
    if model.price is not None and model.price.cached is not None:
        parts.append(f"cached input {_name_amount(model.price.cached)}")
    if model.price_as_of:
        is_date = model.price_as_of[:1].isdigit()
        parts.append(f"price as of {model.price_as_of}" if is_date else f"price: {model.price_as_of}")
    return " · ".join(parts)


def name_context(tokens: int | None) -> str:
    """A number of tokens in a few letters: `8k`, `128k` (128,000 and 131,072 alike), `1M`; `–` when unknown."""
    if tokens is None:
        return "–"
    if tokens < 1000:
        return str(tokens)
    if tokens >= 1_000_000:
        return f"{tokens / 1e6:.1f}".removesuffix(".0") + "M"
    if tokens % 1000 and not tokens % 1024:
        return f"{tokens // 1024}k"
    return f"{round(tokens / 1000)}k"


def name_price(price: Price | None) -> str:
    """What a million tokens cost: `$0.28/$0.42`, `free`, `–` when unknown."""
    if price is None or price.input < 0 or price.output < 0:
        return "–"
    if not price.input and not price.output:
        return "free"
    return f"{_name_amount(price.input)}/{_name_amount(price.output)}"


def _name_amount(amount: float) -> str:
    if amount == int(amount):
        return f"${int(amount)}"
    return f"${amount:.2f}" if round(amount, 2) == amount else f"${amount:.3g}"
