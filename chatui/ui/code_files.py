"""Code of a reply to a file, or into the user's editor."""

from __future__ import annotations

import asyncio
import os
import shlex
import shutil
import tempfile
import time
from collections.abc import Mapping
from pathlib import Path

from textual.app import App, SuspendNotSupported

from chatui.ui.desk import Desk
from chatui.ui.screens.ask_text import AskText
from chatui.ui.screens.confirm import Confirm

_FALLBACK_EDITOR = "vi"
"""POSIX has it; the one that `git commit` and `crontab -e` fall back on, too."""
_FORK_SECONDS = 1.0
"""An editor that is back so soon shows the file in a window of its own."""


def name_file(language: str, number: int) -> str:
    """Return the name offered for code of a language: `code-2.py`; `.txt` where the language is not known."""
    return f"code-{number}{_suffix(language)}"


def _suffix(language: str) -> str:
    # The first frame does without Pygments.
    from pygments.lexers import get_lexer_by_name  # type: ignore[import-untyped] # no types shipped
    from pygments.util import ClassNotFound  # type: ignore[import-untyped] # no types shipped

    if not language:
        return ".txt"
    try:
        patterns = get_lexer_by_name(language).filenames
    except ClassNotFound:
        return ".txt"
    suffixes = [Path(pattern).suffix for pattern in patterns if pattern.startswith("*.") and pattern[2:].isalnum()]
    return suffixes[0] if suffixes else ".txt"


def find_editor(environ: Mapping[str, str]) -> list[str] | None:
    """Return the user's editor as a command, `$VISUAL` first; `None` where there is none."""
    for name in ("VISUAL", "EDITOR"):
        if environ.get(name, "").strip():
            try:
                return shlex.split(environ[name])
            except ValueError:
                return [environ[name]]
    return [_FALLBACK_EDITOR] if shutil.which(_FALLBACK_EDITOR) else None


async def write_code(desk: Desk, code: str, language: str, number: int) -> None:
    """Ask for a path and write the code there; what exists is only replaced after a yes."""
    asked = await desk.app.push_screen_wait(
        AskText(
            f"Write code {number} to a file",
            name_file(language, number),
            explanation=f"In {Path.cwd()}, unless the path says otherwise.",
            submit_label="write",
        )
    )
    if asked is None or not asked.strip():
        return
    problem = await _write_asking(desk, asked.strip(), code)
    if problem is None:
        desk.tell("Not written.")
    elif problem:
        desk.tell(f"Not written: {problem}. Press w again and choose another path.", "error")
    else:
        desk.tell(f"Wrote {code.count(chr(10)):,} lines to {asked.strip()}")


async def _write_asking(desk: Desk, name: str, code: str) -> str | None:
    """Return why it could not be written, empty when it was; `None` when the user does not want to replace a file."""
    try:
        try:
            await asyncio.to_thread(_write, name, code, "x")
        except FileExistsError:
            question = Confirm("Replace this file?", name, yes="Replace", default=False, is_danger=True)
            if not await desk.app.push_screen_wait(question):
                return None
            await asyncio.to_thread(_write, name, code, "w")
    except OSError as error:
        return f"{name}: {error.strerror or error}"
    except (ValueError, RuntimeError) as error:
        # A NUL in the path, and a `~user` that does not exist.
        return f"{name}: {error}"
    return ""


def _write(name: str, code: str, mode: str) -> None:
    with Path(name).expanduser().open(mode, encoding="utf-8", errors="replace", newline="") as file:
        file.write(code)


async def open_code(desk: Desk, code: str, language: str, number: int) -> None:
    """Open the code in the user's editor, as a private temporary file; a change to it is kept and told."""
    editor = find_editor(os.environ)
    if editor is None:
        desk.tell("There is no editor: set VISUAL or EDITOR in the environment, or write the code with w.", "warning")
        return
    try:
        path = await asyncio.to_thread(_make_temporary, code, _suffix(language), number)
    except OSError as error:
        desk.tell(f"No temporary file could be made: {error.strerror}.", "error")
        return
    began = time.monotonic()
    try:
        problem = await run_editor(desk.app, [*editor, str(path)])
    except SuspendNotSupported:
        problem = "This terminal cannot be lent to an editor; write the code to a file with w instead."
    is_forked = not problem and time.monotonic() - began < _FORK_SECONDS
    is_changed = await asyncio.to_thread(_read, path) != code
    if not is_forked and not is_changed:
        path.unlink(missing_ok=True)
    if problem:
        desk.tell(problem, "error")
    elif is_changed:
        desk.tell(f"What you changed is in {path}; the conversation stays as it was.")


async def run_editor(app: App[int], command: list[str]) -> str:
    """Lend the terminal to a program; return why that failed, empty when it did not. Raises SuspendNotSupported.

    What streams goes on meanwhile; nothing is painted, for nobody would take it.
    """
    problem = ""
    with app.batch_update(), app.suspend():
        # An exception would leave the terminal with the editor: `suspend` does not expect one.
        try:
            process = await asyncio.create_subprocess_exec(*command)
        except (OSError, ValueError) as error:
            reason = getattr(error, "strerror", None) or str(error)
            problem = f"“{command[0]}” could not be started: {reason}. VISUAL or EDITOR names it."
        else:
            code = await process.wait()
            problem = f"“{command[0]}” ended with code {code}." if code else ""
    return problem


def _make_temporary(code: str, suffix: str, number: int) -> Path:
    # mkstemp makes the file 0600.
    descriptor, name = tempfile.mkstemp(suffix, f"chatui-code-{number}-")
    with os.fdopen(descriptor, "w", encoding="utf-8", errors="replace", newline="") as file:
        file.write(code)
    return Path(name)


def _read(path: Path) -> str:
    try:
        return path.read_bytes().decode(errors="replace")
    except OSError:
        return ""
