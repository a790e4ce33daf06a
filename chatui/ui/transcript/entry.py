"""An entry: one message or note of the transcript as rows for a width, a stack of sections."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Sequence
from typing import NamedTuple

from chatui.ui.transcript.folded_code import FoldedCode
from chatui.ui.transcript.section import BLANK_ROW, Action, Lines, Row, Section


class Place(NamedTuple):
    """A place in an entry that outlives a new width."""

    section: int
    line: int
    source: int
    """Where the row's source begins in the text that the section shows; -1 where it shows none."""
    share: float
    """How far down the row is among those of the same source, from 0 to 1."""


class Choice(NamedTuple):
    """What the reader folded or unfolded in an entry."""

    is_open: bool | None = None
    """Whether a long prompt or the reasoning is unfolded; `None` where the reader left that to the app."""
    folded_code: frozenset[int] = frozenset()
    """The numbers of the code blocks that are folded."""


class Entry(ABC):
    """Rows of one item for one width. Subclasses say which sections there are; `rebuild` asks them again."""

    def __init__(self, width: int) -> None:
        self.width = max(width, 1)
        self.which = ""
        """Which of several answers or versions it is, such as `‹2/3›`; empty for the only one. Shown by `rebuild`."""
        self._sections: list[Section] = []

    @abstractmethod
    def stack(self) -> list[Section]:
        """Return the sections as they are now, top to bottom, the blank row below included."""

    @property
    def texts(self) -> Sequence[str]:
        """The texts that its sections show or, folded, could show; `Section.part` counts in them."""
        return ()

    def rebuild(self) -> None:
        """Take over what `stack` says now."""
        self._sections = self.stack()

    @property
    def sections(self) -> Sequence[Section]:
        """The sections, top to bottom."""
        return self._sections

    @property
    def choice(self) -> Choice:
        """What the reader folded or unfolded in it; it outlives the entry."""
        return Choice()

    @property
    def height(self) -> int:
        """Rows, the blank one below included."""
        return sum(section.lines.height for section in self._sections)

    def row(self, index: int) -> Row:
        """One row; blank outside the entry."""
        for section in self._sections:
            height = section.lines.height
            if index < height:
                return Row(section.lines.line(index), section.gutter, section.fill)
            index -= height
        return BLANK_ROW

    def rows(self, start: int, stop: int) -> list[Row]:
        """The rows from `start` up to `stop`, as far as there are any; what a screen shows is asked for at once."""
        rows: list[Row] = []
        above = 0
        for section in self._sections:
            lines, gutter, fill, *_ = section
            height = lines.height
            first, end = max(start - above, 0), min(stop - above, height)
            rows += [Row(lines.line(index), gutter, fill) for index in range(first, end)]
            above += height
            if above >= stop:
                break
        return rows

    def action(self, index: int) -> Action | None:
        """What a click on that row does."""
        for section in self._sections:
            height = section.lines.height
            if index < height:
                is_fold = isinstance(section.lines, FoldedCode) and section.lines.is_fold_line(index)
                return Action.FOLD_CODE if is_fold else section.action
            index -= height
        return None

    def act(self, action: Action, row: int = 0) -> bool:
        """Do what a click on `row` asks for; true when rows changed."""
        return False

    def first_row(self, lines: Lines) -> int:
        """The row where these lines begin; the height where they are not shown."""
        rows = 0
        for section in self._sections:
            if section.lines is lines:
                break
            rows += section.lines.height
        return rows

    def place(self, index: int) -> Place:
        """Where that row is, in terms that a new width does not change."""
        for number, section in enumerate(self._sections):
            height = section.lines.height
            if index < height:
                if section.part is None:
                    return Place(number, index, -1, 0.0)
                source = section.lines.line(index).start
                first, end = rows_of(section.lines, source, index)
                return Place(number, index, source, (index - first) / (end - first))
            index -= height
        return Place(len(self._sections), 0, -1, 0.0)

    def find(self, place: Place) -> int:
        """The row of a place; the nearest one when there is none any more."""
        above = 0
        for number, section in enumerate(self._sections):
            height = section.lines.height
            if number == place.section:
                return above + _find_line(section, height, place)
            above += height
        return max(above - 1, 0)


def _find_line(section: Section, height: int, place: Place) -> int:
    if section.part is None or place.source < 0:
        return min(place.line, max(height - 1, 0))
    found = 0
    for index in range(height):
        start = section.lines.line(index).start
        if start > place.source:
            break
        found = index
    first, end = rows_of(section.lines, section.lines.line(found).start, found)
    return first + int(place.share * (end - first))


def rows_of(lines: Lines, source: int, index: int) -> tuple[int, int]:
    """Return the rows around `index` whose source begins at `source`: a paragraph's all begin where it does."""
    first, end = index, index + 1
    while first > 0 and lines.line(first - 1).start == source:
        first -= 1
    while end < lines.height and lines.line(end).start == source:
        end += 1
    return first, end
