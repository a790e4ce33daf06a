"""Which providers there are: the known ones, those of the config, and the one that the environment describes."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import replace
from functools import cache, cached_property
from typing import TYPE_CHECKING

from chatui.config.config import Config, ProviderSettings
from chatui.conversation.model_name import split_model_name
from chatui.conversation.visible import make_visible_line
from chatui.providers.address import BaseUrl, parse_base_url, read_ollama_host
from chatui.providers.quirks import Quirks, load_quirks

if TYPE_CHECKING:
    from chatui.conversation.failure import Failure
    from chatui.providers.catalog import Catalog
    from chatui.providers.endpoint import Endpoint
    from chatui.providers.local import FoundServer

ENV_PROVIDER = "env"
"""The provider that `CHATUI_BASE_URL` and `CHATUI_API_KEY` describe."""


class ProviderRow:
    """One provider that can be named in `provider/model`."""

    def __init__(self, quirks: Quirks, make: Callable[[], Endpoint], *, is_offered: bool) -> None:
        self.quirks = quirks
        self.is_offered = is_offered
        """True where it is worth asking for its models: a key is there, or the config or the environment names it."""
        self._make = make

    @property
    def label(self) -> str:
        """As people call it."""
        return self.quirks.label

    @cached_property
    def provider(self) -> Endpoint:
        """The provider itself, made when it is first asked for."""
        return self._make()


def build_rows(config: Config, environ: Mapping[str, str]) -> dict[str, ProviderRow]:
    """Build every provider that can be named, preferred ones first: `env`, those of the config, the known ones.

    Making them costs nothing. One without a key, or with a broken address, is among them and says so when it is asked.
    """
    known = load_quirks()
    find_catalog = cache(_make_catalog)
    names = list(dict.fromkeys([*config.providers, *known]))
    if _value(environ, "CHATUI_BASE_URL"):
        names = list(dict.fromkeys([ENV_PROVIDER, *names]))
    rows: dict[str, ProviderRow] = {}
    for name in names:
        settings = config.providers.get(name, ProviderSettings(name))
        quirks = known.get(name, Quirks(name, label=make_visible_line(name)))
        if name == ENV_PROVIDER:
            quirks = quirks._replace(key_env=("CHATUI_API_KEY",), base_url_env="CHATUI_BASE_URL")
        rows[name] = _build_row(settings, quirks, environ, find_catalog, is_configured=name in config.providers)
    return rows


def build_found(server: FoundServer, config: Config, environ: Mapping[str, str]) -> Endpoint:
    """Build the provider for a server that `probe_local_servers` found, wherever it listens."""
    # Deferred: as in `_build_row`.
    from chatui.providers.endpoint import Endpoint

    quirks = load_quirks().get(server.name, Quirks(server.name, label=server.label, is_local=True))
    settings = config.providers.get(server.name, ProviderSettings(server.name))
    url = parse_base_url(server.base_url)
    return Endpoint(settings, quirks, environ, url=url, url_setting=_setting(server.name), catalog=_make_catalog())


def choose_usual_model(
    config: Config, environ: Mapping[str, str], rows: Mapping[str, ProviderRow], recent: Sequence[str]
) -> str:
    """The model that is set, else the one chosen last on the screen, else what is at hand; empty for nothing.

    `recent` are the models chosen on the screen, the last one first. A server that the environment describes goes
    before them.
    """
    is_free = not config.model and ENV_PROVIDER not in rows
    if is_free and recent and split_model_name(recent[0])[0] in (*rows, "demo"):
        return recent[0]
    return choose_default_model(config, environ, rows)


def choose_default_model(
    config: Config, environ: Mapping[str, str], rows: Mapping[str, ProviderRow] | None = None
) -> str:
    """Return the `provider/model` to begin with, or "" when nothing is at hand.

    In order: the configured model; `env`; the first provider of the config; the first known provider with a key. A name
    that ends in a slash stands for the first model that the provider offers. `rows` are what `build_rows` gives.
    """
    rows = build_rows(config, environ) if rows is None else rows
    named = config.model or _value(environ, "CHATUI_MODEL")
    if named:
        comes_from_env = config.sources.get("model", "CHATUI_MODEL") == "CHATUI_MODEL"
        return qualify_model(named, rows, prefers_env=comes_from_env)
    for name, row in rows.items():
        if not row.is_offered:
            continue
        models = list(config.providers[name].models) if name in config.providers else []
        return f"{name}/{models[0] if models else row.quirks.default_model}"
    return ""


def qualify_model(named: str, providers: Collection[str], *, prefers_env: bool = False) -> str:
    """Return the full name of a model that may be named without its provider.

    `CHATUI_MODEL` beside `CHATUI_BASE_URL` is always a model of `env` (`prefers_env`): an id may have slashes. Else a
    known provider in front counts; then `env`, where there is one; then the catalog, where it is sure.
    """
    first = split_model_name(named)[0]
    has_env = ENV_PROVIDER in providers
    if first == ENV_PROVIDER or (first in providers and not (prefers_env and has_env)):
        return named
    if has_env:
        return f"{ENV_PROVIDER}/{named}"
    serving = [name for name in _make_catalog().providers_of(named) if name in providers]
    return f"{serving[0]}/{named}" if len(serving) == 1 else named


def _build_row(
    settings: ProviderSettings,
    quirks: Quirks,
    environ: Mapping[str, str],
    find_catalog: Callable[[], Catalog],
    *,
    is_configured: bool,
) -> ProviderRow:
    moved = _value(environ, quirks.base_url_env) if quirks.base_url_env else ""
    setting = quirks.base_url_env if moved else _setting(settings.name)
    url = _read_url(moved or settings.base_url or quirks.base_url, setting)
    passed_over: tuple[str, ...] = ()
    if moved and settings.base_url and settings.base_url != moved:
        passed_over = (_setting(settings.name),)
        if not _is_at(url, settings.base_url):
            # The file's key and headers were meant for the file's address: they do not go to this one.
            headers: Mapping[str, str] = {}
            settings = replace(settings, api_key_env="", api_key_cmd="", api_key_file="", api_key="", headers=headers)
    is_elsewhere = isinstance(url, BaseUrl) and bool(quirks.base_url) and not _is_at(url, quirks.base_url)
    if is_elsewhere:
        # Elsewhere other models are served, and the vendor's key page helps nobody.
        quirks = quirks._replace(default_model="", key_page="", needs_key=False)
    if isinstance(url, BaseUrl) and not quirks.base_url:
        quirks = quirks._replace(label=f"{quirks.label} ({url.host})")
    has_key = any(_value(environ, name) for name in quirks.key_env)
    is_moved = bool(moved) and not (quirks.is_local and isinstance(url, BaseUrl) and url.is_loopback)

    def make() -> Endpoint:
        # Deferred: to choose a model takes names only, and the first frame does without the rest.
        from chatui.providers.endpoint import Endpoint

        return Endpoint(
            settings,
            quirks,
            environ,
            url=url,
            url_setting=setting,
            catalog=find_catalog(),
            url_passed_over=passed_over,
            is_at_home=bool(moved) or not is_elsewhere,
        )

    return ProviderRow(quirks, make, is_offered=is_configured or has_key or is_moved)


def _make_catalog() -> Catalog:
    # Deferred: as above.
    from chatui.providers.catalog import Catalog

    return Catalog()


def _setting(name: str) -> str:
    return f"base_url in [providers.{name}]"


def _value(environ: Mapping[str, str], name: str) -> str:
    return environ.get(name, "").strip()


def _is_at(url: BaseUrl | Failure, text: str) -> bool:
    """Whether an address is at the host that a text names."""
    try:
        return isinstance(url, BaseUrl) and url.host == parse_base_url(text).host
    except ValueError:
        return False


def _read_url(text: str, setting: str) -> BaseUrl | Failure:
    if not text:
        return _misconfigured(f"There is no {setting}.", "Set it; it usually ends in /v1.")
    try:
        return read_ollama_host(text) if setting == "OLLAMA_HOST" else parse_base_url(text)
    except ValueError as error:
        message = make_visible_line(f"{setting} is no address: {error}.")[:500]
        return _misconfigured(message, "Correct it; it usually ends in /v1.")


def _misconfigured(message: str, advice: str) -> Failure:
    # Deferred: as in `_build_row`.
    from chatui.conversation.failure import Failure, FailureKind

    return Failure(FailureKind.CONFIGURATION, message, advice=advice)
