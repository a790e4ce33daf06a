"""Reading the config: a file, the environment and flags come together as one frozen tree. It never raises."""

from __future__ import annotations

import re
import stat
import tomllib
import typing
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from types import MappingProxyType

from chatui.config.checks import check_base_url
from chatui.config.config import Config, ConfigProblem, ProviderSettings
from chatui.config.lines import find_key_lines, join_key, line_of
from chatui.config.tables import Settings, TableReader, setting_types

ENV_PROVIDER = "env"
"""The provider that `CHATUI_BASE_URL` defines."""

_MAX_BYTES = 1_000_000
"""A config is written by hand: what is larger is some other file."""
_SECRET_HEADERS = {"authorization", "api-key", "x-api-key", "x-goog-api-key"}


@dataclass
class _Layer:
    """What one source says: settings for the fields of `Config`, and where each was said."""

    settings: Settings = field(default_factory=dict)
    sources: dict[str, str] = field(default_factory=dict)
    problems: list[ConfigProblem] = field(default_factory=list)


def load_config(path: Path | None, environ: Mapping[str, str], flags: Mapping[str, str]) -> Config:
    """Return the settings of all sources together; a flag goes before `CHATUI_*`, and that before the file.

    A missing file means defaults; everything that could not be taken is in `Config.problems`. `flags` are top-level
    settings by name, lists with commas. For `model` the caller can tell by `Config.sources` what may override a
    session's own: a flag or the environment may, the file may not.
    """
    file = _read_file(path)
    environment = _read_environment(environ, file.settings.get("providers", {}).get(ENV_PROVIDER))
    has_env_provider = "providers" in environment.settings
    layers = [file, environment, _read_words(flags, "flag", lambda name: f"--{name}", has_env_provider)]
    settings: Settings = {}
    sources: dict[str, str] = {}
    passed_over: dict[str, tuple[str, ...]] = {}
    for layer in layers:
        for name, value in layer.settings.items():
            settings[name] = {**settings.get(name, {}), **value} if isinstance(value, Mapping) else value
        for key in sources.keys() & layer.sources.keys():
            passed_over[key] = (sources[key], *passed_over.get(key, ()))
        sources |= layer.sources
    frozen: Settings = {
        name: MappingProxyType(value) if isinstance(value, dict) else value for name, value in settings.items()
    }
    problems = tuple(problem for layer in layers for problem in layer.problems)
    return Config(
        **frozen, sources=MappingProxyType(sources), passed_over=MappingProxyType(passed_over), problems=problems
    )


def _read_file(path: Path | None) -> _Layer:
    if path is None:
        return _Layer()
    layer = _Layer()
    try:
        mode = path.stat().st_mode
        if not stat.S_ISREG(mode):
            # Opening a pipe would wait for a writer that may never come.
            raise OSError("this is not a regular file")
        with path.open("rb") as file:
            data = file.read(_MAX_BYTES + 1)
    except FileNotFoundError:
        return layer
    except (OSError, ValueError) as error:
        reason = (error.strerror if isinstance(error, OSError) else None) or str(error)
        layer.problems.append(ConfigProblem(str(path), None, "", f"cannot be read, so defaults stand: {reason}"))
        return layer
    text, table = _parse(data, str(path), layer.problems)
    lines = find_key_lines(text)
    reader = TableReader(str(path), lines)
    layer.settings = reader.read(Config, table)
    layer.problems += reader.problems
    layer.sources = _name_sources(layer.settings, str(path))
    if mode & 0o077 and (secret := _find_secret(layer.settings.get("providers", {}))):
        message = f"others can read this file and it holds a key: run chmod 600 {path}"
        layer.problems.append(ConfigProblem(str(path), line_of(secret, lines), join_key(secret), message))
    return layer


