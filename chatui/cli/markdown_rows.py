"""A reply's Markdown as rows for a terminal, line by line while it comes: what is finished is never looked at again."""

from __future__ import annotations

import re
from dataclasses import dataclass

from chatui.cli.styled_text import Stretch, paint, read_inline, wrap
from chatui.cli.terminal_text import Ink, cut, measure
from chatui.conversation.visible import make_visible

MAX_OPEN = 2000
"""Characters of an unfinished line that are laid out again for each piece; longer ones are finished bit by bit."""
MAX_TABLE = 100
"""Rows of a table that are held to line its columns up."""

_FENCE = re.compile(r" {0,3}(`{3,}|~{3,})([^`]*)$")
_HEADING = re.compile(r" {0,3}#{1,6}(?:[ \t]+(.*?))?(?:[ \t]+#+)?[ \t]*$")
_RULE = re.compile(r" {0,3}([-*_])(?:[ \t]*\1){2,}[ \t]*$")
_QUOTE = re.compile(r" {0,3}((?:>[ \t]?)+)")
_ITEM = re.compile(r"([ \t]*)([-*+]|\d{1,9}[.)])(?:[ \t]+|$)(\[[ xX]\][ \t]+)?")
_DELIMITERS = re.compile(r"[ \t]*\|?[ \t]*:?-+:?[ \t]*(?:\|[ \t]*:?-+:?[ \t]*)*\|?[ \t]*$")
_CELL_BREAK = re.compile(r"(?<!\\)\|")


@dataclass(frozen=True, slots=True)
class Rows:
    """Rows that are ready to be written."""

    settled: tuple[str, ...]
    """Never to change again. They may be longer than the screen is wide: code is broken by the terminal alone, so that
    it can be copied."""
    open: tuple[str, ...]
    """May still change; each fits."""


