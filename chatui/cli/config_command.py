"""`chatui config`: write the template, print where the file is, edit it, tell what is wrong with it."""

from __future__ import annotations

import os
import shlex
import subprocess
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path

from chatui.cli.commands import CONFIG
from chatui.cli.parser import read_words
from chatui.cli.teller import tell
from chatui.config.manual import write_template
from chatui.config.reading import load_config
from chatui.conversation.visible import make_visible_line
from chatui.storage.paths import find_places

_EDITORS = ("VISUAL", "EDITOR")


def run(argv: Sequence[str], environ: Mapping[str, str]) -> int:
    """Do what the words say; see `run_config`."""
    values = read_words(CONFIG, argv)
    path: Path = values["config"] or find_places(environ, Path.home()).config_file
    return run_config(values["words"][0], path, environ)


def run_config(action: str, path: Path, environ: Mapping[str, str]) -> int:
    """Do `init`, `path`, `edit` or `check` for the config file at `path`; return the exit code.

    0: done, and nothing is wrong; 1: the file could not be written or edited; 2: `check`, also the one after `edit`,
    found problems, one line each.
    """
    match action:
        case "init":
            return _init(path)
        case "edit":
            return _edit(path, environ)
        case "check":
            return _check(path, environ)
        case _:
            print(make_visible_line(str(path)) if sys.stdout.isatty() else path)
            return 0


def _init(path: Path) -> int:
    is_written = _write(path)
    if is_written is None:
        return 1
    print(f"written: {path}" if is_written else f"left as it is: {path}")
    return 0


def _write(path: Path) -> bool | None:
    try:
        return write_template(path)
    except OSError as error:
        tell(f"cannot write {path}: {error.strerror}")
        return None


def _edit(path: Path, environ: Mapping[str, str]) -> int:
    command = next((environ[name] for name in _EDITORS if environ.get(name, "").strip()), "vi")
    if _write(path) is None:
        return 1
    try:
        # The user's own words, split as a shell would and run without one.
        done = subprocess.run([*shlex.split(command), os.fspath(path)], check=False)  # noqa: S603
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or str(error)
        tell(f"cannot start the editor {command!r}: {reason}. Set VISUAL or EDITOR.")
        return 1
    if done.returncode:
        tell(f"the editor {command!r} ended with {done.returncode}.")
        return 1
    return _check(path, environ)


def _check(path: Path, environ: Mapping[str, str]) -> int:
    config = load_config(path, environ, {})
    for problem in config.problems:
        print(make_visible_line(str(problem)))
    if config.problems:
        return 2
    print("ok" if path.exists() else f"ok: there is no file at {make_visible_line(str(path))}, so defaults stand")
    return 0
