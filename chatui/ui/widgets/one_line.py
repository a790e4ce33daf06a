"""A widget of exactly one row, drawn from segments that are made anew only when its content or width changes."""

from __future__ import annotations

from typing import ClassVar

from rich.segment import Segment
from textual.strip import Strip
from textual.widget import Widget


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

    def draw(self, width: int) -> list[Segment]:
        """Return the row's segments, at most `width` (≥ 1) cells together."""
        raise NotImplementedError

    def redraw(self) -> None:
        """Draw anew: the content has changed."""
        self._strip = None
        self.refresh()

    def notify_style_update(self) -> None:
        """Drop what was drawn in the old colours."""
        self._strip = None
        super().notify_style_update()

    def render_line(self, y: int) -> Strip:
        """Return the row, filled to the widget's width."""
        width = self.content_size.width
        if y > 0 or width <= 0:
            return Strip.blank(max(0, width), self.rich_style)
        if self._strip is None or self._strip.cell_length != width:
            self._strip = Strip(self.draw(width)).adjust_cell_length(width, self.rich_style)
        return self._strip
