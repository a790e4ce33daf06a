"""A message: who said what, and for a reply, how it came about."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from chatui.conversation.attachment import Attachment
from chatui.conversation.failure import Failure, Retry
from chatui.conversation.usage import Expense, Timing, Usage


class Role(StrEnum):
    """Who speaks."""

    USER = "user"
    ASSISTANT = "assistant"


class Status(StrEnum):
    """The fate of a message, or of a part of one."""

    COMPLETE = "complete"
    """Ended by a finish reason or `[DONE]`."""
    INTERRUPTED = "interrupted"
    """Cut: the connection, the server or this program ended before the reply did."""
    CANCELLED = "cancelled"
    """Stopped by the user."""
    FAILED = "failed"
    """The server said that it failed."""


@dataclass(frozen=True, slots=True)
class Part:
    """One stretch of a reply, as one request brought it."""

    start: int
    """Where it begins in the message's text, in characters; 0 for the first part."""
    model: str
    """`provider/model` that gave it; empty where the file does not say."""
    created: datetime
    """When its request left; UTC."""
    status: Status = Status.COMPLETE
    finish_reason: str | None = None
    """The server's word, verbatim."""
    usage: Usage | None = None
    timing: Timing | None = None
    cost: float | None = None
    """USD; `None` when the price is unknown."""
    attempts: int = 1
    """Requests it took."""
    retries: Sequence[Retry] = ()
    """Those of the requests that came to nothing and were to be made again, in order."""
    failure: Failure | None = None
    """Why it ended, when `status` is interrupted or failed; `error` in the file."""
    is_approximate: bool = False
    """True where the model was asked in words to go on: the join is as good as the model made it."""
    extra: Mapping[str, object] = field(default_factory=dict)
    """Keys of the file that this version does not know; they survive a round trip."""


@dataclass(frozen=True, slots=True)
class Message:
    """One turn. The fields are those of a `[[messages]]` block of the session file."""

    id: str
    """Unique in its session: `m1`, `m2`, …"""
    role: Role
    text: str
    """What was said, exactly as it came."""
    created: datetime
    """When it was sent (user) or its request left (assistant); UTC."""
    parent: str | None = None
    """The message it answers; `None` for a first one. Siblings share a parent."""
    status: Status = Status.COMPLETE
    model: str | None = None
    """`provider/model` that gave the reply; `None` for a prompt."""
    finish_reason: str | None = None
    """The server's word, verbatim."""
    reasoning: str = ""
    """What the model thought, apart from the answer."""
    usage: Usage | None = None
    timing: Timing | None = None
    cost: float | None = None
    """USD; `None` when the price is unknown."""
    attempts: int = 1
    """Requests it took."""
    retries: Sequence[Retry] = ()
    """Those of the requests that came to nothing and were to be made again, in order."""
    failure: Failure | None = None
    """Set when `status` is interrupted or failed; `error` in the file."""
    parts: Sequence[Part] = ()
    """The stretches of a reply that was continued, in order: then usage, timing, cost, attempts and retries are their
    sums, `model` is that of the first, and how it ended is that of the last. Empty for a reply of one piece."""
    attachments: Sequence[Attachment] = ()
    """The images that went along with a prompt."""
    extra: Mapping[str, object] = field(default_factory=dict)
    """Keys of the file that this version does not know; they survive a round trip."""

    @property
    def expense(self) -> Expense | None:
        """What it cost; `None` for a message that used no tokens."""
        return None if self.usage is None else Expense(self.cost, self.usage.estimated)

    @property
    def last_model(self) -> str | None:
        """`provider/model` that gave the end of the reply."""
        return self.parts[-1].model or self.model if self.parts else self.model

    @property
    def last_usage(self) -> Usage | None:
        """The tokens of the last request alone: what the context window holds."""
        return self.parts[-1].usage if self.parts else self.usage

    @property
    def can_continue(self) -> bool:
        """True for a reply that ended before it was done and has text to go on from."""
        is_cut = self.status is not Status.COMPLETE or self.finish_reason == "length"
        return self.role is Role.ASSISTANT and is_cut and bool(self.text.strip())


@dataclass(frozen=True, slots=True)
class StoredMessage:
    """A message that still lies undecoded in its file, so that opening costs nothing for what nobody looks at."""

    id: str
    role: Role
    parent: str | None
    size: int
    """Bytes of its block in the file: good enough to estimate its height on screen."""
    decode: Callable[[], Message]
    """Decode it. A block that cannot be read gives a message that says so; it never raises."""
    expense: Expense | None = None
    """What it cost, read without decoding; `None` for a message that used no tokens."""
    find_text: Callable[[], bytes] | None = None
    """Return its text as UTF-8 without decoding the rest, some hundred times as fast; `None`: only `decode` knows."""
    find_reasoning: Callable[[], bytes] | None = None
    """The same for its reasoning."""

    def read_text(self) -> bytes:
        """Return its text as UTF-8, the cheapest way there is."""
        return self.decode().text.encode(errors="replace") if self.find_text is None else self.find_text()

    def read_reasoning(self) -> bytes:
        """Return its reasoning as UTF-8, the cheapest way there is; empty for none."""
        if self.find_reasoning is None:
            return self.decode().reasoning.encode(errors="replace")
        return self.find_reasoning()
