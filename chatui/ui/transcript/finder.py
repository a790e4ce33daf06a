"""Finding text in the conversation: counted in the messages' sources, nothing laid out but the message gone to."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Sequence
from itertools import accumulate
from typing import NamedTuple

from chatui.conversation.message import Message, Role, StoredMessage
from chatui.ui.transcript.document import Footnote
from chatui.ui.transcript.entry import Entry
from chatui.ui.transcript.found_rows import Spot, locate, match_row
from chatui.ui.transcript.needle import Needle
from chatui.ui.transcript.note import Note
from chatui.ui.transcript.selecting import RowPlace
from chatui.ui.transcript.view import Anchor, View


class Hit(NamedTuple):
    """A place where the text stands in a row."""

    start: int
    end: int
    """Characters of the line's text."""
    is_current: bool = False


class Finder:
    """The search that is on, or none: then it costs nothing.

    A match is named by its message and its number in that, so that it stays the same in every width.
    """

    def __init__(self, view: View) -> None:
        self.view = view
        self.needle: Needle | None = None
        """`None` when nothing is searched for."""
        self._origin = RowPlace(0, 0)
        """Where the reader was when the search began; what is typed is looked for from there on."""
        self._orders: list[int] = []
        self._ends: list[int] = []
        """Matches up to and with each of the messages in `_orders`."""
        self._at = -1
        """The match gone to, from 0; -1 for none."""
        self._state: tuple[object, ...] = ()
        self._known: tuple[Entry, int, int, Spot | None] | None = None

    @property
    def total(self) -> int:
        """How many matches there are."""
        return self._ends[-1] if self._ends else 0

    @property
    def number(self) -> int:
        """The number of the match gone to, from 1; 0 for none."""
        return self._at + 1

    def begin(self) -> None:
        """Look from what is on screen now."""
        document = self.view.document
        self._origin = RowPlace(*document.find(self.view.top)) if len(document) else RowPlace(0, 0)

    def end(self) -> None:
        """Search for nothing."""
        self.needle = self._known = None
        self._orders, self._ends, self._at = [], [], -1

    def search(self, text: str) -> None:
        """Search for another text and go to its first match from where the reader was, else to the last one."""
        before = self.needle
        self.needle = Needle(text) if text else None
        is_longer = before is not None and self.needle is not None and text.startswith(before.text)
        self._count(self._orders if is_longer and self._is_current() else None)
        self._at = self._first() if self.total else -1
        self._go()

    def move(self, step: int) -> None:
        """Go to the next match (1) or the one before (-1), around the ends."""
        if self.needle is None:
            return
        if not self._is_current():
            self._recount()
        if self.total:
            self._at = (self._at + step) % self.total if self._at >= 0 else min(step, 0) % self.total
        self._go()

    def hits(self, place: RowPlace) -> list[Hit]:
        """Return the matches in a row that is on screen."""
        if self.needle is None or not self.view.document.first <= place.order < self.view.document.end:
            return []
        entry = self.view.document.entry(place.order)
        current = self._current_spot(entry) if self._order() == place.order else None
        return [
            Hit(start, end, is_current=begins == current)
            for start, end, begins in match_row(entry, place.row, self.needle)
        ]

    def _is_current(self) -> bool:
        return self._state == self._read_state()

    def _read_state(self) -> tuple[object, ...]:
        document = self.view.document
        edges = (id(document.items[0]), id(document.items[-1])) if document.items else ()
        return document.first, document.end, edges, document.live and document.live.texts

    def restart(self) -> None:
        """Count in other messages; none of the matches is gone to."""
        self._at = -1
        self._count(None)

    def _recount(self) -> None:
        """Count anew because messages came; the match gone to stays."""
        order, number = self._order(), self._number() if self.total else 0
        self._count(None)
        if order in self._orders:
            index = self._orders.index(order)
            first = self._ends[index - 1] if index else 0
            self._at = min(first + number, self._ends[index] - 1)
        else:
            self._at = min(self._at, self.total - 1)

    def _count(self, orders: list[int] | None) -> None:
        self._state, self._known = self._read_state(), None
        document, needle = self.view.document, self.needle
        if needle is None:
            self._orders, self._ends = [], []
            return
        counts = [
            (order, count)
            for order in (range(document.first, document.end) if orders is None else orders)
            if (count := sum(map(needle.count, self._read_texts(order))))
        ]
        self._orders = [order for order, _ in counts]
        self._ends = list(accumulate(count for _, count in counts))

    def _read_texts(self, order: int) -> tuple[bytes, ...]:
        """Return an item's texts as its entry would give them, without making that."""
        document = self.view.document
        item = document.items[order - document.first]
        texts: Sequence[str] = ()
        if document.live is not None and order == document.live_order:
            texts = document.live.texts
        elif isinstance(item, StoredMessage):
            return (item.read_text(),) if item.role is Role.USER else (item.read_reasoning(), item.read_text())
        elif isinstance(item, Message):
            texts = (item.text,) if item.role is Role.USER else (item.reasoning, item.text)
        elif isinstance(item, Note | Footnote):
            note = item if isinstance(item, Note) else item.note
            texts = note.text, note.detail
        return tuple(text.encode(errors="replace") for text in texts)

    def _index(self) -> int:
        return bisect_left(self._ends, self._at + 1)

    def _order(self) -> int | None:
        return self._orders[self._index()] if 0 <= self._at < self.total else None

    def _number(self) -> int:
        """The number of the match in its message, from 0."""
        index = self._index()
        return self._at - (self._ends[index - 1] if index else 0)

    def _first(self) -> int:
        """The first match from where the reader was, else the last one of all."""
        index = bisect_left(self._orders, self._origin.order)
        if index == len(self._orders):
            return self.total - 1
        start = self._ends[index - 1] if index else 0
        if self._orders[index] > self._origin.order:
            return start
        entry = self.view.document.entry(self._origin.order)

        def read_row(number: int) -> int:
            spot = self._spot(entry, number)
            return entry.height if spot is None else spot.row

        number = bisect_left(range(self._ends[index] - start), self._origin.row, key=read_row)
        return min(start + number, self.total - 1)

    def _go(self) -> None:
        """Unfold and show the match gone to, a third down the screen unless it is on it."""
        order = self._order()
        document, view = self.view.document, self.view
        if order is None or document.width <= 0:
            return
        self._unfold(order)
        spot = self._spot(document.entry(order), self._number())
        line = spot.row if spot is not None else 0
        document.measure(order)
        if not view.top <= document.top(order) + line < view.top + view.rows:
            view.go_to(Anchor(order, line))
            view.scroll_by(document.top(order) + line - view.rows // 3 - view.top)

    def _unfold(self, order: int) -> None:
        entry = self.view.document.entry(order)
        spot = self._spot(entry, self._number())
        if spot is not None and spot.is_folded and (action := entry.action(spot.row)) is not None:
            self.view.act(order, action, spot.row)

    def _spot(self, entry: Entry, number: int) -> Spot | None:
        """Where a match of an entry begins; `None` where its text has no such match any more."""
        if self.needle is None:
            return None
        last: Spot | None = None
        for part, text in enumerate(entry.texts):
            offsets = self.needle.find(text)
            if number < len(offsets):
                return locate(entry, part, offsets[number], self.needle)
            number -= len(offsets)
            if offsets:
                last = locate(entry, part, offsets[-1], self.needle)
        return last

    def _current_spot(self, entry: Entry) -> Spot | None:
        if self._known is None or self._known[:3] != (entry, entry.height, self._at):
            self._known = (entry, entry.height, self._at, self._spot(entry, self._number()))
        return self._known[3]
