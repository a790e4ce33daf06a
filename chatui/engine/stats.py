"""The figures of a reply, live: phase, time to first token, tokens per second, counts, cost."""

from __future__ import annotations

from collections import deque
from collections.abc import Sequence
from dataclasses import dataclass, field
from enum import StrEnum

from chatui.conversation.events import (
    Delta,
    Event,
    Finished,
    Retrying,
    Started,
    TextDelta,
    UsageReported,
)
from chatui.conversation.message import Message, Status
from chatui.conversation.usage import Timing, Usage
from chatui.engine.tokens import estimate_tokens

STALL_SECONDS = 15.0
"""Without content for so long a reply is stalled, even when keep-alives come."""
ALIVE_SECONDS = 30.0
"""A sign of life counts for so long; keep-alives come every 10 to 15 seconds as a rule."""
BUCKET_SECONDS = 0.5
"""Width of a bar of the sparkline."""
_BUCKETS = 64
SHORTEST_MEASURE = 0.05
"""Seconds; over less a speed says nothing."""
_SPEED_BUCKETS = 6
"""The live speed is the mean over these last buckets."""


class Phase(StrEnum):
    """What is going on; the word is what the screen shows."""

    READY = "ready"
    WAITING = "waiting"
    THINKING = "thinking"
    STREAMING = "streaming"
    RETRYING = "retrying"
    INTERRUPTED = "interrupted"
    STOPPED = "stopped"
    FAILED = "failed"


_PHASE_AFTER = {
    Status.COMPLETE: Phase.READY,
    Status.INTERRUPTED: Phase.INTERRUPTED,
    Status.CANCELLED: Phase.STOPPED,
    Status.FAILED: Phase.FAILED,
}


