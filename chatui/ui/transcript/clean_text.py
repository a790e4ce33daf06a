"""What a selection says: lines joined where only the width broke them, code as it was written, tables as Markdown.

Where a row was broken cannot be seen in it. So the text is laid out once more without a width, and the places where
the selection begins and ends are found in that by counting the characters that are not space.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import groupby
from typing import NamedTuple

from chatui.ui.markdown.flow import MarkdownFlow
from chatui.ui.markdown.line import Line
from chatui.ui.markdown.plain_flow import PlainFlow
from chatui.ui.transcript.entry_block import find_flow
from chatui.ui.transcript.section import Lines

_CELLS_PER_CHARACTER = 8
"""A character takes that many cells at most when a stand-in such as `<202E>` shows it, with its share of indents."""
_BARS = frozenset({"quote.bar", "text", "code"})
"""Roles of drawing that goes on through an empty line; a line of other drawing alone (a rule, a label) says nothing."""
_MARKER_ROLES = ("list.", "task.")
_BULLETS = {"•": "-", "◦": "-", "▪": "-", "☐": "- [ ]", "☑": "- [x]"}
_CONTAINERS = re.compile(r"(?:[ >\t]|[-*+][ \t]|\d{1,9}[.)][ \t])*")
"""What may stand before a row of a table that is inside of lists and quotes."""


class Spot(NamedTuple):
    """A place between two characters of the lines of a section."""

    line: int
    column: int
    """Characters of the line's text before it, what is drawn included."""


class _Piece(NamedTuple):
    """A line without a width."""

    text: str
    lead: str = ""
    """Indentation by which a nested list item shows its level."""
    exact: str | None = None
    """What the source says, where that is to be taken when nothing of the line is cut off."""
    is_joined: bool = False
    """Whether it goes on where the line before it ended."""


def read_selection(lines: Lines, start: Spot, end: Spot) -> list[str]:
    """Return the lines of text between two spots, `end` excluded; none where all between them is drawn."""
    flow = find_flow(lines)
    if flow is None:
        drawn_apart = [_cut_row(lines.line(index), index, start, end) for index in range(start.line, end.line + 1)]
        return [text for text in drawn_apart if text is not None]
    first, last = lines.line(start.line), lines.line(end.line)
    tables = _find_tables(flow)
    if start.line == end.line and _is_row(first, tables):
        text = _cut_row(first, start.line, start, end)
        return [] if text is None else [text]
    wide = _unwrap(flow)
    is_begun = _count_before(lines, Spot(start.line, start.column)) if not _is_row(first, tables) else 0
    is_ended = _count_before(lines, end) if not _is_row(last, tables) else None
    first_source, last_source = _begin(lines, start, tables), last.start
    chosen = (line for line in wide if first_source <= line.start <= last_source)
    pieces: list[_Piece] = []
    for source, group in groupby(chosen, key=lambda line: line.start):
        found = list(_read_pieces(list(group), flow, tables, pieces))
        if source == last_source and is_ended is not None:
            found = _keep_first(found, is_ended)
        if source == first_source and source == first.start:
            found = _drop_first(found, is_begun, is_inside=start.column > _said_from(first))
        pieces += found
    return _join(pieces)


def _begin(lines: Lines, start: Spot, tables: Sequence[tuple[int, int]]) -> int:
    """Where the source of a selection begins; a table of records shows no header, but whoever takes all has it."""
    first = lines.line(start.line)
    for begin, stop in tables:
        before = lines.line(start.line - 1).start if start.line else -1
        if begin < first.start < stop and before < begin and start.column <= _said_from(first):
            return begin
    return first.start


def _unwrap(flow: MarkdownFlow | PlainFlow) -> Iterator[Line]:
    width = _CELLS_PER_CHARACTER * len(flow.source) + 100
    wide: MarkdownFlow | PlainFlow
    if isinstance(flow, MarkdownFlow):
        make = MarkdownFlow.of_whole if flow.is_finished else MarkdownFlow
        wide = make(width, flow.source)
    else:
        wide = PlainFlow(width, "text", flow.source)
    return iter(wide.lines(0, wide.height))


def _find_tables(flow: MarkdownFlow | PlainFlow) -> list[tuple[int, int]]:
    return [(block.start, block.end) for block in flow.blocks if block.kind == "table"]


def _is_row(line: Line, tables: Sequence[tuple[int, int]]) -> bool:
    """Whether a line is of a table, also of one inside of a list or quote, which its inks tell."""
    is_inside = any(run.ink.role.startswith("table.") for run in line.runs)
    return is_inside or any(start <= line.start < end for start, end in tables)


