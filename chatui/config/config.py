"""The config tree. Each field's docstring is its manual.

Without slots, with which each class would be made twice: they are few values, and every start waits for them.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import NamedTuple


@dataclass(frozen=True)
class PriceSettings:
    """`[providers.NAME.models."ID"] price`: USD per million tokens."""

    input: float
    """Price of a million tokens sent."""
    output: float
    """Price of a million tokens received."""
    cached: float | None = None
    """Price of a million tokens sent that the provider had cached; the input price where not set."""


@dataclass(frozen=True)
class ModelSettings:
    """`[providers.NAME.models."ID"]`: facts about a model that the built-in catalog lacks or has wrong."""

    context_window: int | None = None
    """Tokens of input and output together."""
    max_output: int | None = None
    """Tokens of one reply at most."""
    images: bool | None = None
    """Whether it takes images (`ask -f`, `/attach`); not set: as is known, else they are sent and that is told."""
    price: PriceSettings | None = None
    """What it costs; without it the cost is shown as `–`."""


@dataclass(frozen=True)
class ProviderSettings:
    """`[providers.NAME]`: an OpenAI-compatible endpoint."""

    name: str
    """The table's name; models are written `NAME/model-id`."""
    base_url: str = ""
    """Where it is; with or without `/v1`, a trailing slash or `/chat/completions`. Not needed for a known provider."""
    api_key_env: str = ""
    """The environment variable that holds the key; named here, it goes before the provider's own."""
    api_key_cmd: str = ""
    """A command that prints the key, such as `pass show llm`; run without a shell when the key is first needed."""
    api_key_file: str = ""
    """A file that holds the key."""
    api_key: str = field(default="", repr=False)
    """The key itself; allowed, and told if others can read the file. The provider's own variable goes before it."""
    headers: Mapping[str, str] = field(default_factory=dict, repr=False)
    """Sent with every request."""
    connect_timeout: float = 10.0
    """Seconds to wait for a connection."""
    idle_timeout: float = 120.0
    """Seconds without a byte after which a reply counts as cut."""
    max_retries: int = 3
    """Retries after the first attempt, 0 to 10."""
    initial_backoff: float = 1.0
    """Seconds before the first retry; doubled each time, × random 0.75…1."""
    max_backoff: float = 30.0
    """Seconds that a wait never exceeds."""
    stream: bool = True
    """False asks for whole replies: nothing comes before the end, and five times `idle_timeout` is waited for it."""
    continuation: str = ""
    """How a cut reply is continued: `prefix`, `continue_final_message`, `last_message`, `words`; empty: as is known."""
    models: Mapping[str, ModelSettings] = field(default_factory=dict)
    """Facts per model id."""


class ConfigProblem(NamedTuple):
    """Something in the config that was not taken; the default stands in its place."""

    source: str
    """The file's path, or the environment variable or flag."""
    line: int | None
    """Line in the file, from 1; `None` where there is none."""
    key: str
    """The key in dotted form, `providers.work.base_url`; empty for a file that is not TOML."""
    message: str
    """What is wrong and what is expected, in one sentence."""

    def __str__(self) -> str:
        place = f"{self.source}:{self.line}" if self.line is not None else self.source
        return f"{place}: {self.key}: {self.message}" if self.key else f"{place}: {self.message}"


@dataclass(frozen=True)
class Config:
    """All settings. Given to those who need them at construction; never changed."""

    model: str = ""
    """Default `provider/model`; empty: what is at hand (a key in the environment, a local server), else the demo."""
    theme: str = ""
    """Name of a theme; empty: the one chosen last, else the default."""
    system: str = ""
    """System prompt of new sessions."""
    favorites: tuple[str, ...] = ()
    """`provider/model` names that F2 cycles through."""
    providers: Mapping[str, ProviderSettings] = field(default_factory=dict)
    """Endpoints by name; those that chatui knows by itself need no entry."""
    params: Mapping[str, object] = field(default_factory=dict)
    """Sampling parameters of new sessions, by the API's names; only what is set is sent."""
    keys: Mapping[str, str] = field(default_factory=dict)
    """Keys by command name, such as `"session.list" = "ctrl+o"`."""
    sources: Mapping[str, str] = field(default_factory=dict)
    """Where each set key came from: `flag`, an environment variable's name, or a file's path."""
    passed_over: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    """The sources that say something else of a key, and that the one in `sources` goes before."""
    problems: tuple[ConfigProblem, ...] = ()
    """What could not be taken; told at start."""
