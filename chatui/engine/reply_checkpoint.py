"""The checkpoint of a reply as a thread writes it: begun as soon as the disk takes it, with all that came till then."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from chatui.conversation.events import Delta, ReasoningDelta, Retrying, Started, TextDelta
from chatui.storage.checkpoint import Checkpoint

Noted = Delta | Retrying
"""What of a reply goes into its checkpoint."""


class ReplyCheckpoint:
    """Takes the replies of one lane, one after the other. To be called in one thread; its methods raise StorageError.

    What could not be written is kept, and comes with the next write.
    """

    def __init__(self, open_checkpoint: Callable[[Started], Checkpoint]) -> None:
        self._open = open_checkpoint
        self._started: Started | None = None
        """The reply that runs."""
        self._checkpoint: Checkpoint | None = None
        """`None` while it could not be begun."""
        self._late: list[Noted] = []
        """What came before it could be begun."""

    def begin(self, started: Started) -> None:
        """Put the head of a reply on disk."""
        self._started, self._late = started, []
        self._checkpoint = self._open(started)

    def write(self, events: Sequence[Noted]) -> None:
        """Append what came, in one write; what comes when no reply runs belongs to nothing."""
        if self._started is None:
            return
        if self._checkpoint is None:
            self._late += events
            self._checkpoint = self._open(self._started)
            events, self._late = self._late, []
        text = [event.text for event in events if isinstance(event, TextDelta)]
        # Most of what comes is text alone.
        others = events if len(text) < len(events) else ()
        reasoning = [event.text for event in others if isinstance(event, ReasoningDelta)]
        retries = [event.noted for event in others if isinstance(event, Retrying)]
        self._checkpoint.append("".join(text), "".join(reasoning), retries)

    def end(self) -> Checkpoint | None:
        """The reply is over. Returns its checkpoint, still open; `None` where there is none."""
        checkpoint, self._checkpoint, self._started = self._checkpoint, None, None
        return checkpoint
