"""Direct paint: changed rows go straight to the terminal, past the compositor, where nothing lies over them.

A frame of the compositor asks every visible widget for its rows, whatever changed; this asks nobody. It leans on names
that Textual keeps private, so each use is guarded: where one is missing, or anything stands in the way, the answer is
False and the caller asks for an ordinary refresh. The compositor keeps no picture of the terminal, so the two can take
turns: what it paints next, it asks the widget for.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar

from rich.console import Console, ConsoleOptions, RenderResult
from rich.segment import Segment
from rich.style import Style
from textual._compositor import CompositorUpdate
from textual.geometry import Region
from textual.strip import Strip
from textual.widget import Widget


class RowsUpdate(CompositorUpdate):
    """Rows of the terminal, each from a column on."""

    def __init__(self, x: int, rows: Sequence[tuple[int, Strip]]) -> None:
        """`rows` are numbers of terminal rows, counted from 0, and what they show from column `x` on."""
        self._x = x
        self._rows = rows

    def __rich_console__(self, console: Console, options: ConsoleOptions) -> RenderResult:
        """Textual renders an update by `render_segments` only."""
        yield from ()

    def render_segments(self, console: Console) -> str:
        """The rows as the bytes that show them."""
        parts: list[str] = []
        for y, strip in self._rows:
            parts.append(f"\x1b[{y + 1};{self._x + 1}H")
            parts.append(strip.render(console))
        return "".join(parts)


def paint_rows(widget: Widget, rows: Sequence[tuple[int, Strip]]) -> bool:
    """Show strips in rows of a widget, counted from its top, each as wide as the widget; False where that cannot be.

    The strips are what the widget's own `render_lines` gives for these rows.
    """
    region = _find_free_region(widget)
    if region is None:
        return False
    update = RowsUpdate(region.x, [(region.y + row, strip) for row, strip in rows])
    try:
        widget.app._display(widget.screen, update)
    except AttributeError:
        return False
    return True


def _find_free_region(widget: Widget) -> Region | None:
    """Where the widget is, when all of it is on top and no change of the layout is due."""
    if not widget.is_attached:
        return None
    app, screen = widget.app, widget.screen
    if app.is_headless or app.is_inline or not screen.is_current:
        return None
    try:
        if app._batch_count or screen._layout_required or screen._scroll_required or screen._repaint_required:
            return None
        visible = screen._compositor.visible_widgets
    except AttributeError:
        return None
    region, clip = visible.get(widget, (None, None))
    if region is None or clip is None or not clip.contains_region(region):
        return None
    for other, (place, _) in visible.items():
        # They come from the top to the bottom.
        if other is widget:
            return region if region.size == widget.outer_size else None
        if place.overlaps(region):
            return None
    return None


class PaintedRows(Widget):
    """A widget that makes its rows itself, padding included, so that they can be painted directly."""

    ALLOW_SELECT: ClassVar[bool] = False

    def __init__(self, *, id: str | None = None, classes: str | None = None) -> None:
        super().__init__(id=id, classes=classes)
        self._ground: Style | None = None

    @property
    def ground(self) -> Style:
        """The style of empty cells, which Textual makes anew from all ancestors each time it is asked."""
        if self._ground is None:
            self._ground = self.rich_style
        return self._ground

    def row(self, y: int) -> Strip:
        """Row `y` of the widget as the terminal gets it; see `frame`."""
        raise NotImplementedError

    def drop_rows(self) -> None:
        """Forget the rows that were made: the colours are others."""
        raise NotImplementedError

    def frame(self, content: Strip) -> Strip:
        """Put the padding beside the content of a row, all of it through the app's filters."""
        strip = Strip([Segment(" " * self.gutter.left, self.ground), *content])
        strip = strip.adjust_cell_length(self.outer_size.width, self.ground)
        for line_filter in self.get_line_filters():
            strip = strip.apply_filter(line_filter, self.background_colors[1])
        return strip

    def paint(self, rows: Sequence[int]) -> None:
        """Show these rows, which have changed: directly where that can be."""
        if not (self.is_attached and paint_rows(self, [(y, self.row(y)) for y in rows])):
            # Textual counts these from the content's corner.
            self.refresh(*(Region(0, y - self.gutter.top, self.content_size.width, 1) for y in rows))

    def notify_style_update(self) -> None:
        """Drop what was drawn in the old colours."""
        self._ground = None
        self.drop_rows()
        super().notify_style_update()

    def render_lines(self, crop: Region) -> list[Strip]:
        """The rows of a part; past Textual's style cache, which does not know of rows that were painted directly."""
        strips = [self.row(y) for y in range(crop.y, crop.bottom)]
        if crop.x or crop.width != self.outer_size.width:
            return [strip.crop(crop.x, crop.right) for strip in strips]
        return strips
