"""How a reply ends: by itself, by the user, or because the program goes away under it."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, replace
from typing import TypeVar

from chatui.conversation.conversation import LiveReply
from chatui.conversation.events import Ended
from chatui.conversation.failure import Failure, FailureKind
from chatui.conversation.message import Message, Status
from chatui.conversation.usage import Timing, Usage
from chatui.engine.begun import Begun
from chatui.engine.roster import Roster
from chatui.engine.stats import ReplyStats

_T = TypeVar("_T")


class Stop:
    """The user's stop of one reply: it ends whatever that waits for, and leaves a cancellation from outside alone."""

    def __init__(self) -> None:
        self.is_set = False
        self._waiting: asyncio.Timeout | None = None

    def set(self) -> None:
        """End the wait that runs and every later one. Setting it twice is setting it once."""
        if self.is_set:
            return
        self.is_set = True
        if self._waiting is not None:
            self._waiting.reschedule(asyncio.get_running_loop().time())

    async def unless_set(self, work: Callable[[], Awaitable[_T]]) -> _T | None:
        """Do what may take its time, and return what came of it; `None` as soon as it is stopped."""
        if self.is_set:
            return None
        begun = Begun(work())
        if begun.is_done:
            return begun.result
        try:
            # A timeout without a time, which `set` sets to now. It ends this wait only, and can tell that from a
            # cancellation that comes from outside.
            async with asyncio.timeout(None) as self._waiting:
                return await begun
        except TimeoutError:
            if not self.is_set:
                raise
            return None
        finally:
            self._waiting = None


@dataclass(frozen=True, slots=True)
class Outcome:
    """What one request came to. The fields are those of a `Message` and of a `Part`."""

    status: Status
    finish_reason: str | None
    usage: Usage | None
    timing: Timing
    cost: float | None
    attempts: int
    failure: Failure | None

    def close(self, live: LiveReply) -> Message:
        """The reply as it stands, with this outcome, without what it continues."""
        return replace(
            live.snapshot(self.status),
            finish_reason=self.finish_reason,
            usage=self.usage,
            timing=self.timing,
            cost=self.cost,
            attempts=self.attempts,
            failure=self.failure,
        )


def settle_outcome(
    live: LiveReply, ended: Ended | None, stop: Stop, stats: ReplyStats, roster: Roster, at: float
) -> Outcome:
    """Say what a reply came to. `ended` is the provider's word, `None` where none came; `at` is the clock's time.

    Where the server counted no tokens they are estimated, once content came; where it named no cost and the price is
    unknown, there is none.
    """
    status, failure = _judge(ended, stop)
    usage = live.usage
    if usage is None and live.has_content:
        usage = stats.estimated_usage()
    cost = live.reported_cost
    if cost is None and usage is not None:
        price = roster.describe(live.model).price
        cost = None if price is None else price.cost(usage)
    finish_reason = None if ended is None else ended.finish_reason
    attempts = live.attempts if ended is not None else stats.count_requests(live.attempts, at)
    return Outcome(status, finish_reason, usage, stats.timing(at), cost, attempts, failure)


def _judge(ended: Ended | None, stop: Stop) -> tuple[Status, Failure | None]:
    if ended is None:
        return (Status.CANCELLED, None) if stop.is_set else (Status.INTERRUPTED, _CLOSED)
    if ended.failure is None:
        return Status.COMPLETE, None
    return (Status.INTERRUPTED if ended.interrupted else Status.FAILED), ended.failure


_CLOSED = Failure(FailureKind.NETWORK, "chatui was closed while the reply streamed.")
"""Why a reply ended that was neither finished nor stopped: the program went away under it."""
