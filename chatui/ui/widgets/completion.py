"""The list of commands above the prompt while a slash command is typed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar

from rich.cells import cell_len
from rich.segment import Segment
from textual import events
from textual.message import Message
from textual.strip import Strip
from textual.widget import Widget

from chatui.conversation.visible import make_visible_line
from chatui.ui.widgets.elision import elide_end

MOST_ROWS = 8
_GAP = 2
_INDENT = 3
"""Puts the slash of a name under the slash that is typed, behind the prompt's padding and mark."""


@dataclass(frozen=True, slots=True)
class CompletionRow:
    """One command that can be chosen."""

    name: str
    """Without the slash."""
    help: str = ""
    """What it does, in a few words."""
    keys: str = ""
    """The key that does the same; empty where there is none."""


def rank_rows(rows: Sequence[CompletionRow], prefix: str) -> list[CompletionRow]:
    """Return the rows that `prefix` may mean: names that begin with it, then names that hold its letters in order."""
    wanted = prefix.casefold()
    beginning = [row for row in rows if row.name.casefold().startswith(wanted)]
    holding = [row for row in rows if row not in beginning and _holds_in_order(row.name.casefold(), wanted)]
    return beginning + holding


def _holds_in_order(name: str, letters: str) -> bool:
    rest = iter(name)
    return all(letter in rest for letter in letters)


class CompletionPopup(Widget):
    """A list that floats above `anchor` while the focus stays there; it never moves what lies behind it."""

    ALLOW_SELECT: ClassVar[bool] = False
    COMPONENT_CLASSES: ClassVar[set[str]] = {
        "completion-popup--name",
        "completion-popup--help",
        "completion-popup--selected",
    }
    DEFAULT_CSS = """
    CompletionPopup {
        display: none;
        dock: bottom;
        layer: completion;
        background: $panel;
        & .completion-popup--name { color: $foreground; }
        & .completion-popup--help { color: $text-muted; }
        & .completion-popup--selected { color: $block-cursor-foreground; background: $block-cursor-background; }
    }
    """

    @dataclass
    class Chosen(Message):
        """A row was chosen; the list is closed."""

        name: str
        """The row's name."""
        is_final: bool
        """Whether it was Enter: a command that takes nothing more may run at once."""

    def __init__(self, anchor: Widget, *, id: str | None = None, classes: str | None = None) -> None:
        super().__init__(id=id, classes=classes)
        self._anchor = anchor
        self._rows: tuple[CompletionRow, ...] = ()
        self._found: list[CompletionRow] = []
        self._selected = 0
        self._top = 0
        self._is_dismissed = False

    @property
    def is_open(self) -> bool:
        """Whether there is something to choose."""
        return bool(self._found)

    @property
    def selected(self) -> CompletionRow | None:
        """The row that Tab or Enter takes."""
        return self._found[self._selected] if self._found else None

    def open(self, rows: Sequence[CompletionRow], prefix: str = "") -> None:
        """Offer those of `rows` that `prefix` may mean; after Escape nothing is offered until `close`."""
        self._rows = tuple(rows)
        if not self._is_dismissed:
            self._narrow(prefix)

    def close(self) -> None:
        """Hide the list; the next `open` shows it again."""
        self._is_dismissed = False
        self._find([])

    def take_key(self, key: str, prefix: str) -> bool:
        """Use a key that the prompt offers while `prefix` stands behind its slash; say whether it was used."""
        if not self.is_open:
            return False
        # Keys can be faster than the message that tells of the last change.
        self._narrow(prefix)
        selected = self.selected
        if selected is None or (key == "enter" and selected.name == prefix.strip()):
            self._find([])
            return False
        if key in ("tab", "enter"):
            self._choose(selected, is_final=key == "enter")
        elif key == "escape":
            self._is_dismissed = True
            self._find([])
        elif key in ("up", "down"):
            self._select((self._selected + (1 if key == "down" else -1)) % len(self._found))
        else:
            return False
        return True

    def _narrow(self, prefix: str) -> None:
        found = rank_rows(self._rows, prefix)
        if found != self._found:
            self._find(found)

    def _find(self, found: list[CompletionRow]) -> None:
        self._found = found
        self._selected = self._top = 0
        self._place()
        self.refresh()

    def _select(self, index: int) -> None:
        self._selected = index
        height = max(1, self.size.height)
        self._top = min(max(self._top, index - height + 1), index)
        self.refresh()

    def _choose(self, row: CompletionRow, *, is_final: bool) -> None:
        self._find([])
        self.post_message(self.Chosen(row.name, is_final))

    def _on_mount(self, event: events.Mount) -> None:
        self.screen.screen_layout_refresh_signal.subscribe(self, lambda _screen: self._place(), immediate=True)

    def _place(self) -> None:
        """Put the list right above the anchor, as wide as its longest row needs."""
        area = self._anchor.region
        height = min(len(self._found), MOST_ROWS, area.y)
        self.display = height > 0
        if height > 0:
            names, helps, keys = self._measure()
            self.styles.width = min(area.width, _INDENT + names + helps + keys + 2 * _GAP + 2)
            self.styles.height = height
            self.styles.offset = (area.x, area.y - self.screen.size.height)

    def _measure(self) -> tuple[int, int, int]:
        """Return the widest name (with its slash), help and key of all rows, so that typing moves no column."""
        return (
            max((cell_len(make_visible_line(row.name)) + 1 for row in self._rows), default=0),
            max((cell_len(make_visible_line(row.help)) for row in self._rows), default=0),
            max((cell_len(make_visible_line(row.keys)) for row in self._rows), default=0),
        )

    def render_line(self, y: int) -> Strip:
        """Draw one row: name, what it does, its key; an arrow at the edge where there are more."""
        width, index = self.size.width, self._top + y
        if width <= 0 or index >= len(self._found):
            return Strip.blank(max(0, width), self.rich_style)
        row = self._found[index]
        names, _, _ = self._measure()
        indent = " " * min(_INDENT, width // 4)
        name = elide_end(f"/{make_visible_line(row.name)}", width - len(indent))
        name += " " * (min(width - len(indent), names + _GAP) - cell_len(name))
        keys = make_visible_line(row.keys)
        room = width - len(indent) - cell_len(name) - 2
        keys = keys if cell_len(keys) + _GAP < room // 2 else ""
        help_text = elide_end(make_visible_line(row.help), room - (cell_len(keys) + _GAP if keys else 0))
        space = " " * (room - cell_len(help_text) - cell_len(keys))
        more = "↑" if y == 0 and index > 0 else " "
        if y == self.size.height - 1 and index < len(self._found) - 1:
            more = "↓"
        name_style = self.get_component_rich_style("completion-popup--name")
        help_style = self.get_component_rich_style("completion-popup--help")
        if index == self._selected:
            name_style = help_style = self.get_component_rich_style("completion-popup--selected")
        strip = Strip(
            [
                Segment(indent, help_style),
                Segment(name, name_style),
                Segment(f"{help_text}{space}{keys} {more}", help_style),
            ]
        )
        return strip.adjust_cell_length(width, self.rich_style)

    def _on_mouse_move(self, event: events.MouseMove) -> None:
        if (index := self._top + event.y) < len(self._found) and index != self._selected:
            self._select(index)

    async def _on_click(self, event: events.Click) -> None:
        if (index := self._top + event.y) < len(self._found):
            event.stop()
            self._choose(self._found[index], is_final=False)
            self._anchor.focus()
