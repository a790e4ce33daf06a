"""The findings of `chatui doctor`, as values."""

from __future__ import annotations

import asyncio
import locale
import os
import platform
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any

from chatui import __version__
from chatui.cli.advice import explain
from chatui.config.config import Config
from chatui.conversation.model_info import split_model_name
from chatui.providers.endpoint import Endpoint
from chatui.providers.key_check import KeyCheck, check_key_of
from chatui.providers.keys import FoundKey
from chatui.providers.local import FoundServer, probe_local_servers
from chatui.providers.registry import ProviderRow, build_found, build_rows, choose_usual_model
from chatui.storage.errors import StorageError
from chatui.storage.paths import Places
from chatui.storage.shelf import Shelf
from chatui.storage.state import load_state

_PACKAGES = ("textual", "httpx", "tomli-w")
_TERMINAL = ("TERM", "COLORTERM", "TERM_PROGRAM", "NO_COLOR", "LANG", "LC_ALL", "TMUX")
_MOST_SESSIONS = 5
"""So many sessions that cannot be opened are named; the rest are counted."""
_MOVERS = ("CHATUI_HOME", "XDG_CONFIG_HOME", "XDG_DATA_HOME", "XDG_STATE_HOME", "XDG_CACHE_HOME")


@dataclass(frozen=True, slots=True)
class Checkup:
    """What was found. Texts of the environment and of servers are not yet safe to show."""

    versions: Mapping[str, str]
    """By package; empty where it is not installed."""
    places: Mapping[str, tuple[str, str]]
    """(path, what moved it there or is the matter with it), by what lies there."""
    settings: Sequence[tuple[str, str, str, tuple[str, ...]]]
    """(key, value, source, sources passed over) of what is set."""
    problems: Sequence[str]
    checks: Sequence[KeyCheck]
    """One per provider that is set up or was found."""
    without_key: Mapping[str, str]
    """Known providers that are not set up, and what would set them up."""
    terminal: Mapping[str, str]
    model: str
    """`provider/model` of new sessions; empty for none."""

    @property
    def is_usable(self) -> bool:
        """True when at least one provider can be asked."""
        return any(check.is_usable for check in self.checks)

    def describe(self) -> dict[str, Any]:
        """Return it as JSON has it. Keys are masked."""
        return {
            "usable": self.is_usable,
            "model": self.model or None,
            "versions": dict(self.versions),
            "places": {name: {"path": path, "note": note} for name, (path, note) in self.places.items()},
            "settings": [
                {"key": key, "value": value, "source": source, "passed_over": list(others)}
                for key, value, source, others in self.settings
            ],
            "problems": list(self.problems),
            "providers": [_describe_check(check) for check in self.checks],
            "not_set_up": dict(self.without_key),
            "terminal": dict(self.terminal),
        }


async def examine(environ: Mapping[str, str], places: Places, config_file: Path, config: Config) -> Checkup:
    """Find everything out; the keys are checked all at once, in five seconds at most."""
    rows = build_rows(config, environ)
    endpoints: dict[str, Endpoint] = {name: row.provider for name, row in rows.items() if row.is_offered}
    probing = asyncio.create_task(probe_local_servers(environ))
    checks = await asyncio.gather(*(check_key_of(endpoint) for endpoint in endpoints.values()))
    found = await probing
    local = {server.name: build_found(server, config, environ) for server in found if server.name not in endpoints}
    checks += await asyncio.gather(*(check_key_of(endpoint) for endpoint in local.values()))
    endpoints |= local
    for endpoint in endpoints.values():
        await endpoint.aclose()
    state = load_state(places.state_file)
    sick_sessions = await asyncio.to_thread(_find_sick_sessions, places)
    problems = [str(problem) for problem in config.problems]
    problems += [check.key.warning for check in checks if check.key is not None and check.key.warning]
    return Checkup(
        versions=_find_versions(),
        places=_find_places(places, config_file, environ),
        settings=_name_settings(config),
        problems=[*problems, *([state.problem] if state.problem else []), *sick_sessions],
        checks=checks,
        without_key=_name_others(rows, endpoints),
        terminal=_look_at_terminal(environ),
        model=_find_model(choose_usual_model(config, environ, rows, state.recent_models), checks, found),
    )


