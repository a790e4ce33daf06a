"""Where found text stands in the rows of an entry, also where it goes on in the next row."""

from __future__ import annotations

from bisect import bisect_right
from typing import NamedTuple

from chatui.ui.markdown.line import Line
from chatui.ui.transcript.entry import Entry, rows_of
from chatui.ui.transcript.entry_block import find_flow
from chatui.ui.transcript.folded_code import FoldedCode
from chatui.ui.transcript.needle import Needle
from chatui.ui.transcript.section import Action, FirstLines, Lines


class Spot(NamedTuple):
    """A place in an entry."""

    row: int
    column: int
    """Characters of the line's text before it; -1 where the row does not show what was found (a link's target)."""
    is_folded: bool = False
    """Whether it is folded away; the row is the one that unfolds it."""


class RowMatch(NamedTuple):
    """The part of a match that is in one row."""

    start: int
    end: int
    """Characters of the line's text."""
    begins: Spot


def match_row(entry: Entry, row: int, needle: Needle) -> list[RowMatch]:
    """Return the matches in a row of a message's texts; none in rows of anything else."""
    above = 0
    for section in entry.sections:
        height = section.lines.height
        if row < above + height:
            return _match(section.lines, row - above, needle, above, entry.width) if section.part is not None else []
        above += height
    return []


def locate(entry: Entry, part: int, offset: int, needle: Needle) -> Spot:
    """Return where the match at an offset of one of the entry's texts begins."""
    above = 0
    fold = 0
    for section in entry.sections:
        lines = section.lines
        flow = find_flow(lines)
        if section.part == part and flow is not None and lines.height:
            return _locate(lines, flow.source, offset, needle, above)
        if section.action is Action.FOLD_REASONING:
            fold = above
        above += lines.height
    return Spot(fold, -1, is_folded=True)


def _locate(lines: Lines, source: str, offset: int, needle: Needle, above: int) -> Spot:
    index = max(bisect_right(range(lines.height), offset, key=lambda i: lines.line(i).start) - 1, 0)
    if isinstance(lines, FoldedCode) and lines.is_fold_line(index):
        return Spot(above + index, -1, is_folded=True)
    start = lines.line(index).start
    first, end = rows_of(lines, start, index)
    stop = max(lines.line(end - 1).end, offset + 1)
    number = sum(start + at < offset for at in needle.find(source[start:stop]))
    found = [spot for spot, _ in _find(lines, first, end, needle, above)]
    if number < len(found):
        return found[number]
    if isinstance(lines, FirstLines) and lines.height < lines.whole.height:
        return Spot(above + lines.height, -1, is_folded=True)
    share = (offset - start) / (stop - start)
    return Spot(above + first + int(share * (end - first)), -1)


def _match(lines: Lines, index: int, needle: Needle, above: int, width: int) -> list[RowMatch]:
    reach = 1 + len(needle.text) // max(width // 2, 1)
    start = lines.line(index).start
    first, end = index, index + 1
    while first > max(index - reach, 0) and lines.line(first - 1).start == start:
        first -= 1
    while end < min(index + 1 + reach, lines.height) and lines.line(end).start == start:
        end += 1
    parts = []
    for spot, rows in _find(lines, first, end, needle, above):
        parts += [RowMatch(begin, stop, spot) for row, begin, stop in rows if row == index and begin < stop]
    return parts


def _find(
    lines: Lines, first: int, end: int, needle: Needle, above: int
) -> list[tuple[Spot, list[tuple[int, int, int]]]]:
    """Find in rows `first` … `end`: for each match where it begins, and its (row, start, end) in every row it is in."""
    said = [_said(lines.line(index)) for index in range(first, end)]
    begins: list[int] = []
    at = 0
    for text, _ in said:
        begins.append(at)
        at += len(text) + 1
    found = []
    for start, stop in needle.spans("\n".join(text for text, _ in said)):
        rows = []
        index = bisect_right(begins, start) - 1
        while index < len(said) and begins[index] < stop:
            text, drawn = said[index]
            begin, finish = max(start - begins[index], 0), min(stop - begins[index], len(text))
            rows.append((first + index, drawn + begin, drawn + finish))
            index += 1
        found.append((Spot(above + rows[0][0], rows[0][1]), rows))
    return found


def _said(line: Line) -> tuple[str, int]:
    """Return what a line says, and the characters of what is drawn before that."""
    drawn = sum(len(run.text) for run in line.runs[: line.decoration])
    return line.text[drawn:], drawn
