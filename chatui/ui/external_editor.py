"""The user's own editor: a text goes into it as a private temporary file, and comes back as it was saved there."""

from __future__ import annotations

import asyncio
import os
import shlex
import shutil
import tempfile
import time
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from textual.app import SuspendNotSupported

from chatui.ui.desk import Desk

_FALLBACK_EDITOR = "vi"
"""POSIX has it; the one that `git commit` and `crontab -e` fall back on, too."""
_INSTANT_SECONDS = 1.0
"""An editor that is back so soon shows the file in a window of its own."""


@dataclass(frozen=True, slots=True)
class Edited:
    """What came of a visit in the editor."""

    path: Path | None = None
    """The temporary file, 0600, still there; `None` where it did not come to that."""
    text: str | None = None
    """What the file holds now; `None` where it cannot be read any more."""
    problem: str = ""
    """Why the editor did not do its work, in a sentence; empty when it did."""
    is_instant: bool = False
    """True when it was back at once, without a problem: then it may well show the file in a window of its own."""


def find_editor(environ: Mapping[str, str]) -> list[str] | None:
    """Return the user's editor as a command, `$VISUAL` first; `None` where there is none."""
    for name in ("VISUAL", "EDITOR"):
        if environ.get(name, "").strip():
            try:
                return shlex.split(environ[name])
            except ValueError:
                return [environ[name]]
    return [_FALLBACK_EDITOR] if shutil.which(_FALLBACK_EDITOR) else None


async def edit_text(desk: Desk, text: str, name: str, suffix: str) -> Edited:
    """Let the user edit a text in `$VISUAL` or `$EDITOR`. Whoever asks removes the file or says where it is."""
    editor = find_editor(os.environ)
    if editor is None:
        return Edited(problem="There is no editor: set VISUAL or EDITOR in the environment.")
    try:
        path = await asyncio.to_thread(_make_temporary, text, name, suffix)
    except OSError as error:
        return Edited(problem=f"No temporary file could be made: {error.strerror or error}.")
    began = time.monotonic()
    try:
        problem = await _run_editor(desk, [*editor, str(path)])
    except SuspendNotSupported:
        problem = "This terminal cannot be lent to an editor."
    is_instant = not problem and time.monotonic() - began < _INSTANT_SECONDS
    return Edited(path, await asyncio.to_thread(_read, path), problem, is_instant)


async def _run_editor(desk: Desk, command: list[str]) -> str:
    """Lend the terminal to a program; return why that failed, empty when it did not. Raises SuspendNotSupported.

    What streams goes on meanwhile; nothing is painted, for nobody would take it.
    """
    problem = ""
    with desk.app.batch_update(), desk.app.suspend():
        desk.is_terminal_lent = True
        # An exception would leave the terminal with the editor: `suspend` does not expect one.
        try:
            process = await asyncio.create_subprocess_exec(*command)
        except (OSError, ValueError) as error:
            reason = getattr(error, "strerror", None) or str(error)
            problem = f"“{command[0]}” could not be started: {reason}. VISUAL or EDITOR names it."
        else:
            problem = _say_end(command[0], await process.wait())
        finally:
            desk.is_terminal_lent = False
    return problem


def _say_end(name: str, code: int) -> str:
    if not code:
        return ""
    return f"“{name}” ended with code {code}." if code > 0 else f"“{name}” was ended by signal {-code}."


def _make_temporary(text: str, name: str, suffix: str) -> Path:
    # mkstemp makes the file 0600.
    descriptor, path = tempfile.mkstemp(suffix, f"chatui-{name}-")
    with os.fdopen(descriptor, "w", encoding="utf-8", errors="replace", newline="") as file:
        file.write(text)
    return Path(path)


def _read(path: Path) -> str | None:
    try:
        return path.read_bytes().decode(errors="replace")
    except OSError:
        return None
