"""Text made to fit a number of terminal cells, without ever cutting a character that takes several code points."""

from __future__ import annotations

from collections.abc import Sequence

from rich.cells import cell_len, split_graphemes

ELLIPSIS = "…"
_CODE_POINTS_PER_CELL = 16
"""More than any real text needs for one cell; bounds the work for a title of a megabyte."""


def cut_start(text: str, width: int) -> str:
    """Return the longest beginning of `text` that is at most `width` cells wide."""
    if width <= 0:
        return ""
    text = text[: (width + 1) * _CODE_POINTS_PER_CELL]
    spans, _ = split_graphemes(text)
    end = total = 0
    for _, span_end, cells in spans:
        if total + cells > width:
            break
        end, total = span_end, total + cells
    return text[:end]


def cut_end(text: str, width: int) -> str:
    """Return the longest end of `text` that is at most `width` cells wide."""
    if width <= 0:
        return ""
    text = text[-(width + 1) * _CODE_POINTS_PER_CELL :]
    spans, _ = split_graphemes(text)
    start, total = len(text), 0
    for span_start, _, cells in reversed(spans):
        if total + cells > width:
            break
        start, total = span_start, total + cells
    return text[start:]


def fits(text: str, width: int) -> bool:
    """Say whether `text` is at most `width` cells wide."""
    return len(text) <= (width + 1) * _CODE_POINTS_PER_CELL and cell_len(text) <= width


def elide_end(text: str, width: int) -> str:
    """Return `text`, or its beginning and an ellipsis where it is wider than `width` cells."""
    if width <= 0:
        return ""
    if fits(text, width):
        return text
    return cut_start(text, width - 1).rstrip() + ELLIPSIS


def elide_middle(text: str, width: int) -> str:
    """Return `text`, or both its ends around an ellipsis where it is wider than `width` cells."""
    if width <= 0:
        return ""
    if fits(text, width):
        return text
    start = cut_start(text, width // 2).rstrip()
    return start + ELLIPSIS + cut_end(text, width - 1 - cell_len(start)).lstrip()


def fit_segments(segments: Sequence[tuple[str, int]], width: int, separator: str) -> str:
    """Join (text, priority) segments in their order; those of least priority go first where they do not fit.

    Of equal ones the last goes first. The one that is left is elided.
    """
    kept = [segment for segment in segments if segment[0]]
    while len(kept) > 1 and not fits(separator.join(text for text, _ in kept), width):
        least = min(range(len(kept)), key=lambda index: (kept[index][1], -index))
        del kept[least]
    return elide_end(separator.join(text for text, _ in kept), width)
