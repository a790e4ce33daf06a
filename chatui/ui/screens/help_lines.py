"""The help text laid out for a width: a heading and a table per section, filtered by words."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from rich.cells import chop_cells

from chatui.conversation.visible import make_visible_line
from chatui.ui.screens.row_filter import fold
from chatui.ui.screens.row_layout import GAP, fit, measure


@dataclass(frozen=True, slots=True)
class HelpSection:
    """A heading and its rows, each (keys, name, help): `("Ctrl+O", "/sessions", "Open another session")`."""

    title: str
    rows: Sequence[tuple[str, str, str]]


class HelpLine(NamedTuple):
    """One line: pieces of text with the part they play (`heading`, `keys`, `name`, `help`)."""

    pieces: tuple[tuple[str, str], ...] = ()


_WIDE = 56
"""Cells from which on keys, name and help stand side by side."""


def select_rows(sections: Sequence[HelpSection], words: Sequence[str]) -> list[HelpSection]:
    """The sections with the rows that hold all the folded words, in the row or in the section's title."""
    found = []
    for section in sections:
        rows = [row for row in section.rows if _holds(fold("\n".join((section.title, *row))), words)]
        if rows:
            found.append(HelpSection(section.title, rows))
    return found


def _holds(text: str, words: Sequence[str]) -> bool:
    return all(word in text for word in words)


def lay_out_help(sections: Sequence[HelpSection], width: int) -> list[HelpLine]:
    """Lay sections out in lines of at most `width` cells."""
    lines: list[HelpLine] = []
    if width <= 0:
        return lines
    rows = [row for section in sections for row in section.rows]
    keys_width = min(max((measure(make_visible_line(row[0])) for row in rows), default=0), width // 3)
    name_width = min(max((measure(make_visible_line(row[1])) for row in rows), default=0), width // 3)
    for section in sections:
        if lines:
            lines.append(HelpLine())
        lines.append(HelpLine(((fit(make_visible_line(section.title), width), "heading"),)))
        for row in section.rows:
            keys, name, text = (make_visible_line(part) for part in row)
            if width >= _WIDE:
                lines.extend(_lay_out_side_by_side(keys, name, text, keys_width, name_width, width))
            else:
                lines.extend(_lay_out_stacked(keys, name, text, width))
    return lines


def _lay_out_side_by_side(
    keys: str, name: str, text: str, keys_width: int, name_width: int, width: int
) -> Iterator[HelpLine]:
    gap = " " * GAP
    head: list[tuple[str, str]] = [(fit(keys, keys_width) + gap, "keys")] if keys_width else []
    if name_width:
        head.append((fit(name, name_width) + gap, "name"))
    used = sum(measure(piece) for piece, _ in head)
    for index, part in enumerate(wrap(text, width - used)):
        lead = tuple(head) if index == 0 else ((" " * used, "help"),)
        yield HelpLine((*lead, (part, "help")))


def _lay_out_stacked(keys: str, name: str, text: str, width: int) -> Iterator[HelpLine]:
    room = max(width - measure(keys) - GAP, 0) if keys else width
    pieces = [(fit(keys, min(measure(keys), width)), "keys")] if keys else []
    if name and room > 0:
        lead = " " * GAP if keys else ""
        pieces.append((lead + fit(name, min(measure(name), room)), "name"))
    if pieces:
        yield HelpLine(tuple(pieces))
    indent = min(GAP, width - 1)
    for part in wrap(text, width - indent):
        yield HelpLine(((" " * indent + part, "help"),))


def wrap(text: str, width: int) -> list[str]:
    """Wrap a line at blanks into lines of at most `width` cells; a word that is longer is cut. Never empty."""
    lines: list[str] = []
    here = ""
    for word in text.split():
        if here and measure(here) + 1 + measure(word) <= width:
            here += " " + word
            continue
        if here:
            lines.append(here)
        *cut, here = chop_cells(word, max(width, 1)) or [""]
        lines.extend(cut)
    return [*lines, here] if here or not lines else lines
