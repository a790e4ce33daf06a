"""The line over the prompt while an earlier prompt is edited."""

from __future__ import annotations

from typing import ClassVar

from rich.segment import Segment

from chatui.ui.widgets.elision import fit_segments
from chatui.ui.widgets.one_line import OneLine

_SEPARATOR = " · "
_ROOMY = 60
"""Cells from which on it says what is edited."""


class EditLine(OneLine):
    """Says that Enter will make a branch, and how to get out of it."""

    COMPONENT_CLASSES: ClassVar[set[str]] = {"edit-line--label", "edit-line--text"}
    DEFAULT_CSS = """
    EditLine {
        display: none;
        background: $surface;
        & .edit-line--label { color: $primary; text-style: bold; }
        & .edit-line--text { color: $text-muted; }
    }
    """

    def __init__(self, *, id: str | None = None, classes: str | None = None) -> None:
        super().__init__(id=id, classes=classes)
        self._leave_key = ""

    def show(self, is_editing: bool, leave_key: str) -> None:
        """Be there or not; `leave_key` is what leaves the editing, as people write it."""
        self.display = is_editing
        if leave_key != self._leave_key:
            self._leave_key = leave_key
            self.redraw()

    def draw(self, width: int) -> list[Segment]:
        """Return the words that fit; how to leave stays longest."""
        words = (
            ("Editing a prompt" if width >= _ROOMY else "Editing", 3),
            ("Enter makes a branch", 2),
            ("the old stays", 0),
            (f"{self._leave_key} leaves", 1),
        )
        label, separator, rest = fit_segments(words, width, _SEPARATOR).partition(_SEPARATOR)
        return [
            Segment(label, self.get_component_rich_style("edit-line--label")),
            Segment(separator + rest, self.get_component_rich_style("edit-line--text")),
        ]
