"""The tally of many replies: how they ended, what they used, how fast they were."""

from __future__ import annotations

import math
from array import array
from dataclasses import dataclass, field

from chatui.conversation.message import Message, Status
from chatui.engine.costs import CostSum


@dataclass(slots=True)
class Tally:
    """Fed with every finished reply; it keeps numbers, eight bytes a reply, and no text."""

    complete: int = 0
    failed: int = 0
    """Failed or interrupted."""
    retried: int = 0
    """Those that took more than one request."""
    requests: int = 0
    """Requests of all together."""
    input: int = 0
    """Tokens sent."""
    output: int = 0
    """Tokens received."""
    cached: int = 0
    reasoning: int = 0
    estimated: int = 0
    """Replies whose tokens are an estimate."""
    unknown_cost: int = 0
    """Replies that used tokens at an unknown price."""
    usd: float = 0.0
    """The known part of the cost."""
    counted: int = 0
    """Replies that used tokens."""
    reply_seconds: float = 0.0
    """The times of all replies, one after the other."""
    first_tokens: array[float] = field(default_factory=lambda: array("d"))
    """Seconds to the first token of each reply that had one."""

    @property
    def finished(self) -> int:
        """Replies that are over."""
        return self.complete + self.failed

    @property
    def cost(self) -> CostSum:
        """What they cost together."""
        return CostSum(self.usd, self.counted, self.unknown_cost, self.estimated)

    def add(self, message: Message) -> None:
        """Count one finished reply."""
        if message.status is Status.COMPLETE:
            self.complete += 1
        else:
            self.failed += 1
        self.retried += message.attempts > 1
        self.requests += message.attempts
        if (usage := message.usage) is not None:
            self.counted += 1
            self.input += usage.input
            self.output += usage.output
            self.cached += usage.cached
            self.reasoning += usage.reasoning
            self.estimated += usage.estimated
            if message.cost is None:
                self.unknown_cost += 1
            else:
                self.usd += message.cost
        if (timing := message.timing) is not None:
            self.reply_seconds += timing.total
            if timing.first_token is not None:
                self.first_tokens.append(timing.first_token)

    def mean_first_token(self) -> float | None:
        """The mean time to the first token, in seconds; `None` where no token came."""
        return math.fsum(self.first_tokens) / len(self.first_tokens) if self.first_tokens else None


def find_percentile(values: array[float], percent: float) -> float | None:
    """The smallest value that `percent` of all do not exceed (nearest rank); `None` for no values."""
    if not values:
        return None
    rank = max(math.ceil(len(values) * percent / 100), 1)
    return sorted(values)[rank - 1]
