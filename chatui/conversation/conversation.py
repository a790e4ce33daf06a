"""The conversation: a tree of messages, and `apply`, the one fold that changes it, live and on load."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from chatui.conversation.events import (
    Added,
    Event,
    Finished,
    Loaded,
    ReasoningDelta,
    Retrying,
    Started,
    TextDelta,
    UsageReported,
)
from chatui.conversation.failure import Retry
from chatui.conversation.message import Message, Role, Status, StoredMessage
from chatui.conversation.usage import Usage


@dataclass(slots=True)
class LiveReply:
    """The reply that streams now: pieces in lists, so that a delta costs the same however long the reply is."""

    id: str
    parent: str | None
    model: str
    created: datetime
    text_parts: list[str] = field(default_factory=list)
    reasoning_parts: list[str] = field(default_factory=list)
    usage: Usage | None = None
    reported_cost: float | None = None
    """USD as the server named it."""
    attempts: int = 1
    """Requests so far; one that is waited for is not made yet, and counts all the same."""
    retries: list[Retry] = field(default_factory=list)
    kept: Message | None = None
    """The reply that is continued; its text is not among the pieces."""

    @property
    def text(self) -> str:
        """What this request brought. Costs its length."""
        return "".join(self.text_parts)

    @property
    def reasoning(self) -> str:
        """The reasoning that this request brought. Costs its length."""
        return "".join(self.reasoning_parts)

    @property
    def has_content(self) -> bool:
        """True once any text or reasoning came: from then on nothing is retried silently."""
        return bool(self.text_parts or self.reasoning_parts)

    def snapshot(self, status: Status) -> Message:
        """Return the reply as it stands, with that status, without what it continues. Costs its length."""
        return Message(
            id=self.id,
            role=Role.ASSISTANT,
            text=self.text,
            created=self.created,
            parent=self.parent,
            status=status,
            model=self.model,
            reasoning=self.reasoning,
            usage=self.usage,
            attempts=self.attempts,
            retries=tuple(self.retries),
        )


class Conversation:
    """A tree of messages with one active leaf. Changed by `apply` and `activate` only."""

    def __init__(self) -> None:
        self._messages: dict[str, Message | StoredMessage] = {}
        self._children: dict[str | None, list[str]] = {}
        self._highest = 0
        self._branch: tuple[Message | StoredMessage, ...] | None = None
        self._fork: tuple[Sequence[Message | StoredMessage], str | None] | None = None
        self.active: str | None = None
        """The leaf of the branch on screen; `None` while there is no message. Set by `activate` and by messages."""
        self.live: LiveReply | None = None
        """The reply that streams now."""

    def __len__(self) -> int:
        """Messages of all branches, the live reply not counted."""
        return len(self._messages)

    def __contains__(self, message_id: object) -> bool:
        return message_id in self._messages

    def __iter__(self) -> Iterator[Message | StoredMessage]:
        """All messages of all branches, oldest first, undecoded where they are."""
        return iter(self._messages.values())

    def message(self, message_id: str) -> Message:
        """Return a message, decoded on first use. Raises KeyError for an id that is not here."""
        found = self._messages[message_id]
        if isinstance(found, StoredMessage):
            found = found.decode()
            self._messages[message_id] = found
            self._branch = None
        return found

    def path(self) -> Sequence[Message | StoredMessage]:
        """The branch on screen, first message first; without the live reply. Nothing is decoded for it."""
        if self._branch is None:
            branch: list[Message | StoredMessage] = []
            here = self.active
            seen: set[str] = set()
            while here is not None and here in self._messages and here not in seen:
                seen.add(here)
                found = self._messages[here]
                branch.append(found)
                here = found.parent
            self._branch = tuple(reversed(branch))
        return self._branch

    def siblings(self, message_id: str) -> list[str]:
        """The ids of the messages that answer the same parent, this one included, oldest first."""
        return list(self._children.get(self._messages[message_id].parent, ()))

    def last_fork(self) -> str | None:
        """The id of the last message on the branch that has siblings; `None` where it has no such. Looked for once."""
        branch = self.path()
        if self._fork is None or self._fork[0] is not branch:
            forks = (item.id for item in reversed(branch) if len(self._children[item.parent]) > 1)
            self._fork = (branch, next(forks, None))
        return self._fork[1]

    def leaf_below(self, message_id: str) -> str:
        """The newest leaf below a message (itself when nothing answers it)."""
        here = message_id
        seen = {here}
        while (children := self._children.get(here)) and children[-1] not in seen:
            here = children[-1]
            seen.add(here)
        return here

    def next_id(self) -> str:
        """An id that no message of this conversation has, the live reply included."""
        number = self._highest + 1
        taken = self.live.id if self.live is not None else ""
        while (message_id := f"m{number}") in self._messages or message_id == taken:
            number += 1
        return message_id

    def activate(self, message_id: str | None) -> None:
        """Put the branch that ends in `message_id` on screen. Raises KeyError for an id that is not here."""
        if message_id is not None and message_id not in self._messages:
            raise KeyError(message_id)
        self.active = message_id
        self._branch = None

    def apply(self, event: Event) -> None:
        """Take one event. Deltas cost O(1); one without a live reply is ignored, for it belongs to nothing."""
        live = self.live
        match event:
            case TextDelta(text):
                if live is not None and text:
                    live.text_parts.append(text)
            case ReasoningDelta(text):
                if live is not None and text:
                    live.reasoning_parts.append(text)
            case UsageReported(usage, cost):
                if live is not None:
                    live.usage = usage
                    live.reported_cost = cost if cost is not None else live.reported_cost
            case Retrying():
                if live is not None:
                    live.retries.append(event.noted)
                    live.attempts = len(live.retries) + 1
            case Started(message_id, parent, model, created, kept):
                self.live = LiveReply(message_id, parent, model, created, kept=kept)
                self._note_id(message_id)
            case Finished(message):
                self.live = None
                self._put(message)
                self.active = message.id
            case Added(message):
                self._put(message)
                self.active = message.id
            case Loaded(messages):
                self._put_in_front(messages)
            case _:
                pass

    def _put(self, message: Message) -> None:
        if message.id not in self._messages:
            self._children.setdefault(message.parent, []).append(message.id)
        self._messages[message.id] = message
        self._branch = None
        self._note_id(message.id)

    def _put_in_front(self, messages: Sequence[StoredMessage]) -> None:
        older: dict[str, Message | StoredMessage] = {m.id: m for m in messages if m.id not in self._messages}
        self._messages = older | self._messages
        self._branch = None
        self._children = {}
        for message in self._messages.values():
            self._children.setdefault(message.parent, []).append(message.id)
            self._note_id(message.id)

    def _note_id(self, message_id: str) -> None:
        number = message_id[1:]
        # Python refuses to read very long numbers; `next_id` steps over those that are not noted here.
        if message_id[:1] == "m" and number.isascii() and number.isdigit() and len(number) < 12:
            self._highest = max(self._highest, int(number))
