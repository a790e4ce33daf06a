"""What the reader does, laid over the strips: the cursor's block, the numbers of code, found text."""

from __future__ import annotations

from collections.abc import Callable

from rich.cells import cell_len
from rich.segment import Segment
from rich.style import Style
from textual.strip import Strip

from chatui.ui.markdown.line import Ink
from chatui.ui.transcript.block_cursor import BlockCursor
from chatui.ui.transcript.finder import Finder, Hit
from chatui.ui.transcript.painter import RIGHT_MARGIN, Painter, text_width
from chatui.ui.transcript.section import GUTTER_WIDTH, Row
from chatui.ui.transcript.selecting import RowPlace

_BAR = "┃".ljust(GUTTER_WIDTH)
"""Not the bar of a prompt, also where there are no colours."""


class Dresser:
    """Dresses rows of the screen. It is asked only while there is a cursor or a search."""

    def __init__(self, cursor: BlockCursor, finder: Finder, painter: Callable[[], Painter]) -> None:
        self._cursor = cursor
        self._finder = finder
        self._painter = painter

    def dress(self, strip: Strip, place: RowPlace, row: Row) -> Strip:
        """Return the strip of a row as it is to be shown now."""
        painter = self._painter()
        dressed = strip
        if self._cursor.order == place.order:
            dressed = self._dress_block(dressed, place, painter)
        if self._finder.needle is not None and row.line.runs:
            for hit in self._finder.hits(place):
                dressed = _dress_hit(dressed, row, hit, painter.style(Ink("hit.current" if hit.is_current else "hit")))
        return strip if dressed is strip else painter.filter(dressed)

    def _dress_block(self, strip: Strip, place: RowPlace, painter: Painter) -> Strip:
        block = self._cursor.block()
        if block is None:
            return strip
        width = strip.cell_length
        right = min(GUTTER_WIDTH + text_width(width) + RIGHT_MARGIN, width - 1)
        if block.first <= place.row < block.end and right > GUTTER_WIDTH:
            style = painter.style(Ink("cursor"))
            behind = Style(bgcolor=style.bgcolor)
            _, text, rest = strip.divide([GUTTER_WIDTH, right, width])
            marked = [Segment(piece, (own or Style()) + behind) for piece, own, _ in text]
            strip = Strip([Segment(_BAR, style), *marked, *rest], width)
        number = next((code.number for code in self._cursor.codes() if code.first == place.row), 0)
        return _put_number(strip, number, right, painter) if number else strip


def _put_number(strip: Strip, number: int, right: int, painter: Painter) -> Strip:
    words = str(number)
    start = right - len(words) - RIGHT_MARGIN
    if start <= GUTTER_WIDTH:
        return strip
    before, under, after = strip.divide([start, start + len(words), strip.cell_length])
    ground = next((style.bgcolor for _, style, _ in under if style is not None), None)
    style = painter.style(Ink("number")) + Style(bgcolor=ground, bold=True)
    return Strip([*before, Segment(words, style), *after], strip.cell_length)


def _dress_hit(strip: Strip, row: Row, hit: Hit, style: Style) -> Strip:
    text = row.line.text
    start = GUTTER_WIDTH + cell_len(text[: hit.start])
    end = min(GUTTER_WIDTH + cell_len(text[: hit.end]), strip.cell_length - 1)
    if start >= end:
        return strip
    before, inside, after = strip.divide([start, end, strip.cell_length])
    marked = [Segment(piece, (own or Style()) + style) for piece, own, _ in inside]
    return Strip([*before, *marked, *after], strip.cell_length)