def _read_pieces(
    group: Sequence[Line], flow: MarkdownFlow | PlainFlow, tables: Sequence[tuple[int, int]], before: Sequence[_Piece]
) -> Iterator[_Piece]:
    """Read the lines that share a source."""
    rows = [line for line in group if line.end > line.start and _is_row(line, tables)]
    if rows:
        if _say(group[0]) == ("", ""):
            yield _Piece("")
        if any(_say(line) is not None for line in rows):
            is_nested = not any(start <= rows[0].start < end for start, end in tables)
            source = flow.source[rows[0].start : rows[0].end].splitlines()
            yield from [_Piece(_CONTAINERS.sub("", row, 1) if is_nested else row.strip()) for row in source]
        return
    for line in group:
        said = _say(line)
        if said is None:
            continue
        if line.fill == "code" or (isinstance(flow, PlainFlow) and line.end > line.start):
            is_joined = bool(before or line is not group[0]) and _is_more(line)
            yield _Piece(said[1], "", flow.source[line.start : line.end], is_joined)
        elif line.runs and line.runs[-1].ink.role == "rule":
            yield _Piece("", exact="---")
        else:
            yield _Piece(said[1], said[0])


def _is_more(line: Line) -> bool:
    drawn = line.runs[: line.decoration]
    return bool(drawn) and drawn[-1].ink.role == "code.more"


def _say(line: Line) -> tuple[str, str] | None:
    """Return what a line says, and the indentation before it; `None` for one that is only drawn."""
    drawn, said = line.runs[: line.decoration], line.runs[line.decoration :]
    if not said:
        return ("", "") if all(run.ink.role in _BARS and not run.text.strip("▎ ") for run in drawn) else None
    if said[0].ink.role.startswith(_MARKER_ROLES) and drawn and drawn[-1].text == " ":
        # The cell of air before a bullet is no indentation.
        drawn = drawn[:-1]
    lead = "".join(run.text for run in drawn if run.text.isspace() and run.ink.role == "text")
    return lead, "".join(run.text for run in said)


def _said_from(line: Line) -> int:
    return sum(len(run.text) for run in line.runs[: line.decoration])


def _cut_row(line: Line, index: int, start: Spot, end: Spot) -> str | None:
    if _say(line) is None:
        return None
    begin = max(_said_from(line), start.column if index == start.line else 0)
    return line.text[begin : end.column if index == end.line else None].rstrip()


def _count_before(lines: Lines, spot: Spot) -> int:
    """Count the characters, spaces left out, between the beginning of the source that a line is from and a spot."""
    here = lines.line(spot.line)
    count = _count(here.text[_said_from(here) : spot.column])
    index = spot.line - 1
    while index >= 0 and (line := lines.line(index)).start == here.start:
        if (said := _say(line)) is not None:
            count += _count(said[1])
        index -= 1
    return count


def _count(text: str) -> int:
    return sum(not character.isspace() for character in text)


def _find(text: str, count: int) -> int:
    """Return the place behind so many characters that are not space."""
    for index, character in enumerate(text):
        if count == 0:
            return index
        count -= not character.isspace()
    return len(text)


def _keep_first(pieces: Sequence[_Piece], count: int) -> list[_Piece]:
    kept: list[_Piece] = []
    for piece in pieces:
        if count <= 0:
            break
        here = _count(piece.text)
        if here > count:
            piece = _Piece(piece.text[: _find(piece.text, count)], piece.lead, None, piece.is_joined)
        kept.append(piece)
        count -= here
    return kept


def _drop_first(pieces: Sequence[_Piece], count: int, *, is_inside: bool) -> list[_Piece]:
    rest = list(pieces)
    while rest and count > 0:
        here = _count(rest[0].text)
        if here > count:
            rest[0] = _Piece(rest[0].text[_find(rest[0].text, count) :].lstrip())
            return rest
        count -= here
        del rest[0]
    if rest and is_inside:
        rest[0] = _Piece(rest[0].text.lstrip())
    return rest


def _join(pieces: Sequence[_Piece]) -> list[str]:
    texts: list[str] = []
    for piece in pieces:
        text = piece.exact if piece.exact is not None else piece.lead + _name_marker(piece.text)
        if piece.is_joined and texts:
            texts[-1] += text
        else:
            texts.append(text)
    return [text.rstrip() for text in texts]


def _name_marker(text: str) -> str:
    marker = _BULLETS.get(text[:1])
    return marker + text[1:] if marker is not None and text[1:2] in (" ", "") else text
