"""The help: every key and command in one scrolling table, filtered by typing."""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar

from rich.segment import Segment
from textual import events
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal
from textual.geometry import Size
from textual.scroll_view import ScrollView
from textual.strip import Strip

from chatui.ui.screens.dialog import Dialog, DialogScreen
from chatui.ui.screens.help_lines import HelpLine, HelpSection, lay_out_help, select_rows
from chatui.ui.screens.hints import HintLine
from chatui.ui.screens.line_input import LineInput
from chatui.ui.screens.row_filter import find_spans, split_words


class HelpTable(ScrollView, can_focus=False):
    """Draws the help, the lines in view only."""

    ALLOW_SELECT = False
    COMPONENT_CLASSES: ClassVar[set[str]] = {"help--heading", "help--keys", "help--name", "help--help", "help--match"}
    DEFAULT_CSS = """
    HelpTable {
        height: 1fr;
        overflow-x: hidden;
        overflow-y: auto;
        background: $surface;
        scrollbar-size-vertical: 1;
        scrollbar-gutter: stable;
        scrollbar-background: $surface;
        scrollbar-background-hover: $surface;
        scrollbar-background-active: $surface;
        &> .help--heading { color: $primary; text-style: bold; }
        &> .help--keys { color: $foreground; text-style: bold; }
        &> .help--name { color: $text-muted; }
        &> .help--help { color: $foreground; }
        &> .help--match { color: $primary; text-style: underline; }
    }
    """

    def __init__(self, sections: Sequence[HelpSection]) -> None:
        super().__init__()
        self._sections = tuple(sections)
        self._words: tuple[str, ...] = ()
        self._lines: list[HelpLine] = []

    @property
    def lines(self) -> Sequence[HelpLine]:
        """The lines as laid out now."""
        return self._lines

    def filter(self, query: str) -> None:
        """Show the rows that hold all words of `query`."""
        self._words = split_words(query)
        self._lay_out()
        self.scroll_to(y=0, animate=False)

    def on_resize(self) -> None:
        """Lines depend on the width."""
        self._lay_out()

    def scroll_lines(self, lines: int) -> None:
        """Scroll by so many lines."""
        self.scroll_to(y=self.scroll_y + lines, animate=False)

    def scroll_pages(self, pages: int) -> None:
        """Scroll by so many screenfuls."""
        self.scroll_lines(pages * max(self.size.height - 1, 1))

    def _lay_out(self) -> None:
        sections = select_rows(self._sections, self._words)
        width = max(self.scrollable_content_region.width - 2, 0)
        self._lines = lay_out_help(sections, width)
        if self._words and not self._lines and width:
            self._lines = [HelpLine((("nothing matches", "name"),))]
        self.virtual_size = Size(self.size.width, len(self._lines))
        self.refresh()

    def render_line(self, y: int) -> Strip:
        """Draw one line of the view."""
        width = max(self.scrollable_content_region.width, 0)
        ground = self.get_component_rich_style("help--help")
        line = y + self.scroll_offset.y
        segments = [Segment(" ", ground)]
        if line < len(self._lines):
            for text, part in self._lines[line].pieces:
                segments += self._matched(text, part)
        return Strip(segments).adjust_cell_length(width, ground)

    def _matched(self, text: str, part: str) -> list[Segment]:
        style = self.get_component_rich_style(f"help--{part}")
        match = style + self.get_component_rich_style("help--match")
        segments: list[Segment] = []
        done = 0
        for start, end in find_spans(text, self._words, is_title=False) if self._words else []:
            segments += [Segment(text[done:start], style), Segment(text[start:end], match)]
            done = end
        return [*segments, Segment(text[done:], style)]


class HelpScreen(DialogScreen[None]):
    """Shows the help. Typing filters; Esc or F1 closes."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("up", "scroll_lines(-1)", show=False, priority=True),
        Binding("down", "scroll_lines(1)", show=False, priority=True),
        Binding("pageup", "scroll_pages(-1)", show=False, priority=True),
        Binding("pagedown", "scroll_pages(1)", show=False, priority=True),
        Binding("home,ctrl+home", "scroll_pages(-10000)", show=False, priority=True),
        Binding("end,ctrl+end", "scroll_pages(10000)", show=False, priority=True),
        Binding("escape,f1,enter", "close", "Close", show=False, priority=True),
    ]
    DEFAULT_CSS = """
    HelpScreen {
        Dialog { height: 90%; max-height: 48; max-width: 104; }
        #filter { height: 2; padding: 0 1; border-bottom: solid $foreground 12%; }
        #filter LineInput { width: 1fr; }
        HintLine { height: 2; padding: 1 1 0 1; }
        &.-short {
            Dialog { height: 100%; }
            #filter { height: 1; border-bottom: none; }
            HintLine { height: 1; padding: 0 1; }
        }
    }
    """

    def __init__(self, sections: Sequence[HelpSection], *, title: str = "Help", query: str = "") -> None:
        super().__init__()
        self._title = title
        self._input = LineInput(query, placeholder="type to filter")
        self._table = HelpTable(sections)

    def compose(self) -> ComposeResult:
        """Filter above, table, hints."""
        with Dialog() as dialog:
            dialog.set_title(self._title)
            with Horizontal(id="filter"):
                yield self._input
            yield self._table
            yield HintLine([("↑↓ PgUp PgDn", "scroll"), ("Esc", "close")])

    def on_mount(self) -> None:
        """Typing goes to the filter."""
        self._input.focus()

    def on_input_changed(self) -> None:
        """Filter as the user types."""
        self._table.filter(self._input.value)

    def on_click(self, event: events.Click) -> None:
        """A click beside the dialog closes it."""
        if event.widget is self:
            self.dismiss(None)

    def action_scroll_lines(self, lines: int) -> None:
        """Scroll by lines."""
        self._table.scroll_lines(lines)

    def action_scroll_pages(self, pages: int) -> None:
        """Scroll by screenfuls."""
        self._table.scroll_pages(pages)

    def action_close(self) -> None:
        """Close the help."""
        self.dismiss(None)
