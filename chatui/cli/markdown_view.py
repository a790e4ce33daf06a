"""A reply rendered on a terminal while it comes: only the rows that changed are written again."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence

from chatui.cli.markdown_rows import MarkdownRows
from chatui.cli.terminal_text import Ink

_FRAME_SECONDS = 1 / 30
"""Between two writes; a reader sees no more."""


class MarkdownView:
    """Takes text at once and writes it to a terminal, rendered, some thirty times a second at most."""

    def __init__(self, write: Callable[[bytes], None], size: Callable[[], tuple[int, int]], ink: Ink) -> None:
        """`size` gives columns and rows of the terminal now."""
        self._write = write
        self._size = size
        self._rows = MarkdownRows(ink)
        self._waiting: list[str] = []
        self._shown: list[str] = []
        """The open rows on the screen, the cursor behind the last one; none: the cursor is where a row begins."""
        self._timer: asyncio.TimerHandle | None = None

    @property
    def is_in_line(self) -> bool:
        """True while the cursor is within a row of the reply."""
        return bool(self._shown or self._waiting)

    def add(self, text: str) -> None:
        """Take the next text; it is on the screen within a frame."""
        self._waiting.append(text)
        if self._timer is None:
            self._timer = asyncio.get_running_loop().call_later(_FRAME_SECONDS, self._draw)

    def end(self) -> None:
        """Write what is left, and leave the cursor below it."""
        if self._timer is not None:
            self._timer.cancel()
        self._draw()
        rows = self._rows.end(self._width)
        self._put(rows.settled, ())

    @property
    def _width(self) -> int:
        # The last column stays free: behind a letter in it terminals differ on where the cursor is.
        return max(self._size()[0] - 1, 1)

    def _draw(self) -> None:
        self._timer = None
        text = "".join(self._waiting)
        self._waiting.clear()
        if text:
            rows = self._rows.feed(text, self._width)
            self._put(rows.settled, rows.open)

    def _put(self, settled: Sequence[str], still_open: Sequence[str]) -> None:
        wanted, shown = [*settled, *still_open], self._shown
        same = next((at for at, (old, new) in enumerate(zip(shown, wanted, strict=False)) if old != new), None)
        if same is None:
            # Where rows went away, the last one that stays is written again: the cursor belongs behind it.
            same = len(shown) if len(wanted) >= len(shown) else max(len(wanted) - 1, 0)
        # What has scrolled off the screen cannot be written again.
        same = max(same, len(shown) - self._size()[1] + 1)
        pieces: list[str] = []
        first = same
        if same < len(shown):
            if same == len(shown) - 1 and same < len(wanted) and wanted[same].startswith(shown[same]):
                pieces.append(wanted[same][len(shown[same]) :])
                first += 1
            else:
                up = len(shown) - 1 - same
                pieces.append((f"\x1b[{up}A" if up else "") + "\r\x1b[J")
        for at, row in enumerate(wanted[first:], start=first):
            has_begun = at == 0 or (at == same and same < len(shown))
            pieces.append(row if has_begun else f"\n{row}")
        if wanted and not still_open:
            pieces.append("\n")
        self._shown = list(still_open)
        self._write("".join(pieces).encode())
