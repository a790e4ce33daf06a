"""The rows of a flow as lines: leaves one below the other, each behind what its containers draw."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable, Sequence
from typing import NamedTuple

from chatui.ui.markdown.containers import Prefix
from chatui.ui.markdown.leaf import Leaf, LeafRow, Settled
from chatui.ui.markdown.line import Line


class Block(NamedTuple):
    """A block of a reply: what stands at the top level, or a code fence inside of one."""

    kind: str
    """`paragraph`, `heading`, `list`, `quote`, `code`, `table`, `rule`, `html`, `math` or `reference`."""
    first_line: int
    last_line: int
    """The line after its last."""
    start: int
    """Where its source begins: the beginning of a line."""
    end: int
    language: str = ""
    """The language of code, as its info string says."""
    number: int = 0
    """The number of code, counted from 1 in the reply; 0 for other blocks."""


class Sheet:
    """Leaves and their lines. A sheet may continue another one: its lines are counted on from `base`."""

    def __init__(self, width: int, base: int = 0) -> None:
        self.width = width
        self.base = base
        self.lines: list[Line] = []
        self.leaves: list[Leaf] = []
        self.restart: int | None = None
        """The first line that was replaced, until it is asked for."""
        self._prefixes: tuple[object, Prefix] = (None, Prefix((), (), 0, 0))

    def __len__(self) -> int:
        return self.base + len(self.lines)

    def open(self, leaf: Leaf) -> None:
        """Take a new leaf, after the empty line that parts it from the one before."""
        if leaf.place.gap is not None:
            self.lines.append(leaf.place.gap.gap(self.width)._replace(start=leaf.start, end=leaf.start))
        leaf.first_line = len(self)
        self.leaves.append(leaf)

    def replace(self, leaf: Leaf) -> None:
        """Put another leaf in the place of the last one, which has no rows yet."""
        leaf.first_line = self.leaves[-1].first_line
        self.leaves[-1] = leaf

    def inner_width(self, leaf: Leaf) -> int:
        """Return the cells that a leaf's rows may take."""
        return self.width - self._fit(leaf).cells

    def put(self, leaf: Leaf, settled: Settled) -> None:
        """Take the rows of the last leaf that became final."""
        if settled.is_restart:
            del self.lines[leaf.first_line - self.base :]
            leaf.height = 0
            self.restart = leaf.first_line if self.restart is None else min(self.restart, leaf.first_line)
        self.lines += self.frame(leaf, settled.rows, leaf.height == 0)
        leaf.height += len(settled.rows)

    def frame(self, leaf: Leaf, rows: Iterable[LeafRow], is_first: bool) -> list[Line]:
        """Return rows of a leaf as lines; the first row of all has its marker."""
        prefix = self._fit(leaf)
        lines: list[Line] = []
        for runs, start, end, fill, drawn in rows:
            if is_first and prefix.drawn < len(prefix.first):
                # What follows a marker is text for whoever copies it, drawing or not.
                lines.append(Line(prefix.first + runs, fill, start, end, prefix.drawn))
            else:
                before = prefix.first if is_first else prefix.rest
                lines.append(Line(before + runs if before else runs, fill, start, end, len(before) + drawn))
            is_first = False
        return lines

    def set_width(self, width: int) -> None:
        """Lay all leaves out for another width."""
        self.width = width
        self.lines = []
        self._prefixes = (None, self._prefixes[1])
        leaves, self.leaves = self.leaves, []
        for leaf in leaves:
            self.open(leaf)
            leaf.height = 0
            self.put(leaf, Settled(leaf.relayout(self.inner_width(leaf))))
            if leaf.is_closed:
                self.put(leaf, Settled(leaf.tail(self.inner_width(leaf), False)))

    def redraw(self, leaves: Sequence[Leaf]) -> None:
        """Lay closed leaves out again where they stand; those below them move. It costs one pass, however many."""
        if not leaves:
            return
        chosen = {id(leaf) for leaf in leaves}
        first_line = min(leaf.first_line for leaf in leaves)
        self.restart = first_line if self.restart is None else min(self.restart, first_line)
        lines = self.lines[: first_line - self.base]
        taken, grown = len(lines), 0
        for leaf in self.leaves[bisect_left(self.leaves, first_line, key=lambda leaf: leaf.first_line) :]:
            first = leaf.first_line - self.base
            leaf.first_line += grown
            if id(leaf) in chosen:
                width = self.inner_width(leaf)
                rows = [*leaf.relayout(width), *leaf.tail(width, False)]
                lines += self.lines[taken:first]
                lines += self.frame(leaf, rows, True)
                taken = first + leaf.height
                grown += len(rows) - leaf.height
                leaf.height = len(rows)
        self.lines = lines + self.lines[taken:]

    def _fit(self, leaf: Leaf) -> Prefix:
        if self._prefixes[0] is not leaf.place.frame:
            self._prefixes = (leaf.place.frame, leaf.place.frame.fit(self.width))
        return self._prefixes[1]


def list_blocks(leaves: Iterable[Leaf]) -> list[Block]:
    """Return the blocks that leaves make: each top-level block, and after it the code fences inside of it."""
    blocks: list[Block] = []
    inner: list[Block] = []
    top = -1
    for leaf in leaves:
        last_line = leaf.first_line + leaf.height
        block = Block(leaf.kind, leaf.first_line, last_line, leaf.start, leaf.end, leaf.language, leaf.number)
        if leaf.place.top != top:
            blocks += inner
            inner = []
            top = leaf.place.top
            kind = leaf.place.kind
            blocks.append(block._replace(kind=kind, language="", number=0) if kind else block)
        else:
            blocks[-1] = blocks[-1]._replace(last_line=last_line, end=max(blocks[-1].end, leaf.end))
        if leaf.place.kind and leaf.kind == "code":
            inner.append(block)
    return blocks + inner
