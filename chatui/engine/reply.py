"""One reply, from the request to the saved message, whatever happens on the way."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, Callable
from contextlib import aclosing
from dataclasses import replace
from datetime import datetime

from chatui.conversation.events import Ended, Event, Finished, ReasoningDelta, SaveFailed, Started, TextDelta
from chatui.conversation.failure import Failure, FailureKind
from chatui.conversation.message import Message, Status, StoredMessage
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
        self._task: asyncio.Task[object] | None = None
        self._is_stopped = False
        self._is_cancel_taken = False
        self._is_finishing = False

    def stop(self) -> None:
        """End the reply where it is. It finishes as cancelled, its text kept."""
        if self._is_stopped or self._is_finishing:
            return
        self._is_stopped = True
        if self._task is not None:
            self._task.cancel()

    def retry_now(self) -> None:
        """Cut the wait before a retry short."""
        self._wait.end()

    async def events(self, model: str, parent: str) -> AsyncGenerator[Event, None]:
        """Stream the reply of `provider/model` to the message `parent`; `Started` comes first, `Finished` last.

        However it ends (by itself, by `stop`, by cancellation of the task, by closing the generator), the reply is in
        the conversation and on the disk before this returns.
        """
        started = Started(self._session.conversation.next_id(), parent, model, self._now())
        self._observe(started)
        ended = _CLOSED
        try:
            yield started
            if problem := await self._recorder.begin_reply(started):
                yield SaveFailed(problem)
            self._task = asyncio.current_task()
            if not self._is_stopped:
                async with aclosing(self._answer(model)) as events:
                    async for event in events:
                        if isinstance(event, Ended):
                            ended = event
                        else:
                            self._observe(event)
                            yield event
                            if problem := self._recorder.take_problem():
                                yield SaveFailed(problem)
        except asyncio.CancelledError:
            if not self._is_stopped:
                await self._finish(ended)
                raise
            self._take_cancel()
        except GeneratorExit:
            await self._finish(ended)
            raise
        finished, problem = await self._finish(ended)
        yield finished
        if problem:
            yield SaveFailed(problem)

    async def _answer(self, model: str) -> AsyncGenerator[Event, None]:
        found = self._roster.find(model)
        if isinstance(found, Failure):
            yield Ended(failure=found)
            return
        provider, model_id = found
        path = self._session.conversation.path()
        header = self._session.header
        if any(isinstance(item, StoredMessage) for item in path):
            request = await asyncio.to_thread(compose_request, model_id, header, path)
        else:
            request = compose_request(model_id, header, path)
        self._stats.input_estimate = estimate_request_tokens(request)
        async with aclosing(make_attempts(provider, request, self._wait, self._chance)) as events:
            async for event in events:
                yield event

    def _observe(self, event: Event) -> None:
        self._session.conversation.apply(event)
        if isinstance(event, TextDelta | ReasoningDelta):
            self._recorder.note_delta(event)
        self._stats.observe(event, self._clock())

    async def _finish(self, ended: Ended) -> tuple[Finished, str | None]:
        self._is_finishing = True
        finished = Finished(self._compose_message(ended))
        self._observe(finished)
        saving = asyncio.ensure_future(self._recorder.end_reply(finished.message, self._session.header))
        try:
            problem = await asyncio.shield(saving)
        except asyncio.CancelledError:
            problem = await saving
            if not self._is_stopped or self._is_cancel_taken:
                raise
            self._take_cancel()
        return finished, problem

    def _take_cancel(self) -> None:
        # `stop` cancels the consumer's task once; here that is undone, so that the task goes on and sees `Finished`.
        self._is_cancel_taken = True
        task = asyncio.current_task()
        if task is not None:
            task.uncancel()

    def _compose_message(self, ended: Ended) -> Message:
        live = self._session.conversation.live
        assert live is not None, "a reply that runs is the live one"  # noqa: S101
        now = self._clock()
        usage = live.usage
        if usage is None and live.has_content:
            usage = self._stats.estimated_usage()
        cost = live.reported_cost
        if cost is None and usage is not None:
            price = self._roster.describe(live.model).price
            cost = None if price is None else price.cost(usage)
        return replace(
            live.snapshot(Status.CANCELLED if self._is_stopped else _status_of(ended)),
            finish_reason=ended.finish_reason,
            usage=usage,
            timing=self._stats.timing(now),
            cost=cost,
            failure=None if self._is_stopped else ended.failure,
        )


_CLOSED = Ended(
    failure=Failure(FailureKind.NETWORK, "chatui was closed while the reply streamed."),
    interrupted=True,
)
"""How a reply ended that was neither finished nor stopped: the program went away under it."""


def _status_of(ended: Ended) -> Status:
    if ended.failure is None:
        return Status.COMPLETE
    return Status.INTERRUPTED if ended.interrupted else Status.FAILED
