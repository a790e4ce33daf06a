"""What is particular about each known provider, as data: `providers.toml`."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from fnmatch import fnmatchcase
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from chatui.conversation.continuation import Continuation

_FILE = Path(__file__).with_name("providers.toml")


class Quirks(NamedTuple):
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
    continuation_path: str = ""
    """What stands for the last part of the base URL's path when a reply is continued; empty: the same."""
    continuation_models: tuple[str, ...] = ()
    """Patterns of the models that are continued that way, the others by words; empty: all are."""
    default_model: str = ""
    """The model to begin with; empty: the first one it offers."""
    is_local: bool = False
    """True for servers that run on one's own machine and cost nothing."""


def choose_continuation(quirks: Quirks, model: str, setting: str = "") -> Continuation:
    """How a reply of `model` is continued: as the user set it, else as is known of the provider."""
    # Deferred: the first frame names a model and does without the rest.
    from chatui.conversation.continuation import Continuation

    patterns = quirks.continuation_models
    known = quirks.continuation if not patterns or any(fnmatchcase(model, each) for each in patterns) else ""
    return Continuation(setting or known or Continuation.WORDS)


def load_quirks() -> Mapping[str, Quirks]:
    """Read the known providers from the package, by name, in the order in which they are preferred."""
    with _FILE.open("rb") as file:
        tables = tomllib.load(file)
    known: dict[str, Quirks] = {}
    for name, table in tables.items():
        lists = {key: tuple(table.get(key, ())) for key in ("key_env", "continuation_models")}
        known[name] = Quirks(**(table | {"name": name} | lists))
    return MappingProxyType(known)
