"""The statistics beside the conversation: one widget that redraws only the rows that changed."""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar, Literal, NamedTuple, TypeAlias

from rich.cells import cell_len
from rich.segment import Segment
from textual.strip import Strip

from chatui.conversation.visible import make_visible_line
from chatui.ui.direct_paint import PaintedRows
from chatui.ui.widgets.elision import elide_end, elide_middle
from chatui.ui.widgets.measures import draw_gauge, draw_sparkline, format_gauge, get_level

_BLANK = -1
"""The row that stands for all without anything in them."""

StatKind: TypeAlias = Literal["heading", "plain", "sparkline", "gauge", "blank"]


class StatRow(NamedTuple):
    """One statistic."""

    label: str = ""
    """What it is."""
    value: str | Sequence[float] = ""
    """A text; for a sparkline the numbers, oldest first; for a gauge (used, limit), limit 0 where it is not known."""
    kind: StatKind = "plain"
    """How it is drawn; a gauge takes two lines, all others one."""


_Line: TypeAlias = tuple[StatRow, bool]
"""What one line draws; true for the bar of a gauge, below its numbers."""


def _freeze(row: StatRow) -> StatRow:
    """Return the row with its own copy of the numbers, so that a later change to the sender's list is seen."""
    return row if isinstance(row.value, str) else StatRow(row.label, tuple(row.value), row.kind)


class Sidebar(PaintedRows):
    """Labels on the left, values on the right, in 30 columns."""

    COMPONENT_CLASSES: ClassVar[set[str]] = {
        "sidebar--heading",
        "sidebar--rule",
        "sidebar--label",
        "sidebar--value",
        "sidebar--sparkline",
        "sidebar--track",
        "sidebar--calm",
        "sidebar--warning",
        "sidebar--error",
    }
    DEFAULT_CSS = """
    Sidebar {
        width: 30;
        height: 1fr;
        padding: 1 1 0 1;
        background: $surface;
        & .sidebar--heading { color: $primary; text-style: bold; }
        & .sidebar--rule { color: $foreground 15%; }
        & .sidebar--label { color: $text-muted; }
        & .sidebar--value { color: $foreground; }
        & .sidebar--sparkline { color: $primary; }
        & .sidebar--track { background: $foreground 12%; }
        & .sidebar--calm { color: $primary; background: $foreground 12%; }
        & .sidebar--warning { color: $warning; background: $foreground 12%; }
        & .sidebar--error { color: $error; background: $foreground 12%; }
    }
    """

    def __init__(self, *, id: str | None = None, classes: str | None = None) -> None:
        super().__init__(id=id, classes=classes)
        self._lines: list[_Line] = []
        self._strips: dict[int, Strip] = {}
        self._rows: dict[int, Strip] = {}
        """Rows of the widget as the terminal gets them, padding included."""

    def show(self, rows: Sequence[StatRow]) -> None:
        """Show these rows, from the top; only lines that differ from what is shown are drawn again."""
        old, lines = self._lines, self._lay_out(rows)
        self._lines = lines
        changed = [
            y for y in range(max(len(old), len(lines))) if y >= len(old) or y >= len(lines) or old[y] != lines[y]
        ]
        top = self.gutter.top
        for y in changed:
            self._strips.pop(y, None)
            self._rows.pop(top + y, None)
        if changed and self.is_attached:
            self.paint([top + y for y in changed if y < self.content_size.height])

    def drop_rows(self) -> None:
        """Forget the rows."""
        self._strips.clear()
        self._rows.clear()

    def render_line(self, y: int) -> Strip:
        """Return line `y` of the content, filled to the widget's width."""
        width = self.content_size.width
        if width <= 0 or y >= len(self._lines):
            return Strip.blank(max(0, width), self.ground)
        strip = self._strips.get(y)
        if strip is None or strip.cell_length != width:
            strip = Strip(self._draw(*self._lines[y], width)).adjust_cell_length(width, self.ground)
            self._strips[y] = strip
        return strip

    def row(self, y: int) -> Strip:
        """Row `y` of the widget, padding included, as the terminal gets it."""
        gutter, width = self.gutter, self.outer_size.width
        line = y - gutter.top
        if not 0 <= line < min(self.content_size.height, len(self._lines)):
            y = _BLANK
        strip = self._rows.get(y)
        if strip is not None and strip.cell_length == width:
            return strip
        content = Strip([], 0) if y == _BLANK else self.render_line(line)
        self._rows[y] = strip = self.frame(content)
        return strip

    def _lay_out(self, rows: Sequence[StatRow]) -> list[_Line]:
        lines: list[_Line] = []
        for row in map(_freeze, rows):
            lines.append((row, False))
            if row.kind == "gauge":
                lines.append((row, True))
        return lines

    def _draw(self, row: StatRow, is_bar: bool, width: int) -> list[Segment]:
        label = make_visible_line(row.label)
        match row.kind:
            case "blank":
                return []
            case "heading":
                return self._draw_heading(label, width)
            case "plain":
                return self._draw_pair(label, make_visible_line(str(row.value)), width, "sidebar--value")
        numbers = () if isinstance(row.value, str) else row.value
        if row.kind == "sparkline":
            room = width - cell_len(label) - 1 if label else width
            return self._draw_pair(label, draw_sparkline(numbers, room), width, "sidebar--sparkline")
        used, limit = numbers if len(numbers) == 2 else (0.0, 0.0)
        if is_bar:
            return self._draw_bar(used, limit, width)
        return self._draw_pair(label, format_gauge(used, limit, width - cell_len(label) - 1), width, "sidebar--value")

    def _draw_heading(self, label: str, width: int) -> list[Segment]:
        title = elide_end(label, width - 1) + " "
        return [
            Segment(title, self.get_component_rich_style("sidebar--heading")),
            Segment("─" * (width - cell_len(title)), self.get_component_rich_style("sidebar--rule")),
        ]

    def _draw_pair(self, label: str, value: str, width: int, value_class: str) -> list[Segment]:
        """Return label and value at the two edges; the value keeps at least two thirds of the row."""
        value = elide_middle(value, width - min(cell_len(label), width // 3) - 1 if label else width)
        label = elide_end(label, width - cell_len(value) - 1)
        space = width - cell_len(label) - cell_len(value)
        return [
            Segment(label, self.get_component_rich_style("sidebar--label")),
            Segment(" " * space, self.ground),
            Segment(value, self.get_component_rich_style(value_class)),
        ]

    def _draw_bar(self, used: float, limit: float, width: int) -> list[Segment]:
        filled = draw_gauge(used, limit, width)
        return [
            Segment(filled, self.get_component_rich_style(f"sidebar--{get_level(used, limit)}")),
            Segment(" " * (width - len(filled)), self.get_component_rich_style("sidebar--track")),
        ]
