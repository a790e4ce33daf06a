"""Plain text that grows by deltas, as lines for a width: prompts and reasoning, shown as they were written."""

from __future__ import annotations

from collections.abc import Sequence

from chatui.conversation.visible import make_visible
from chatui.ui.markdown.flow import narrow_to
from chatui.ui.markdown.line import Ink, Line, Run
from chatui.ui.markdown.sheet import Block
from chatui.ui.markdown.wrap import wrap, wrap_open

_PIECE = 1024
"""Characters of a line that are wrapped for good, up to a space, before its end has come."""


class PlainFlow:
    """Text as it is: line breaks and indentation are kept, long lines wrap below their indentation.

    Empty lines at the end are not shown until text follows them. The lines depend on source and width alone.
    """

    def __init__(self, width: int, role: str, text: str = "") -> None:
        self._width = narrow_to(width)
        self._ink = Ink(role)
        self._deltas: list[str] = []
        self._lines: list[Line] = []
        self._tail: list[Line] = []
        self._pending = ""
        self._offset = 0
        """Where the pending text begins in the source."""
        self._blanks: list[int] = []
        """Where the empty lines begin that are shown once text follows."""
        self._is_finished = False
        self._begin_line()
        if text:
            self.append(text)

    @property
    def source(self) -> str:
        """The text so far."""
        if len(self._deltas) > 1:
            self._deltas = ["".join(self._deltas)]
        return self._deltas[0] if self._deltas else ""

    @property
    def width(self) -> int:
        """The width in cells that the lines are made for."""
        return self._width

    @property
    def height(self) -> int:
        """The number of lines."""
        return len(self._lines) + len(self._tail)

    @property
    def blocks(self) -> Sequence[Block]:
        """The whole text as one block; none while there is no line."""
        length = sum(map(len, self._deltas))
        return [Block(self._ink.role, 0, self.height, 0, length)] if self.height else []

    def append(self, text: str) -> int:
        """Take a delta; return the index of the first line that looks different or is new.

        Raises `ValueError` after `finish`.
        """
        if self._is_finished:
            raise ValueError("the text is finished: make a new flow to go on")
        self._deltas.append(text)
        before, old = len(self._lines), self._tail
        self._read(self._pending + text)
        return self._compare(before, old)

    def finish(self) -> int:
        """Take the text as complete; return the index of the first line that looks different."""
        if self._is_finished:
            return self.height
        self._is_finished = True
        before, old = len(self._lines), self._tail
        self._end_line(self._pending.removesuffix("\r"))
        self._pending, self._tail = "", []
        return self._compare(before, old)

    def set_width(self, width: int) -> None:
        """Make the lines for another width."""
        width = narrow_to(width)
        if width == self._width:
            return
        source, was_finished = self.source, self._is_finished
        self._restart()
        self._width = width
        self._read(source)
        if was_finished:
            self.finish()

    def line(self, index: int) -> Line:
        """Return one line, counted from 0. Raises `IndexError` outside of `0 … height - 1`."""
        settled = len(self._lines)
        if index < 0:
            raise IndexError(index)
        return self._lines[index] if index < settled else self._tail[index - settled]

    def lines(self, start: int, stop: int) -> Sequence[Line]:
        """Return the lines from `start` up to `stop` (exclusive), as far as there are any."""
        settled = len(self._lines)
        if stop <= settled:
            return self._lines[start:stop]
        return self._lines[start:] + self._tail[max(start - settled, 0) : stop - settled]

    def _restart(self) -> None:
        self._lines, self._tail, self._blanks = [], [], []
        self._pending, self._offset, self._is_finished = "", 0, False
        self._begin_line()

    def _begin_line(self) -> None:
        self._carry: list[Run] = []
        self._indent = 0
        self._line_start = self._offset
        self._has_rows = False
        self._is_in_line = False

    def _read(self, text: str) -> None:
        at = 0
        while True:
            end = text.find("\n", at, at + _PIECE)
            if end >= 0:
                self._end_line(text[at:end].removesuffix("\r"))
                self._offset += end + 1 - at
                self._begin_line()
                at = end + 1
            elif len(text) - at >= _PIECE:
                at += self._settle(text[at : at + _PIECE])
            else:
                break
        self._pending = text[at:]
        self._tail = self._draw(wrap(self._runs(self._pending.removesuffix("\r")), self._inner), len(self._pending))
        if not self._pending.strip() and not self._is_in_line:
            self._tail = []
        elif self._blanks and not self._is_in_line:
            self._tail = [Line((), start=start, end=start) for start in self._blanks] + self._tail

    def _settle(self, text: str) -> int:
        """Wrap a piece of a long line for good; return its length, which ends before a space where there is one."""
        length = max(text.rfind(" ", len(text) // 2), 0) or len(text)
        self._put_blanks()
        runs = self._runs(text[:length])
        rows, self._carry = wrap_open(runs, self._inner)
        self._lines += self._draw(rows, length)
        self._has_rows = self._has_rows or bool(rows)
        self._is_in_line = True
        self._offset += length
        return length

    def _end_line(self, text: str) -> None:
        if not text.strip() and not self._is_in_line:
            self._blanks.append(self._offset)
            return
        self._put_blanks()
        self._lines += self._draw(wrap(self._runs(text), self._inner), len(text))

    def _put_blanks(self) -> None:
        self._lines += [Line((), start=start, end=start) for start in self._blanks]
        self._blanks = []

    def _runs(self, text: str) -> list[Run]:
        """Return the runs of a piece after what is carried; the first piece of a line sets the indentation."""
        shown = make_visible(text.expandtabs(4))
        if not self._is_in_line:
            bare = shown.lstrip(" ")
            self._indent = min(len(shown) - len(bare), self._width // 2)
            shown = bare
        return [*self._carry, Run(shown, self._ink)] if shown else self._carry

    @property
    def _inner(self) -> int:
        return self._width - self._indent

    def _draw(self, rows: Sequence[tuple[Run, ...]], length: int) -> list[Line]:
        pad = (Run(" " * self._indent, self._ink),) if self._indent else ()
        lines: list[Line] = []
        for row in rows:
            # Indentation is text on the first row of a line, and drawing on the others.
            drawn = len(pad) if self._has_rows or lines else 0
            lines.append(Line(pad + row, "", self._line_start, self._offset + length, drawn))
        return lines

    def _compare(self, before: int, old: list[Line]) -> int:
        for index, line in enumerate(old, before):
            if index >= self.height or line.runs != (new := self.line(index)).runs:
                return index
            # The runs stay the same object where they are the same: whoever painted them need not do so again.
            settled = len(self._lines)
            lines, at = (self._lines, index) if index < settled else (self._tail, index - settled)
            lines[at] = new._replace(runs=line.runs)
        return min(before + len(old), self.height)
