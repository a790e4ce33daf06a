"""Code of a reply to a file, or into the user's editor."""

from __future__ import annotations

import asyncio
from pathlib import Path

from chatui.ui.desk import Desk
from chatui.ui.external_editor import edit_text
from chatui.ui.screens.ask_text import AskText
from chatui.ui.screens.confirm import Confirm


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
        lines = code.count("\n")
        desk.tell(f"Wrote {lines:,} line{'s' if lines != 1 else ''} to {asked.strip()}")


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
    edited = await edit_text(desk, code, f"code-{number}", _suffix(language))
    is_changed = edited.text not in (None, code)
    if edited.path is not None and not edited.is_instant and not is_changed:
        edited.path.unlink(missing_ok=True)
    if edited.problem:
        desk.tell(f"{edited.problem} The code can be written to a file with w.", "error")
    elif is_changed:
        desk.tell(f"What you changed is in {edited.path}; the conversation stays as it was.")
