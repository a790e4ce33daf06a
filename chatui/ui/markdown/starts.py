"""How blocks begin, line by line: the recognizers of CommonMark 0.31 and GFM."""

from __future__ import annotations

import re
from typing import NamedTuple

_HEADING = re.compile(r"(#{1,6})(?:[ ]+|$)")
_HEADING_END = re.compile(r"(?:^|[ ]+)#+[ ]*$")
_RULE = re.compile(r"(?:\*[ ]*){3,}$|(?:-[ ]*){3,}$|(?:_[ ]*){3,}$")
_SETEXT = re.compile(r"(?:=+|-+)[ ]*$")
_FENCE = re.compile(r"(`{3,}(?=[^`]*$)|~{3,})[ ]*(.*?)[ ]*$")
_MARKER = re.compile(r"(?:([*+-])|(\d{1,9})([.)]))(?=[ ]|$)")
_ALIGNMENTS = re.compile(r"\|?[ ]*:?-+:?[ ]*(?:\|[ ]*:?-+:?[ ]*)*\|?[ ]*$")
_BREAK = re.compile(r"[ ]*<br[ ]*/?>[ ]*", re.IGNORECASE)


class SourceLine(NamedTuple):
    """One line of source, without its end; tabs are expanded to stops of four columns."""

    text: str
    start: int
    """Where it begins in the source."""
    end: int
    """Where it ends, before the line break."""
    raw: str
    """The line as it was written."""

    def offset(self, column: int) -> int:
        """Return the place in the source of a column of the expanded text."""
        if len(self.raw) == len(self.text):
            return self.start + min(column, len(self.raw))
        at = reached = 0
        while reached < column and at < len(self.raw):
            reached += 4 - reached % 4 if self.raw[at] == "\t" else 1
            at += 1
        return self.start + at


def make_line(raw: str, start: int) -> SourceLine:
    """Return a line of source that begins at `start`."""
    return SourceLine(raw.expandtabs(4) if "\t" in raw else raw, start, start + len(raw), raw)


class Marker(NamedTuple):
    """The marker of a list item."""

    is_ordered: bool
    delimiter: str
    """`-`, `*` or `+`; `.` or `)` after a number."""
    number: int
    indent: int
    """Columns to where the item's text begins, from where the marker's indentation begins."""
    is_blank: bool
    """Nothing follows it on its line."""

    @property
    def can_interrupt(self) -> bool:
        """Whether it may end a paragraph (CommonMark, section 5.2)."""
        return not self.is_blank and (not self.is_ordered or self.number == 1)


class Opening(NamedTuple):
    """The opening line of a code fence."""

    fence: str
    info: str


def count_indent(text: str, at: int) -> int:
    """Return the number of spaces at a place."""
    end = at
    while end < len(text) and text[end] == " ":
        end += 1
    return end - at


def read_heading(text: str) -> tuple[int, str] | None:
    """Return level and text of an ATX heading."""
    match = _HEADING.match(text)
    return (len(match.group(1)), _HEADING_END.sub("", text[match.end() :]).rstrip(" ")) if match else None


def read_setext(text: str) -> int:
    """Return the level that an underline gives to the paragraph above it; 0 for none."""
    return 0 if _SETEXT.match(text) is None else 1 if text[0] == "=" else 2


def is_rule(text: str) -> bool:
    """Tell whether a line is a thematic break."""
    return _RULE.match(text) is not None


def read_fence(text: str) -> Opening | None:
    """Return the fence that a line opens."""
    match = _FENCE.match(text)
    return Opening(match.group(1), match.group(2)) if match else None


def closes_fence(text: str, fence: str) -> bool:
    """Tell whether a line, its indentation taken off, closes a fence."""
    bare = text.rstrip(" ")
    return len(bare) >= len(fence) and bare == fence[0] * len(bare)


def read_marker(text: str, at: int, indent: int) -> Marker | None:
    """Return the list marker at a place of a line, which is indented by `indent` columns."""
    match = _MARKER.match(text, at)
    if match is None:
        return None
    spaces = count_indent(text, match.end())
    is_blank = match.end() + spaces >= len(text)
    padding = 1 if is_blank or spaces > 4 else spaces
    bullet, number, delimiter = match.groups()
    columns = indent + match.end() - at + padding
    return Marker(bullet is None, bullet or delimiter, int(number or 0), columns, is_blank)


def read_alignments(text: str) -> tuple[str, ...]:
    """Return the alignments (`<`, `>`, `^`, or `` for none) of a table's delimiter row; empty where it is none."""
    if _ALIGNMENTS.match(text) is None:
        return ()
    marks = {(False, False): "", (True, False): "<", (False, True): ">", (True, True): "^"}
    cells = [cell.strip() for cell in text.strip().strip("|").split("|")]
    return tuple(marks[cell.startswith(":"), cell.endswith(":")] for cell in cells)


def split_cells(text: str) -> list[str]:
    """Return the cells of a table row; `\\|` is a bar inside a cell, `<br>` a line break in it (GFM, section 4.10)."""
    bare = text.strip()
    bare = bare.removeprefix("|")
    if bare.endswith("|") and not bare.endswith("\\|"):
        bare = bare[:-1]
    cells = re.split(r"(?<!\\)\|", bare)
    return [_BREAK.sub("\\\\\n", cell.strip().replace("\\|", "|")) for cell in cells]
