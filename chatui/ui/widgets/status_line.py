"""The statistics in one line, for terminals too narrow for the sidebar."""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar

from rich.segment import Segment

from chatui.conversation.visible import make_visible_line
from chatui.ui.widgets.elision import fit_segments
from chatui.ui.widgets.one_line import OneLine

_SEPARATOR = " · "


class StatusLine(OneLine):
    """Short texts in a row; the less important ones go first where there is no room."""

    COMPONENT_CLASSES: ClassVar[set[str]] = {"status-line--text", "status-line--separator"}
    DEFAULT_CSS = """
    StatusLine {
        background: $surface;
        & .status-line--text { color: $text-muted; }
        & .status-line--separator { color: $text-disabled; }
    }
    """

    def __init__(self, *, id: str | None = None, classes: str | None = None) -> None:
        super().__init__(id=id, classes=classes)
        self._segments: tuple[tuple[str, int], ...] = ()

    def show(self, segments: Sequence[tuple[str, int]]) -> None:
        """Show (text, priority) in this order; what has the highest priority stays longest."""
        shown = tuple((make_visible_line(text), priority) for text, priority in segments)
        if shown != self._segments:
            self._segments = shown
            self.redraw()

    def draw(self, width: int) -> list[Segment]:
        """Return the texts that fit, with a quiet dot between them."""
        text = self.get_component_rich_style("status-line--text")
        separator = self.get_component_rich_style("status-line--separator")
        segments: list[Segment] = []
        for piece in fit_segments(self._segments, width, _SEPARATOR).split(_SEPARATOR):
            if segments:
                segments += [Segment(" ", text), Segment("· ", separator)]
            segments.append(Segment(piece, text))
        return segments
