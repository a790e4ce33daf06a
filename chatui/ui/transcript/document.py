"""The document: all items of the transcript, their heights (estimated until seen), and entries for those looked at."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from chatui.conversation.events import Started
from chatui.conversation.message import Message, Role, StoredMessage
from chatui.ui.transcript.entry import Choice, Entry
from chatui.ui.transcript.estimate import estimate_rows
from chatui.ui.transcript.heights import Heights
from chatui.ui.transcript.note import Note
from chatui.ui.transcript.plain_entry import NoteEntry, PromptEntry, QueueEntry
from chatui.ui.transcript.reply_entry import ReplyEntry
from chatui.ui.transcript.seams import find_message, last_said

KEPT_ENTRIES = 200
"""Entries kept laid out; those looked at longest ago are dropped, their heights stay."""


@dataclass(frozen=True, slots=True)
class Footnote:
    """A note at the end that gives way to the next footnote, until something follows it."""

    note: Note


@dataclass(frozen=True, slots=True)
class Queue:
    """Prompts that wait; always the last item."""

    texts: tuple[str, ...]


Item = Message | StoredMessage | Note | Footnote | Started | Queue
"""What one entry shows; `Started` is the reply that streams."""


class Document:
    """Items are named by their *order*, an integer that stays when older ones, with smaller orders, come in front."""

    def __init__(self, width: int = 0) -> None:
        self.width = width
        self.first = 0
        """Order of the first item."""
        self.ways: Mapping[str, str] = {}
        """How commands are run, by their names: keys as people write them."""
        self.live: ReplyEntry | None = None
        self.live_order = 0
        self.heights = Heights()
        self.say_which: Callable[[str], str] = _say_nothing
        """Says of the message of an id which of several answers it is, such as `‹2/3›`; empty for the only one."""
        self.items: list[Item] = []
        """What the entries show, in order from `first` on; to be read only."""
        self._entries: OrderedDict[int, Entry] = OrderedDict()
        self._choices: dict[int, Choice] = {}
        """What the reader folded or unfolded; it outlives the entry."""
        self._models: dict[int, str | None] = {}
        """Models of the replies that were decoded, so that none is decoded only to be compared twice."""
        self._looked_back: tuple[int, Message] | None = None
        """The reply decoded last only for its model; most often it comes on screen next."""

    def __len__(self) -> int:
        return len(self.items)

    @property
    def end(self) -> int:
        """The order behind the last item."""
        return self.first + len(self.items)

    @property
    def total(self) -> int:
        """Rows of the whole document."""
        return self.heights.total

    @property
    def last_item(self) -> Item | None:
        """The last item."""
        return self.items[-1] if self.items else None

    def show(self, items: Sequence[Item]) -> None:
        """Replace everything. Nothing is decoded or laid out."""
        self.items = list(items)
        self.first = 0
        self.live = None
        self._entries.clear()
        self._choices.clear()
        self._models.clear()
        self._looked_back = None
        self._estimate_all()

    def prepend(self, items: Sequence[Item]) -> None:
        """Put older items in front; the orders of the others stay."""
        self._forget_first_label()
        self.items[:0] = items
        self.first -= len(items)
        # With older ones, an entry may turn out to be one of several.
        for order in list(self._entries):
            item = self.items[order - self.first]
            if isinstance(item, Message | StoredMessage) and self.say_which(item.id) != self._entries[order].which:
                del self._entries[order]
        self.heights = self.heights.with_front([estimate_rows(item, max(self.width, 1)) for item in items])

    def add(self, item: Item) -> int:
        """Put an item at the end and return its order."""
        if isinstance(item, Message | StoredMessage | Started):
            last = last_said(self.items)
            entry = None if last is None else self._entries.get(last + self.first)
            # What follows a reply takes the offer away to continue it.
            if last is not None and isinstance(entry, ReplyEntry) and entry.close_seam():
                self.measure(last + self.first)
        self.items.append(item)
        self.heights.append(estimate_rows(item, max(self.width, 1)))
        return self.end - 1

    def pop(self) -> Item:
        """Take the last item away."""
        self._entries.pop(self.end - 1, None)
        self._choices.pop(self.end - 1, None)
        self.heights.pop()
        return self.items.pop()

    def open_reply(self, started: Started) -> None:
        """Add the reply that streams; one that is continued streams where it stands."""
        kept = started.kept
        index = None if kept is None else find_message(self.items, kept.id)
        if kept is None or index is None:
            order = self.add(started)
            is_switch = self._is_switch(order, started.model)
            model, choice = started.model, Choice()
        else:
            order, model = index + self.first, kept.model or ""
            self.items[index] = started
            is_switch = self._is_switch(order, model)
            choice = self._choices.get(order, Choice(is_open=False if kept.reasoning else None))
        ways = self.ways
        self.live = ReplyEntry(self.width, model, goes_on=started, ways=ways, is_switch=is_switch, choice=choice)
        self._entries.pop(order, None)
        self.live_order = order
        self.measure(order)

    def close_reply(self, message: Message, *, may_fold: bool) -> None:
        """The reply that streamed came to `message`."""
        live, order = self.live, self.live_order
        if live is None:
            self.measure(self.add(message))
            return
        live.which = self.say_which(message.id)
        live.finish(message, may_fold=may_fold)
        self.note_choice(order, live)
        self.live = None
        self.items[order - self.first] = message
        self._keep(order, live)
        self.measure(order)

    def set_width(self, width: int) -> None:
        """Take another width: heights are estimates again until looked at."""
        self.width = width
        self._entries.clear()
        if self.live is not None:
            self.live.set_width(width)
        self._estimate_all()
        if self.live is not None:
            self.measure(self.live_order)

    def top(self, order: int) -> int:
        """The row where an item begins."""
        return self.heights.before(order - self.first)

    def height(self, order: int) -> int:
        """Rows of an item, estimated or measured."""
        return self.heights[order - self.first]

    def find(self, row: int) -> tuple[int, int]:
        """The order of the item at `row`, and the row within it."""
        index, line = self.heights.find(row)
        return index + self.first, line

    def entry(self, order: int) -> Entry:
        """The entry of an item, made when it is not there."""
        if self.live is not None and order == self.live_order:
            return self.live
        entry = self._entries.get(order)
        if entry is None:
            entry = self._make(order)
            self._keep(order, entry)
        else:
            self._entries.move_to_end(order)
        return entry

    def measure(self, order: int) -> int:
        """Replace the estimate of an item by its real height, and return that. Without a width it stays an estimate."""
        if self.width <= 0:
            return self.height(order)
        height = self.entry(order).height
        self.heights.set(order - self.first, height)
        return height

    def note_choice(self, order: int, entry: Entry) -> None:
        """Remember what the reader folded or unfolded in an entry."""
        if entry.choice != Choice():
            self._choices[order] = entry.choice

    def laid_out(self) -> list[int]:
        """The orders of the entries that are laid out, the last one first."""
        orders = set(self._entries)
        if self.live is not None:
            orders.add(self.live_order)
        return sorted(orders, reverse=True)

    def _keep(self, order: int, entry: Entry) -> None:
        self._entries[order] = entry
        while len(self._entries) > KEPT_ENTRIES:
            self._entries.popitem(last=False)

    def _make(self, order: int) -> Entry:
        item = self.items[order - self.first]
        if isinstance(item, Note):
            return NoteEntry(self.width, item)
        if isinstance(item, Footnote):
            return NoteEntry(self.width, item.note)
        if isinstance(item, Queue):
            return QueueEntry(self.width, item.texts)
        if isinstance(item, Started):
            # A second reply began before this one was closed; it stays as empty as it was.
            return ReplyEntry(self.width, item.model, item.kept)
        message = self._decode(order, item)
        choice = self._choices.get(order, Choice())
        if message.role is Role.USER:
            return PromptEntry(self.width, message, is_open=bool(choice.is_open), which=self.say_which(message.id))
        model = message.model or ""
        is_switch = self._is_switch(order, model)
        is_last = last_said(self.items) == order - self.first
        facts = (self.width, model, message)
        entry = ReplyEntry(*facts, is_switch=is_switch, choice=choice, ways=self.ways, is_last=is_last)
        if which := self.say_which(message.id):
            entry.which = which
            entry.rebuild()
        return entry

    def _decode(self, order: int, item: Message | StoredMessage) -> Message:
        if isinstance(item, Message):
            message = item
        elif self._looked_back is not None and self._looked_back[0] == order:
            message = self._looked_back[1]
        else:
            message = item.decode()
        self._models[order] = message.model
        return message

    def _is_switch(self, order: int, model: str) -> bool:
        """Whether the reply before came from another model. Looks at one item, rarely at more."""
        for index in range(order - self.first - 1, -1, -1):
            item = self.items[index]
            before: str | None = None
            if isinstance(item, Started):
                before = item.model
            elif not isinstance(item, Message | StoredMessage) or item.role is not Role.ASSISTANT:
                continue
            elif (self.first + index) in self._models:
                before = self._models[self.first + index]
            else:
                message = self._decode(self.first + index, item)
                self._looked_back = (self.first + index, message)
                before = message.model
            return before is not None and before != model
        return False

    def _forget_first_label(self) -> None:
        """Drop the entry of the first reply: with older ones in front it may turn out to be a switch."""
        for index, item in enumerate(self.items):
            if isinstance(item, Message | StoredMessage) and item.role is Role.ASSISTANT:
                self._entries.pop(self.first + index, None)
                return

    def _estimate_all(self) -> None:
        width = max(self.width, 1)
        self.heights = Heights([estimate_rows(item, width) for item in self.items])


def _say_nothing(message_id: str) -> str:
    return ""
