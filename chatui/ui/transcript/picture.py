"""The picture: what the rows of the screen look like now, and what lies under a cell of it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import NamedTuple

from rich.cells import cell_len
from rich.segment import Segment
from rich.style import Style
from textual.selection import Selection
from textual.strip import Strip

from chatui.conversation.visible import make_visible_line
from chatui.ui.markdown.line import EMPTY_LINE, Ink, Run
from chatui.ui.markdown.plain_flow import PlainFlow
from chatui.ui.transcript.painter import Bar, Painter, text_width
from chatui.ui.transcript.scrollbar import NO_THUMB, Thumb, place_thumb
from chatui.ui.transcript.section import BLANK_ROW, GUTTER_WIDTH, Action, Row, drawn_line
from chatui.ui.transcript.selecting import number_row
from chatui.ui.transcript.view import View


class Hit(NamedTuple):
    """What lies under a cell."""

    order: int
    row: int = 0
    """The row within the item."""
    action: Action | None = None
    link: str = ""
    is_bar: bool = False
    is_mark: bool = False


Dress = Callable[[list[Strip], Sequence[tuple[int, int, Row]]], list[Strip]]
"""Lays what the reader does (a cursor, found text) over the strip of a row."""


class Picture:
    """Strips for screen rows. Nothing is kept here but the size; strips are kept by the painter."""

    def __init__(self, view: View, painter: Painter) -> None:
        self.view = view
        self.painter = painter
        self.width = 0
        self.is_bar_held = False
        self.dress: Dress | None = None
        self._welcome: list[Row] = []
        self._welcome_text: Sequence[str] = ()

    def set_painter(self, painter: Painter) -> None:
        """Take other colours; nothing but the strips is dropped."""
        self.painter = painter
        painter.set_width(self.width)

    def set_size(self, width: int, rows: int) -> None:
        """Take another size."""
        self.width = width
        self.painter.set_width(width)
        self.view.set_size(text_width(width), rows)
        self._lay_out_welcome()

    def set_welcome(self, lines: Sequence[str]) -> None:
        """Take the lines shown while there is no message; the first one is the title."""
        self._welcome_text = [make_visible_line(line) for line in lines]
        self._lay_out_welcome()

    @property
    def thumb(self) -> Thumb:
        """Where the scrollbar's thumb is."""
        return place_thumb(self.view.top, self.view.document.total, self.view.rows)

    @property
    def mark(self) -> str:
        """The words at the bottom right while there is more below; empty for none."""
        count = self.view.new_lines
        if self.view.is_following or not count:
            return ""
        long = f" ↓ {count:,} new line{'s' if count != 1 else ''} "
        return long if len(long) + GUTTER_WIDTH < self.width else " ↓ "[: max(self.width - 1, 0)]

    def strips(
        self, first: int, count: int, selection: Selection | None = None, select: Style | None = None
    ) -> list[Strip]:
        """Return the strips of `count` screen rows from `first` on."""
        view, paint = self.view, self.painter.paint
        if not len(view.document):
            return [paint(self._welcome_row(y), Bar.TRACK) for y in range(first, first + count)]
        held = Bar.HELD if self.is_bar_held else Bar.THUMB
        rows = view.screen_rows(first, count)
        start, end = self.thumb
        strips = [paint(row, held if start <= y < end else Bar.TRACK) for y, (_, _, row) in enumerate(rows, first)]
        if self.dress is not None:
            strips = self.dress(strips, rows)
        if selection is not None and select is not None:
            strips = [
                self._select(strip, row, selection.get_span(number_row(order, line)), select)
                for strip, (order, line, row) in zip(strips, rows, strict=True)
            ]
        if first <= view.rows - 1 < first + count and (mark := self.mark):
            strips[view.rows - 1 - first] = self._put_mark(strips[view.rows - 1 - first], mark)
        return strips

    def tagged_strip(self, y: int) -> Strip:
        """Return the strip of a screen row with the offsets that Textual's selection works with."""
        view = self.view
        strip = self.strips(y, 1)[0]
        order, line, _ = view.screen_rows(y, 1)[0]
        if not len(view.document) or order >= view.document.end:
            return strip
        return strip.crop(0, self.width - 1).apply_offsets(0, number_row(order, line))

    def hit(self, x: int, y: int) -> Hit | None:
        """What lies at a cell of the screen."""
        view = self.view
        if not len(view.document) or not 0 <= y < view.rows:
            return None
        order, line, row = view.screen_rows(y, 1)[0]
        if x >= self.width - 1 and self.thumb != NO_THUMB:
            return Hit(order, line, is_bar=True)
        mark = self.mark
        if mark and y == view.rows - 1 and x >= self.width - 1 - cell_len(mark):
            return Hit(order, line, is_mark=True)
        if order >= view.document.end:
            return None
        cell = GUTTER_WIDTH
        for run in row.line.runs:
            cell += cell_len(run.text)
            if x < cell:
                link = run.ink.link if x >= GUTTER_WIDTH else ""
                return Hit(order, line, view.document.entry(order).action(line), link)
        return Hit(order, line, view.document.entry(order).action(line))

    def _select(self, strip: Strip, row: Row, span: tuple[int, int] | None, select: Style) -> Strip:
        if span is None or not row.line.runs:
            return strip
        whole = row.gutter.text + row.line.text
        start, end = span
        begin = max(cell_len(whole[:start]), GUTTER_WIDTH)
        stop = cell_len(whole if end < 0 else whole[:end])
        if stop <= begin:
            return strip
        before, inside, after = strip.divide([begin, min(stop, self.width - 1), self.width])
        marked = Strip([Segment(text, (style or Style()) + select) for text, style, _ in inside], inside.cell_length)
        return Strip.join([before, marked, after])

    def _put_mark(self, strip: Strip, mark: str) -> Strip:
        style = self.painter.style(Ink("mark"))
        painted = self.painter.filter(Strip([Segment(mark, style)]))
        end = self.width - 1
        start = max(end - cell_len(mark), 0)
        return Strip.join([strip.crop(0, start), painted, strip.crop(end, self.width)])

    def _welcome_row(self, y: int) -> Row:
        above = max((self.view.rows - len(self._welcome)) // 2, 0)
        return self._welcome[y - above] if above <= y < above + len(self._welcome) else BLANK_ROW

    def _lay_out_welcome(self) -> None:
        room = text_width(self.width)
        self._welcome = []
        for number, text in enumerate(self._welcome_text):
            wrapped = PlainFlow(max(room, 1), "label" if number else "switch", text)
            # An empty line has no row of its own in a flow.
            for line in wrapped.lines(0, wrapped.height) or (EMPTY_LINE,):
                indent = max((self.width - cell_len(line.text)) // 2 - GUTTER_WIDTH, 0)
                runs = [run._replace(ink=run.ink._replace(bold=not number)) for run in line.runs]
                self._welcome.append(Row(drawn_line(Run(" " * indent, Ink()), *runs) if runs else EMPTY_LINE))
