"""Text to the clipboard, by the surest way there is, and a sentence that says which way it went."""

from __future__ import annotations

import asyncio
import base64
import os
import sys
from collections.abc import Mapping, Sequence
from pathlib import PurePath
from typing import TYPE_CHECKING, TypeVar

if TYPE_CHECKING:
    from textual.app import App

Result = TypeVar("Result")

MOST_OSC52_BYTES = 74_994
"""UTF-8 bytes; in base64 with its frame that is the 100,000 bytes that terminals commonly take (xterm, hterm)."""
_SCREEN_STRING = 512
"""Bytes of a control string that GNU screen passes on at once."""

_TOOL_TIMEOUT = 2.0
"""Seconds."""


def list_tools(environ: Mapping[str, str], platform: str) -> list[tuple[str, ...]]:
    """Return the commands that may reach the user's clipboard from here, best first; each reads standard input."""
    tools: list[tuple[str, ...]] = []
    # Over SSH the display is not the one the user sits at.
    if not (environ.get("SSH_CONNECTION") or environ.get("SSH_TTY")):
        if platform == "darwin":
            tools.append(("pbcopy",))
        if environ.get("WAYLAND_DISPLAY"):
            tools.append(("wl-copy",))
        if environ.get("DISPLAY"):
            tools += [("xclip", "-selection", "clipboard", "-in"), ("xsel", "--clipboard", "--input")]
    if environ.get("TMUX"):
        # tmux drops OSC 52 of its own programs unless `set-clipboard on`, but passes on what it is given this way.
        tools.append(("tmux", "load-buffer", "-w", "-"))
    return tools


def encode_osc52(text: str, environ: Mapping[str, str]) -> str:
    """Return the OSC 52 sequence that sets the clipboard (xterm control sequences).

    Inside tmux and GNU screen it is wrapped, so that they pass it on to the terminal that they run in.
    """
    payload = base64.b64encode(text.encode(errors="replace")).decode("ascii")
    sequence = f"\x1b]52;c;{payload}\x07"
    if environ.get("TMUX"):
        # Every ESC is doubled inside the passthrough (tmux FAQ, "What is the passthrough escape sequence").
        return "\x1bPtmux;" + sequence.replace("\x1b", "\x1b\x1b") + "\x1b\\"
    if environ.get("STY"):
        # screen passes a string on as it is, up to 768 bytes of it (its manual, "Control Sequences": DCS).
        pieces = (sequence[at : at + _SCREEN_STRING] for at in range(0, len(sequence), _SCREEN_STRING))
        return "".join(f"\x1bP{piece}\x1b\\" for piece in pieces)
    return sequence


async def run_tool(command: Sequence[str], text: str, timeout: float = _TOOL_TIMEOUT) -> bool:  # noqa: ASYNC109
    """Run one command with `text` on its standard input and say whether it succeeded within `timeout` seconds."""
    try:
        process = await asyncio.create_subprocess_exec(
            *command,
            stdin=asyncio.subprocess.PIPE,
            # Not pipes: xclip and wl-copy leave a child behind that would hold them open.
            stdout=asyncio.subprocess.DEVNULL,
            stderr=asyncio.subprocess.DEVNULL,
            # That child serves the clipboard; it must outlive this terminal.
            start_new_session=True,
        )
    except OSError:
        return False
    try:
        async with asyncio.timeout(timeout):
            await process.communicate(text.encode(errors="replace"))
    except TimeoutError:
        return False
    finally:
        if process.returncode is None:
            process.kill()
            await process.wait()
    return process.returncode == 0


async def copy_text(app: App[Result], text: str, environ: Mapping[str, str] | None = None) -> str:
    """Copy `text` and return a sentence for the user that says which way, or why it could not be copied."""
    environ = os.environ if environ is None else environ
    if not text:
        return "Not copied: there is nothing to copy."
    count = "1 character" if len(text) == 1 else f"{len(text):,} characters"
    for command in list_tools(environ, sys.platform):
        if await run_tool(command, text):
            return f"Copied {count} with {PurePath(command[0]).name}"
    size = len(text.encode(errors="replace"))
    if size > MOST_OSC52_BYTES:
        return (
            f"Not copied: {size / 1000:,.0f} KB is more than the 75 KB that a terminal takes (OSC 52); "
            "where the terminal runs, wl-copy, xclip or xsel can take more."
        )
    # The driver is the one way to the terminal; App.copy_to_clipboard uses the same, but without tmux's passthrough.
    if (driver := app._driver) is None:
        return "Not copied: there is no terminal."
    driver.write(encode_osc52(text, environ))
    return f"Copied {count} through the terminal (OSC 52)"
