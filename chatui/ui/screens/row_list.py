"""The list of a picker: one widget that draws the lines in view, however many rows there are."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import ClassVar

from rich.segment import Segment
from rich.style import Style
from textual import events
from textual.geometry import Size
from textual.message import Message
from textual.scroll_view import ScrollView
from textual.strip import Strip

from chatui.conversation.visible import make_visible_line
from chatui.ui.screens.row_filter import find_spans
from chatui.ui.screens.row_layout import GAP, fit, fit_columns, measure, show_around
from chatui.ui.screens.row_table import RowTable
from chatui.ui.screens.rows import PickerRow

_LEAST_ASIDE = 10
"""Cells below which an aside is not begun."""


class RowList(ScrollView, can_focus=False):
    """Draws a `RowTable` and scrolls it. The focus stays elsewhere; the screen moves the selection by its methods."""

    ALLOW_SELECT = False
    COMPONENT_CLASSES: ClassVar[set[str]] = {
        "row-list--row",
        "row-list--selected",
        "row-list--hovered",
        "row-list--bar",
        "row-list--heading",
        "row-list--dim",
        "row-list--mark",
        "row-list--match",
        "row-list--problem",
    }
    DEFAULT_CSS = """
    RowList {
        height: 1fr;
        overflow-x: hidden;
        overflow-y: auto;
        background: $surface;
        scrollbar-size-vertical: 1;
        scrollbar-gutter: stable;
        scrollbar-background: $surface;
        scrollbar-background-hover: $surface;
        scrollbar-background-active: $surface;
        &> .row-list--row { color: $foreground; }
        &> .row-list--selected { color: $foreground; background: $primary 18%; text-style: bold; }
        &> .row-list--hovered { color: $foreground; background: $foreground 6%; }
        &> .row-list--bar { color: $primary; }
        &> .row-list--heading { color: $text-muted; text-style: italic; }
        &> .row-list--dim { color: $text-muted; }
        &> .row-list--mark { color: $primary; }
        &> .row-list--match { color: $primary; text-style: underline; }
        &> .row-list--problem { color: $warning; }
    }
    """

    class Chosen(Message):
        """A row was clicked; it is the selected one now."""

    class Moved(Message):
        """Another row is selected, or none."""

    def __init__(
        self,
        *,
        headings: Sequence[str] = (),
        empty: str = "nothing here yet",
        selected: str = "",
        is_ranked: bool = True,
    ) -> None:
        super().__init__()
        self._headings = tuple(make_visible_line(heading) for heading in headings)
        self._empty = make_visible_line(empty)
        self._hovered = -1
        self._told = ""
        self.table = RowTable(selected, is_ranked=is_ranked)
        """The state; change it under `changing`, or by the methods of the list."""
        self.marked: tuple[str, ...] = ()
        """The keys of the marked rows, in their order."""

    @property
    def _top(self) -> int:
        """Lines above the rows that do not scroll: the columns' names, where there is room."""
        return 1 if self._headings and self.size.height > 6 else 0

    @contextmanager
    def changing(self) -> Iterator[RowTable]:
        """Change rows of the table; what the reader looks at stays where it is, and the selected row on its place."""
        before = self.table.selected_line
        is_seen = 0 <= before - self.scroll_offset.y < max(self.size.height - self._top, 1)
        yield self.table
        self._sync(scroll_by=self.table.selected_line - before if before >= 0 else 0, is_shown=is_seen or before < 0)

    def mark(self, key: str, most: int) -> bool:
        """Mark a row, or take its mark away; false where `most` are marked already."""
        if key in self.marked:
            self.marked = tuple(each for each in self.marked if each != key)
        elif len(self.marked) < most:
            self.marked = (*self.marked, key)
        else:
            return False
        self.refresh()
        return True

    def filter(self, query: str) -> None:
        """Show the rows that match."""
        self.table.filter(query)
        self._sync()

    def move(self, steps: int) -> None:
        """Select the row so many rows below, or above."""
        self.table.move(steps)
        self._sync()

    def move_pages(self, pages: int) -> None:
        """Select the row so many screenfuls below, or above."""
        self.move(pages * max(self.size.height - self._top - 1, 1))

    def _sync(self, *, scroll_by: int = 0, is_shown: bool = True) -> None:
        self._hovered = -1
        self.virtual_size = Size(self.size.width, len(self.table.lines) + self._top)
        if scroll_by and self.scroll_y:
            self.scroll_to(y=self.scroll_y + scroll_by, animate=False)
        if is_shown:
            self._show_selected()
        self.refresh()
        selected = self.table.selected
        told = selected.key if selected is not None else ""
        if told != self._told:
            self._told = told
            self.post_message(self.Moved())

    def _show_selected(self) -> None:
        room = self.size.height - self._top
        if room <= 0:
            return
        line = self.table.selected_line
        # The heading above a group's first row comes into view with it.
        upper = line - 1 if line > 0 and isinstance(self.table.lines[line - 1], str) else line
        if upper < self.scroll_offset.y:
            self.scroll_to(y=max(upper, 0), animate=False)
        elif line >= self.scroll_offset.y + room:
            self.scroll_to(y=line - room + 1, animate=False)

    def on_resize(self) -> None:
        """Lines depend on the size."""
        self._sync()

    def on_mouse_move(self, event: events.MouseMove) -> None:
        """Show which row a click would choose."""
        self._hover(event.y)

    def on_leave(self) -> None:
        """Nothing is pointed at."""
        self._hover(-1)

    def _hover(self, y: int) -> None:
        line = self._line_at(y) if y >= 0 else -1
        if line != self._hovered:
            self._hovered = line
            self.refresh()

    def on_click(self, event: events.Click) -> None:
        """Choose the row under the mouse."""
        event.stop()
        if self.table.select_line(self._line_at(event.y)):
            self._sync()
            self.post_message(self.Chosen())

    def _line_at(self, y: int) -> int:
        return y - self._top + self.scroll_offset.y if y >= self._top else -1

    def render_line(self, y: int) -> Strip:
        """Draw one line of the view."""
        width = self.scrollable_content_region.width
        line = self._line_at(y)
        lines = self.table.lines
        style = self._style("row")
        if width <= 0:
            segments = []
        elif line < 0:
            segments = self._columns_line(width)
        elif not lines and line == 0:
            told = "nothing matches" if len(self.table) else self._empty
            segments = [Segment("  " + told, self._ink(style, "dim"))]
        elif line >= len(lines):
            segments = []
        else:
            here = lines[line]
            if not isinstance(here, str):
                return self._row_strip(here, line, width)
            segments = [Segment("  " + here, self._ink(style, "heading"))]
        return Strip(segments).adjust_cell_length(max(width, 0), style)

    def _style(self, name: str) -> Style:
        return self.get_component_rich_style(f"row-list--{name}")

    def _ink(self, style: Style, name: str) -> Style:
        """The colour and text style of a component on the ground of another."""
        ink = self._style(name)
        return style + Style(color=ink.color, underline=ink.underline, italic=ink.italic)

    def _plan(self, width: int) -> tuple[str, tuple[int, ...]]:
        """The blank before the first column, after the bar, and the columns' widths."""
        marks = max(self.table.mark_width, 1 if self.marked else 0)
        gutter = " " * (1 + (marks + 1 if marks else 0))
        natural = list(self.table.widths)
        # Headings widen the columns that have rows, never the first.
        natural[1:] = [
            max(wish, measure(self._headings[column])) if wish and column < len(self._headings) else wish
            for column, wish in enumerate(natural[1:], 1)
        ]
        return gutter, fit_columns(natural, width - 1 - len(gutter) - 1)

    def _columns_line(self, width: int) -> list[Segment]:
        style = self._ink(self._style("row"), "dim")
        gutter, widths = self._plan(width)
        names = [
            fit(name, room, is_right=column > 0)
            for column, (name, room) in enumerate(zip(self._headings, widths, strict=False))
            if room
        ]
        return [Segment(" " + gutter + (" " * GAP).join(names), style)] if len(self.table) else []

    def _row_strip(self, row: PickerRow, line: int, width: int) -> Strip:
        is_selected = line == self.table.selected_line
        ground = self._style("selected" if is_selected else "hovered" if line == self._hovered else "row")
        dim = self._ink(ground, "dim") + Style(bold=False)
        gutter, widths = self._plan(width)
        segments = [Segment("▌" if is_selected else " ", self._ink(ground, "bar"))]
        if len(gutter) > 1:
            mark = str(self.marked.index(row.key) + 1) if row.key in self.marked else row.mark
            segments.append(Segment(fit(mark, len(gutter) - 1) + " ", self._ink(ground, "mark")))
        else:
            segments.append(Segment(gutter, ground))
        for column, (cell, room) in enumerate(zip(row.cells, widths, strict=False)):
            if not room:
                continue
            if column == 0:
                plain = self._ink(ground, "problem") if row.problem else ground
                segments += self._title_segments(row, room, plain, dim)
            else:
                segments.append(Segment(" " * GAP, ground))
                segments += self._matched(fit(cell, room, is_right=True), dim, is_title=False)
        return Strip(segments).adjust_cell_length(width, ground)

    def _title_segments(self, row: PickerRow, room: int, plain: Style, dim: Style) -> list[Segment]:
        title = show_around(row.cells[0], self.table.words, room)
        left = room - measure(title) - GAP
        if not row.aside or left < _LEAST_ASIDE:
            return self._matched(fit(title, room), plain, is_title=True)
        aside = self._matched(" " * GAP + fit(row.aside, left), dim, is_title=False)
        return self._matched(title, plain, is_title=True) + aside

    def _matched(self, text: str, style: Style, *, is_title: bool) -> list[Segment]:
        """A text with what the filter matched set off."""
        words = self.table.words
        spans = find_spans(text, words, is_title=is_title) if words else []
        match = self._ink(style, "match")
        segments: list[Segment] = []
        done = 0
        for start, end in spans:
            segments += [Segment(text[done:start], style), Segment(text[start:end], match)]
            done = end
        return [*segments, Segment(text[done:], style)]