class MarkdownRows:
    """Takes text in any pieces and gives rows; every row is safe to show."""

    def __init__(self, ink: Ink) -> None:
        self._ink = ink
        self._open = ""
        self._is_rest = False
        """True where the open line is the rest of a longer one."""
        self._fence = ""
        self._table: list[str] = []

    def feed(self, text: str, width: int) -> Rows:
        """Take the next text; the rows are for a screen of `width` cells."""
        *finished, self._open = (self._open + text).split("\n")
        settled: list[str] = []
        for line in finished:
            # Code is not looked at letter by letter, so a line of it may be as long as it is.
            rest = line if self._fence else self._shorten(line, settled, width)
            settled += self._finish(rest.removesuffix("\r"), width)
        self._open = self._shorten(self._open, settled, width)
        shown = self._lay_table(width)
        if self._open:
            shown = [*shown, *self._lay(make_visible(self._open), width, is_open=True)]
        return Rows(tuple(settled), tuple(shown))

    def end(self, width: int) -> Rows:
        """The text is over: what was open is settled."""
        last, self._open = self._open, ""
        settled = self._finish(last, width) if last else []
        settled += self._lay_table(width)
        self._table.clear()
        return Rows(tuple(settled), ())

    def _shorten(self, line: str, settled: list[str], width: int) -> str:
        """Settle the beginning of a long line and return its rest."""
        while len(line) > MAX_OPEN:
            end = line.rfind(" ", 1, MAX_OPEN) + 1 or MAX_OPEN
            settled += self._finish(line[:end].rstrip(" "), width)
            line, self._is_rest = line[end:], True
        return line

    def _finish(self, line: str, width: int) -> list[str]:
        line = make_visible(line)
        is_row = not self._fence and not self._is_rest and line.lstrip(" ").startswith("|")
        if is_row and len(self._table) < MAX_TABLE:
            self._table.append(line)
            return []
        before = self._lay_table(width)
        self._table.clear()
        rows = self._lay(line, width, is_open=False)
        self._is_rest = False
        return [*before, *rows]

    def _lay(self, line: str, width: int, *, is_open: bool) -> list[str]:
        """The rows of a line that is in no table."""
        if self._fence or (_FENCE.match(line) and not self._is_rest):
            return self._lay_code(line, width, is_open=is_open)
        if not line.strip():
            return [""]
        if not self._is_rest:
            if heading := _HEADING.match(line):
                return self._lay_inline(read_inline(heading[1] or "", "h"), width)
            if _RULE.match(line) and not is_open:
                return [self._ink.dim("─" * min(width, 40))]
        quote = None if self._is_rest else _QUOTE.match(line)
        bars = "│ " * quote[1].count(">") if quote else ""
        rest = line[quote.end() :] if quote else line
        item = None if self._is_rest else _ITEM.match(rest)
        mark = _mark(item) if item else re.match(r"[ \t]*", rest)[0]  # type: ignore[index]  # it always matches
        rest = rest[item.end() if item else len(mark) :]
        mark = mark.replace("\t", "    ")
        if not is_open and rest.endswith("\\") and not rest.endswith("\\\\"):
            # A hard line break; each line has its own row anyway.
            rest = rest[:-1]
        inner = max(width - measure(bars + mark), 8)
        rows = self._lay_inline(read_inline(rest, "d" if bars else ""), inner)
        blank = " " * measure(mark)
        return [f"{self._ink.dim(bars)}{mark if place == 0 else blank}{row}" for place, row in enumerate(rows)]

    def _lay_code(self, line: str, width: int, *, is_open: bool) -> list[str]:
        found = _FENCE.match(line)
        if not self._fence and found:
            if not is_open:
                self._fence = found[1]
            return [self._ink.dim(line.strip())]
        is_end = found and found[1].startswith(self._fence) and not found[2].strip()
        if is_end:
            if not is_open:
                self._fence = ""
            return [self._ink.dim(line.strip())]
        if is_open:
            return [self._ink.accent(piece) for piece in _chop(line.replace("\t", "    "), width)]
        return [self._ink.accent(line)]

    def _lay_inline(self, stretches: list[Stretch], width: int) -> list[str]:
        return [paint(row, self._ink) for row in wrap(stretches, width)]

    def _lay_table(self, width: int) -> list[str]:
        """The rows of the table that is held, columns in line where they fit, else as they came."""
        if len(self._table) < 2 or not _DELIMITERS.match(self._table[1]):
            return [row for line in self._table for row in self._lay_inline(read_inline(line), width)]
        cells = [_split_row(line) for line in self._table]
        count = len(cells[0])
        texts = [[read_inline(cell, "b" if not at else "") for cell in row] for at, row in enumerate(cells) if at != 1]
        widths = [max([3, *(_measure(row[at]) for row in texts if at < len(row))]) for at in range(count)]
        if sum(widths) + 3 * (count - 1) > width:
            return [row for line in self._table for row in self._lay_inline(read_inline(line), width)]
        rows = [self._lay_cells(row, widths, cells[1]) for row in texts]
        rule = self._ink.dim("─┼─".join("─" * each for each in widths))
        return [rows[0], rule, *rows[1:]]

    def _lay_cells(self, row: list[list[Stretch]], widths: list[int], delimiters: list[str]) -> str:
        shown = []
        for at, width in enumerate(widths):
            cell = row[at] if at < len(row) else []
            blank = " " * (width - _measure(cell))
            is_right = at < len(delimiters) and delimiters[at].endswith(":") and not delimiters[at].startswith(":")
            shown.append(blank + paint(cell, self._ink) if is_right else paint(cell, self._ink) + blank)
        return self._ink.dim(" │ ").join(shown).rstrip(" ")


def _mark(item: re.Match[str]) -> str:
    task = {"": "", " ": "☐"}.get((item[3] or "")[1:2], "☑")
    if item[2] in "-*+":
        return f"{item[1]}{task or '•'} "
    return f"{item[1]}{item[2]} {task}{' ' if task else ''}"


def _chop(line: str, width: int) -> list[str]:
    """Cut a line into pieces that fit."""
    pieces: list[str] = []
    while line:
        piece = cut(line, width) or line[0]
        pieces.append(piece)
        line = line[len(piece) :]
    return pieces


def _split_row(line: str) -> list[str]:
    cells = _CELL_BREAK.split(line.strip())
    if cells and not cells[0].strip():
        cells = cells[1:]
    if cells and not cells[-1].strip():
        cells = cells[:-1]
    return [cell.strip().replace(r"\|", "|") for cell in cells]


def _measure(stretches: list[Stretch]) -> int:
    return sum(measure(stretch.text) for stretch in stretches)
