"""Columns fitted into a width, measured in terminal cells."""

from __future__ import annotations

from collections.abc import Sequence

from rich.cells import cell_len, set_cell_size

from chatui.ui.screens.row_filter import fold

GAP = 2
"""Cells between columns."""
_LEAST_TITLE = 18
"""Cells that the first column keeps, if it wants them, before the others get any."""
_JOINERS = dict.fromkeys((0x200D, 0xFE0E, 0xFE0F))
"""Zero width joiner and variation selectors: they change the width of their neighbours."""


def measure(text: str) -> int:
    """The width of a text in cells."""
    return len(text) if text.isascii() else cell_len(text)


def fit(text: str, width: int, *, is_right: bool = False) -> str:
    """Return `text` in exactly `width` cells: padded on the right (or left), or cut with `…`."""
    if width <= 0:
        return ""
    fitted = _fit(text, width, is_right=is_right)
    if measure(fitted) != width:
        # A joiner at an edge of the text swallows the blank or the ellipsis beside it.
        fitted = _fit(text.translate(_JOINERS), width, is_right=is_right)
    return fitted


def _fit(text: str, width: int, *, is_right: bool) -> str:
    room = width - measure(text)
    if room >= 0:
        return " " * room + text if is_right else text + " " * room
    cut = set_cell_size(text, width - 1)
    return cut + "…" + " " * (width - 1 - measure(cut))


def show_around(text: str, words: Sequence[str], width: int) -> str:
    """Return `text`, or what stands around the first of the folded `words` where that would not fit into `width`."""
    if not words or measure(text) <= width:
        return text
    folded = fold(text)
    places = [place for word in words if (place := folded.find(word)) >= 0]
    if not places or measure(text[: min(places)]) + len(words[0]) < width:
        return text
    # Never further than what fills the row.
    start = max(min(min(places) - width // 3, len(text) - width + 1), 0)
    blank = text.find(" ", start, min(places))
    return "…" + text[blank + 1 if blank >= 0 else start :]


def fit_columns(natural: Sequence[int], width: int) -> tuple[int, ...]:
    """Share `width` cells among columns that would like `natural` cells each, the gaps between them not counted in.

    The first column takes what is left. None of the others takes more than a third; the last ones are left out where
    the first would become too narrow.
    """
    if not natural:
        return ()
    others = [min(wish, max(width // 3, 1)) for wish in natural[1:]]
    least = min(natural[0], max(_LEAST_TITLE, width * 2 // 5))
    while others and width - sum(GAP + other for other in others if other) < least:
        others.pop()
    first = width - sum(GAP + other for other in others if other)
    return (max(first, 0), *others)
