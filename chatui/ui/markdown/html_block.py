"""Blocks of HTML, shown as they were written: where they begin and end, and their rows."""

from __future__ import annotations

import re
from typing import Self

from chatui.conversation.visible import make_visible_line
from chatui.ui.markdown.leaf import Leaf, LeafRow, Place, Settled, Step
from chatui.ui.markdown.line import Ink, Run
from chatui.ui.markdown.starts import SourceLine
from chatui.ui.markdown.wrap import wrap_code

_NAMES = (
    "address|article|aside|base|basefont|blockquote|body|caption|center|col|colgroup|dd|details|dialog|dir|div|dl|dt|"
    "fieldset|figcaption|figure|footer|form|frame|frameset|h[1-6]|head|header|hr|html|iframe|legend|li|link|main|menu|"
    "menuitem|nav|noframes|ol|optgroup|option|p|param|search|section|summary|table|tbody|td|tfoot|th|thead|title|tr|"
    "track|ul"
)

_KINDS = (
    (re.compile(r"<(?:script|pre|style|textarea)(?=[ >]|$)", re.IGNORECASE), "</(?:script|pre|style|textarea)>"),
    (re.compile("<!--"), "-->"),
    (re.compile(r"<\?"), r"\?>"),
    (re.compile("<![a-zA-Z]"), ">"),
    (re.compile(r"<!\[CDATA\["), r"\]\]>"),
    (re.compile(rf"</?(?:{_NAMES})(?=[ ]|/?>|$)", re.IGNORECASE), ""),
)
"""How blocks of HTML begin and end (CommonMark 0.31, section 4.6, conditions 1 to 6); no end: an empty line.

Condition 7, any other tag on a line of its own, is left out: models put answers in tags of their own making, and what
is in them is to be read as Markdown.
"""

_INK = Ink("html")


def read_html(text: str) -> re.Pattern[str] | None:
    """Return what ends the block of HTML that a line begins (an empty pattern: an empty line), if it begins any."""
    return next((re.compile(end, re.IGNORECASE) for begin, end in _KINDS if begin.match(text)), None)


class Html(Leaf):
    """Lines of HTML, as text."""

    kind = "html"

    def __init__(self, place: Place, start: int, end: int, ending: re.Pattern[str]) -> None:
        super().__init__(place, start, end)
        self._ending = ending
        self._lines: list[tuple[str, int, int]] = []
        self._new: list[tuple[str, int, int]] = []

    def fork(self) -> Self:
        """Return a copy with new lines of its own."""
        other = super().fork()
        other._new = []
        return other

    def go_on(self, line: SourceLine, at: int) -> Step:
        """Take a line, unless it is an empty one that ends it."""
        text = line.text[at:]
        if not self._ending.pattern and not text.strip(" "):
            return Step.NOT_MINE
        return self.add_line(text, line.offset(at), line.end)

    def add_line(self, text: str, start: int, end: int) -> Step:
        """Take one more line, or the next piece of a long one."""
        self._new.append((make_visible_line(text.rstrip(" ")), start, end))
        self.end = end
        return Step.LAST if self._ending.pattern and self._ending.search(text) else Step.TAKEN

    def settle(self, width: int) -> Settled:
        """Return the rows of the lines that came."""
        new, self._new = self._new, []
        self._lines += new
        return Settled(_draw(new, width))

    def tail(self, width: int, is_open: bool) -> list[LeafRow]:
        """Return the line that is still being written."""
        return _draw(self._new, width)

    def relayout(self, width: int) -> list[LeafRow]:
        """Break its lines for another width."""
        return _draw(self._lines, width)


def _draw(lines: list[tuple[str, int, int]], width: int) -> list[LeafRow]:
    return [
        LeafRow(row, start, end)
        for text, start, end in lines
        for row in wrap_code((Run(text, _INK),) if text else (), width)
    ]
