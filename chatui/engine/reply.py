"""One reply, from the request to the saved message, whatever happens on the way."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, Callable
from contextlib import aclosing
from dataclasses import replace
from datetime import datetime

from chatui.conversation.events import Ended, Event, Finished, ReasoningDelta, SaveFailed, Started, TextDelta
from chatui.conversation.failure import Failure, FailureKind
from chatui.conversation.message import Message, Status
from chatui.conversation.request import Request
from chatui.conversation.session import Session
from chatui.engine.attempts import RetryWait, make_attempts
from chatui.engine.recorder import Recorder
from chatui.engine.requests import compose_request
from chatui.engine.roster import Roster
from chatui.engine.stats import ReplyStats
from chatui.engine.tokens import estimate_request_tokens


class Reply:
    """Runs once. Every event is applied to the conversation, noted for the checkpoint, and yielded: the same object."""

    def __init__(
        self,
        session: Session,
        recorder: Recorder,
        roster: Roster,
        stats: ReplyStats,
        clock: Callable[[], float],
        now: Callable[[], datetime],
        chance: Callable[[], float],
    ) -> None:
        self._session = session
        self._recorder = recorder
        self._roster = roster
        self._stats = stats
        self._clock = clock
        self._now = now
        self._chance = chance
        self._wait = RetryWait()
        self._is_stopped = False
        self._listening: asyncio.Timeout | None = None

    def stop(self) -> None:
        """End the reply where it is; it finishes as cancelled, its text kept. Does nothing once the end has come."""
        if self._is_stopped:
            return
        self._is_stopped = True
        if self._listening is not None:
            self._listening.reschedule(asyncio.get_running_loop().time())

    def retry_now(self) -> None:
        """Cut the wait before a retry short."""
        self._wait.end()
        self._stats.end_wait(self._clock())

    async def events(self, model: str, parent: str) -> AsyncGenerator[Event, None]:
        """Stream the reply of `provider/model` to the message `parent`; `Started` comes first, `Finished` last.

        However it ends (by itself, by `stop`, by cancellation of the task, by closing the generator), the reply is in
        the conversation and on the disk before this returns.
        """
        started = Started(self._session.conversation.next_id(), parent, model, self._now())
        self._observe(started)
        ended: Ended | None = None
        try:
            yield started
            if problem := await self._recorder.begin_reply(started):
                yield SaveFailed(problem)
            async with aclosing(self._answer(model)) as events:
                while (event := await self._next(events)) is not None:
                    if isinstance(event, Ended):
                        ended = event
                        continue
                    self._observe(event)
                    yield event
                    if problem := self._recorder.take_problem():
                        yield SaveFailed(problem)
        finally:
            finished = Finished(self._compose_message(ended))
            self._observe(finished)
            problem = await self._recorder.end_reply(finished.message, self._session.header)
        yield finished
        if problem:
            yield SaveFailed(problem)

    async def _next(self, events: AsyncGenerator[Event, None]) -> Event | None:
        """The next event; `None` at the end, and as soon as the reply is stopped."""
        if self._is_stopped:
            return None
        try:
            # A timeout without a time, which `stop` sets to now. It ends the wait for this event only, and can tell
            # that from a cancellation that comes from outside.
            async with asyncio.timeout(None) as self._listening:
                return await anext(events, None)
        except TimeoutError:
            if not self._is_stopped:
                raise
            return None
        finally:
            self._listening = None

    async def _answer(self, model: str) -> AsyncGenerator[Event, None]:
        found = self._roster.find(model)
        if isinstance(found, Failure):
            yield Ended(failure=found)
            return
        provider, model_id = found
        path, header = self._session.conversation.path(), self._session.header

        def compose() -> tuple[Request, int]:
            request = compose_request(model_id, header, path)
            return request, estimate_request_tokens(request)

        # In a thread, for a long branch is decoded here.
        request, self._stats.input_estimate = await asyncio.to_thread(compose)
        async with aclosing(make_attempts(provider, request, self._wait, self._chance)) as events:
            async for event in events:
                yield event

    def _observe(self, event: Event) -> None:
        self._session.conversation.apply(event)
        if isinstance(event, TextDelta | ReasoningDelta):
            self._recorder.note_delta(event)
        self._stats.observe(event, self._clock())

    def _compose_message(self, ended: Ended | None) -> Message:
        live = self._session.conversation.live
        assert live is not None, "a reply that runs is the live one"  # noqa: S101
        status, failure = self._judge(ended)
        usage = live.usage
        if usage is None and live.has_content:
            usage = self._stats.estimated_usage()
        cost = live.reported_cost
        if cost is None and usage is not None:
            price = self._roster.describe(live.model).price
            cost = None if price is None else price.cost(usage)
        return replace(
            live.snapshot(status),
            finish_reason=None if ended is None else ended.finish_reason,
            usage=usage,
            timing=self._stats.timing(self._clock()),
            cost=cost,
            failure=failure,
        )

    def _judge(self, ended: Ended | None) -> tuple[Status, Failure | None]:
        if ended is None:
            return (Status.CANCELLED, None) if self._is_stopped else (Status.INTERRUPTED, _CLOSED)
        if ended.failure is None:
            return Status.COMPLETE, None
        return (Status.INTERRUPTED if ended.interrupted else Status.FAILED), ended.failure


_CLOSED = Failure(FailureKind.NETWORK, "chatui was closed while the reply streamed.")
"""Why a reply ended that was neither finished nor stopped: the program went away under it."""
