"""`chatui config`: write the template, print where the file is, tell what is wrong with it."""

from __future__ import annotations

import sys
from collections.abc import Mapping
from pathlib import Path

from chatui.config.manual import write_template
from chatui.config.reading import load_config
from chatui.conversation.visible import make_visible_line


def run_config(action: str, path: Path, environ: Mapping[str, str]) -> int:
    """Do `init`, `path` or `check` for the config file at `path`; return the exit code.

    0: done, and nothing is wrong; 1: the file could not be written; 2: `check` found problems, one line each.
    """
    match action:
        case "init":
            return _init(path)
        case "check":
            return _check(path, environ)
        case _:
            print(path)
            return 0


def _init(path: Path) -> int:
    try:
        is_written = write_template(path)
    except OSError as error:
        print(f"chatui: cannot write {make_visible_line(str(path))}: {error.strerror}", file=sys.stderr)
        return 1
    print(f"written: {path}" if is_written else f"left as it is: {path}")
    return 0


def _check(path: Path, environ: Mapping[str, str]) -> int:
    config = load_config(path, environ, {})
    for problem in config.problems:
        print(make_visible_line(str(problem)))
    if config.problems:
        return 2
    print("ok" if path.exists() else f"ok: there is no file at {make_visible_line(str(path))}, so defaults stand")
    return 0
