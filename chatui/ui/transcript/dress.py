"""What the reader does, laid over the strips: the cursor's block, the numbers of code, found text."""

from __future__ import annotations

from collections.abc import Callable, Sequence

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

    def dress(self, strips: list[Strip], rows: Sequence[tuple[int, int, Row]]) -> list[Strip]:
        """Return the strips of rows, each given with its item and its number in that, as they are to be shown now."""
        painter, order = self._painter(), self._cursor.order
        block = self._cursor.block()
        numbers = {code.first: code.number for code in self._cursor.codes()}
        dressed = []
        for strip, (item, line, row) in zip(strips, rows, strict=True):
            new = strip
            if item == order:
                if block is not None and block.first <= line < block.end:
                    new = _mark(new, painter)
                if line in numbers:
                    new = _put_number(new, numbers[line], painter)
            if row.line.runs:
                for hit in self._finder.hits(RowPlace(item, line)):
                    ink = Ink("hit.current" if hit.is_current else "hit")
                    new = _dress_hit(new, row, hit, painter.style(ink))
            dressed.append(strip if new is strip else painter.filter(new))
        return dressed


def _right_end(strip: Strip) -> int:
    """The cell behind the text's place and its margin."""
    width = strip.cell_length
    return min(GUTTER_WIDTH + text_width(width) + RIGHT_MARGIN, width - 1)


def _mark(strip: Strip, painter: Painter) -> Strip:
    right, width = _right_end(strip), strip.cell_length
    if right <= GUTTER_WIDTH:
        return strip
    style = painter.style(Ink("cursor"))
    behind = Style(bgcolor=style.bgcolor)
    _, text, rest = _divide(strip, [GUTTER_WIDTH, right])
    marked = [Segment(piece, (own or Style()) + behind) for piece, own, _ in text]
    return Strip([Segment(_BAR, style), *marked, *rest], width)


def _put_number(strip: Strip, number: int, painter: Painter) -> Strip:
    words = str(number)
    start = _right_end(strip) - len(words) - RIGHT_MARGIN
    if start <= GUTTER_WIDTH:
        return strip
    if not strip.crop(start - 2, start + len(words)).text.strip():
        # Where the code leaves room: one cell of air to the edge, as on its left.
        start -= 1
    before, under, after = _divide(strip, [start, start + len(words)])
    ground = next((style.bgcolor for _, style, _ in under if style is not None), None)
    style = painter.style(Ink("number")) + Style(bgcolor=ground, bold=True)
    return Strip([*before, Segment(words, style), *after], strip.cell_length)


def _dress_hit(strip: Strip, row: Row, hit: Hit, style: Style) -> Strip:
    text = row.line.text
    start = GUTTER_WIDTH + cell_len(text[: hit.start])
    end = min(GUTTER_WIDTH + cell_len(text[: hit.end]), strip.cell_length - 1)
    if start >= end:
        return strip
    before, inside, after = _divide(strip, [start, end])
    marked = [Segment(piece, (own or Style()) + style) for piece, own, _ in inside]
    return Strip([*before, *marked, *after], strip.cell_length)


def _divide(strip: Strip, cuts: Sequence[int]) -> list[list[Segment]]:
    """Divide a strip at cells, and where a character would be torn (a joined emoji, say), behind that character.

    `Strip.divide` puts spaces in its place, and may make the row wider.
    """
    parts: list[list[Segment]] = [[]]
    waiting = list(cuts)
    at = 0
    for text, style, control in strip:
        rest = text
        while waiting and (at >= waiting[0] or at + cell_len(rest) > waiting[0]):
            place = _find_place(rest, waiting.pop(0) - at)
            if place:
                parts[-1].append(Segment(rest[:place], style, control))
            at += cell_len(rest[:place])
            rest = rest[place:]
            parts.append([])
        if rest:
            parts[-1].append(Segment(rest, style, control))
        at += cell_len(rest)
    parts += [[] for _ in waiting]
    return parts


def _find_place(text: str, cells: int) -> int:
    """The first place from `cells` cells on at which both sides of the text are together as wide as the whole."""
    if cells <= 0 or text.isascii():
        return max(cells, 0)
    width = cell_len(text)
    for place in range(len(text)):
        before = cell_len(text[:place])
        if before >= cells and before + cell_len(text[place:]) == width:
            return place
    return len(text)
