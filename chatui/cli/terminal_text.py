"""Text for a terminal, written without any library: cells, colours, and a part of the screen that is drawn anew."""

from __future__ import annotations

import os
import unicodedata
from collections.abc import Mapping, Sequence
from typing import TextIO

from chatui.conversation.visible import make_visible_line

_ZERO_WIDTH = ("Mn", "Me", "Cf")


def measure(text: str) -> int:
    """The cells that a text takes, near enough: East Asian wide letters and emoji take two, marks none."""
    if text.isascii():
        return len(text)
    return sum(_width(letter) for letter in text)


def _width(letter: str) -> int:
    if unicodedata.category(letter) in _ZERO_WIDTH:
        return 0
    return 2 if unicodedata.east_asian_width(letter) in "WF" else 1


def fit(text: str, width: int, *, is_right: bool = False) -> str:
    """Cut or fill a text, which may come from anywhere, to exactly `width` cells; a cut one ends in `…`."""
    text = make_visible_line(text)
    taken = measure(text)
    if taken > width:
        text = cut(text, width - 1) + "…" if width > 0 else ""
        taken = measure(text)
    blank = " " * (width - taken)
    return blank + text if is_right else text + blank


def cut(text: str, width: int) -> str:
    """The beginning of a text that takes at most `width` cells."""
    used = 0
    for place, letter in enumerate(text):
        used += _width(letter)
        if used > width:
            return text[:place]
    return text


class Ink:
    """Colours and weights, where they are wanted: on a terminal, and not with NO_COLOR (https://no-color.org)."""

    def __init__(self, environ: Mapping[str, str], *, is_terminal: bool) -> None:
        self._is_on = is_terminal and not environ.get("NO_COLOR") and environ.get("TERM") != "dumb"

    def dim(self, text: str) -> str:
        """Less important."""
        return self.wrap(text, "2")

    def bold(self, text: str) -> str:
        """More important."""
        return self.wrap(text, "1")

    def good(self, text: str) -> str:
        """Done."""
        return self.wrap(text, "32")

    def warning(self, text: str) -> str:
        """Waits, or may go wrong."""
        return self.wrap(text, "33")

    def bad(self, text: str) -> str:
        """Went wrong."""
        return self.wrap(text, "31")

    def accent(self, text: str) -> str:
        """Stands out."""
        return self.wrap(text, "36")

    def wrap(self, text: str, code: str) -> str:
        """A text with SGR parameters (ECMA-48, 8.3.117), such as `1;36`; as it is for none."""
        return f"\x1b[{code}m{text}\x1b[0m" if self._is_on and text and code else text


class Canvas:
    """Lines at the bottom of a terminal that are drawn over and over, and taken away at the end."""

    def __init__(self, stream: TextIO) -> None:
        self._stream = stream
        self._lines: list[str] = []
        self._is_hidden = False

    @property
    def size(self) -> tuple[int, int]:
        """Columns and rows of the terminal now."""
        try:
            found = os.get_terminal_size(self._stream.fileno())
        except (OSError, ValueError):
            return 80, 24
        return found.columns or 80, found.lines or 24

    def draw(self, lines: Sequence[str]) -> None:
        """Put these lines in the place of those before. Each has to fit into the terminal's width."""
        pieces = ["\x1b[?2026h", "" if self._is_hidden else "\x1b[?25l", self._back()]
        for line in lines:
            pieces.append(f"\x1b[2K{line}\n")
        if len(lines) < len(self._lines):
            pieces.append("\x1b[J")
        pieces.append("\x1b[?2026l")
        self._lines = list(lines)
        self._is_hidden = True
        self._write("".join(pieces))

    def clear(self) -> None:
        """Take the lines away and show the cursor again."""
        if self._is_hidden:
            self._write(f"{self._back()}\x1b[J\x1b[?25h")
        self._lines = []
        self._is_hidden = False

    def _back(self) -> str:
        return f"\x1b[{len(self._lines)}F" if self._lines else ""

    def _write(self, text: str) -> None:
        try:
            self._stream.write(text)
            self._stream.flush()
        except (OSError, ValueError):
            # The terminal is gone; the work goes on without it.
            return


def is_terminal(stream: TextIO | None) -> bool:
    """Tell whether a stream is a terminal that understands more than plain text."""
    return stream is not None and stream.isatty() and os.environ.get("TERM", "") != "dumb"
