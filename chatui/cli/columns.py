"""Rows of text under each other, for a terminal or a file."""

from __future__ import annotations

from collections.abc import Sequence

from chatui.conversation.visible import make_visible_line


def format_rows(rows: Sequence[Sequence[str]], right: Sequence[int] = ()) -> list[str]:
    """Return the rows in columns, two spaces apart, made safe to show; `right` are the columns set to the right."""
    safe = [[make_visible_line(cell) for cell in row] for row in rows]
    widths = [max(map(len, column)) for column in zip(*safe, strict=True)]
    lines = []
    for row in safe:
        cells = [
            cell.rjust(width) if number in right else cell.ljust(width)
            for number, (cell, width) in enumerate(zip(row, widths, strict=True))
        ]
        lines.append("  ".join(cells).rstrip())
    return lines


def shorten(text: str, width: int) -> str:
    """Return one line of at most `width` characters, `…` where something is left out."""
    line = " ".join(text.split())
    return line if len(line) <= width else f"{line[: width - 1].rstrip()}…"
