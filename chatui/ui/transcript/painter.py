"""The painter: rows to strips of the full width, scrollbar included, kept while they are looked at."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Iterable, Mapping, Sequence
from enum import Enum
from functools import lru_cache

from rich.cells import cell_len
from rich.segment import Segment
from rich.style import Style
from textual.filter import LineFilter
from textual.strip import Strip

from chatui.ui.markdown.line import Ink, Line
from chatui.ui.markdown.palette import Palette
from chatui.ui.transcript.inks import make_inks
from chatui.ui.transcript.section import GUTTER_WIDTH, Row

KEPT_STRIPS = 3000
"""Strips kept; one costs one to three kilobytes."""
RIGHT_MARGIN = 1
"""Cells between the text and the scrollbar."""
WIDEST_TEXT = 110
"""Cells of text in a row at most: longer rows are hard to read."""


class Bar(Enum):
    """What the scrollbar's cell of a row shows."""

    TRACK = " "
    THUMB = "▐"
    HELD = "█"


_BAR_ROLES = {Bar.TRACK: "track", Bar.THUMB: "thumb", Bar.HELD: "thumb.held"}


def text_width(width: int) -> int:
    """Return the cells that text has in a transcript of `width` cells; 0 where there is no room at all."""
    return max(min(width - GUTTER_WIDTH - RIGHT_MARGIN - 1, WIDEST_TEXT), 0)


class Painter:
    """Strips by line and look. Runs that look the same are the same object: their identity is the key."""

    def __init__(self, variables: Mapping[str, str], is_dark: bool, filters: Sequence[LineFilter] = ()) -> None:
        self._palette = Palette(variables, is_dark)
        self._inks = make_inks(variables)
        self._filters = filters
        self._width = 0
        self._strips: OrderedDict[tuple[int, int, str, str, int], tuple[Line, Strip]] = OrderedDict()
        self._looks: dict[tuple[Ink | None, str | None], Style] = {}
        """Styles as they go to the terminal, through the filters, by ink and ground; `None` for a style of its own."""
        self.painted = 0
        """Strips painted so far, not counting those found."""

    def set_width(self, width: int) -> None:
        """Paint for rows of `width` cells from now on."""
        if width != self._width:
            self._width = width
            self._strips.clear()

    def style(self, ink: Ink) -> Style:
        """The style of an ink, the transcript's own or one of Markdown's."""
        own = self._inks.get(ink.role)
        if own is None:
            return self._palette.style(ink)
        return own + Style(bold=True, italic=ink.italic) if ink.bold else own + Style(italic=ink.italic)

    def paint(self, row: Row, bar: Bar) -> Strip:
        """Return the row as a strip of exactly the set width."""
        line, gutter, fill = row
        # A bar by its identity too: members of an enum are hashed by Python code, and this runs for each row shown.
        key = (id(line.runs), id(gutter), fill, line.fill, id(bar))
        found = self._strips.get(key)
        if found is not None:
            self._strips.move_to_end(key)
            return found[1]
        strip = self._paint(row, bar)
        # The line is kept beside its strip: as long as it lives, no other runs have the id of its runs.
        self._strips[key] = (line, strip)
        if len(self._strips) > KEPT_STRIPS:
            self._strips.popitem(last=False)
        return strip

    def filter(self, strip: Strip) -> Strip:
        """Pass a strip through the app's filters (no colour, ANSI colours), as Textual does for other widgets."""
        for line_filter in self._filters:
            strip = strip.apply_filter(line_filter, self._palette.background)
        return strip

    def _look(self, ink: Ink | None, ground: str | None) -> Style:
        """The style of an ink on the ground of a role, filtered; of the empty ground where the ink is `None`.

        Filters look at the style of a segment only, so each style passes through them once and not with each row.
        """
        try:
            return self._looks[ink, ground]
        except KeyError:
            style = Style() if ink is None else self.style(ink)
            if ground is not None:
                style += self._palette.fill(ground)
            found = next(iter(self.filter(Strip([Segment(" ", style)])))).style or style
            self._looks[ink, ground] = found
            return found

    def _paint(self, row: Row, bar: Bar) -> Strip:
        self.painted += 1
        line, gutter, fill = row
        look, width = self._look, self._width
        room = max(width - GUTTER_WIDTH - 1, 0)
        inner = text_width(width)
        end = min(inner + RIGHT_MARGIN, room)
        # Segments, and one strip of them at the end: each strip on the way would cost as much as a segment's letters.
        ground = fill or None
        text = [Segment(piece, look(ink, ground)) for piece, ink in line.runs]
        length = sum([cell_len(piece) for piece, _ in line.runs])
        if length < inner and not any(ink.role in self._inks for _, ink in line.runs):
            filled = line.fill if ground is None else fill
            text.append(Segment(" " * (inner - length), look(None, filled)))
            length = inner
        head = Segment(gutter.text, look(gutter.ink, fill))
        tail = Segment(bar.value, look(Ink(_BAR_ROLES[bar]), None))
        if length <= end and width > GUTTER_WIDTH:
            blank = Segment(" " * (end - length), look(None, fill)), Segment(" " * (room - end), look(None, ""))
            return _join([head, *text, *blank, tail], width)
        cut = Strip(text, length).adjust_cell_length(end, look(None, fill)).adjust_cell_length(room, look(None, ""))
        return _join(Strip([head, *cut, tail]).adjust_cell_length(width, look(None, "")), width)


def _join(segments: Iterable[Segment], width: int) -> Strip:
    """Join neighbours that look the same, spaces on the same ground among them: each change of style costs bytes."""
    joined: list[Segment] = []
    before, last = "", None
    for segment in segments:
        text, style, _ = segment
        if not text:
            continue
        # Other letters may join with what stands beside them, and be narrower for it.
        if style is not None and last is not None and (before[-1] + text[0]).isascii():
            is_kept = style is last or style == last or (text.isspace() and _hides(last, style))
            if is_kept or (before.isspace() and _hides(style, last)):
                before, last = before + text, last if is_kept else style
                joined[-1] = Segment(before, last)
                continue
        joined.append(segment)
        before, last = text, style
    return Strip(joined, width)


@lru_cache(1024)
def _hides(style: Style, other: Style) -> bool:
    """True where a space looks the same in both styles."""
    return style.bgcolor == other.bgcolor and _is_bare(style) and _is_bare(other)


@lru_cache(256)
def _is_bare(style: Style) -> bool:
    """True where nothing of a style but its ground shows in a space."""
    return not any(
        (style.underline, style.underline2, style.overline, style.strike, style.reverse, style.link, style.meta)
    )
