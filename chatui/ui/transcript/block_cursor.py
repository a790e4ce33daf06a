"""The block cursor: which block of the conversation the keys act on, and the selection that grows from it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from textual.selection import Selection

from chatui.conversation.message import Message, Role, StoredMessage
from chatui.ui.transcript.entry import Entry
from chatui.ui.transcript.entry_block import EntryBlock, list_entry_blocks
from chatui.ui.transcript.selecting import RowPlace, select_rows
from chatui.ui.transcript.view import Anchor, View


class BlockPlace(NamedTuple):
    """Where a block is, in terms that outlive new widths, folds and growth."""

    order: int
    part: str
    start: int
    number: int
    """Of code; code at the beginning of a list begins where the list does."""


class BlockCursor:
    """Moves over the blocks of a view and scrolls as little as shows them. It costs nothing while it is nowhere."""

    def __init__(self, view: View) -> None:
        self.view = view
        self._place: BlockPlace | None = None
        self._mark: BlockPlace | None = None
        self._known: tuple[Entry, int, list[EntryBlock]] | None = None
        """The blocks asked for last, with the entry and the height that they are of."""

    @property
    def is_shown(self) -> bool:
        """Whether it is on a block."""
        return self._place is not None

    @property
    def is_selecting(self) -> bool:
        """Whether a selection grows from it."""
        return self._mark is not None

    @property
    def order(self) -> int | None:
        """The item that it is in."""
        return None if self._place is None else self._place.order

    def leave(self) -> None:
        """Be nowhere."""
        self._place = self._mark = self._known = None

    def block(self) -> EntryBlock | None:
        """Return the block it is on; `None` when it is nowhere."""
        return None if self._place is None else self._find(self._place)

    def blocks(self, order: int) -> list[EntryBlock]:
        """Return the blocks of an item."""
        entry = self.view.document.entry(order)
        if self._known is None or self._known[0] is not entry or self._known[1] != entry.height:
            self._known = (entry, entry.height, list_entry_blocks(entry))
        return self._known[2]

    def codes(self) -> list[EntryBlock]:
        """Return the code of the message that it is in."""
        if self.block() is None or self._place is None:
            return []
        return [block for block in self.blocks(self._place.order) if block.number]

    def move(self, step: int) -> bool:
        """Go one block down (1) or up (-1); what does not fit on the screen is scrolled through first."""
        here = self.block()
        if here is None or self._place is None:
            return self._start(step)
        if self._scroll_through(self._place.order, here, step):
            return True
        found = next(self._walk(self._place.order, here, step), None)
        if found is None:
            return False
        self._put(*found)
        self._reveal(*found, step)
        return True

    def move_to_prompt(self, step: int) -> bool:
        """Go to the next prompt down (1) or up (-1) and show what follows it."""
        document = self.view.document
        if not len(document) or document.width <= 0:
            return False
        here = self._place.order if self.block() is not None and self._place is not None else self._edge(step)
        orders = range(here + 1, document.end) if step > 0 else range(here - 1, document.first - 1, -1)
        for order in orders:
            item = document.items[order - document.first]
            # Only a prompt's entry is laid out; of the replies between nothing is decoded.
            if isinstance(item, Message | StoredMessage) and item.role is Role.USER:
                block = self.blocks(order)[0]
                self._put(order, block)
                self.view.go_to(Anchor(order, 0))
                return True
        return False

    def mark(self) -> None:
        """Let a selection grow from here, or end that."""
        self._mark = None if self._mark is not None else self._place

    def selection(self) -> Selection | None:
        """Return the selection from the mark to the cursor, whole blocks; `None` without a mark."""
        ends = []
        for place in (self._mark, self._place):
            block = None if place is None else self._find(place)
            if place is None or block is None:
                return None
            ends.append((RowPlace(place.order, block.first), RowPlace(place.order, block.end - 1)))
        return select_rows(min(first for first, _ in ends), max(last for _, last in ends))

    def block_at(self, order: int, row: int) -> EntryBlock | None:
        """Return the smallest block at a row of an item; `None` where there is none."""
        return next((block for block in reversed(self.blocks(order)) if block.first <= row < block.end), None)

    def put_at(self, order: int, row: int) -> bool:
        """Go to the block at a row of an item; false where there is none."""
        block = self.block_at(order, row)
        if block is not None:
            self._put(order, block)
        return block is not None

    def put_at_code(self, number: int) -> bool:
        """Go to the code of a number in the message that it is in; false where there is none."""
        for code in self.codes():
            if code.number == number and self._place is not None:
                self._put(self._place.order, code)
                self.show()
                return True
        return False

    def show(self) -> None:
        """Scroll as little as brings the block on the screen."""
        block = self.block()
        if block is not None and self._place is not None:
            self._reveal(self._place.order, block, 1)

    def _put(self, order: int, block: EntryBlock) -> None:
        self._place = BlockPlace(order, block.part, block.start, block.number)

    def _find(self, place: BlockPlace) -> EntryBlock | None:
        document = self.view.document
        if not document.first <= place.order < document.end or document.width <= 0:
            return None
        blocks = [block for block in self.blocks(place.order) if block.part == place.part]
        same = [block for block in blocks if block.start == place.start and block.number == place.number]
        before = [block for block in blocks if block.start <= place.start]
        return next(iter(same or before[-1:] or blocks[:1]), None)

    def _start(self, step: int) -> bool:
        """Go to the last block on the screen for a step up, to the first one for a step down."""
        shown: list[tuple[int, EntryBlock]] = []
        rows = self.view.screen_rows(0, self.view.rows) if self.view.document.width > 0 else []
        places: dict[int, list[int]] = {}
        for order, row, _ in rows:
            if order < self.view.document.end:
                places.setdefault(order, []).append(row)
        for order, seen in places.items():
            shown += [(order, block) for block in self.blocks(order) if block.first <= seen[-1] and block.end > seen[0]]
        if not shown:
            return False
        order, block = shown[0] if step > 0 else shown[-1]
        self._put(order, block)
        if block.end - block.first <= self.view.rows:
            self._reveal(order, block, step)
        return True

    def _edge(self, step: int) -> int:
        """The item before the first one that begins on the screen; for a step up, the one behind the last one."""
        document, view = self.view.document, self.view
        if step > 0:
            order, row = document.find(view.top)
            return order - (row == 0)
        return document.find(min(view.top + view.rows, document.total) - 1)[0] + 1

    def _walk(self, order: int, here: EntryBlock, step: int) -> Iterator[tuple[int, EntryBlock]]:
        blocks = self.blocks(order)
        at = blocks.index(here)
        rest = blocks[at + 1 :] if step > 0 else blocks[:at][::-1]
        yield from ((order, block) for block in rest)
        document = self.view.document
        orders = range(order + 1, document.end) if step > 0 else range(order - 1, document.first - 1, -1)
        for other in orders:
            yield from ((other, block) for block in self.blocks(other)[::step])

    def _scroll_through(self, order: int, block: EntryBlock, step: int) -> bool:
        """Scroll on in a block that is taller than the screen; false when its end is seen."""
        view = self.view
        if block.end - block.first <= view.rows:
            return False
        top = view.document.top(order)
        hidden = top + block.end - (view.top + view.rows) if step > 0 else view.top - (top + block.first)
        if hidden <= 0:
            return False
        view.scroll_by(step * min(max(view.rows - 2, 1), hidden))
        return True

    def _reveal(self, order: int, block: EntryBlock, step: int) -> None:
        """Show all of a block; of one taller than the screen the beginning, after a step up the end."""
        view, document = self.view, self.view.document
        document.measure(order)
        first, end = document.top(order) + block.first, document.top(order) + block.end
        is_tall = end - first > view.rows
        if not is_tall and view.top <= first and end <= view.top + view.rows:
            return
        if step > 0 if is_tall else first < view.top:
            view.go_to(Anchor(order, block.first))
            return
        view.go_to(Anchor(order, block.end - 1))
        view.scroll_by(document.top(order) + block.end - view.rows - view.top)
