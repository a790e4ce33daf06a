"""A batch: many prompts, each on its own, so many at a time."""

from __future__ import annotations

import asyncio
import hashlib
import json
import random
import time
from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from contextlib import aclosing
from dataclasses import dataclass, field
from datetime import UTC, datetime

from chatui.conversation.events import Started
from chatui.conversation.failure import Failure, FailureKind
from chatui.conversation.message import Message, Role, Status
from chatui.conversation.request import Request, Turn
from chatui.engine.answer import Answer
from chatui.engine.backoff import HeldProvider
from chatui.engine.roster import Roster
from chatui.engine.tally import Tally

Deliver = Callable[["BatchItem", Message], None]


@dataclass(frozen=True, slots=True)
class BatchItem:
    """One prompt of a batch."""

    n: int
    """Its place in the input, from 1."""
    model: str
    """`provider/model`."""
    turns: Sequence[Turn] = ()
    system: str = ""
    params: Mapping[str, object] = field(default_factory=dict)
    id: str | None = None
    """The name that the input gives it."""
    problem: str = ""
    """Why it cannot be asked, in a sentence; empty when it can."""
    source: str = ""
    """The input as it stood, where it could not be read."""

    @property
    def size(self) -> int:
        """Bytes of its images."""
        images = [placed.image for turn in self.turns for placed in turn.placed]
        return sum(image.attachment.size for image in images if not isinstance(image, str))

    @property
    def hash(self) -> str:
        """128 bits of what decides the answer: the same prompt at another place has the same hash."""
        said = [[turn.role.value, turn.text, *(image.key for image in turn.placed)] for turn in self.turns]
        parts = [self.id, self.model, self.system, said, dict(self.params), self.source]
        text = json.dumps(parts, ensure_ascii=True, sort_keys=True, default=str)
        return hashlib.sha256(text.encode()).hexdigest()[:32]


@dataclass(frozen=True, slots=True)
class BatchLimits:
    """How much at a time, and when to stop."""

    concurrency: int = 5
    """Requests at any instant, at most."""
    max_cost: float | None = None
    """USD; no request leaves that might take the sum beyond."""
    max_failures: int | None = None
    """After so many failed prompts no further request leaves."""


@dataclass(frozen=True, slots=True)
class RunningItem:
    """A prompt under way."""

    item: BatchItem
    answer: Answer


class Batch:
    """Runs once. What finishes is delivered at once and counted; nothing of it is kept here."""

    def __init__(
        self,
        roster: Roster,
        limits: BatchLimits,
        clock: Callable[[], float] = time.monotonic,
        now: Callable[[], datetime] = lambda: datetime.now(UTC),
        chance: Callable[[], float] = random.random,
    ) -> None:
        self._roster = roster
        self._limits = limits
        self._clock = clock
        self._now = now
        self._chance = chance
        self._taking = asyncio.Lock()
        self.tally = Tally()
        self.running: dict[int, RunningItem] = {}
        """The prompts under way by their place, oldest first."""
        self.stop_reason = ""
        """Why no further request leaves, in a sentence; empty while they do."""

    def hold_left(self) -> float:
        """Seconds for which a provider holds all requests back; 0 for none."""
        held = [each.backoff.seconds_left for each in self._roster.providers if isinstance(each, HeldProvider)]
        return max(held, default=0.0)

    async def run(self, items: AsyncIterator[BatchItem], deliver: Deliver) -> None:
        """Ask them all. Cancelling it ends every answer under way; those are not delivered."""
        try:
            async with asyncio.TaskGroup() as group:
                for _ in range(self._limits.concurrency):
                    group.create_task(self._work(items, deliver))
        except BaseExceptionGroup as errors:
            # Whatever went wrong first is what the caller has to hear of.
            raise errors.exceptions[0] from None

    async def _work(self, items: AsyncIterator[BatchItem], deliver: Deliver) -> None:
        while not self.stop_reason:
            async with self._taking:
                item = None if self.stop_reason else await anext(items, None)
            if item is None:
                return
            message = await self._answer(item)
            if message is None:
                return
            self.tally.add(message)
            deliver(item, message)
            self._check_failures()

    async def _answer(self, item: BatchItem) -> Message | None:
        """Answer one prompt; `None` when a limit keeps it from being asked."""
        if item.problem:
            return self._refuse(item, item.problem)
        found = self._roster.find(item.model)
        if not isinstance(found, Failure) and isinstance(found[0], HeldProvider):
            # Waited for here, it does not count as the reply's own time.
            await found[0].backoff.wait()
        request = Request(model="", turns=item.turns, system=item.system, params=item.params)
        answer = Answer(self._roster, request, Started("m2", "m1", item.model, self._now()), self._clock, self._chance)
        if self._limits.max_cost is not None:
            price = self._roster.describe(item.model).price
            if price is None:
                advice = "Give it a price in the config, or leave --max-cost out."
                return self._refuse(item, f"The price of {item.model} is unknown, so --max-cost cannot hold. {advice}")
            next_cost = answer.stats.input_estimate * price.input / 1e6
            if not self._affords(next_cost, self._limits.max_cost):
                return None
        self.running[item.n] = RunningItem(item, answer)
        try:
            async with aclosing(answer.events()) as events:
                async for _ in events:
                    # The loop is left to the other answers now and then, also when one comes all at once.
                    pass
        finally:
            del self.running[item.n]
        return answer.message

    def _affords(self, next_cost: float, max_cost: float) -> bool:
        counted = self.tally.counted
        each = self.tally.usd / counted if counted else 0.0
        # What is under way is counted at what such replies have cost so far.
        committed = self.tally.usd + each * len(self.running) + max(each, next_cost)
        if committed <= max_cost:
            return True
        self.stop_reason = f"The next reply could take the cost beyond --max-cost {max_cost:g}."
        return False

    def _check_failures(self) -> None:
        most = self._limits.max_failures
        if most is not None and self.tally.failed >= most and not self.stop_reason:
            self.stop_reason = f"{self.tally.failed} prompts failed; --max-failures is {most}."

    def _refuse(self, item: BatchItem, reason: str) -> Message:
        return Message(
            id="m2",
            role=Role.ASSISTANT,
            text="",
            created=self._now(),
            parent="m1",
            status=Status.FAILED,
            model=item.model,
            attempts=0,
            failure=Failure(FailureKind.CONFIGURATION, reason),
        )
