"""The answer to `GET /models`, in the shapes that servers give it."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping

from chatui.conversation.model_info import ModelInfo
from chatui.conversation.usage import Price
from chatui.conversation.visible import make_visible_line
from chatui.providers.chunk_fields import read_amount, read_count

_LONGEST_ID = 200
_CONTEXT_FIELDS = (
    "context_length",
    "context_window",
    "max_model_len",
    "max_context_length",
    "max_context_window",
    "inputTokenLimit",
)
_OUTPUT_FIELDS = ("max_output_tokens", "max_completion_tokens", "outputTokenLimit")


def read_model_list(body: bytes, provider: str, model_prefix: str = "") -> list[ModelInfo] | None:
    """Return the models that a list names, in its order; `None` where the body is no list of models.

    Shapes: `{"data": […]}`, `{"models": […]}` and a bare list, of objects or of ids. An entry without a usable id
    (none, one with control characters, one over 200 characters) is left out, and so is a second one of the same id.
    """
    models: dict[str, ModelInfo] = {}
    entries = read_entries(body)
    for entry in entries or ():
        model = _read_entry(entry, provider, model_prefix)
        if model is not None:
            models.setdefault(model.id, model)
    return None if entries is None else list(models.values())


def read_entries(body: bytes) -> list[object] | None:
    """Return the raw entries of a list of models; `None` where the body is none."""
    try:
        payload = json.loads(body)
    except (ValueError, RecursionError):
        return None
    if isinstance(payload, Mapping):
        payload = next((payload[name] for name in ("data", "models") if isinstance(payload.get(name), list)), None)
    return payload if isinstance(payload, list) else None


def _read_entry(entry: object, provider: str, model_prefix: str) -> ModelInfo | None:
    facts: Mapping[str, object] = entry if isinstance(entry, Mapping) else {}
    model_id = entry if isinstance(entry, str) else next(_strings(facts, ("id", "model", "name")), "")
    model_id = model_id.removeprefix(model_prefix)
    if not model_id or len(model_id) > _LONGEST_ID or model_id != make_visible_line(model_id).strip():
        return None
    best = facts.get("top_provider")
    limits = [facts, best] if isinstance(best, Mapping) else [facts]
    price = _read_price(facts.get("pricing"))
    return ModelInfo(
        provider,
        model_id,
        context_window=_first_count(limits, _CONTEXT_FIELDS),
        max_output=_first_count(reversed(limits), _OUTPUT_FIELDS),
        price=price,
        price_as_of="the provider's list" if price else "",
        takes_images=_read_images(facts),
    )


def _strings(facts: Mapping[str, object], names: tuple[str, ...]) -> Iterator[str]:
    return (value for name in names if isinstance(value := facts.get(name), str))


def _first_count(holders: Iterable[Mapping[str, object]], names: tuple[str, ...]) -> int | None:
    return next((count for holder in holders for name in names if (count := read_count(holder.get(name)))), None)


def _read_images(facts: Mapping[str, object]) -> bool | None:
    """Read what goes in (OpenRouter: `architecture.input_modalities`) or can be seen (Mistral: `capabilities`)."""
    shape, abilities = facts.get("architecture"), facts.get("capabilities")
    if isinstance(shape, Mapping) and isinstance(modalities := shape.get("input_modalities"), list):
        return "image" in modalities
    vision = abilities.get("vision") if isinstance(abilities, Mapping) else None
    return vision if isinstance(vision, bool) else None


def _read_price(pricing: object) -> Price | None:
    """Read USD per token (OpenRouter: `prompt`, `completion`) or per million (Together: `input`, `output`)."""
    if not isinstance(pricing, Mapping):
        return None
    for sent, received, cached, unit in (
        ("prompt", "completion", "input_cache_read", 1e6),
        ("input", "output", "cached_input", 1.0),
    ):
        amounts = read_amount(pricing.get(sent)), read_amount(pricing.get(received))
        if amounts[0] is not None and amounts[1] is not None:
            kept = read_amount(pricing.get(cached))
            return Price(amounts[0] * unit, amounts[1] * unit, None if kept is None else kept * unit)
    return None
