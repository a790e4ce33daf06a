"""A widget of exactly one row, drawn from segments that are made anew only when its content or width changes."""

from __future__ import annotations

from rich.segment import Segment
from textual.strip import Strip

from chatui.ui.direct_paint import PaintedRows


class OneLine(PaintedRows):
    """One row of text that nobody types in."""

    DEFAULT_CSS = """
    OneLine {
        width: 1fr;
        height: 1;
        padding: 0 1;
    }
    """

    def __init__(self, *, id: str | None = None, classes: str | None = None) -> None:
        super().__init__(id=id, classes=classes)
        self._strip: Strip | None = None
        self._row: Strip | None = None
        """The strip with the padding beside it, as the terminal gets it."""

    def draw(self, width: int) -> list[Segment]:
        """Return the row's segments, at most `width` (≥ 1) cells together."""
        raise NotImplementedError

    def redraw(self) -> None:
        """Draw anew: the content has changed."""
        self.drop_rows()
        self.paint([0])

    def drop_rows(self) -> None:
        """Forget the row."""
        self._strip = self._row = None

    def render_line(self, y: int) -> Strip:
        """Return the row, filled to the widget's width."""
        width = self.content_size.width
        if y > 0 or width <= 0:
            return Strip.blank(max(0, width), self.ground)
        if self._strip is None or self._strip.cell_length != width:
            self._strip = Strip(self.draw(width)).adjust_cell_length(width, self.ground)
        return self._strip

    def row(self, y: int) -> Strip:
        """The row with the padding beside it; there is no other."""
        if self._row is None or self._row.cell_length != self.outer_size.width:
            self._row = self.frame(self.render_line(0))
        return self._row
