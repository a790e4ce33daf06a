"""Markdown that grows by deltas, as lines for a width; what a delta costs does not grow with the reply."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Self

from chatui.ui.markdown.block_parser import BlockParser
from chatui.ui.markdown.code import Code
from chatui.ui.markdown.leaf import Leaf
from chatui.ui.markdown.line import Line
from chatui.ui.markdown.sheet import Block, Sheet, list_blocks
from chatui.ui.markdown.starts import make_line
from chatui.ui.markdown.table import Table

_NARROWEST = 8
"""Cells below which lines are made as if there were so many; a wide character and its frame must fit."""

_PIECE = 1024
"""Characters of a line that are read as one; the rest of a longer line is text of the block that it began."""

_ROW_PIECE = 8192
"""The same for the rows of a table, which cannot be cut."""

_UNTOLD = re.compile(r"[-=*_+#>|:`~ ]*$|[ >]*(?:[-*+]|\d{1,9}[.)]) +\[[ xX]?\]? *$")
"""A line begun that may still become a heading's underline, a rule, a fence, a task …: shown once it can be told."""

_UNTOLD_CODE = re.compile(r"[ >]*(?:`+|~+)?$")


def narrow_to(width: int) -> int:
    """Return the width that lines are made for where `width` is asked for."""
    return max(width, _NARROWEST)


class MarkdownFlow:
    """A reply: source that grows at its end, and its lines, which depend on source and width alone, not on the cuts."""

    def __init__(self, width: int, text: str = "") -> None:
        self._deltas: list[str] = []
        self._sheet = Sheet(narrow_to(width))
        self._parser = BlockParser(self._sheet)
        self._pending = ""
        self._offset = 0
        """Where the pending text begins in the source."""
        self._is_in_line = False
        """A piece of a long line was read, and its end has not come."""
        self._is_finished = False
        self._tail: list[Line] = []
        self._open: list[Leaf] = []
        if text:
            self.append(text)

    @classmethod
    def of_whole(cls, width: int, text: str) -> Self:
        """Make the flow of a reply that is complete: nothing is laid out as if more could come."""
        flow = cls(width)
        flow._deltas.append(text)
        flow._read_lines(text)
        flow.finish()
        return flow

    @property
    def source(self) -> str:
        """The Markdown so far."""
        if len(self._deltas) > 1:
            self._deltas = ["".join(self._deltas)]
        return self._deltas[0] if self._deltas else ""

    @property
    def is_finished(self) -> bool:
        """Whether the source is complete."""
        return self._is_finished

    @property
    def width(self) -> int:
        """The width in cells that the lines are made for."""
        return self._sheet.width

    @property
    def height(self) -> int:
        """The number of lines."""
        return len(self._sheet.lines) + len(self._tail)

    @property
    def blocks(self) -> Sequence[Block]:
        """The top-level blocks in order, each followed by the code inside of it; made anew at each call."""
        return list_blocks(self._leaves())

    def append(self, text: str) -> int:
        """Take a delta; return the index of the first line that looks different or is new (those before it are kept).

        Raises `ValueError` after `finish`.
        """
        if self._is_finished:
            raise ValueError("the reply is finished: make a new flow to go on")
        before = len(self._sheet)
        self._deltas.append(text)
        self._read_lines(self._pending + text)
        return self._show(before)

    def finish(self) -> int:
        """Take the source as complete; return the index of the first line that looks different."""
        if self._is_finished:
            return self.height
        before = len(self._sheet)
        rest = self._pending.removesuffix("\r")
        if rest:
            self._read_piece(rest)
        self._offset += len(self._pending)
        self._pending = ""
        self._parser.finish(self._offset)
        self._is_finished = True
        return self._show(before)

    def set_width(self, width: int) -> None:
        """Make the lines for another width, from what was parsed."""
        width = narrow_to(width)
        if width != self._sheet.width:
            self._sheet.set_width(width)
            self._tail = []
            self._show(0)

    def line(self, index: int) -> Line:
        """Return one line, counted from 0. Raises `IndexError` outside of `0 … height - 1`."""
        settled = len(self._sheet.lines)
        if index < 0:
            raise IndexError(index)
        return self._sheet.lines[index] if index < settled else self._tail[index - settled]

    def lines(self, start: int, stop: int) -> Sequence[Line]:
        """Return the lines from `start` up to `stop` (exclusive), as far as there are any."""
        settled = len(self._sheet.lines)
        if stop <= settled:
            return self._sheet.lines[start:stop]
        return self._sheet.lines[start:] + self._tail[max(start - settled, 0) : stop - settled]

    def code(self, number: int) -> str:
        """Return the code with a number, without what its containers put before its lines. Raises `KeyError`."""
        for leaf in self._leaves():
            if isinstance(leaf, Code) and leaf.number == number:
                source = self.source
                return "".join(f"{source[start:end]}\n" for start, end in leaf.spans())
        raise KeyError(number)

    def _leaves(self) -> list[Leaf]:
        """Return all leaves; the open one as it was last shown."""
        leaves = self._sheet.leaves
        return (leaves[:-1] if self._parser.leaf is not None else leaves) + self._open

    def _read_lines(self, text: str) -> None:
        """Read all that is complete: lines, and pieces of a long line. Where it is cut depends on the source alone."""
        at = 0
        while True:
            longest = self._longest(text[at : at + 64])
            end = text.find("\n", at, at + longest)
            if end >= 0:
                self._read_piece(text[at:end].removesuffix("\r"))
                self._is_in_line = False
                self._offset += end + 1 - at
                at = end + 1
            elif len(text) - at >= longest:
                self._read_piece(text[at : at + longest])
                self._is_in_line = True
                self._offset += longest
                at += longest
            else:
                break
        self._pending = text[at:]

    def _longest(self, begin: str) -> int:
        is_row = not self._is_in_line and (isinstance(self._parser.leaf, Table) or begin.lstrip(" >").startswith("|"))
        return _ROW_PIECE if is_row else _PIECE

    def _read_piece(self, text: str, parser: BlockParser | None = None) -> None:
        parser = parser or self._parser
        if not self._is_in_line:
            parser.feed(make_line(text, self._offset))
        elif text:
            parser.feed_more(text, self._offset)

    def _show(self, before: int) -> int:
        """Make the lines of what is open; return the first line that differs, of those from `before` on."""
        old, self._tail, self._open = self._tail, [], []
        self._parser.resolve()
        if not self._is_finished:
            fork = self._parser.fork()
            rest = self._pending.removesuffix("\r")
            if rest and (self._is_in_line or not self._is_untold(rest)):
                self._read_piece(rest, fork)
            fork.show_open(self._offset + len(rest))
            self._tail, self._open = fork.sheet.lines, fork.sheet.leaves
        restart, self._sheet.restart = self._sheet.restart, None
        if restart is not None and restart < before:
            return restart
        for index, line in enumerate(old, before):
            if index >= self.height or line[:2] != (new := self.line(index))[:2]:
                return index
            if line is not new:
                # The runs stay the same object where they are the same: whoever painted them need not do so again.
                self._replace(index, new._replace(runs=line.runs))
        return min(before + len(old), self.height)

    def _replace(self, index: int, line: Line) -> None:
        settled = len(self._sheet.lines)
        if index < settled:
            self._sheet.lines[index] = line
        else:
            self._tail[index - settled] = line

    def _is_untold(self, rest: str) -> bool:
        leaf = self._parser.leaf
        is_fence = isinstance(leaf, Code) and bool(leaf.fence)
        return (_UNTOLD_CODE if is_fence else _UNTOLD).match(rest) is not None
