"""A widget of exactly one row, drawn from segments that are made anew only when its content or width changes."""

from __future__ import annotations

from typing import ClassVar

from rich.segment import Segment
from rich.style import Style
from textual.geometry import Region
from textual.strip import Strip
from textual.widget import Widget

from chatui.ui.direct_paint import frame_row, paint_rows


class OneLine(Widget):
    """One row of text that nobody types in."""

    ALLOW_SELECT: ClassVar[bool] = False
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
        self._ground: Style | None = None

    @property
    def ground(self) -> Style:
        """The style of empty cells, which Textual makes anew from all ancestors each time it is asked."""
        if self._ground is None:
            self._ground = self.rich_style
        return self._ground

    def draw(self, width: int) -> list[Segment]:
        """Return the row's segments, at most `width` (≥ 1) cells together."""
        raise NotImplementedError

    def redraw(self) -> None:
        """Draw anew: the content has changed."""
        self._strip = self._row = None
        # Past the compositor, which would ask the widgets of all rows between this one and others that changed.
        if not (self.is_attached and paint_rows(self, [(0, self._frame())])):
            self.refresh()

    def notify_style_update(self) -> None:
        """Drop what was drawn in the old colours."""
        self._strip = self._row = self._ground = None
        super().notify_style_update()

    def render_lines(self, crop: Region) -> list[Strip]:
        """The row, or a part of it; past Textual's style cache, which does not know of a row painted directly."""
        row = self._frame()
        return [row if crop.width == row.cell_length else row.crop(crop.x, crop.right)]

    def render_line(self, y: int) -> Strip:
        """Return the row, filled to the widget's width."""
        width = self.content_size.width
        if y > 0 or width <= 0:
            return Strip.blank(max(0, width), self.ground)
        if self._strip is None or self._strip.cell_length != width:
            self._strip = Strip(self.draw(width)).adjust_cell_length(width, self.ground)
        return self._strip

    def _frame(self) -> Strip:
        if self._row is None or self._row.cell_length != self.outer_size.width:
            self._row = frame_row(self, self.render_line(0), self.ground)
        return self._row
