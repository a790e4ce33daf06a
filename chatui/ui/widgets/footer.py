"""The line of keys that work now."""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar

from rich.cells import cell_len
from rich.segment import Segment
from textual import events
from textual.message import Message

from chatui.conversation.visible import make_visible_line
from chatui.ui.widgets.elision import elide_end
from chatui.ui.widgets.one_line import OneLine

_GAP = 2
"""Cells between two pairs."""
_ROOMY = 40
"""Cells from which on the last pair can be kept."""


class FooterLine(OneLine):
    """Keys with what they do, as many as fit; a click on one is as good as the key."""

    COMPONENT_CLASSES: ClassVar[set[str]] = {"footer-line--key", "footer-line--description", "footer-line--hover"}
    DEFAULT_CSS = """
    FooterLine {
        background: $background;
        & .footer-line--key { color: $foreground; }
        & .footer-line--description { color: $text-muted; }
        & .footer-line--hover { background: $foreground 12%; }
    }
    """

    class Pressed(Message):
        """A key's place was clicked."""

        def __init__(self, index: int) -> None:
            super().__init__()
            self.index = index
            """Its place among the rows given to `show`."""

    def __init__(self, *, id: str | None = None, classes: str | None = None) -> None:
        super().__init__(id=id, classes=classes)
        self._rows: tuple[tuple[str, str], ...] = ()
        self._keeps_last = False
        self._ends: list[tuple[int, int]] = []
        self._hovered: int | None = None

    def show(self, rows: Sequence[tuple[str, str]], *, keeps_last: bool = False) -> None:
        """Show (key, description) pairs in this order; those at the end go first where there is no room.

        With `keeps_last` the last one stays when others before it have gone, unless the row is very narrow.
        """
        shown = tuple((make_visible_line(key), make_visible_line(description)) for key, description in rows)
        if (shown, keeps_last) != (self._rows, self._keeps_last):
            self._rows, self._keeps_last, self._hovered = shown, keeps_last, None
            self.redraw()

    def draw(self, width: int) -> list[Segment]:
        """Return the pairs that fit, two spaces apart, and note where each one ends."""
        key_style = self.get_component_rich_style("footer-line--key")
        description_style = self.get_component_rich_style("footer-line--description")
        hover = self.get_component_rich_style("footer-line--hover", partial=True)
        segments: list[Segment] = []
        self._ends = []
        used = 0
        for index in self._choose(width):
            key, description = self._rows[index]
            gap = _GAP if used else 0
            room = width - used - gap
            if _measure(self._rows[index]) > room:
                key, description = elide_end(key, room), elide_end(description, room - cell_len(key) - 1)
            key += " " if description else ""
            marked = hover if index == self._hovered else None
            segments.append(Segment(" " * gap, self.ground))
            segments.append(Segment(key, key_style + marked))
            segments.append(Segment(description, description_style + marked))
            used += gap + cell_len(key) + cell_len(description)
            self._ends.append((used, index))
        return segments

    def _choose(self, width: int) -> list[int]:
        """The pairs that are shown, by their places; the first one is, however little room there is."""
        sizes = [_measure(row) + _GAP for row in self._rows]
        kept = self._keeps_last and sum(sizes) - _GAP > width >= _ROOMY
        room = width + _GAP - (sizes[-1] if kept else 0)
        chosen: list[int] = []
        for index, size in enumerate(sizes[:-1] if kept else sizes):
            if chosen and size > room:
                break
            chosen.append(index)
            room -= size
        return [*chosen, len(sizes) - 1] if kept else chosen

    def _find_index(self, event: events.MouseEvent) -> int | None:
        offset = event.get_content_offset(self)
        if offset is None:
            return None
        return next((index for end, index in self._ends if offset.x < end), None)

    def _hover(self, index: int | None) -> None:
        if index != self._hovered:
            self._hovered = index
            self.redraw()

    def _on_mouse_move(self, event: events.MouseMove) -> None:
        self._hover(self._find_index(event))

    def _on_leave(self, event: events.Leave) -> None:
        self._hover(None)

    async def _on_click(self, event: events.Click) -> None:
        if (index := self._find_index(event)) is not None:
            event.stop()
            self.post_message(self.Pressed(index))


def _measure(row: tuple[str, str]) -> int:
    return cell_len(row[0]) + 1 + cell_len(row[1])
