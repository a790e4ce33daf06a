"""One line of the transcript: runs of text with their meaning, without colours; a theme change only repaints."""

from __future__ import annotations

from typing import NamedTuple


class Ink(NamedTuple):
    """How a run looks, by what it means; a palette turns it into a style."""

    role: str = "text"
    """What it is: `text`, `dim`, `heading1`…`heading6`, `code`, `code.keyword`, `quote`, `link`, `error`, …"""
    bold: bool = False
    italic: bool = False
    strike: bool = False
    link: str = ""
    """The target, where the run is a link."""


class Run(NamedTuple):
    """A piece of a line in one ink. Its text holds no control character and no line break."""

    text: str
    ink: Ink


class Line(NamedTuple):
    """One row of cells, never wider than the width it was made for."""

    runs: tuple[Run, ...]
    fill: str = ""
    """The role whose background fills the row to its full width (code blocks); empty for none."""
    start: int = 0
    """Where its source begins in the message's text."""
    end: int = 0
    """Where its source ends."""
    decoration: int = 0
    """Runs at the start that are drawn, not said (bars, bullets' indent, borders): left out when the line is copied."""

    @property
    def text(self) -> str:
        """What the row shows, as plain text."""
        return "".join(run.text for run in self.runs)


EMPTY_LINE = Line(())
