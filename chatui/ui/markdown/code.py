"""Code that grows by lines: each finished line is coloured once, and stands on a background of its own."""

from __future__ import annotations

from typing import NamedTuple, Self

from chatui.conversation.visible import make_visible_line
from chatui.ui.markdown.highlight import Highlighter, LexerState
from chatui.ui.markdown.leaf import Leaf, LeafRow, Place, Settled, Step
from chatui.ui.markdown.line import Ink, Run
from chatui.ui.markdown.starts import Opening, SourceLine, closes_fence, count_indent
from chatui.ui.markdown.wrap import wrap_code

_PAD = Run(" ", Ink("code"))
_MORE = Run("↪", Ink("code.more"))
_LABEL = Ink("code.label")


class CodeLine(NamedTuple):
    """One line of code, or a piece of a very long one."""

    runs: tuple[Run, ...]
    start: int
    end: int
    is_piece: bool
    """It goes on where the one before it ended."""


class Code(Leaf):
    """A code fence, or indented code (which has no opening)."""

    kind = "code"

    def __init__(self, place: Place, start: int, end: int, opening: Opening | None, indent: int, number: int) -> None:
        super().__init__(place, start, end)
        info = opening.info if opening else ""
        self.fence = opening.fence if opening else ""
        self.indent = indent
        """Columns that its lines lose, as far as they are spaces."""
        self.language = read_language(info)
        self.number = number
        self._highlighter = Highlighter(self.language)
        self._state: LexerState | None = None
        self._lines: list[CodeLine] = []
        self._new: list[CodeLine] = []
        self._blanks: tuple[tuple[str, int, int], ...] = ()
        self._is_begun = False

    def fork(self) -> Self:
        """Return a copy with new lines of its own."""
        other = super().fork()
        other._new = []
        return other

    def go_on(self, line: SourceLine, at: int) -> Step:
        """Take a line; a fence ends with its closing one, indented code before a line that is not indented."""
        text = line.text
        indent = count_indent(text, at)
        if self.fence:
            if indent <= 3 and closes_fence(text[at + indent :], self.fence):
                self.end = line.end
                return Step.LAST
            at += min(indent, self.indent)
            self.add_line(text[at:], line.offset(at), line.end)
            return Step.TAKEN
        if at + indent >= len(text):
            self._add_blank(text[at + 4 :], line.offset(min(at + 4, len(text))), line.end)
            return Step.TAKEN
        if indent < 4:
            return Step.NOT_MINE
        self.add_line(text[at + 4 :], line.offset(at + 4), line.end)
        return Step.TAKEN

    def add_line(self, text: str, start: int, end: int, *, is_piece: bool = False) -> None:
        """Take one more line, its indentation taken off."""
        for blank, first, last in self._blanks:
            self._new.append(CodeLine((Run(blank, Ink("code")),) if blank else (), first, last, False))
        self._blanks = ()
        runs, self._state = self._highlighter.highlight(text, self._state, is_whole=not is_piece)
        self._new.append(CodeLine(runs, start, end, is_piece))
        self.end = end

    def _add_blank(self, text: str, start: int, end: int) -> None:
        """Take an empty line that counts only if code follows it (indented code)."""
        self._blanks += ((text, start, end),)

    def spans(self) -> list[tuple[int, int]]:
        """Return where its lines are in the source; pieces of one line touch."""
        spans: list[tuple[int, int]] = []
        for line in [*self._lines, *self._new]:
            if line.is_piece and spans:
                spans[-1] = (spans[-1][0], line.end)
            else:
                spans.append((line.start, line.end))
        return spans

    def settle(self, width: int) -> Settled:
        """Return the rows of the lines that came."""
        rows = self._draw(self._new, width)
        self._is_begun = self._is_begun or bool(rows)
        self._lines += self._new
        self._new = []
        return Settled(rows)

    def tail(self, width: int, is_open: bool) -> list[LeafRow]:
        """Return the line that is still being written, where there is one."""
        rows = self._draw(self._new, width)
        return rows if rows or self._is_begun else [LeafRow((_PAD,), self.start, self.end, "code", 1)]

    def relayout(self, width: int) -> list[LeafRow]:
        """Break its lines for another width; their colours are kept."""
        self._is_begun = False
        rows = self._draw(self._lines, width)
        self._is_begun = bool(rows)
        return rows

    def _draw(self, lines: list[CodeLine], width: int) -> list[LeafRow]:
        rows: list[LeafRow] = []
        if not self._is_begun and self.language:
            label = make_visible_line(self.language)
            for row in wrap_code((Run(label, _LABEL),), max(1, width - 2))[:1]:
                rows.append(LeafRow((_PAD, *row), self.start, self.start, "code", 1 + len(row)))
        for line in lines:
            pad = _MORE if line.is_piece else _PAD
            for row in wrap_code(line.runs, max(1, width - 2)):
                rows.append(LeafRow((pad, *row), line.start, line.end, "code", 1))
                pad = _MORE
        return rows


def read_language(info: str) -> str:
    """Return the language that an info string names: its first word, also from `{.python}` or `python:a.py`."""
    words = info.strip().strip("{}").split()
    return words[0].lstrip(".").split(":")[0].split(",")[0].split("{")[0] if words else ""
