"""Counts and times of a reply: usage in tokens, timing in seconds, price in USD per million tokens."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Usage:
    """Tokens of one reply, as the provider counted them or as we estimate."""

    input: int = 0
    """Tokens sent, cached ones included."""
    output: int = 0
    """Tokens received, reasoning included."""
    cached: int = 0
    """Those of `input` that the provider had cached."""
    reasoning: int = 0
    """Those of `output` that were reasoning."""
    estimated: bool = False
    """True where we counted characters because the provider did not say; shown with `~`."""


@dataclass(frozen=True, slots=True)
class Timing:
    """Seconds from the request on, by the monotonic clock."""

    first_token: float | None = None
    """Until the first delta of text or reasoning; `None` when none came."""
    total: float = 0.0
    """Until the end of the reply."""
    reasoning: float | None = None
    """From the first reasoning delta to the first text delta (or the end); `None` without reasoning."""


@dataclass(frozen=True, slots=True)
class Expense:
    """What one reply cost, as far as is known."""

    cost: float | None
    """USD; `None` when the price is unknown."""
    estimated: bool
    """True where its tokens were estimated."""


@dataclass(frozen=True, slots=True)
class Price:
    """What a model costs, in USD per million tokens."""

    input: float
    output: float
    cached: float | None = None
    """Price of cached input; `None` means the same as `input`."""

    def cost(self, usage: Usage) -> float:
        """Return the cost of `usage` in USD."""
        cached_price = self.input if self.cached is None else self.cached
        fresh = max(usage.input - usage.cached, 0)
        return (fresh * self.input + usage.cached * cached_price + usage.output * self.output) / 1e6
