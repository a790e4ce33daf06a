"""The view: which rows of the document are on screen. It keeps what the reader looks at still, or follows the end."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import NamedTuple

from chatui.conversation.events import Retrying, Started
from chatui.conversation.message import Message
from chatui.ui.transcript.document import Document, Footnote, Item, Queue
from chatui.ui.transcript.entry import Entry, Place
from chatui.ui.transcript.note import Note
from chatui.ui.transcript.section import BLANK_ROW, Action, Row


class Anchor(NamedTuple):
    """The top row on screen: an item, and a row within it. Heights above may change without moving it."""

    order: int
    line: int


class View:
    """A window of `rows` rows on a document.

    Whatever comes on screen is measured before, so that scrolling moves by exactly the rows asked for, and estimates
    are only ever wrong for what nobody looks at.
    """

    def __init__(self, document: Document) -> None:
        self.document = document
        self.rows = 0
        self.is_following = True
        """True while the end of the document stays on screen."""
        self.new_lines = 0
        """Rows that came below since the reader left the end."""
        self._anchor = Anchor(0, 0)
        self._kept: tuple[Anchor, Anchor, Place] | None = None
        """The anchor after the last resize, and the one and the place it stands for."""

    @property
    def top(self) -> int:
        """The document row at the top of the screen."""
        if not len(self.document):
            return 0
        return self.document.top(self._anchor.order) + self._anchor.line

    @property
    def max_top(self) -> int:
        """The top row at the end."""
        return max(self.document.total - self.rows, 0)

    def show(self, items: Sequence[Item]) -> None:
        """Replace the document's items and go to the end."""
        self.document.show(items)
        self.follow()

    def prepend(self, items: Sequence[Item]) -> None:
        """Put older items in front; nothing on screen moves unless there was room above."""
        was_empty = not len(self.document)
        self.document.prepend(items)
        if was_empty:
            self.follow()
        self.settle()

    def add(self, item: Item) -> None:
        """Put an item at the end, in front of the queue."""
        self._above_queue(lambda: self.document.measure(self.document.add(item)))

    def open_reply(self, started: Started) -> None:
        """Add the reply that streams, in front of the queue."""
        self._above_queue(lambda: self.document.open_reply(started))

    def close_reply(self, message: Message) -> None:
        """Close the reply that streams."""
        may_fold = self.is_following
        if self.document.live is None:
            self._above_queue(lambda: self.document.close_reply(message, may_fold=may_fold))
        else:
            self._counted(lambda: self.document.close_reply(message, may_fold=may_fold))

    def queue(self, texts: Sequence[str]) -> None:
        """Show these prompts as waiting; none takes the queue away."""
        if isinstance(self.document.last_item, Queue):
            self.document.pop()
        if texts:
            self.document.measure(self.document.add(Queue(tuple(texts))))
        self.settle()

    def set_footnote(self, note: Note | None) -> None:
        """Put a note at the end in the place of the footnote that stands there; `None` only takes that away."""

        def change() -> None:
            if isinstance(self.document.last_item, Footnote):
                self.document.pop()
            if note is not None:
                self.document.measure(self.document.add(Footnote(note)))

        self._above_queue(change)

    def grow(self) -> int | None:
        """Lay out what the live reply got; return the first document row that changed, `None` when none did."""
        live = self.document.live
        if live is None or self.document.width <= 0:
            return None
        changed = live.height
        top = self.document.top(self.document.live_order)

        def flush() -> None:
            nonlocal changed
            changed = live.flush(may_fold=self.is_following)
            self.document.measure(self.document.live_order)

        height = live.height
        self._counted(flush)
        return None if changed == height == live.height else top + changed

    def tell_wait(self, wait: Retrying | Sequence[str]) -> bool:
        """Say in the live reply what is waited for. True when that changed a row."""
        live = self.document.live
        if live is None:
            return False
        if isinstance(wait, Retrying):
            live.retry(wait)
        elif not live.tell_wait(wait):
            return False
        self._counted(lambda: self.document.measure(self.document.live_order))
        return True

    def act(self, order: int, action: Action, row: int = 0) -> bool:
        """Do what a click on a row of an item asks for; true when rows changed.

        The top row stays where it is, also at the end: what was unfolded is to be read.
        """
        entry = self.document.entry(order)
        if not entry.act(action, row):
            return False
        self.document.note_choice(order, entry)
        self.document.measure(order)
        self.go_to(self._anchor)
        return True

    def set_size(self, width: int, rows: int) -> None:
        """Take another size and keep the reader's place; who sees the end of a taller screen follows it."""
        is_taller, self.rows = rows > self.rows > 0, rows
        if width != self.document.width:
            kept = self._place()
            self.document.set_width(width)
            if kept is not None and width > 0:
                before, place = kept
                self._anchor = Anchor(before.order, self.document.entry(before.order).find(place))
                self.settle()
                self._kept = (self._anchor, before, place)
        self.settle()
        if is_taller and len(self.document) and width > 0 and self._anchor >= self._end_anchor():
            self.follow()

    def follow(self) -> None:
        """Go to the end and stay there."""
        self.is_following = True
        self.settle()

    def scroll_by(self, rows: int) -> None:
        """Move by exactly `rows`, downward for a positive number."""
        if len(self.document) and self.document.width > 0:
            order, line = self._anchor
            line += rows
            while line < 0 and order > self.document.first:
                order -= 1
                line += self.document.measure(order)
            while order < self.document.end - 1 and line >= (height := self.document.measure(order)):
                order += 1
                line -= height
            self.go_to(Anchor(order, max(line, 0)))

    def scroll_to(self, row: int) -> None:
        """Go to a row of the document; where that is not measured yet, to the row that it holds the place of."""
        if not len(self.document) or self.document.width <= 0:
            return
        if abs(row - self.top) <= 2 * self.rows:
            self.scroll_by(row - self.top)
        elif row >= self.max_top:
            self.follow()
        else:
            order, line = self.document.find(max(row, 0))
            self.go_to(Anchor(order, min(line, self.document.measure(order) - 1)))

    def go_to(self, anchor: Anchor) -> None:
        """Put a row of an item at the top of the screen, as far as what follows it allows."""
        self.is_following = False
        self._anchor = anchor
        self.settle()
        if self._anchor >= self._end_anchor():
            self.follow()

    def settle(self) -> None:
        """Measure what is on screen and put the top where it belongs. Costs what is visible."""
        if not len(self.document) or self.document.width <= 0 or self.rows <= 0:
            self._anchor = Anchor(self.document.first, 0)
            self.new_lines = 0
            return
        end = self._end_anchor()
        if self.is_following:
            self._anchor = end
            self.new_lines = 0
            return
        order, line = min(max(self._anchor, Anchor(self.document.first, 0)), end)
        self._anchor = min(Anchor(order, min(line, max(self.document.measure(order) - 1, 0))), end)
        below = -self._anchor.line
        for order in range(self._anchor.order, self.document.end):
            if below >= self.rows:
                break
            below += self.document.measure(order)
        self.new_lines = max(min(self.new_lines, self.document.total - self.top - self.rows), 0)

    def screen_rows(self, first: int, count: int) -> list[tuple[int, int, Row]]:
        """Return `count` rows of the screen from `first` on, each with the item it belongs to and the row within it.

        Below the end they are blank and belong to the order behind the last item.
        """
        found: list[tuple[int, int, Row]] = []
        document = self.document
        order, start = (document.end, 0) if not len(document) else document.find(self.top + first)
        while len(found) < count and order < document.end:
            entry: Entry = document.entry(order)
            height = document.height(order)
            stop = min(height, start + count - len(found))
            found += [(order, line, row) for line, row in enumerate(entry.rows(start, stop), start)]
            order, start = order + 1, 0
        found += [(document.end, 0, BLANK_ROW)] * (count - len(found))
        return found

    def _end_anchor(self) -> Anchor:
        """The anchor with which the last row of the document is the last on screen."""
        document = self.document
        missing = self.rows
        for order in range(document.end - 1, document.first - 1, -1):
            height = document.measure(order)
            if height >= missing:
                return Anchor(order, height - missing)
            missing -= height
        return Anchor(document.first, 0)

    def _place(self) -> tuple[Anchor, Place] | None:
        """The reader's place; over many resizes in a row the one before the first, so that it does not creep."""
        document = self.document
        if not len(document) or document.width <= 0 or self.is_following:
            return None
        if self._kept is not None and self._kept[0] == self._anchor:
            return self._kept[1:]
        return self._anchor, document.entry(self._anchor.order).place(self._anchor.line)

    def _counted(self, change: Callable[[], object]) -> None:
        """Do a change at the end, count the rows it brings, and settle."""
        before = self.document.total
        change()
        if not self.is_following:
            self.new_lines += max(self.document.total - before, 0)
        self.settle()

    def _above_queue(self, change: Callable[[], object]) -> None:
        waiting = self.document.pop() if isinstance(self.document.last_item, Queue) else None
        self._counted(change)
        if waiting is not None:
            self.document.measure(self.document.add(waiting))
            self.settle()
