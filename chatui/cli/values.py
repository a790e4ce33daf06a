"""Reading the values of options: paths, counts, sampling parameters."""

from __future__ import annotations

import re
import tomllib
from argparse import ArgumentTypeError
from pathlib import Path

from chatui.config.checks import check_param

_WORD = re.compile(r"[A-Za-z_][A-Za-z0-9_.:/-]*")
MOST_RETRIES = 10


def read_path(word: str) -> Path:
    """Read a path; `~` is the home folder."""
    if not word:
        raise ArgumentTypeError("a path is needed")
    try:
        return Path(word).expanduser()
    except RuntimeError:
        raise ArgumentTypeError(f"there is no such home folder: {word}") from None


def read_retries(word: str) -> int:
    """Read a number of retries, 0 to 10."""
    if not (word.isascii() and word.isdigit() and len(word) < 3 and int(word) <= MOST_RETRIES):
        raise ArgumentTypeError(f"expected a number from 0 to {MOST_RETRIES}, found {word!r}")
    return int(word)


def read_count(word: str) -> int:
    """Read a number from 1 on."""
    if not (word.isascii() and word.isdigit() and len(word) < 10 and int(word)):
        raise ArgumentTypeError(f"expected a number from 1 on, found {word!r}")
    return int(word)


def read_param(word: str) -> tuple[str, object]:
    """Read `KEY=VALUE`, a sampling parameter; the value as in TOML, a single word also without quotes."""
    name, equals, text = word.partition("=")
    name, text = name.strip(), text.strip()
    if not equals or not name.isidentifier():
        raise ArgumentTypeError(f"expected KEY=VALUE, as in temperature=0.2, found {word!r}")
    try:
        value: object = tomllib.loads(f"value = {text}")["value"]
    except (ValueError, RecursionError):
        if not _WORD.fullmatch(text):
            raise ArgumentTypeError(
                f"the value of {name} is not TOML: write a number, true, false, or text in quotes"
            ) from None
        value = text
    if complaint := check_param(name, value):
        raise ArgumentTypeError(f"{name}: {complaint}")
    return name, value
