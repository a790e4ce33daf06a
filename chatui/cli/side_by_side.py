"""Texts side by side, wrapped into columns, or below one another where the terminal is narrow."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from chatui.cli.terminal_text import cut, fit, measure
from chatui.conversation.visible import make_visible

LEAST_WIDTH = 28
"""Cells below which a column is not worth reading."""
_MOST_FIGURES = 2
"""Rows of figures while the texts still stream."""
_GAP = " │ "
_WORDS = re.compile(r"\s*\S+")


@dataclass(frozen=True, slots=True)
class Column:
    """One text with what stands above and below it."""

    heading: str
    text: str
    figures: str


def wrap(text: str, width: int) -> list[str]:
    """Wrap a text, which may come from anywhere, at spaces; words that are too long are cut. Indents stay."""
    lines: list[str] = []
    for paragraph in make_visible(text).expandtabs(4).split("\n"):
        line = ""
        for found in _WORDS.finditer(paragraph):
            word = found[0]
            if line and measure(line) + measure(word) > width:
                lines.append(line)
                word, line = word.lstrip(), ""
            while measure(word) > width:
                head = cut(word, width) or word[0]
                lines.append(head)
                word = word[len(head) :]
            line += word
        lines.append(line)
    return lines


def are_side_by_side(count: int, width: int) -> bool:
    """Tell whether so many columns have room beside one another."""
    return column_width(count, width) >= LEAST_WIDTH


def column_width(count: int, width: int) -> int:
    """The cells of each of so many columns."""
    return (width - len(_GAP) * (count - 1)) // count


def lay_out(columns: Sequence[Column], width: int, height: int | None = None) -> list[str]:
    """Lay columns out; with a `height`, only the ends of the texts are shown, so that all takes so many lines."""
    if not are_side_by_side(len(columns), width):
        return _stack(columns, width, height)
    each = column_width(len(columns), width)
    wrapped = [wrap(column.text, each) for column in columns]
    figures = [_wrap_figures(column.figures, each) for column in columns]
    deepest = max(map(len, figures))
    if height is not None:
        deepest = min(deepest, _MOST_FIGURES)
    rows = max(map(len, wrapped)) if height is None else max(height - 3 - deepest, 1)
    shown = [lines[-rows:] if height is not None else lines for lines in wrapped]
    lines = [_join([column.heading for column in columns], each), _join(["─" * each] * len(columns), each)]
    for row in range(rows):
        lines.append(_join([text[row] if row < len(text) else "" for text in shown], each))
    if not any(column.figures for column in columns):
        return [line.rstrip() for line in lines]
    lines.append(_join(["─" * each] * len(columns), each))
    lines += [_join([text[row] if row < len(text) else "" for text in figures], each) for row in range(deepest)]
    return [line.rstrip() for line in lines]


def _wrap_figures(figures: str, width: int) -> list[str]:
    """Wrap figures between two of them, so that no row ends in the dot that parts them."""
    return [line.strip().removesuffix("·").rstrip() for line in wrap(figures, width)]


def _join(cells: Sequence[str], width: int) -> str:
    return _GAP.join(fit(cell, width) for cell in cells)


def _stack(columns: Sequence[Column], width: int, height: int | None) -> list[str]:
    lines: list[str] = []
    for column in columns:
        text = wrap(column.text, width)
        if height is not None:
            rows = max(height // len(columns) - 2, 1)
            text = [*text[-rows:], *[""] * (rows - len(text))]
        heading = f"── {column.heading} "
        lines += [fit(heading + "─" * max(width - measure(heading), 0), width), *text]
        if column.figures:
            lines.append(fit(column.figures, width).rstrip())
        if height is None:
            lines.append("")
    return lines
