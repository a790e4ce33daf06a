"""Events: everything that happens to a conversation, as frozen values.

A provider yields `ReplyEvent`s, ending with exactly one `Ended`. The engine wraps them between `Started` and
`Finished`, applies each to the conversation and yields the same object to the screen. Loading a session applies `Added`
and `Loaded`.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from chatui.conversation.failure import Failure, Retry
from chatui.conversation.message import Message, StoredMessage
from chatui.conversation.usage import Usage


@dataclass(frozen=True, slots=True)
class TextDelta:
    """A piece of the answer."""

    text: str


@dataclass(frozen=True, slots=True)
class ReasoningDelta:
    """A piece of the model's reasoning."""

    text: str


Delta = TextDelta | ReasoningDelta
"""What comes a thousand times a second. Who takes events looks for these first."""


@dataclass(frozen=True, slots=True)
class UsageReported:
    """The provider's count; the last one wins, they are never summed."""

    usage: Usage
    cost: float | None = None
    """USD, where the server itself names the cost."""


@dataclass(frozen=True, slots=True)
class Alive:
    """Bytes came that carry no content: a comment, a keep-alive, an empty delta."""


@dataclass(frozen=True, slots=True)
class Ended:
    """The provider's last word on one attempt; exactly one, and the last event.

    `failure is None` and a finish reason or `[DONE]`: complete. Any other end carries the failure that says how.
    """

    finish_reason: str | None = None
    failure: Failure | None = None
    interrupted: bool = False
    """True when the stream was cut (network, end without a finish reason); false when the server reported an error."""


PROVIDER_FIELDS = frozenset({"stream_options"})
"""Fields of a request that a provider takes for all of its models or for none."""


@dataclass(frozen=True, slots=True)
class FieldRefused:
    """The provider did not take an optional field of the request, and answers without it."""

    field: str
    """Its name in the request, such as `stream_options`."""
    message: str
    """What the provider said of it; cleaned and cut."""
    instead: str = ""
    """The field that carries its value now; empty where it was left out."""
    is_lasting: bool = True
    """True where no value of the field is taken, so that it is worth remembering."""


@dataclass(frozen=True, slots=True)
class Warned:
    """Something about the way to the provider that is not safe. A provider tells each such thing once."""

    message: str
    """What it is, in one sentence."""
    advice: str = ""
    """What to do about it."""


ReplyEvent = TextDelta | ReasoningDelta | UsageReported | Alive | FieldRefused | Warned | Ended
"""What a provider yields for one attempt."""


@dataclass(frozen=True, slots=True)
class Added:
    """A whole message joins the conversation and becomes its active leaf: a prompt, or a message read from a file."""

    message: Message


@dataclass(frozen=True, slots=True)
class Loaded:
    """Older messages, still undecoded, join in front of those that are there; the active leaf stays."""

    messages: Sequence[StoredMessage]


@dataclass(frozen=True, slots=True)
class Started:
    """A request is about to leave; the reply that follows is the live one."""

    message_id: str
    parent: str | None
    model: str
    """`provider/model`."""
    created: datetime
    kept: Message | None = None
    """The reply that is continued, as it stood, where this is no new one: the deltas go on at its end."""
    is_approximate: bool = False
    """True where the model is asked in words to go on."""


@dataclass(frozen=True, slots=True)
class Retrying:
    """An attempt failed before any content; the next one comes after `wait` seconds."""

    failure: Failure
    retry: int
    """1 for the first retry."""
    max_retries: int
    wait: float
    """Seconds."""

    @property
    def noted(self) -> Retry:
        """What the reply keeps of it."""
        failure = self.failure
        return Retry(failure.kind, failure.message, failure.status, round(self.wait, 3))


@dataclass(frozen=True, slots=True)
class Finished:
    """The live reply is over, well or not; `message` is what it came to, text kept."""

    message: Message


@dataclass(frozen=True, slots=True)
class SaveFailed:
    """Something could not be written; it stays in memory and is written with the next save that succeeds."""

    reason: str
    """Which file, what happened, what to do: one sentence."""


Event = ReplyEvent | Added | Loaded | Started | Retrying | Finished | SaveFailed
"""All that `Conversation.apply` takes."""
