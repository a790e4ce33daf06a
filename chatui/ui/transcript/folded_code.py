"""The lines of a reply, with the long code that the reader folded."""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

from chatui.ui.markdown.flow import MarkdownFlow
from chatui.ui.markdown.line import Ink, Line, Run
from chatui.ui.markdown.sheet import Block

LONG_CODE = 40
"""Rows from which on code can be folded."""
SHOWN_CODE = 12
"""Rows that folded code still shows."""


class Fold(NamedTuple):
    """Lines of the flow that are hidden, `end` excluded; one line stands for them."""

    number: int
    """The number of the code in its reply."""
    first: int
    end: int
    line: Line


class FoldedCode:
    """A flow whose code of certain numbers is folded; with none folded, every line is the flow's own."""

    def __init__(self, flow: MarkdownFlow, folded: frozenset[int] = frozenset()) -> None:
        self.whole = flow
        """All lines."""
        self.folded = folded
        """Numbers of the code that the reader folded."""
        self._folds: list[Fold] = []
        self.update()

    @property
    def height(self) -> int:
        """How many lines are shown."""
        return self.whole.height - sum(fold.end - fold.first - 1 for fold in self._folds)

    def line(self, index: int) -> Line:
        """One of them."""
        for fold in self._folds:
            if index < fold.first:
                break
            if index == fold.first:
                return fold.line
            index += fold.end - fold.first - 1
        return self.whole.line(index)

    def row_of(self, line: int) -> int:
        """Where a line of the flow is shown; for a hidden one, the line that stands for it."""
        row = line
        for fold in self._folds:
            if line >= fold.end:
                row -= fold.end - fold.first - 1
            elif line >= fold.first:
                return row - (line - fold.first)
        return row

    def is_fold_line(self, index: int) -> bool:
        """Whether that line stands for hidden ones."""
        return any(self.row_of(fold.first) == index for fold in self._folds)

    def update(self) -> None:
        """Take over how the flow's lines are now."""
        if self.folded or self._folds:
            blocks = [block for block in self.whole.blocks if block.number in self.folded]
            self._folds = list(self._fold(blocks))

    def toggle(self, index: int) -> bool:
        """Fold or unfold the long code at a line; false where there is none."""
        for block in self.whole.blocks:
            is_here = self.row_of(block.first_line) <= index <= self.row_of(block.last_line - 1)
            if block.number and is_here and is_long(block):
                self.folded ^= {block.number}
                self.update()
                return True
        return False

    def _fold(self, blocks: Iterable[Block]) -> Iterable[Fold]:
        for block in blocks:
            if is_long(block):
                first, end = block.first_line + SHOWN_CODE, block.last_line
                model = self.whole.line(first)
                drawn = model.runs[: model.decoration]
                words = Run(f"▸ … {end - first:,} more lines", Ink("code.label"))
                runs = (*drawn, words)
                yield Fold(block.number, first, end, model._replace(runs=runs, decoration=len(runs)))


def is_long(block: Block) -> bool:
    """Whether a block is code that is worth folding."""
    return block.number > 0 and block.last_line - block.first_line > LONG_CODE
