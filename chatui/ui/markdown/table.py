"""A table that grows by rows: columns as wide as their cells, or shared out where they do not fit, or records."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple, Self

from chatui.ui.markdown.containers import Frame
from chatui.ui.markdown.definitions import References
from chatui.ui.markdown.inline import Inline, read_inline
from chatui.ui.markdown.leaf import Leaf, LeafRow, Place, Settled
from chatui.ui.markdown.line import Ink, Run
from chatui.ui.markdown.starts import split_cells
from chatui.ui.markdown.wrap import Row, measure, wrap

_RULE = Ink("table.rule")
_HEADER = Ink("table.header", bold=True)
_BETWEEN = " │ "
_CROSSING = "─┼─"
_NARROWEST = 6
"""Cells per column below which a table that does not fit is shown as records."""

Cell = Sequence[Run]


class TableRow(NamedTuple):
    """One row of cells, parsed."""

    inlines: tuple[Inline, ...]
    start: int
    end: int

    @property
    def cells(self) -> list[Cell]:
        """The runs of each cell."""
        return [inline.runs for inline in self.inlines]

    def resolve(self, references: References) -> TableRow:
        """Return it with more references."""
        return self._replace(inlines=tuple(inline.resolve(references) for inline in self.inlines))


class Grid(NamedTuple):
    """How a table is laid out: the cells of each column, none for records; rules between rows where one is wrapped."""

    widths: tuple[int, ...]
    is_ruled: bool


class Table(Leaf):
    """A table with a header."""

    kind = "table"

    def __init__(
        self, place: Place, start: int, end: int, header: str, alignments: tuple[str, ...], references: References
    ) -> None:
        super().__init__(place, start, end)
        self._references = references
        self.alignments = alignments
        self._header = TableRow(_parse(header, len(alignments), _HEADER, references), start, end)
        self._rows: list[TableRow] = []
        self._new: list[TableRow] = []
        self._natural = _widen((0,) * len(alignments), self._header)
        self._grid: Grid | None = None

    def fork(self) -> Self:
        """Return a copy with new rows of its own."""
        other = super().fork()
        other._new = []
        return other

    def add_row(self, text: str, start: int, end: int) -> None:
        """Take one more row."""
        cells = _parse(text, len(self.alignments), self.place.ink, self._references)
        self._new.append(TableRow(cells, start, end))
        self.end = end

    def settle(self, width: int) -> Settled:
        """Return the new rows; all of them again where the columns had to change."""
        if self._grid is not None and not self._new:
            return Settled([])
        new, self._new = self._new, []
        for row in new:
            self._natural = _widen(self._natural, row)
        grid = self._fit(width, new)
        first = len(self._rows)
        self._rows += new
        old, self._grid = self._grid, grid
        # Records begin with the names of the columns only as long as there is no row.
        if grid != old or (first == 0 and not grid.widths):
            return Settled(self._draw_all(grid, width, self._rows), is_restart=old is not None)
        return Settled(self._draw(grid, width, first, new))

    def tail(self, width: int, is_open: bool) -> list[LeafRow]:
        """Return the rows that are not settled, in the columns as they are."""
        if self._grid is None:
            return self._draw_all(Grid(share_out(self._natural, width), False), width, self._new)
        return self._draw(self._grid, width, len(self._rows), self._new)

    def relayout(self, width: int) -> list[LeafRow]:
        """Lay the cells out again."""
        self._grid = None
        self._grid = self._fit(width, self._rows)
        return self._draw_all(self._grid, width, self._rows)

    def wanted(self) -> set[str]:
        """Return the labels that its cells wait for."""
        return {label for row in (self._header, *self._rows) for inline in row.inlines for label in inline.wanted}

    def resolve(self, references: References) -> None:
        """Read again the cells that waited for a label, and measure the columns anew."""
        self._header = self._header.resolve(references)
        self._rows = [row.resolve(references) for row in self._rows]
        self._natural = (0,) * len(self.alignments)
        for row in (self._header, *self._rows):
            self._natural = _widen(self._natural, row)

    def _fit(self, width: int, new: Sequence[TableRow]) -> Grid:
        widths = share_out(self._natural, width)
        if self._grid is not None and self._grid.widths == widths:
            return Grid(widths, self._grid.is_ruled or _is_wrapped(new, widths))
        return Grid(widths, _is_wrapped([*self._rows, *new], widths))

    def _draw_all(self, grid: Grid, width: int, rows: Sequence[TableRow]) -> list[LeafRow]:
        """Return the head and all rows."""
        if grid.widths:
            header = self._draw_cells(self._header, grid.widths)
            rule = LeafRow(_cross(grid), self._header.start, self._header.end, drawn=1)
            return [*header, rule, *self._draw(grid, width, 0, rows)]
        return self._draw(grid, width, 0, rows) or self._draw_record(self._header, width, is_first=True)

    def _draw(self, grid: Grid, width: int, first: int, rows: Sequence[TableRow]) -> list[LeafRow]:
        drawn: list[LeafRow] = []
        for index, row in enumerate(rows, first):
            if not grid.widths:
                drawn += self._draw_record(row, width, is_first=index == 0)
                continue
            if grid.is_ruled and index > 0:
                drawn.append(LeafRow(_cross(grid), row.start, row.start, drawn=1))
            drawn += self._draw_cells(row, grid.widths)
        return drawn

    def _draw_cells(self, row: TableRow, widths: tuple[int, ...]) -> list[LeafRow]:
        columns = [wrap(cell, cells) for cell, cells in zip(row.cells, widths, strict=True)]
        height = max(map(len, columns))
        drawn: list[LeafRow] = []
        for index in range(height):
            runs: list[Run] = []
            for column, cells, alignment in zip(columns, widths, self.alignments, strict=True):
                if runs:
                    runs.append(Run(_BETWEEN, _RULE))
                runs += _align(column[index] if index < len(column) else (), cells, alignment)
            while runs and runs[-1].text.isspace():
                runs.pop()
            drawn.append(LeafRow(tuple(runs), row.start, row.end))
        return drawn

    def _draw_record(self, row: TableRow, width: int, is_first: bool) -> list[LeafRow]:
        """Return one line or more per cell, with the column's name before it."""
        drawn = [] if is_first else [LeafRow((Run("─" * width, _RULE),), row.start, row.start, drawn=1)]
        for name, cell in zip(self._header.cells, row.cells, strict=True):
            if not cell and name:
                continue
            runs = [*name] if row is self._header else [*name, Run(": ", _RULE), *cell]
            drawn += [LeafRow(part, row.start, row.end) for part in wrap(runs, width)]
        return drawn


