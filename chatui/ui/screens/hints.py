"""The line of hints at the bottom of a dialog: which key does what."""

from __future__ import annotations

from collections.abc import Sequence

from textual.content import Content
from textual.widget import Widget

from chatui.conversation.visible import make_visible_line
from chatui.ui.screens.row_layout import measure

Hint = tuple[str, str]
"""A key as people read it, and what it does."""

_BETWEEN = 3
"""Cells between two hints."""


def choose_hints(hints: Sequence[Hint], width: int) -> list[Hint]:
    """The hints that fit into a width: the last one (the way out) and as many first ones as there is room for."""
    chosen: list[Hint] = []
    if not hints:
        return chosen
    *others, way_out = hints
    used = _width(way_out)
    for hint in others:
        if used + _BETWEEN + _width(hint) > width:
            break
        used += _BETWEEN + _width(hint)
        chosen.append(hint)
    return [*chosen, way_out]


def _width(hint: Hint) -> int:
    return measure(hint[0]) + 1 + measure(hint[1])


class HintLine(Widget):
    """Hints on one line; those without room are left out whole."""

    ALLOW_SELECT = False
    DEFAULT_CSS = """
    HintLine {
        height: 1;
        color: $text-muted;
        background: $surface;
    }
    """

    def __init__(self, hints: Sequence[Hint]) -> None:
        super().__init__()
        self._hints = tuple(hints)

    def set_hints(self, hints: Sequence[Hint]) -> None:
        """Show others."""
        self._hints = tuple(hints)
        self.refresh()

    def render(self) -> Content:
        """Draw the line."""
        parts: list[str | tuple[str, str]] = []
        for key, label in choose_hints(self._hints, self.size.width):
            if parts:
                parts.append(" " * _BETWEEN)
            parts += [(make_visible_line(key), "$foreground bold"), f" {make_visible_line(label)}"]
        return Content.assemble(*parts)