@dataclass(slots=True)
class ReplyStats:
    """Fed with every event of a reply and the monotonic time at which it came (seconds)."""

    phase: Phase = Phase.READY
    input_estimate: int = 0
    """Tokens of the request, estimated; shown until the provider has counted."""
    usage: Usage | None = None
    """The provider's count."""
    retrying: Retrying | None = None
    """The wait that runs now."""
    retry_at: float = 0.0
    """When it ends (monotonic)."""
    _started: float | None = None
    _ended: float | None = None
    _first_token: float | None = None
    _first_reasoning: float | None = None
    _reasoning_end: float | None = None
    _last_content: float = 0.0
    _last_sign: float = 0.0
    _output: float = 0.0
    _reasoning: float = 0.0
    _buckets: deque[float] = field(default_factory=lambda: deque([0.0], maxlen=_BUCKETS))
    _bucket_number: int = 0
    _bucket_end: float = 0.0
    """When the last bucket is full (monotonic)."""

    def observe(self, event: Event, now: float) -> None:
        """Take one event; O(1) but for the length of the delta."""
        self._last_sign = now
        if isinstance(event, Delta):
            self._observe_delta(event, now)
            return
        match event:
            case Started():
                self._started = self._last_content = now
                self.phase = Phase.WAITING
            case Retrying(wait=wait):
                self.retrying, self.retry_at = event, now + wait
                self.phase = Phase.RETRYING
            case UsageReported(usage):
                self.usage = usage
            case Finished(message):
                self._ended = now
                self.retrying = None
                self.usage = message.last_usage
                self.phase = _PHASE_AFTER[message.status]
            case _:
                pass

    def count_requests(self, attempts: int, now: float) -> int:
        """Of so many attempts those whose request has left: one that is waited for has not."""
        return attempts - (self.phase_at(now) is Phase.RETRYING)

    def end_wait(self, now: float) -> None:
        """Note that the wait before a retry was cut short."""
        self.retry_at = min(self.retry_at, now)

    def phase_at(self, now: float) -> Phase:
        """The phase, with a retry whose wait is over counted as waiting again."""
        if self.phase is Phase.RETRYING and now >= self.retry_at:
            return Phase.WAITING
        return self.phase

    def _observe_delta(self, delta: Delta, now: float) -> None:
        tokens = estimate_tokens(delta.text)
        if self._first_token is None:
            self._first_token, self._bucket_end = now, now + BUCKET_SECONDS
        self.retrying = None
        self._last_content = now
        self._output += tokens
        if now >= self._bucket_end:
            self._advance(now)
        self._buckets[-1] += tokens
        if isinstance(delta, TextDelta):
            if self._first_reasoning is not None and self._reasoning_end is None:
                self._reasoning_end = now
            self.phase = Phase.STREAMING
        else:
            self._reasoning += tokens
            if self._first_reasoning is None:
                self._first_reasoning = now
            self.phase = Phase.THINKING

    def _advance(self, now: float) -> None:
        if self._first_token is None or now < self._bucket_end:
            return
        number = int((now - self._first_token) / BUCKET_SECONDS)
        for _ in range(min(number - self._bucket_number, _BUCKETS)):
            self._buckets.append(0.0)
        self._bucket_number = max(number, self._bucket_number)
        self._bucket_end = self._first_token + (self._bucket_number + 1) * BUCKET_SECONDS

    @property
    def is_running(self) -> bool:
        """True from the request to the end of the reply."""
        return self._ended is None and self.phase is not Phase.READY

    def timing(self, now: float) -> Timing:
        """The times so far, or of the whole reply once it is over; rounded to milliseconds, for they are kept."""
        end = now if self._ended is None else self._ended
        reasoning = None
        if self._first_reasoning is not None:
            reasoning = (end if self._reasoning_end is None else self._reasoning_end) - self._first_reasoning
        start = end if self._started is None else self._started
        first = None if self._first_token is None else self._first_token - start
        return Timing(_round(first), round(end - start, 3), _round(reasoning))

    def estimated_usage(self) -> Usage:
        """Our own count: for the time until the provider's comes, and for replies that never get one."""
        return Usage(
            input=self.input_estimate,
            output=round(self._output),
            reasoning=round(self._reasoning),
            estimated=True,
        )

    def best_usage(self) -> Usage:
        """The provider's count where there is one, else ours."""
        return self.usage or self.estimated_usage()

    def speed(self, now: float) -> float | None:
        """Tokens per second over the last three seconds while it streams, over the whole reply after; `None` before."""
        if self._first_token is None:
            return None
        if self._ended is not None:
            seconds = self._ended - self._first_token
            return self.best_usage().output / seconds if seconds > SHORTEST_MEASURE else None
        self._advance(now)
        seconds = min(now - self._first_token, _SPEED_BUCKETS * BUCKET_SECONDS)
        if seconds < BUCKET_SECONDS:
            return None
        # The last bucket is only partly over, so it counts with the part of its width that has passed.
        whole = list(self._buckets)[-_SPEED_BUCKETS:]
        passed = (now - self._first_token) % BUCKET_SECONDS + (len(whole) - 1) * BUCKET_SECONDS
        return sum(whole) / passed

    def speeds(self, now: float) -> Sequence[float]:
        """Tokens per second of each half second, oldest first, the running one left out."""
        if self._ended is None:
            self._advance(now)
        return [tokens / BUCKET_SECONDS for tokens in list(self._buckets)[:-1]]

    def quiet_seconds(self, now: float) -> float:
        """Seconds since the last content (or the request) while the reply runs, else 0."""
        if not self.is_running or self.phase_at(now) is Phase.RETRYING:
            return 0.0
        return now - max(self._last_content, self.retry_at)

    def is_stalled(self, now: float) -> bool:
        """True while the reply runs and has brought no content for long."""
        return self.quiet_seconds(now) >= STALL_SECONDS

    def is_alive(self, now: float) -> bool:
        """Whether the server gave a sign of life since the last content, lately: a keep-alive, say."""
        has_sign = self._last_sign > max(self._last_content, self.retry_at)
        return has_sign and now - self._last_sign < ALIVE_SECONDS


def _round(seconds: float | None) -> float | None:
    return None if seconds is None else round(seconds, 3)


def speed_of(message: Message) -> float | None:
    """Tokens per second of a finished reply, from what is stored with it; `None` where that does not tell."""
    if message.usage is None or message.timing is None or message.timing.first_token is None:
        return None
    seconds = message.timing.total - message.timing.first_token
    return message.usage.output / seconds if message.usage.output and seconds > SHORTEST_MEASURE else None
