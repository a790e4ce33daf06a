"""The manual of the settings, made from the docstrings of the config tree, and the template made from the manual."""

from __future__ import annotations

import ast
import inspect
import json
import os
import textwrap
import typing
from collections.abc import Iterator, Mapping
from dataclasses import MISSING, dataclass, fields, is_dataclass
from importlib.resources import files
from itertools import pairwise
from pathlib import Path

from chatui.config.config import Config, ModelSettings, ProviderSettings
from chatui.config.tables import setting_types

_PLACEHOLDERS = {ProviderSettings: "NAME", ModelSettings: '"ID"'}
"""How the user's own part of a key is written."""
_MARK = "#: "
"""In the template: the help of the named setting goes here."""


@dataclass(frozen=True, slots=True)
class SettingDoc:
    """What the manual says about one setting."""

    key: str
    """In dotted form: `providers.NAME.base_url`."""
    default: str
    """As TOML; empty where nothing is set."""
    help: str
    """What it means, in its units; sentences on one line."""


def describe_settings() -> list[SettingDoc]:
    """Describe every setting, in the order of the config tree. Reads the source: for a manual, not for each start."""
    return list(_describe(Config, ""))


def render_template() -> str:
    """Return the commented config file that a user begins with: each setting with its help, none of them active."""
    helps = {setting.key: setting.help for setting in describe_settings()}
    source = files("chatui.config").joinpath("template.toml").read_text(encoding="utf-8")
    lines: list[str] = []
    for line in source.splitlines():
        if line.startswith(_MARK):
            lines += textwrap.wrap(helps[line.removeprefix(_MARK)], 98, initial_indent="# ", subsequent_indent="# ")
        else:
            lines.append(line)
    return "\n".join(lines) + "\n"


def write_template(path: Path) -> bool:
    """Write the template where no config is yet; return whether it was written. An existing file is never touched.

    Missing folders are made for the user alone (0700), the file too (0600). Raises OSError.
    """
    content = render_template().encode()
    missing = [folder for folder in path.parents if not folder.exists()]
    for folder in reversed(missing):
        folder.mkdir(mode=0o700, exist_ok=True)
    try:
        handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        return False
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(content)
    except OSError:
        path.unlink(missing_ok=True)
        raise
    return True


def _describe(kind: type, prefix: str) -> Iterator[SettingDoc]:
    helps = _read_docstrings(kind)
    defaults = {f.name: f.default for f in fields(kind)}
    for name, hint in setting_types(kind).items():
        key = prefix + name
        if (below := _table_of(hint)) is None:
            yield SettingDoc(key, _encode_default(defaults[name]), helps[name])
        elif typing.get_origin(hint) is Mapping:
            yield from _describe(below, f"{key}.{_PLACEHOLDERS[below]}.")
        else:
            yield from _describe(below, f"{key}.")


def _table_of(hint: object) -> type | None:
    """The settings class that a field's type holds, alone, as an option or as a mapping's value."""
    for part in (hint, *typing.get_args(hint)):
        if isinstance(part, type) and is_dataclass(part):
            return part
    return None


def _encode_default(default: object) -> str:
    return "" if default is MISSING or default in (None, "", ()) else json.dumps(default)


def _read_docstrings(kind: type) -> dict[str, str]:
    """The strings that stand below the fields; Python itself drops them."""
    tree = ast.parse(textwrap.dedent(inspect.getsource(kind)))
    body = typing.cast("ast.ClassDef", tree.body[0]).body
    helps: dict[str, str] = {}
    for node, after in pairwise(body):
        match node, after:
            case ast.AnnAssign(target=ast.Name(id=name)), ast.Expr(value=ast.Constant(value=str(text))):
                helps[name] = " ".join(text.split())
    return helps
