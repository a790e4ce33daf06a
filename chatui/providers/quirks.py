"""What is particular about each known provider, as data: `providers.toml`."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType

_FILE = Path(__file__).with_name("providers.toml")


@dataclass(frozen=True, slots=True)
class Quirks:
    """One provider. The defaults are those of an endpoint that nobody knows."""

    name: str
    """As in `provider/model`."""
    label: str
    """As people call it."""
    base_url: str = ""
    base_url_env: str = ""
    """A variable that moves it elsewhere, as its own tools understand it."""
    key_env: tuple[str, ...] = ()
    """The variables that hold its key, by its own documentation; the first one is the one to name."""
    key_page: str = ""
    """Where a key is made."""
    needs_key: bool = False
    has_stream_options: bool = True
    """False where `stream_options` is refused."""
    has_open_model_list: bool = False
    """True where anyone may read its model list: that it answers says nothing about a key."""
    model_prefix: str = ""
    """What its model list puts before each id and its chat endpoint does not want."""
    continuation: str = ""
    """How a reply is continued: `prefix`, `last_message`, `continue_final_message`; empty: by asking in words."""
    default_model: str = ""
    """The model to begin with; empty: the first one it offers."""
    is_local: bool = False
    """True for servers that run on one's own machine and cost nothing."""


def load_quirks() -> Mapping[str, Quirks]:
    """Read the known providers from the package, by name, in the order in which they are preferred."""
    with _FILE.open("rb") as file:
        tables = tomllib.load(file)
    known: dict[str, Quirks] = {}
    for name, table in tables.items():
        known[name] = Quirks(**(table | {"name": name, "key_env": tuple(table.get("key_env", ()))}))
    return MappingProxyType(known)
