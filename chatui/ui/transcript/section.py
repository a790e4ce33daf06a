"""What an entry is made of: sections of lines, each behind one gutter; and the row that comes out of them."""

from __future__ import annotations

from collections.abc import Sequence
from enum import Enum, auto
from typing import NamedTuple, Protocol

from chatui.ui.markdown.line import EMPTY_LINE, Ink, Line, Run

GUTTER_WIDTH = 2
"""Cells left of the text, for bars and breathing room."""


class Action(Enum):
    """What a click on a row does."""

    FOLD_REASONING = auto()
    FOLD_TEXT = auto()
    CONTINUE = auto()
    FOLD_CODE = auto()


def _gutter(text: str, role: str) -> Run:
    return Run(text.ljust(GUTTER_WIDTH), Ink(role))


NO_GUTTER = _gutter("", "text")
PROMPT_GUTTER = _gutter("▌", "accent")
REASONING_GUTTER = _gutter("│", "bar")
ERROR_GUTTER = _gutter("▌", "error")
WARNING_GUTTER = _gutter("▌", "warning")
NOTE_GUTTER = _gutter("·", "dim")
QUEUE_GUTTER = _gutter("▏", "dim")


class Row(NamedTuple):
    """One row of the transcript, without its scrollbar."""

    line: Line
    gutter: Run = NO_GUTTER
    fill: str = ""
    """The role whose background fills the row, gutter included; empty for none."""


BLANK_ROW = Row(EMPTY_LINE)


class Lines(Protocol):
    """Lines for a width; what `MarkdownFlow` and `PlainFlow` are."""

    @property
    def height(self) -> int:
        """How many lines there are."""

    def line(self, index: int) -> Line:
        """One of them; the same object as long as it has not changed."""


class FixedLines:
    """Lines that stand."""

    def __init__(self, lines: Sequence[Line]) -> None:
        self._lines = lines

    @property
    def height(self) -> int:
        """How many lines there are."""
        return len(self._lines)

    def line(self, index: int) -> Line:
        """One of them."""
        return self._lines[index]


class FirstLines:
    """The first lines of a longer text: what a folded one shows."""

    def __init__(self, whole: Lines, height: int) -> None:
        self.whole = whole
        """All of its lines."""
        self._height = height

    @property
    def height(self) -> int:
        """How many lines are shown."""
        return min(self._height, self.whole.height)

    def line(self, index: int) -> Line:
        """One of them."""
        return self.whole.line(index)


class Section(NamedTuple):
    """Consecutive rows of an entry that belong together."""

    lines: Lines
    gutter: Run = NO_GUTTER
    fill: str = ""
    action: Action | None = None
    part: int | None = None
    """Which of the entry's texts its lines show, so that `Line.start` counts in that; `None` for lines of no text.

    A reader's place in such a text outlives a new width, and what is searched for is found in it.
    """
    block: str = ""
    """What it is for the block cursor: `reasoning`, `prompt`, `note`; `text` for lines that have blocks of their own.

    Sections of the same block in a row are one; empty where the cursor does not go.
    """


BLANK = Section(FixedLines((EMPTY_LINE,)))


def drawn_line(*runs: Run) -> Line:
    """A line that is drawn by the transcript and said by nobody: a copy leaves it out."""
    return Line(runs, decoration=len(runs))


def drawn_section(text: str, role: str, *, bold: bool = False, action: Action | None = None) -> Section:
    """A section of one drawn line in one ink."""
    return Section(FixedLines((drawn_line(Run(text, Ink(role, bold=bold))),)), action=action)
