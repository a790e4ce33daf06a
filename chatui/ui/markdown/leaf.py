"""What a block without blocks in it is: a place among containers, and rows for a width; and the smallest of them."""

from __future__ import annotations

import copy
from enum import Enum, auto
from typing import NamedTuple, Self

from chatui.conversation.visible import make_visible_line
from chatui.ui.markdown.containers import Frame
from chatui.ui.markdown.definitions import Definition, References
from chatui.ui.markdown.inline import read_inline
from chatui.ui.markdown.line import Ink, Run
from chatui.ui.markdown.starts import SourceLine
from chatui.ui.markdown.wrap import Row, measure, wrap


class LeafRow(NamedTuple):
    """A row of a leaf, without what its containers draw before it; the fields are those of a `Line`."""

    runs: Row
    start: int
    end: int
    fill: str = ""
    drawn: int = 0
    """Runs at the start that are drawing."""


class Settled(NamedTuple):
    """Rows that became final."""

    rows: list[LeafRow]
    is_restart: bool = False
    """They replace all rows that were final before (a table whose columns grew)."""


class Step(Enum):
    """What a leaf does with a line that its containers let through to it."""

    NOT_MINE = auto()
    """It may be anything: the leaf says nothing, or ends before it."""
    TAKEN = auto()
    LAST = auto()
    """The leaf took it, and ends with it."""


class Place(NamedTuple):
    """Where a leaf stands."""

    frame: Frame
    """What its containers draw before its rows."""
    gap: Frame | None
    """The containers that go on through the empty line before it; no line where None."""
    top: int
    """The ordinal of the top-level block that it is in."""
    kind: str
    """The kind of that block where it is a container (`list`, `quote`), else empty."""
    ink: Ink
    """What its plain text is written in."""


class Leaf:
    """A block of rows. It may be open at its end: `settle` gives what is final, `tail` the rest as it is now.

    All rows are `relayout` (or what `settle` gave) followed by `tail`. Widths are in cells, without the containers'.
    """

    kind = "leaf"
    language = ""
    number = 0
    is_closed = False
    """Whether its source is complete."""

    def __init__(self, place: Place, start: int, end: int) -> None:
        self.place = place
        self.start = start
        self.end = end
        self.first_line = 0
        """The index of its first row in the sheet."""
        self.height = 0
        """Rows of it that are in the sheet."""

    def fork(self) -> Self:
        """Return a copy that may go its own way; it is never settled or closed."""
        return copy.copy(self)

    def go_on(self, line: SourceLine, at: int) -> Step:
        """Take a line from a column on, where it belongs to the leaf whatever it says: in code, in HTML."""
        return Step.NOT_MINE

    def settle(self, width: int) -> Settled:
        """Return the rows that became final since the last call."""
        return Settled([])

    def tail(self, width: int, is_open: bool) -> list[LeafRow]:
        """Return the rows after the settled ones, as the source stands; `is_open` where more of it may come."""
        raise NotImplementedError

    def close(self, width: int) -> list[LeafRow]:
        """Take the source as complete, and return the rows after the settled ones."""
        self.is_closed = True
        return self.tail(width, False)

    def relayout(self, width: int) -> list[LeafRow]:
        """Return the settled rows for another width, from what was parsed."""
        return []

    def wanted(self) -> set[str]:
        """Return the labels of link references that its text uses and that are not known yet."""
        return set()

    def resolve(self, references: References) -> None:
        """Read again what wanted references, once it is closed."""


class Heading(Leaf):
    """A heading, with its level from 1 to 6."""

    kind = "heading"

    def __init__(self, place: Place, start: int, end: int, level: int, text: str, references: References) -> None:
        super().__init__(place, start, end)
        ink = Ink(f"heading{level}", bold=True)
        self.level = level
        self._inline = read_inline(text.strip(), ink, references)

    def tail(self, width: int, is_open: bool) -> list[LeafRow]:
        """Return its rows; the first level is underlined as far as its text goes."""
        rows = wrap(self._inline.runs, width)
        if self.level == 1:
            longest = max(sum(measure(run.text) for run in row) for row in rows)
            rows.append((Run("━" * max(longest, 1), Ink("heading.rule")),))
            return [
                LeafRow(row, self.start, self.end, drawn=int(index == len(rows) - 1)) for index, row in enumerate(rows)
            ]
        return [LeafRow(row, self.start, self.end) for row in rows]

    def wanted(self) -> set[str]:
        """Return the labels that it waits for."""
        return set(self._inline.wanted)

    def resolve(self, references: References) -> None:
        """Read it again with more references."""
        self._inline = self._inline.resolve(references)


class Rule(Leaf):
    """A thematic break."""

    kind = "rule"

    def tail(self, width: int, is_open: bool) -> list[LeafRow]:
        """Return one thin line over the width."""
        return [LeafRow((Run("─" * width, Ink("rule")),), self.start, self.end)]


class Reference(Leaf):
    """A link reference definition: shown, since its target may be mentioned nowhere else."""

    kind = "reference"

    def __init__(self, place: Place, start: int, end: int, definition: Definition) -> None:
        super().__init__(place, start, end)
        self._runs = [
            Run(f"[{make_visible_line(definition.label)}] ", Ink("dim")),
            Run(make_visible_line(definition.target), Ink("link", link=definition.target)),
        ]

    def tail(self, width: int, is_open: bool) -> list[LeafRow]:
        """Return label and target."""
        return [LeafRow(row, self.start, self.end) for row in wrap(self._runs, width)]


class Bare(Leaf):
    """Nothing: the place of an item that holds no text."""

    kind = "paragraph"

    def tail(self, width: int, is_open: bool) -> list[LeafRow]:
        """Return one row for the marker to stand on."""
        return [LeafRow((), self.start, self.end)]
