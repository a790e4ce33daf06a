"""The models that can be named without asking anybody, and those that a misspelt name may have meant."""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Iterator, Mapping, Sequence

from chatui.config.config import Config
from chatui.providers.catalog import Catalog
from chatui.providers.registry import ProviderRow
from chatui.storage.model_cache import load_models
from chatui.storage.paths import Places

_DEMO = ("demo/guide", "demo/reasoner", "demo/slow")
_LIKENESS = 0.7


def list_known_models(
    places: Places, config: Config, rows: Mapping[str, ProviderRow], recent: Sequence[str] = (), *, is_all: bool = False
) -> Iterator[str]:
    """Recent and favourite models, then those of the providers that can be asked, then the demo's; some come twice.

    They come from the config, from lists that providers gave before, and from the catalog. `is_all` adds the providers
    that have no key.
    """
    yield from recent
    yield from config.favorites
    catalog = Catalog().list_models()
    for name, row in rows.items():
        if not (row.is_offered or is_all):
            continue
        cached = load_models(places.cache, name)
        yield from (f"{name}/{each}" for each in (config.providers[name].models if name in config.providers else ()))
        yield from (each.name for each in (cached.models if cached is not None else ()))
        yield from (each.name for each in catalog if each.provider == name)
    yield from _DEMO


def suggest_models(name: str, known: Iterable[str]) -> str:
    """A sentence that names models whose names are near; empty where there is none, or where the name is one."""
    forms: dict[str, str] = {}
    for each in known:
        if each == name:
            return ""
        forms.setdefault(each, each)
        forms.setdefault(each.partition("/")[2], each)
    near = difflib.get_close_matches(name, forms, n=6, cutoff=_LIKENESS)
    found = list(dict.fromkeys(forms[each] for each in near))[:3]
    return f"Did you mean {' or '.join(found)}?" if found else ""