def _find_model(usual: str, checks: Sequence[KeyCheck], found: Sequence[FoundServer]) -> str:
    if not usual:
        return next((f"{server.name}/{server.models[0]}" for server in found if server.models), "")
    name, model_id = split_model_name(usual)
    offered = next((check.models.models for check in checks if check.provider == name), ())
    return usual if model_id or not offered else offered[0].name


def _find_sick_sessions(places: Places) -> list[str]:
    """What is wrong with the session files, as far as their beginnings and ends tell."""
    try:
        found = [summary.problem for summary in Shelf(places).list_sessions() if summary.problem]
    except StorageError as error:
        return [error.reason]
    more = [f"{len(found) - _MOST_SESSIONS} more: `chatui sessions list` shows all."]
    return found[:_MOST_SESSIONS] + (more if len(found) > _MOST_SESSIONS else [])


def _find_versions() -> dict[str, str]:
    versions = {"chatui": __version__, "python": platform.python_version(), "system": platform.platform(terse=True)}
    for name in _PACKAGES:
        try:
            versions[name] = version(name)
        except PackageNotFoundError:
            versions[name] = ""
    return versions


def _find_places(places: Places, config_file: Path, environ: Mapping[str, str]) -> dict[str, tuple[str, str]]:
    moved = ", ".join(name for name in _MOVERS if environ.get(name))
    note = f"by {moved}" if moved else ""
    is_there = config_file.exists()
    return {
        "config": (str(config_file), note if is_there else "there is none, so defaults stand"),
        "sessions": (str(places.sessions), note),
        "state": (str(places.state), note),
        "cache": (str(places.cache), note),
    }


def _name_settings(config: Config) -> list[tuple[str, str, str, tuple[str, ...]]]:
    """Every setting that is set, who set it, and who would have; of providers and keys the names alone: secrets."""
    named = []
    for key, source in config.sources.items():
        value = getattr(config, key, None)
        if isinstance(value, str):
            shown = value
        elif isinstance(value, tuple):
            shown = ", ".join(value)
        else:
            table, _, name = key.partition(".")
            shown = str(config.params.get(name, "")) if table == "params" else "set"
        named.append((key, shown, source, config.passed_over.get(key, ())))
    return named


def _name_others(rows: Mapping[str, ProviderRow], endpoints: Mapping[str, Endpoint]) -> dict[str, str]:
    others = {name: row.quirks for name, row in rows.items() if name not in endpoints}
    return {
        name: f"no {quirks.label} runs here" if quirks.is_local else f"{quirks.key_env[0]} is not set"
        for name, quirks in others.items()
        if quirks.is_local or quirks.key_env
    }


def _look_at_terminal(environ: Mapping[str, str]) -> dict[str, str]:
    facts = {name: environ[name] for name in _TERMINAL if name in environ}
    streams = (("stdin", sys.stdin), ("stdout", sys.stdout), ("stderr", sys.stderr))
    for name, stream in streams:
        facts[name] = "closed" if stream is None else "terminal" if stream.isatty() else "no terminal"
    facts["encoding"] = locale.getpreferredencoding(do_setlocale=False)
    try:
        size = os.get_terminal_size(2)
        facts["size"] = f"{size.columns}×{size.lines}"
    except OSError:
        facts["size"] = "unknown"
    return facts


def _describe_key(key: FoundKey) -> dict[str, object]:
    return {"source": key.source, "masked": key.masked, "passed_over": list(key.passed_over)}


def _describe_check(check: KeyCheck) -> dict[str, object]:
    return {
        "name": check.provider,
        "address": check.address or None,
        "state": check.state.value,
        "usable": check.is_usable,
        "address_passed_over": list(check.address_passed_over),
        "key": None if check.key is None else _describe_key(check.key),
        "models": len(check.models.models),
        "error": None if check.failure is None else explain(check.failure),
    }
