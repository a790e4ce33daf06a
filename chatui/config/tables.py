"""From a TOML table to the settings of a dataclass, guided by its fields; what cannot be taken becomes a problem."""

from __future__ import annotations

import difflib
import types
import typing
from collections.abc import Mapping
from dataclasses import MISSING, fields, is_dataclass
from types import MappingProxyType

from chatui.config.checks import CHECKS, ENTRY_CHECKS, check_provider_name
from chatui.config.config import ConfigProblem, ProviderSettings
from chatui.config.lines import KeyPath, join_key, line_of

_NOT_SETTINGS = frozenset({"name", "sources", "passed_over", "problems"})
"""Fields that the program fills in: no one sets them in a file."""

Settings = dict[str, typing.Any]
"""Values for the fields of one dataclass; `Any` because `Class(**settings)` is how they are used."""
_KNOWN_PARAMS = frozenset({"temperature", "top_p", "max_tokens", "seed", "reasoning_effort"})
"""Parameters that people look for, to say where they belong; any other may be set too."""


def setting_types(kind: type) -> dict[str, typing.Any]:
    """Return the fields of a settings dataclass that a user can set, with their types."""
    hints = typing.get_type_hints(kind)
    return {f.name: hints[f.name] for f in fields(kind) if f.name not in _NOT_SETTINGS}


class TableReader:
    """Reads the tables of one source and gathers what it could not take."""

    def __init__(self, source: str, lines: Mapping[KeyPath, int] | None = None) -> None:
        self.problems: list[ConfigProblem] = []
        self._source = source
        self._lines = lines or {}

    def tell(self, path: KeyPath, message: str) -> None:
        """Note a problem with the key at `path`."""
        self.problems.append(ConfigProblem(self._source, line_of(path, self._lines), join_key(path), message))

    def read(self, kind: type, table: Mapping[str, object], path: KeyPath = ()) -> Settings:
        """Return the values of `table` that are good for the dataclass `kind`."""
        known = setting_types(kind)
        settings: Settings = {}
        for key, value in table.items():
            if key not in known:
                self.tell((*path, key), _explain_unknown(key, known))
                continue
            taken = self._take(known[key], key, value, (*path, key))
            if taken is not None:
                settings[key] = taken
        return settings

    def _take(self, kind: typing.Any, name: str, value: object, path: KeyPath) -> object | None:
        """Return the value as the field's type, or `None` after telling why not."""
        if typing.get_origin(kind) is types.UnionType:
            kind = typing.get_args(kind)[0]  # `X | None`: a TOML file has no null, so only X can stand there.
        origin = typing.get_origin(kind)
        if origin is tuple:
            return self._take_list(name, value, path)
        if origin is Mapping:
            return self._take_mapping(typing.get_args(kind)[1], name, value, path)
        if is_dataclass(kind) and isinstance(kind, type):
            return self._take_dataclass(kind, value, path)
        complaint = ""
        if not _is_plain(kind, value):
            complaint = f"expected {_TYPE_NAMES[kind]}, found {describe_type(value)}"
        elif value != "" and name in CHECKS:
            complaint = CHECKS[name](value)
        if complaint:
            self.tell(path, complaint)
            # A bad address is kept, so that asking fails: the default would send prompts and key somewhere else.
            return str(value) if name == "base_url" else None
        return kind(value)  # type: ignore[no-any-return]  # str, int, float or bool, by _is_plain

    def _take_list(self, name: str, value: object, path: KeyPath) -> tuple[str, ...] | None:
        if not isinstance(value, list):
            self.tell(path, f"expected a list of texts, found {describe_type(value)}")
            return None
        good: list[str] = []
        for item in value:
            if not isinstance(item, str):
                self.tell(path, f"expected texts in the list, found {describe_type(item)}")
            elif complaint := CHECKS[name](item):
                self.tell(path, f'"{item}": {complaint}')
            else:
                good.append(item)
        return tuple(good)

    def _take_mapping(self, kind: typing.Any, name: str, value: object, path: KeyPath) -> object | None:
        if not isinstance(value, dict):
            self.tell(path, f"expected a table, found {describe_type(value)}")
            return None
        if is_dataclass(kind) and isinstance(kind, type):
            entries = {key: self._take_entry(kind, key, entry, (*path, key)) for key, entry in value.items()}
            return MappingProxyType({key: entry for key, entry in entries.items() if entry is not None})
        good: dict[str, object] = {}
        for below, entry in _flatten(value) if name == "keys" else [((key,), entry) for key, entry in value.items()]:
            key = ".".join(below)
            if complaint := ENTRY_CHECKS[name](key, entry):
                self.tell((*path, *below), complaint)
            else:
                good[key] = entry
        return MappingProxyType(good)

    def _take_entry(self, kind: type, key: str, value: object, path: KeyPath) -> object | None:
        """One `[providers.NAME]` or `[providers.NAME.models.ID]`; the provider alone knows its name."""
        if kind is not ProviderSettings:
            return self._take_dataclass(kind, value, path)
        if complaint := check_provider_name(key):
            self.tell(path, complaint)
            return None
        return self._take_dataclass(kind, value, path, name=key)

    def _take_dataclass(self, kind: type, value: object, path: KeyPath, **given: str) -> object | None:
        if not isinstance(value, dict):
            self.tell(path, f"expected a table, found {describe_type(value)}")
            return None
        settings = self.read(kind, value, path)
        needed = [f.name for f in fields(kind) if f.default is MISSING and f.default_factory is MISSING]
        missing = [name for name in needed if name not in settings and name not in given]
        if missing:
            for name in missing:
                if name not in value:
                    self.tell(path, f'"{name}" is missing')
            return None
        return typing.cast("object", kind(**settings, **given))


_TYPE_NAMES = {str: "text in quotes", int: "a whole number", float: "a number", bool: "true or false"}


def describe_type(value: object) -> str:
    """Name the TOML type of a value in words, without the value: it may be a secret."""
    match value:
        case bool():
            return "true or false"
        case str():
            return "text"
        case int():
            return "a whole number"
        case float():
            return "a number with decimals"
        case list():
            return "a list"
        case dict():
            return "a table"
        case _:
            return "a date or time"


def _is_plain(kind: type, value: object) -> bool:
    if isinstance(value, bool):
        return kind is bool
    return isinstance(value, int | float) if kind is float else isinstance(value, kind)


def _flatten(table: Mapping[str, object]) -> list[tuple[KeyPath, object]]:
    """Unfold nested tables: `session.list = "ctrl+o"` without quotes means the same as with them."""
    flat: list[tuple[KeyPath, object]] = []
    for key, value in table.items():
        if isinstance(value, dict):
            flat += [((key, *below), entry) for below, entry in _flatten(value)]
        else:
            flat.append(((key,), value))
    return flat


def _explain_unknown(key: str, known: Mapping[str, object]) -> str:
    if near := difflib.get_close_matches(key, known, n=1, cutoff=0.6):
        return f'there is no such setting; did you mean "{near[0]}"?'
    if key in _KNOWN_PARAMS and "params" in known:
        return "this setting belongs in the [params] table"
    if key in setting_types(ProviderSettings):
        return "this setting belongs in a [providers.NAME] table"
    return f"there is no such setting here; there are {', '.join(known)}"
