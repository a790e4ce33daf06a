"""Blocks that are shown as they were written, HTML and displayed mathematics: where they begin and end, their rows."""

from __future__ import annotations

import re
from typing import NamedTuple, Self

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

_HTML = (
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

_MATH = ((re.compile(r"\$\$ *$"), r"\$\$ *$"), (re.compile(r"\\\[ *$"), r"\\\] *$"))
"""How TeX begins and ends on lines of its own; an empty line, which it cannot hold, ends it as well."""


class Bounds(NamedTuple):
    """What is known of a block by the line that begins it."""

    kind: str
    """`html` or `math`."""
    ending: re.Pattern[str] | None
    """What the last line holds; `None` where only an empty line ends it."""
    ends_at_blank: bool


def read_bounds(text: str) -> Bounds | None:
    """Return what a line begins, if it begins anything that is shown as it was written."""
    if text[0] == "<":
        for begin, end in _HTML:
            if begin.match(text):
                return Bounds("html", re.compile(end, re.IGNORECASE) if end else None, not end)
    elif text[0] in "$\\":
        for begin, end in _MATH:
            if begin.match(text):
                return Bounds("math", re.compile(end), True)
    return None


class Verbatim(Leaf):
    """Lines as they are."""

    def __init__(self, place: Place, start: int, end: int, bounds: Bounds) -> None:
        super().__init__(place, start, end)
        self.kind = bounds.kind
        self._bounds = bounds
        self._ink = Ink(bounds.kind)
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
        if self._bounds.ends_at_blank and not text.strip(" "):
            return Step.NOT_MINE
        return self.add_line(text, line.offset(at), line.end)

    def add_line(self, text: str, start: int, end: int) -> Step:
        """Take one more line, or the next piece of a long one."""
        # What ends HTML may stand in its first line, what ends mathematics looks like it.
        may_end = self.kind == "html" or bool(self._lines or self._new)
        self._new.append((make_visible_line(text.rstrip(" ")), start, end))
        self.end = end
        return Step.LAST if may_end and self._bounds.ending and self._bounds.ending.search(text) else Step.TAKEN

    def settle(self, width: int) -> Settled:
        """Return the rows of the lines that came."""
        new, self._new = self._new, []
        self._lines += new
        return Settled(self._draw(new, width))

    def tail(self, width: int, is_open: bool) -> list[LeafRow]:
        """Return the line that is still being written."""
        return self._draw(self._new, width)

    def relayout(self, width: int) -> list[LeafRow]:
        """Break its lines for another width."""
        return self._draw(self._lines, width)

    def _draw(self, lines: list[tuple[str, int, int]], width: int) -> list[LeafRow]:
        return [
            LeafRow(row, start, end)
            for text, start, end in lines
            for row in wrap_code((Run(text, self._ink),) if text else (), width)
        ]
