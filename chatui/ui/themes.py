"""Themes from TOML files: chatui's own and the user's, read with a message for whatever is wrong in one."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

from textual.color import Color, ColorParseError
from textual.theme import Theme

from chatui.conversation.visible import make_visible_line

DEFAULT_DARK = "ink"
DEFAULT_LIGHT = "paper"

REQUIRED_COLORS = ("primary", "foreground", "background")
"""Colours that every theme names."""
OPTIONAL_COLORS = ("secondary", "accent", "surface", "panel", "success", "warning", "error")
"""Colours that Textual derives where a theme does not name them."""

_KEYS = ("name", "dark", "colors", "variables")
_NAME = re.compile(r"[a-z0-9][a-z0-9_-]*")
_TEXT_STYLES = {"none", "bold", "italic", "underline", "reverse", "strike", "dim", "not", "b", "i", "u", "initial"}


class _ThemeProblem(Exception):
    """A theme cannot be used; the text says why."""


def find_theme_dirs(config_themes: Path | None) -> list[Path]:
    """Where themes lie: chatui's own, then the user's folder. A later theme takes the place of one with the same name.

    In a wheel our own are inside the package; in a checkout or an editable install they stand beside it.
    """
    package = Path(__file__).parents[1]
    beside = package.parent / "themes"
    own = package / "themes" if (package / "themes").is_dir() else beside
    dirs = [own] if own.is_dir() else []
    if config_themes is not None and config_themes.is_dir():
        dirs.append(config_themes)
    return dirs


def load_first_theme(dirs: Sequence[Path], name: str) -> Theme | None:
    """Read the one theme of this name; `None` where all have to be read to find it, or where anything is wrong."""
    if len(dirs) != 1 or not _NAME.fullmatch(name):
        # A theme of the user's may take the place of one of ours, from a file of any name.
        return None
    theme, problems = load_theme(dirs[0] / f"{name}.toml")
    return None if problems or theme is None or theme.name != name else theme


def load_themes(dirs: Iterable[Path]) -> tuple[list[Theme], list[str]]:
    """Read every `*.toml` of the folders. Returns the themes and what is wrong, each with file and key; never raises.

    A theme with a wrong or missing value is left out; a key that is not known is told and passed over.
    """
    themes: dict[str, Theme] = {}
    problems: list[str] = []
    for folder in dirs:
        try:
            files = sorted(path for path in folder.iterdir() if path.suffix == ".toml")
        except OSError as error:
            problems.append(make_visible_line(f"{folder}: cannot be listed: {error.strerror}"))
            continue
        here: dict[str, Path] = {}
        for file in files:
            theme, found = load_theme(file)
            problems.extend(found)
            if theme is None:
                continue
            if theme.name in here:
                first = here[theme.name].name
                problems.append(
                    make_visible_line(f"{file}: name: {first} has the name {theme.name!r} already; not taken")
                )
                continue
            here[theme.name] = file
            themes[theme.name] = theme
    return list(themes.values()), problems


def load_theme(file: Path) -> tuple[Theme | None, list[str]]:
    """Read one theme. Returns it, or `None` when it cannot be used, and what is wrong with the file."""
    problems: list[str] = []
    theme = None
    try:
        theme = _build_theme(_read_table(file), problems)
    except _ThemeProblem as problem:
        problems.append(str(problem))
    return theme, [make_visible_line(f"{file}: {problem}") for problem in problems]


def _read_table(file: Path) -> Mapping[str, object]:
    try:
        # A FIFO or a device would never end.
        if not file.is_file():
            raise _ThemeProblem("not a file; not taken")
        return tomllib.loads(file.read_text(encoding="utf-8"))
    except OSError as error:
        raise _ThemeProblem(f"cannot be read: {error.strerror}") from error
    except UnicodeDecodeError as error:
        raise _ThemeProblem("is not UTF-8 text") from error
    except (tomllib.TOMLDecodeError, RecursionError) as error:
        raise _ThemeProblem(f"is not TOML: {error}") from error


def _build_theme(table: Mapping[str, object], problems: list[str]) -> Theme:
    problems.extend(f"{key}: not known; there are {', '.join(_KEYS)}" for key in table if key not in _KEYS)
    colors = _read_colors(_need_table(table, "colors"), problems)
    variables = _read_variables(_need_table(table, "variables") if "variables" in table else {})
    return Theme(
        name=_read_name(table),
        dark=_read_dark(table),
        primary=colors["primary"],
        secondary=colors.get("secondary"),
        accent=colors.get("accent"),
        foreground=colors["foreground"],
        background=colors["background"],
        surface=colors.get("surface"),
        panel=colors.get("panel"),
        success=colors.get("success"),
        warning=colors.get("warning"),
        error=colors.get("error"),
        variables=variables,
    )


def _read_name(table: Mapping[str, object]) -> str:
    name = _need(table, "name")
    if not isinstance(name, str) or not _NAME.fullmatch(name):
        raise _ThemeProblem(f"name: {name!r} is no name; small letters, digits, - and _ make one")
    return name


def _read_dark(table: Mapping[str, object]) -> bool:
    dark = _need(table, "dark")
    if not isinstance(dark, bool):
        raise _ThemeProblem(f"dark: {dark!r} is neither true nor false")
    return dark


def _need(table: Mapping[str, object], key: str) -> object:
    if key not in table:
        raise _ThemeProblem(f"{key}: missing")
    return table[key]


def _need_table(table: Mapping[str, object], key: str) -> Mapping[str, object]:
    value = _need(table, key)
    if not isinstance(value, dict):
        raise _ThemeProblem(f"{key}: has to be a table, [{key}]")
    return value


def _read_colors(table: Mapping[str, object], problems: list[str]) -> dict[str, str]:
    known = (*REQUIRED_COLORS, *OPTIONAL_COLORS)
    problems.extend(f"colors.{key}: not known; there are {', '.join(known)}" for key in table if key not in known)
    for key in REQUIRED_COLORS:
        if key not in table:
            raise _ThemeProblem(f"colors.{key}: missing")
    return {key: _read_color(f"colors.{key}", table[key]) for key in known if key in table}


def _read_color(key: str, value: object) -> str:
    """A colour with no transparency: the others are mixed from these."""
    color = _parse_color(value)
    if not isinstance(value, str) or color is None or color.a < 1:
        raise _ThemeProblem(f'{key}: {value!r} is no colour; write it as "#4f8cc9"')
    return value


def _parse_color(value: object) -> Color | None:
    if not isinstance(value, str):
        return None
    try:
        color = Color.parse(value)
    except (ColorParseError, ValueError):
        return None
    # Colours of the terminal's own palette and automatic ones cannot be mixed with others.
    return None if color.ansi is not None or color.auto else color


def _read_variables(table: Mapping[str, object]) -> dict[str, str]:
    """Check each variable: a wrong one would keep Textual from reading any style at all."""
    variables: dict[str, str] = {}
    for key, value in table.items():
        if not _NAME.fullmatch(key):
            raise _ThemeProblem(f"variables.{key}: no name of a variable")
        if not isinstance(value, str) or not _fits_variable(key, value):
            kind = (
                'a text style such as "bold"'
                if key.endswith("-style")
                else 'a colour such as "#4f8cc9" or "#4f8cc9 35%"'
            )
            raise _ThemeProblem(f"variables.{key}: {value!r} is not {kind}")
        variables[key] = value
    return variables


def _fits_variable(key: str, value: str) -> bool:
    if key.endswith("-style"):
        words = value.split()
        return bool(words) and _TEXT_STYLES.issuperset(words)
    percent = re.fullmatch(r"(.+) (\d{1,3})%", value)
    return _parse_color(percent[1] if percent and int(percent[2]) <= 100 else value) is not None
