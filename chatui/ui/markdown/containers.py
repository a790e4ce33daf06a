"""What holds other blocks, and what it draws before their rows: quote bars, bullets, numbers, indents."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

from chatui.ui.markdown.line import EMPTY_LINE, Ink, Line, Run
from chatui.ui.markdown.starts import Marker


class Part(NamedTuple):
    """What one container draws before a row; both forms take the same cells."""

    first: tuple[Run, ...]
    """Before the first row."""
    rest: tuple[Run, ...]
    """Before every other row."""
    cells: int
    said: int = 0
    """Runs at the end of `first` that are text (a bullet, a number), not drawing."""


BAR = Part((Run("▎ ", Ink("quote.bar")),), (Run("▎ ", Ink("quote.bar")),), 2)
_BULLETS = "•◦▪"


class Prefix(NamedTuple):
    """What stands before the rows of a block at one width."""

    first: tuple[Run, ...]
    rest: tuple[Run, ...]
    cells: int
    drawn: int
    """Runs of `first` that are drawing; all of `rest` are."""


class Frame(NamedTuple):
    """The parts of all containers around a block, from the outside in."""

    parts: tuple[Part, ...] = ()

    def fit(self, width: int) -> Prefix:
        """Return the prefix for a width; of nesting that takes more than half of it, the inner parts are drawn."""
        parts = self.parts
        cells = sum(part.cells for part in parts)
        if cells > width // 2:
            while cells > width // 2:
                cells -= parts[0].cells
                parts = parts[1:]
            if cells < width // 2:
                parts = (_indent(width // 2 - cells), *parts)
                cells = width // 2
        first = tuple(run for part in parts for run in part.first)
        drawn = said = 0
        for part in parts:
            drawn += 0 if said else len(part.first) - part.said
            said += part.said
        return Prefix(first, tuple(run for part in parts for run in part.rest), cells, drawn)

    def gap(self, width: int) -> Line:
        """Return the empty line before a block in these containers: only bars go on through it."""
        prefix = self.fit(width)
        runs = list(prefix.rest)
        while runs and runs[-1].text.isspace():
            runs.pop()
        if not runs:
            return EMPTY_LINE
        runs[-1] = runs[-1]._replace(text=runs[-1].text.rstrip())
        return Line(tuple(runs), decoration=len(runs))


@dataclass(slots=True)
class Quote:
    """A block quote."""

    def part(self) -> Part:
        """Return what it draws."""
        return BAR


@dataclass(slots=True)
class List:
    """A list: items of one kind of marker; it draws nothing itself."""

    is_ordered: bool
    delimiter: str
    number: int
    """The number of the next item."""
    level: int
    """How many bullet lists are around it."""


@dataclass(slots=True)
class Item:
    """An item of a list."""

    indent: int
    """Columns that its further lines are indented by."""
    marker: str
    is_ordered: bool
    is_unmarked: bool = True
    """Whether its marker is still to be drawn, by the first row in it."""
    is_hollow: bool = False
    """Whether it began with an empty line, and holds nothing yet."""

    def part(self) -> Part:
        """Return what it draws before its first row, or an indent once that is done."""
        ink = Ink("list.number" if self.is_ordered else "list.bullet")
        return marked_part(self.marker, ink) if self.is_unmarked else _indent(_marker_cells(self.marker))


def marked_part(marker: str, ink: Ink) -> Part:
    """Return the part of an item whose marker is drawn: right-aligned in two cells, then a space."""
    cells = _marker_cells(marker)
    pad = " " * (cells - len(marker) - 1)
    first = (Run(pad, Ink()), Run(f"{marker} ", ink)) if pad else (Run(f"{marker} ", ink),)
    return Part(first, _indent(cells).rest, cells, said=1)


def task_part(part: Part, is_done: bool) -> Part:
    """Return the part of an item that is a task: a box in the bullet's place, or after the number."""
    box = Run("☑ " if is_done else "☐ ", Ink("task.done" if is_done else "task.open"))
    if part.first[-1].ink.role == "list.bullet":
        return part._replace(first=(*part.first[:-1], box))
    cells = part.cells + 2
    return Part((*part.first, box), _indent(cells).rest, cells, said=2)


def make_item(marker: Marker, stack: Sequence[Container]) -> tuple[List, Item]:
    """Return the list that an item belongs to (the open one, where it fits) and the item."""
    tip = stack[-1] if stack else None
    if not isinstance(tip, List) or (tip.is_ordered, tip.delimiter) != (marker.is_ordered, marker.delimiter):
        level = sum(isinstance(container, List) and not container.is_ordered for container in stack[:-1])
        tip = List(marker.is_ordered, marker.delimiter, marker.number, level)
    # Numbers count up even where the source repeats one; where it skips some, they do too.
    tip.number = max(tip.number, marker.number)
    sign = f"{tip.number}{tip.delimiter}" if tip.is_ordered else _BULLETS[tip.level % len(_BULLETS)]
    tip.number += 1
    return tip, Item(marker.indent, sign, marker.is_ordered, is_hollow=marker.is_blank)


Container = Quote | List | Item


def _marker_cells(marker: str) -> int:
    # One cell of air, the marker and a space; numbers below 100 are aligned at the right.
    return max(3, len(marker) + 1) if len(marker) < 2 else max(4, len(marker) + 1)


def _indent(cells: int) -> Part:
    runs = (Run(" " * cells, Ink()),)
    return Part(runs, runs, cells)