def draft_table(text: str, width: int, references: References, start: int, end: int) -> list[LeafRow]:
    """Return the rows of a line that looks like the head of a table, before the line below it has come."""
    place = Place(frame=Frame(), gap=None, top=0, kind="", ink=Ink())
    columns = len(split_cells(text))
    return Table(place, start, end, text, ("",) * columns, references).tail(width, True)


def _cross(grid: Grid) -> Row:
    return (Run(_CROSSING.join("─" * cells for cells in grid.widths), _RULE),)


def share_out(natural: Sequence[int], width: int) -> tuple[int, ...]:
    """Return the columns' cells: as wished while all fit, else the wide ones share what the narrow ones leave.

    Nothing where the columns would become narrower than a word.
    """
    count = len(natural)
    available = width - len(_BETWEEN) * (count - 1)
    if sum(natural) <= available:
        return tuple(natural)
    if available < count * _NARROWEST:
        return ()
    widths = list(natural)
    left = sorted(range(count), key=natural.__getitem__)
    while natural[left[0]] <= available // len(left):
        available -= natural[left.pop(0)]
    # In the order of the columns, so that a cell that is longer still moves nothing.
    for place, index in enumerate(sorted(left)):
        widths[index] = available // len(left) + (place < available % len(left))
    return tuple(widths)


def _parse(text: str, columns: int, ink: Ink, references: References) -> tuple[Inline, ...]:
    cells = split_cells(text)[:columns]
    cells += [""] * (columns - len(cells))
    return tuple(read_inline(cell, ink, references) for cell in cells)


def _widen(natural: tuple[int, ...], row: TableRow) -> tuple[int, ...]:
    return tuple(max(cells, _measure(cell), 1) for cells, cell in zip(natural, row.cells, strict=True))


def _measure(cell: Cell) -> int:
    return max(map(measure, "".join(run.text for run in cell).split("\n")))


def _is_wrapped(rows: Sequence[TableRow], widths: Sequence[int]) -> bool:
    return any(
        _measure(cell) > cells or any("\n" in run.text for run in cell)
        for row in rows
        for cell, cells in zip(row.cells, widths, strict=False)
    )


def _align(row: Row, cells: int, alignment: str) -> list[Run]:
    space = cells - sum(measure(run.text) for run in row)
    before = space if alignment == ">" else space // 2 if alignment == "^" else 0
    pads = (Run(" " * before, Ink()), *row, Run(" " * (space - before), Ink()))
    return [run for run in pads if run.text]