def _parse(data: bytes, source: str, problems: list[ConfigProblem]) -> tuple[str, dict[str, object]]:
    """Return text and table; both empty, with a problem told, where the bytes are not TOML."""
    if len(data) > _MAX_BYTES:
        problems.append(ConfigProblem(source, None, "", "is larger than a megabyte, so it is not a config of chatui"))
        return "", {}
    try:
        text = data.decode("utf-8-sig").replace("\r\n", "\n")  # editors on Windows write the mark and the CR
    except UnicodeDecodeError as error:
        bad_line = data.count(b"\n", 0, error.start) + 1
        problems.append(ConfigProblem(source, bad_line, "", "is not UTF-8 text, so defaults stand"))
        return "", {}
    try:
        return text, tomllib.loads(text)
    except RecursionError:
        problems.append(ConfigProblem(source, None, "", "is nested too deeply, so defaults stand"))
    except ValueError as error:  # TOMLDecodeError, and plain ValueError for a number of thousands of digits
        message = str(error)
        place = re.search(r" \(at (?:line (\d+), column \d+|end of document)\)$", message)
        line: int | None = None
        if place is not None:
            line = int(place[1]) if place[1] else text.rstrip("\n").count("\n") + 1
            message = message[: place.start()]
        problems.append(ConfigProblem(source, line, "", f"is not valid TOML, so defaults stand: {message}"))
    return "", {}


def _find_secret(providers: Mapping[str, ProviderSettings]) -> tuple[str, ...] | None:
    for name, provider in providers.items():
        if provider.api_key:
            return ("providers", name, "api_key")
        for header in provider.headers:
            if header.lower() in _SECRET_HEADERS:
                return ("providers", name, "headers")
    return None


def _read_environment(environ: Mapping[str, str], env_provider: ProviderSettings | None) -> _Layer:
    """Read `CHATUI_*`; `env_provider` is what the file says about the provider `env`, if anything."""
    base_url, key = environ.get("CHATUI_BASE_URL", "").strip(), environ.get("CHATUI_API_KEY", "")
    names = [name for name in setting_types(Config) if name != "providers"]
    words = {name: environ.get(f"CHATUI_{name.upper()}", "") for name in names}
    layer = _read_words(words, "", lambda name: f"CHATUI_{name.upper()}", bool(base_url))
    if base_url:
        # The file's key and headers were meant for the file's address: they do not go to this one.
        provider = replace(
            env_provider or ProviderSettings(ENV_PROVIDER),
            base_url=base_url,
            api_key_env="CHATUI_API_KEY" if key else "",
            api_key_cmd="",
            api_key_file="",
            api_key="",
            headers=MappingProxyType({}),
        )
        layer.settings["providers"] = {ENV_PROVIDER: provider}
        layer.sources[f"providers.{ENV_PROVIDER}"] = "CHATUI_BASE_URL"
        if complaint := check_base_url(base_url):
            # It is kept all the same: asking fails then, and nothing goes to a server that was not meant.
            layer.problems.append(ConfigProblem("CHATUI_BASE_URL", None, "", complaint))
    elif key:
        message = "is not used: set CHATUI_BASE_URL too, to say which server the key is for"
        layer.problems.append(ConfigProblem("CHATUI_API_KEY", None, "", message))
    return layer


def _read_words(words: Mapping[str, str], origin: str, name_of: Callable[[str], str], has_env_provider: bool) -> _Layer:
    """Read settings given as plain words; an empty one counts as not given.

    Lists have commas; tables are written as TOML has them inline: `temperature = 0.7, top_p = 0.9`. A model without
    a slash is one of the provider `env`, where there is that provider.
    """
    layer = _Layer()
    for name, word in words.items():
        if not word:
            continue
        reader = TableReader(name_of(name))
        if name == "model" and "/" not in word and has_env_provider:
            word = f"{ENV_PROVIDER}/{word}"
        value = _decode_word(name, word, reader)
        taken = {} if value is None else reader.read(Config, {name: value})
        layer.settings |= taken
        layer.sources |= _name_sources(taken, origin or name_of(name))
        layer.problems += reader.problems
    return layer


def _decode_word(name: str, word: str, reader: TableReader) -> object | None:
    kind = typing.get_origin(setting_types(Config).get(name))
    try:
        word.encode()
    except UnicodeEncodeError:
        reader.tell((name,), "is not UTF-8 text")
        return None
    if kind is tuple:
        return [item.strip() for item in word.split(",") if item.strip()]
    if kind is Mapping:
        try:
            return typing.cast("object", tomllib.loads(f"word = {{ {word} }}")["word"])
        except (ValueError, RecursionError):
            reader.tell((name,), "expected settings as in TOML, with commas: temperature = 0.7, top_p = 0.9")
            return None
    return word


def _name_sources(settings: Settings, source: str) -> dict[str, str]:
    """Name the source of each setting; of a table, that of each entry."""
    named: dict[str, str] = {}
    for name, value in settings.items():
        named |= {join_key((name, key)): source for key in value} if isinstance(value, Mapping) else {name: source}
    return named
