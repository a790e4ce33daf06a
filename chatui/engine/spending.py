"""Spending: what replies used and cost, by model, and what the same tokens would cost with another one."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field

from chatui.conversation.message import Message
from chatui.conversation.model_info import ModelInfo
from chatui.conversation.usage import Usage
from chatui.engine.costs import CostSum
from chatui.storage.shelf import Shelf

USUAL_INPUT_SHARE = 0.75
"""Of all tokens, where nothing was used yet that would tell: chats send more than they get, for they send it again."""


@dataclass(slots=True)
class Spending:
    """Tokens and cost of a number of replies."""

    replies: int = 0
    input: int = 0
    output: int = 0
    cached: int = 0
    usd: float = 0.0
    """The known part."""
    unknown: int = 0
    """Replies whose cost is unknown."""
    estimated: int = 0
    """Replies whose tokens are an estimate."""

    @property
    def cost(self) -> CostSum:
        """The cost, with what is unknown about it."""
        return CostSum(self.usd, self.replies, self.unknown, self.estimated)

    @property
    def usage(self) -> Usage:
        """All tokens."""
        return Usage(self.input, self.output, self.cached, estimated=self.estimated > 0)

    def add(self, usage: Usage, cost: float | None) -> None:
        """Count one reply."""
        self.replies += 1
        self.input += usage.input
        self.output += usage.output
        self.cached += usage.cached
        self.estimated += usage.estimated
        self.unknown += cost is None
        self.usd += cost or 0.0


@dataclass(slots=True)
class Ledger:
    """Spending by model, and in all."""

    total: Spending = field(default_factory=Spending)
    by_model: dict[str, Spending] = field(default_factory=dict)
    """By `provider/model`; empty for replies that do not say."""

    def add(self, model: str, usage: Usage, cost: float | None) -> None:
        """Count one reply."""
        self.total.add(usage, cost)
        self.by_model.setdefault(model, Spending()).add(usage, cost)

    def add_messages(self, messages: Iterable[Message]) -> None:
        """Count all replies among the messages that used tokens."""
        for message in messages:
            if message.usage is not None:
                self.add(message.model or "", message.usage, message.cost)


@dataclass(frozen=True, slots=True)
class WhatIf:
    """What some tokens cost with one model."""

    info: ModelInfo
    cost: float | None
    """USD; `None` where the price is unknown."""


def read_session(shelf: Shelf, session_id: str) -> Iterator[Message]:
    """Yield all messages of a session, of all branches; what a crash left is not adopted. Raises StorageError."""
    opened = shelf.open_session(session_id, adopt=False)
    try:
        for stored in [*opened.file.load_rest(), *opened.file.tail]:
            yield stored.decode()
    finally:
        opened.file.close()


def price_elsewhere(usage: Usage, models: Sequence[ModelInfo]) -> list[WhatIf]:
    """Price the same tokens with each model, the cheapest first, unknown prices last.

    Cached tokens count as cached there too; another tokenizer would count a little differently.
    """
    priced = [WhatIf(model, None if model.price is None else model.price.cost(usage)) for model in models]
    return sorted(priced, key=lambda each: (each.cost is None, each.cost or 0.0, each.info.name))


def project(usage: Usage, tokens: int) -> Usage:
    """Stretch a usage to so many tokens, input and output together, in the same proportions."""
    total = usage.input + usage.output
    if not total:
        given = round(tokens * USUAL_INPUT_SHARE)
        return Usage(given, tokens - given, estimated=True)
    given = round(tokens * usage.input / total)
    return Usage(given, tokens - given, min(round(tokens * usage.cached / total), given), estimated=True)
