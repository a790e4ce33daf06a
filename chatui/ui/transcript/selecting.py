"""Selections of the transcript: how Textual's offsets name rows, what one says, and the ones a click makes."""

from __future__ import annotations

import re
from typing import NamedTuple

from rich.cells import cell_len
from textual.geometry import Offset
from textual.selection import Selection

from chatui.ui.transcript.clean_text import Spot, read_selection
from chatui.ui.transcript.entry import Entry
from chatui.ui.transcript.section import Row, Section
from chatui.ui.transcript.view import View

_LINES_PER_ORDER = 1 << 32
"""Rows that one item has at most. A row's number for a selection is `order * this + row`: it never moves."""
_ROW_END = 1 << 16
"""A column behind the end of every row."""
_WORD = re.compile(r"[\w@#$%&~+\-./:?=\\]*\w[/\\]?|\S", re.UNICODE)
"""What a double click takes: a word, also a path, an address, an option."""


class RowPlace(NamedTuple):
    """A row of the document: an item, and a row within it."""

    order: int
    row: int


def number_row(order: int, row: int) -> int:
    """Return the number by which a selection names a row."""
    return order * _LINES_PER_ORDER + row


def place_of(offset: Offset) -> RowPlace:
    """Return the row that an offset of a selection names."""
    return RowPlace(*divmod(offset.y, _LINES_PER_ORDER))


def select_rows(first: RowPlace, last: RowPlace) -> Selection:
    """Return the selection of whole rows, from `first` to `last` inclusive."""
    return Selection(Offset(0, number_row(*first)), Offset(_ROW_END, number_row(*last)))


def select_word(row: Row, place: RowPlace, cell: int) -> Selection | None:
    """Return the selection of the word at a cell of a row, gutter counted; `None` where there is none."""
    whole = row.gutter.text + row.line.text
    drawn = len(row.gutter.text) + sum(len(run.text) for run in row.line.runs[: row.line.decoration])
    column = next((i for i in range(len(whole)) if cell_len(whole[: i + 1]) > cell), len(whole))
    for found in _WORD.finditer(whole, drawn):
        if found.start() <= column < found.end():
            number = number_row(*place)
            return Selection(Offset(found.start(), number), Offset(found.end(), number))
    return None


def read_selected(view: View, selection: Selection) -> str:
    """Return the text of a selection, without bars, labels and figures.

    An open end of the selection means the edge of the screen.
    """
    document = view.document
    if not len(document) or document.width <= 0:
        return ""
    bottom = min(view.top + view.rows, document.total) - 1
    first = place_of(selection.start) if selection.start is not None else RowPlace(*document.find(view.top))
    last = place_of(selection.end) if selection.end is not None else RowPlace(*document.find(bottom))
    start = selection.start.x if selection.start is not None else 0
    end = selection.end.x if selection.end is not None else _ROW_END
    texts: list[str] = []
    for order in range(max(first.order, document.first), min(last.order, document.end - 1) + 1):
        entry = document.entry(order)
        begin = Spot(first.row, start) if order == first.order else Spot(0, 0)
        stop = Spot(last.row, end) if order == last.order else Spot(entry.height - 1, _ROW_END)
        texts += _read_entry(entry, begin, stop)
    return "\n".join(texts).strip("\n")


def _read_entry(entry: Entry, start: Spot, end: Spot) -> list[str]:
    """Read between two spots that count in the entry's rows, gutters included."""
    texts: list[str] = []
    row = 0
    for section in entry.sections:
        height = section.lines.height
        first, last = max(start.line - row, 0), min(end.line - row, height - 1)
        if first <= last:
            begin = _within(section, start) if start.line - row == first else 0
            stop = _within(section, end) if end.line - row == last else _ROW_END
            texts += read_selection(section.lines, Spot(first, begin), Spot(last, stop))
        row += height
    return texts


def _within(section: Section, spot: Spot) -> int:
    return max(spot.column - len(section.gutter.text), 0)
