"""The name of a model: `provider/model`."""

from __future__ import annotations


def split_model_name(name: str) -> tuple[str, str]:
    """Split `provider/model` at the first slash; a name without one has an empty provider."""
    provider, slash, model = name.partition("/")
    return (provider, model) if slash else ("", name)
