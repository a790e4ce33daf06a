"""Sums of costs that stay honest: an unknown part makes the sum a lower bound, an estimated one an estimate."""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass

from chatui.conversation.message import Message, StoredMessage


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

    @property
    def is_lower_bound(self) -> bool:
        """True where a part of the cost is known and a part is not."""
        return 0 < self.unknown < self.replies


def sum_costs(messages: Iterable[Message | StoredMessage]) -> CostSum:
    """Sum what messages cost, without decoding any; those that used no tokens do not count."""
    expenses = [message.expense for message in messages if message.expense is not None]
    return CostSum(
        usd=math.fsum(expense.cost for expense in expenses if expense.cost is not None),
        replies=len(expenses),
        unknown=sum(expense.cost is None for expense in expenses),
        estimated=sum(expense.estimated for expense in expenses),
    )
