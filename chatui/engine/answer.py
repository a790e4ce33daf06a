"""An answer: one reply outside the branch on screen, from the request to the message it came to."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, Callable
from contextlib import aclosing
from dataclasses import replace

from chatui.conversation.conversation import Conversation
from chatui.conversation.events import Ended, Event, Finished, Started
from chatui.conversation.failure import Failure, FailureKind
from chatui.conversation.message import Message, Status
from chatui.conversation.request import Request
from chatui.engine.attempts import RetryWait, make_attempts
from chatui.engine.roster import Roster
from chatui.engine.stats import ReplyStats
from chatui.engine.tokens import estimate_request_tokens


class Answer:
    """Runs once. Its events are those of a reply, `Started` first and `Finished` last; it keeps nothing on disk."""

    def __init__(
        self,
        roster: Roster,
        request: Request,
        started: Started,
        clock: Callable[[], float],
        chance: Callable[[], float],
    ) -> None:
        """`request` may name any model: it goes to the one that `started` names."""
        self.started = started
        self.stats = ReplyStats(input_estimate=estimate_request_tokens(request))
        """Its figures, live."""
        self.message: Message | None = None
        """What it came to, once it is over."""
        self._roster = roster
        self._request = request
        self._clock = clock
        self._chance = chance
        self._fold = Conversation()
        self._wait = RetryWait()
        self._is_stopped = False
        self._listening: asyncio.Timeout | None = None

    @property
    def text(self) -> str:
        """What has come of it so far. Costs its length."""
        live = self._fold.live
        if live is not None:
            return live.text
        return "" if self.message is None else self.message.text

    def stop(self) -> None:
        """End it where it is; it finishes as cancelled, its text kept. Does nothing once the end has come."""
        self._is_stopped = True
        if self._listening is not None:
            self._listening.reschedule(asyncio.get_running_loop().time())

    def retry_now(self) -> None:
        """Cut the wait before a retry short."""
        self._wait.end()
        self.stats.end_wait(self._clock())

    async def events(self) -> AsyncGenerator[Event, None]:
        """Make the attempts and yield what comes. However it ends, `message` is set then."""
        self._observe(self.started)
        ended: Ended | None = None
        try:
            yield self.started
            found = self._roster.find(self.started.model)
            if isinstance(found, Failure):
                ended = Ended(failure=found)
            else:
                provider, model_id = found
                request = replace(self._request, model=model_id)
                async with aclosing(make_attempts(provider, request, self._wait, self._chance)) as events:
                    while (event := await self._next(events)) is not None:
                        if isinstance(event, Ended):
                            ended = event
                            continue
                        self._observe(event)
                        yield event
        finally:
            finished = Finished(self._compose_message(ended))
            self._observe(finished)
            self.message = finished.message
        yield finished

    async def _next(self, events: AsyncGenerator[Event, None]) -> Event | None:
        """The next event; `None` at the end, and as soon as it is stopped."""
        if self._is_stopped:
            return None
        try:
            # A timeout without a time, which `stop` sets to now; it leaves a cancellation from outside alone.
            async with asyncio.timeout(None) as self._listening:
                return await anext(events, None)
        except TimeoutError:
            if not self._is_stopped:
                raise
            return None
        finally:
            self._listening = None

    def _observe(self, event: Event) -> None:
        self._fold.apply(event)
        self.stats.observe(event, self._clock())

    def _compose_message(self, ended: Ended | None) -> Message:
        live = self._fold.live
        assert live is not None, "an answer that runs is the live reply of its fold"  # noqa: S101
        status, failure = self._judge(ended)
        usage = live.usage
        if usage is None and live.has_content:
            usage = self.stats.estimated_usage()
        cost = live.reported_cost
        if cost is None and usage is not None:
            price = self._roster.describe(live.model).price
            cost = None if price is None else price.cost(usage)
        now = self._clock()
        return replace(
            live.snapshot(status),
            finish_reason=None if ended is None else ended.finish_reason,
            usage=usage,
            timing=self.stats.timing(now),
            cost=cost,
            attempts=live.attempts if ended is not None else self.stats.count_requests(live.attempts, now),
            failure=failure,
        )

    def _judge(self, ended: Ended | None) -> tuple[Status, Failure | None]:
        if ended is None:
            return (Status.CANCELLED, None) if self._is_stopped else (Status.INTERRUPTED, _CLOSED)
        if ended.failure is None:
            return Status.COMPLETE, None
        return (Status.INTERRUPTED if ended.interrupted else Status.FAILED), ended.failure


_CLOSED = Failure(FailureKind.NETWORK, "chatui was closed while the reply streamed.")
