"""Text piped into the screen: taken whole, then the keys come from the terminal itself."""

from __future__ import annotations

import os
import sys


def take_piped_input() -> str:
    """Read standard input where it is no terminal, and put the terminal in its place. Empty where nothing is piped.

    What is beyond `MAX_TEXT_BYTES` is left unread.

    Raises OSError where there is no terminal to read keys from.
    """
    if sys.stdin is not None and sys.stdin.isatty():
        return ""
    # Deferred: the first frame does without, where nothing is piped.
    from chatui.engine.attached_files import MAX_TEXT_BYTES

    terminal = os.open("/dev/tty", os.O_RDWR | os.O_CLOEXEC)
    try:
        data = b"" if sys.stdin is None else sys.stdin.buffer.read(MAX_TEXT_BYTES)
        # Textual reads descriptor 0, so the terminal has to stand there.
        os.dup2(terminal, 0)
    finally:
        os.close(terminal)
    sys.stdin = open(0, encoding="utf-8", closefd=False)  # noqa: SIM115  # lives as long as the program
    return data.decode("utf-8", "replace").strip("\n")
