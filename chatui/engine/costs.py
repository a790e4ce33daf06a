"""Sums of costs that stay honest: an unknown part makes the sum a lower bound, an estimated one an estimate."""

from __future__ import annotations

from dataclasses import dataclass

from chatui.conversation.message import Message, Role


@dataclass(frozen=True, slots=True)
class CostSum:
    """What a number of replies cost together."""

    usd: float = 0.0
    """The sum of the known costs."""
    replies: int = 0
    """Replies that used tokens."""
    unknown: int = 0
    """Those of them whose cost is unknown."""
    estimated: int = 0
    """Those whose tokens were estimated."""

    @property
    def known_usd(self) -> float | None:
        """The sum, or `None` where nothing about it is known."""
        return None if self.replies == self.unknown else self.usd

    def add(self, message: Message) -> CostSum:
        """The sum with one more message; prompts, and replies that used no tokens, change nothing."""
        if message.role is not Role.ASSISTANT or message.usage is None:
            return self
        return CostSum(
            self.usd + (message.cost or 0.0),
            self.replies + 1,
            self.unknown + (message.cost is None),
            self.estimated + message.usage.estimated,
        )
