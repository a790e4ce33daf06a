"""The page of the first frame: the welcome, where the transcript will be and looking as it does there."""

from __future__ import annotations

from collections.abc import Sequence

from rich.cells import cell_len
from rich.segment import Segment
from rich.style import Style
from textual.geometry import Region
from textual.strip import Strip
from textual.widget import Widget

from chatui.conversation.visible import make_visible_line
from chatui.ui.transcript.inks import make_inks

_EDGES = 4
"""Cells of a row that the transcript keeps for other things."""


class WelcomePage(Widget):
    """Some lines in the middle; the first one is the title. Where they do not fit the page is empty."""

    def __init__(self, lines: Sequence[str]) -> None:
        super().__init__()
        self._lines = [make_visible_line(line) for line in lines]

    def render_lines(self, crop: Region) -> list[Strip]:
        """The rows of a part of the page."""
        width, height = self.size
        lines = self._lines if max(map(cell_len, self._lines), default=0) <= width - _EDGES else []
        inks = make_inks(self.app.theme_variables)
        ground, title = inks["track"], inks["switch"] + Style(bold=True)
        above = max((height - len(lines)) // 2, 0)
        rows = [Strip.blank(width, ground)] * height
        for y, text in enumerate(lines[:height], above):
            before = Segment(" " * ((width - cell_len(text)) // 2), ground)
            words = Segment(text, inks["label"] if y > above else title)
            rows[y] = Strip([before, words]).adjust_cell_length(width, ground)
        for line_filter in self.get_line_filters():
            rows = [row.apply_filter(line_filter, self.background_colors[1]) for row in rows]
        return [row.crop(crop.x, crop.right) for row in rows[crop.y : crop.bottom]]
