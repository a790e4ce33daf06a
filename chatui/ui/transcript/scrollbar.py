"""The scrollbar of one cell that the transcript draws into its own rows: where the thumb is, and what a drag means."""

from __future__ import annotations

from typing import NamedTuple


class Thumb(NamedTuple):
    """Rows of the screen that the thumb covers, `end` excluded; empty when all is on screen."""

    start: int
    end: int

    def __contains__(self, row: object) -> bool:
        return isinstance(row, int) and self.start <= row < self.end


NO_THUMB = Thumb(0, 0)


def place_thumb(top: int, total: int, rows: int) -> Thumb:
    """Return the thumb for a screen of `rows` that shows a document of `total` rows from `top` on.

    It touches an end of the track only when the screen shows that end of the document.
    """
    if rows <= 0 or total <= rows:
        return NO_THUMB
    size = min(max(round(rows * rows / total), 1), max(rows - 1, 1))
    room, max_top = rows - size, total - rows
    start = round(top * room / max_top)
    if room > 1:
        start = room if top >= max_top else 0 if top <= 0 else min(max(start, 1), room - 1)
    return Thumb(min(start, room), min(start, room) + size)


def drag_to(row: int, grabbed_at: int, thumb: Thumb, total: int, rows: int) -> int:
    """Return the top for a thumb held `grabbed_at` rows below its start and dragged to screen row `row`."""
    room = rows - (thumb.end - thumb.start)
    if room <= 0:
        return 0
    start = min(max(row - grabbed_at, 0), room)
    return round(start * (total - rows) / room)
