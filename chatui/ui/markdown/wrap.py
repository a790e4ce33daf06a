"""Runs of text broken into rows: at spaces and between wide characters, never wider than the width."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from rich.cells import cell_len, get_character_cell_size, split_graphemes

from chatui.ui.markdown.line import Run

Row = tuple[Run, ...]

_NOT_NARROW = re.compile("[^\x20-\x7e\u00a0-\u00ac\u00ae-\u02ff\u0370-\u0482\u2010-\u2027\u2030-\u205e\u2500-\u25fc]")
"""Any character that may not be exactly one cell; text without one is wrapped by counting characters."""

_JOINING = re.compile(
    "[\u200d\ufe0f\u0300-\u036f\u0483-\u0489\u0590-\u08ff\u0900-\u1aff\u1ab0-\u1aff\u1dc0-\u1dff\u20d0-\u20ff]"
)
"""Characters that may join others into one cluster; without them every character is a cluster of its own."""

_CLOSING = frozenset("、。，．！？：；）」』】〕》〉…‥・ー々％")
"""Never the first on a row (the common part of the kinsoku rules)."""

_OPENING = frozenset("（「『【〔《〈“‘")
"""Never the last on a row."""


def is_narrow(text: str) -> bool:
    """Tell whether every character of `text` is known to take one cell."""
    return text.isascii() or _NOT_NARROW.search(text) is None


def measure(text: str) -> int:
    """Return the cells that `text` takes."""
    return len(text) if is_narrow(text) else cell_len(text)


def wrap(runs: Sequence[Run], width: int) -> list[Row]:
    """Break runs into rows of at most `width` cells; a `"\\n"` in a run ends a row; spaces at a break are dropped.

    Empty runs give one empty row, so that every text has a place on the screen.
    """
    return [row for row, _ in _wrap(runs, width)]


def wrap_open(runs: Sequence[Run], width: int) -> tuple[list[Row], list[Run]]:
    """Break the beginning of a longer text: the rows that are final, and the runs to be wrapped with what follows.

    `rows + wrap(rest + more)` equals `wrap(runs + more)`.
    """
    rows = _wrap(runs, width)
    _, last = rows[-1]
    return [row for row, _ in rows[:-1]], cut(runs, last, None)


def wrap_code(runs: Sequence[Run], width: int) -> list[Row]:
    """Break one line of code into rows of at most `width` cells: after a space or comma near the end; all is kept."""
    text = "".join(run.text for run in runs)
    if not is_narrow(text):
        return _slice(runs, list(_chop(text, 0, len(text), width)))
    if len(text) <= width:
        return [tuple(runs)]
    spans: list[tuple[int, int]] = []
    start = 0
    while len(text) - start > width:
        near = start + width * 2 // 3
        at = max(text.rfind(sign, near, start + width) for sign in (" ", ","))
        end = at + 1 if at >= 0 else start + width
        spans.append((start, end))
        start = end
    return _slice(runs, [*spans, (start, len(text))])


def cut(runs: Sequence[Run], start: int, end: int | None) -> list[Run]:
    """Return the part of `runs` between two offsets of their joined text."""
    length = sum(len(run.text) for run in runs)
    return list(_slice(runs, [(start, length if end is None else end)])[0])


def _wrap(runs: Sequence[Run], width: int) -> list[tuple[Row, int]]:
    text = runs[0].text if len(runs) == 1 else "".join(run.text for run in runs)
    spans: list[tuple[int, int]] = []
    start = 0
    while True:
        end = text.find("\n", start)
        stop = len(text) if end < 0 else end
        segment = text[start:stop]
        pieces = _break_narrow(segment, width) if is_narrow(segment) else _break_wide(segment, width)
        spans += [(start + first, start + last) for first, last in pieces]
        if end < 0:
            break
        start = end + 1
    return list(zip(_slice(runs, spans), (first for first, _ in spans), strict=True))


def _break_narrow(text: str, width: int) -> list[tuple[int, int]]:
    rows: list[tuple[int, int]] = []
    start, length = 0, len(text)
    while length - start > width:
        cut_at = text.rfind(" ", start, start + width + 1)
        if cut_at <= start or text[start:cut_at].isspace():
            end = following = start + width
        else:
            end, following = cut_at, cut_at + 1
        while end > start and text[end - 1] == " ":
            end -= 1
        rows.append((start, end))
        while following < length and text[following] == " ":
            following += 1
        start = following
    if start < length or not rows:
        end = length
        while end > start and text[end - 1] == " ":
            end -= 1
        rows.append((start, end))
    return rows


def _break_wide(text: str, width: int) -> list[tuple[int, int]]:
    rows: list[tuple[int, int]] = []
    row_start = row_end = 0
    used = 0
    is_begun = False
    for start, end, cells in _units(text):
        if text[start:end].isspace():
            used += cells
            continue
        if is_begun and used + cells > width:
            rows.append((row_start, row_end))
            is_begun, used = False, 0
        if not is_begun:
            # Spaces at the very beginning of the text stay, where they fit; those at a break are dropped.
            row_start = start if rows or used + cells > width else 0
            used = 0 if row_start == start else used
            is_begun = True
        if cells > width:
            pieces = list(_chop(text, start, end, width))
            rows += pieces[:-1]
            row_start, row_end = pieces[-1]
            used = cell_len(text[row_start:row_end])
            continue
        row_end = end
        used += cells
    if is_begun or not rows:
        rows.append((row_start, row_end))
    return rows


def _units(text: str) -> Iterator[tuple[int, int, int]]:
    """Yield what may not be broken: runs of spaces, words, single wide clusters with the punctuation that clings."""
    start = end = cells = 0
    kind = ""
    for first, last, size in _clusters(text):
        character = text[first]
        if character == " " and last == first + 1:
            now = "space"
        elif character in _CLOSING and kind in ("wide", "word"):
            now = kind
        elif size == 2:
            now = "wide"
        else:
            now = "word"
        clings = character in _CLOSING or (kind == "wide" and text[end - 1] in _OPENING)
        joins = now == kind and (now != "wide" or clings)
        if not joins and start < end:
            yield start, end, cells
        if not joins:
            start, cells, kind = first, 0, now
        end = last
        cells += size
    if start < end:
        yield start, end, cells


def _clusters(text: str) -> list[tuple[int, int, int]]:
    if _JOINING.search(text) is None:
        return [(i, i + 1, get_character_cell_size(character)) for i, character in enumerate(text)]
    return split_graphemes(text)[0]


def _chop(text: str, start: int, end: int, width: int) -> Iterator[tuple[int, int]]:
    piece = text[start:end]
    if is_narrow(piece):
        for at in range(start, end, width):
            yield at, min(at + width, end)
        return
    row_start, used = 0, 0
    for first, _, cells in _clusters(piece):
        if used + cells > width and first > row_start:
            yield start + row_start, start + first
            row_start, used = first, 0
        used += cells
    yield start + row_start, end


def _slice(runs: Sequence[Run], spans: Sequence[tuple[int, int]]) -> list[Row]:
    """Cut runs at ascending spans of their joined text."""
    if len(runs) == 1:
        text, ink = runs[0]
        return [(Run(text[start:end], ink),) if start < end else () for start, end in spans]
    rows: list[Row] = []
    index, base = 0, 0
    for start, end in spans:
        row: list[Run] = []
        while index < len(runs):
            text, ink = runs[index]
            limit = base + len(text)
            if start < limit and end > base and start < end:
                row.append(Run(text[max(start - base, 0) : end - base], ink))
            if limit > end:
                break
            index, base = index + 1, limit
        rows.append(tuple(run for run in row if run.text))
    return rows
