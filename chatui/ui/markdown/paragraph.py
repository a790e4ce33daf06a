"""A paragraph that may grow without end: what is surely complete is parsed and wrapped once, the rest as it stands."""

from __future__ import annotations

from chatui.ui.markdown.definitions import References
from chatui.ui.markdown.inline import Inline, parse_inline, read_inline
from chatui.ui.markdown.leaf import Leaf, LeafRow, Place, Settled
from chatui.ui.markdown.line import Run
from chatui.ui.markdown.open_text import find_cut, heal
from chatui.ui.markdown.table import draft_table
from chatui.ui.markdown.wrap import wrap, wrap_open

_LONG = 1024
"""Characters from which a paragraph is settled as far as it can be cut."""

_TOO_LONG = 2048
"""Characters at which it is cut even inside of emphasis, code or a link that was not closed until then."""


class Paragraph(Leaf):
    """Running text."""

    kind = "paragraph"

    def __init__(self, place: Place, starts: tuple[int, ...], end: int, text: str, references: References) -> None:
        super().__init__(place, starts[0], end)
        self.text = text
        """The source that is not settled; lines are joined with line breaks."""
        self.last_start = starts[-1]
        """Where the last line begins in the source."""
        self._references = references
        self._starts = starts
        """Where its lines begin in the source, as long as it may define a reference."""
        self._pieces: list[tuple[Inline, int]] = []
        self._carry: list[Run] = []

    @property
    def is_settled(self) -> bool:
        """Whether a part of it is final: it can become nothing else any more."""
        return bool(self._pieces)

    @property
    def may_define(self) -> bool:
        """Whether it may begin with a link reference definition."""
        return self.text.startswith("[") and not self._pieces

    def starts_after(self, length: int) -> tuple[int, ...]:
        """Return where the lines begin in the source that follow its first `length` characters, which are lines."""
        return self._starts[self.text.count("\n", 0, length) :] if length < len(self.text) else ()

    def add_line(self, text: str, start: int, end: int) -> None:
        """Take one more line, its indentation taken off."""
        self.text = f"{self.text}\n{text}"
        self.last_start = start
        if self.may_define:
            self._starts = (*self._starts, start)
        self.end = end

    def add_text(self, text: str, end: int) -> None:
        """Take more of the last line."""
        self.text += text
        self.end = end

    def drop_last_line(self) -> str:
        """Take the last line out, and return it."""
        self.text, _, line = self.text.rpartition("\n")
        self.end = self.last_start - 1
        return line

    def settle(self, width: int) -> Settled:
        """Return the rows up to where the text can be cut, once it is long."""
        if len(self.text) < _LONG:
            return Settled([])
        # A short last line may turn out to be the head of a table.
        last = self.text.rfind("\n")
        at = find_cut(self.text[:last] if last >= _LONG // 2 else self.text, _TOO_LONG)
        if at == 0:
            return Settled([])
        inline = self._read(self.text[:at])
        self.text = self.text[at:]
        self._pieces.append((inline, self.end))
        return Settled(self._extend(inline.runs, self.end, width))

    def tail(self, width: int, is_open: bool) -> list[LeafRow]:
        """Return the rows of what is not settled; while it is open, emphasis that has begun is shown as such."""
        if is_open and not self._pieces and self.text.startswith("|") and "\n" not in self.text:
            return draft_table(self.text, width, self._references, self.start, self.end)
        runs = self._carry
        if self.text:
            text = heal(self.text) if is_open else self.text.rstrip()
            runs = runs + parse_inline(text, self.place.ink, self._references)
        return [LeafRow(row, self.start, self.end) for row in wrap(runs, width)]

    def close(self, width: int) -> list[LeafRow]:
        """Parse the rest, and keep what was parsed for other widths."""
        inline = self._read(self.text.rstrip())
        self.is_closed = True
        self.text = ""
        self._pieces.append((inline, self.end))
        self._carry = self._carry + inline.runs
        return self.tail(width, False)

    def relayout(self, width: int) -> list[LeafRow]:
        """Wrap again what was parsed, in the same pieces."""
        self._carry = []
        rows: list[LeafRow] = []
        for inline, end in self._pieces[:-1] if self.is_closed else self._pieces:
            rows += self._extend(inline.runs, end, width)
        if self.is_closed:
            self._carry = self._carry + self._pieces[-1][0].runs
        return rows

    def wanted(self) -> set[str]:
        """Return the labels that it waits for."""
        return {label for inline, _ in self._pieces for label in inline.wanted}

    def resolve(self, references: References) -> None:
        """Read again the pieces that waited for a label."""
        self._pieces = [(inline.resolve(references), end) for inline, end in self._pieces]

    def _read(self, text: str) -> Inline:
        return read_inline(text, self.place.ink, self._references)

    def _extend(self, runs: list[Run], end: int, width: int) -> list[LeafRow]:
        rows, self._carry = wrap_open(self._carry + runs, width)
        return [LeafRow(row, self.start, end) for row in rows]
