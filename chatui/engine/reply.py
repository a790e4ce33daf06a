"""One reply, from the request to the saved message, whatever happens on the way."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, Awaitable, Callable
from contextlib import aclosing
from dataclasses import replace
from datetime import datetime
from functools import partial
from typing import TypeVar

from chatui.conversation.continuation import Continuation
from chatui.conversation.continued import add_part
from chatui.conversation.events import (
    Ended,
    Event,
    FieldRefused,
    Finished,
    SaveFailed,
    Started,
)
from chatui.conversation.failure import Failure, FailureKind
from chatui.conversation.message import Message, Part, Status
from chatui.conversation.request import Request
from chatui.conversation.session import Session
from chatui.engine.attempts import RetryWait, make_attempts
from chatui.engine.continuation import compose_continuation, is_refused, join_reply, plan_ways
from chatui.engine.ending import Stop, settle_outcome
from chatui.engine.fitting import advise_fit, fit_session
from chatui.engine.image_fit import fit_images
from chatui.engine.recorder import Recorder
from chatui.engine.reply_checkpoint import Noted
from chatui.engine.requests import compose_request
from chatui.engine.roster import Roster
from chatui.engine.stats import ReplyStats
from chatui.engine.tokens import estimate_request_tokens

_T = TypeVar("_T")


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
        self._way = Continuation.WORDS
        """How the reply is continued, where it is."""
        self._wait = RetryWait()
        self._stop = Stop()

    def stop(self) -> None:
        """End the reply where it is; it finishes as cancelled, its text kept. Does nothing once the end has come."""
        self._stop.set()

    def retry_now(self) -> None:
        """Cut the wait before a retry short."""
        self._wait.end()
        self._stats.end_wait(self._clock())

    async def unless_stopped(self, work: Callable[[], Awaitable[_T]]) -> _T | None:
        """Do what may take its time, and return what came of it; `None` as soon as the reply is stopped."""
        return await self._stop.unless_set(work)

    def try_again(self) -> bool:
        """End an attempt that has brought no content and make it again. False where content came: that stays."""
        live = self._session.conversation.live
        if live is None or live.has_content:
            return False
        self._wait.abandon()
        return True

    async def events(self, model: str, parent: str | None, kept: Message | None = None) -> AsyncGenerator[Event, None]:
        """Stream the reply of `provider/model` to the message `parent`; `Started` comes first, `Finished` last.

        With `kept`, a reply that was cut, it is continued: the same message grows.

        However it ends (by itself, by `stop`, by cancellation of the task, by closing the generator), the reply is in
        the conversation and on the disk before this returns.
        """
        self._way = plan_ways(self._roster.describe(model))[0]
        is_approximate = kept is not None and self._way is Continuation.WORDS
        message_id = self._session.conversation.next_id() if kept is None else kept.id
        started = Started(message_id, parent, model, self._now(), kept, is_approximate)
        self._observe(started)
        ended: Ended | None = None
        try:
            yield started
            if problem := await self._recorder.begin_reply(started):
                yield SaveFailed(problem)
            async with aclosing(self._answer(model)) as events:
                take_next = partial(anext, events, None)
                while (event := await self._stop.unless_set(take_next)) is not None:
                    if isinstance(event, Ended):
                        ended = event
                        continue
                    self._observe(event)
                    yield event
                    if isinstance(event, FieldRefused) and (
                        problem := await self._roster.adaptations.learn(model, event)
                    ):
                        yield SaveFailed(problem)
                    if problem := self._recorder.take_problem():
                        yield SaveFailed(problem)
        finally:
            finished = Finished(self._compose_message(ended))
            self._observe(finished)
            problem = await self._recorder.end_reply(finished.message, self._session.header)
        yield finished
        if problem:
            yield SaveFailed(problem)

    async def _answer(self, model: str) -> AsyncGenerator[Event, None]:
        found = self._roster.find(model)
        if isinstance(found, Failure):
            yield Ended(failure=found)
            return
        provider, model_id = found
        live = self._session.conversation.live
        kept = None if live is None else live.kept
        adaptations = self._roster.adaptations
        first, *others = plan_ways(self._roster.describe(model))
        for way in (first, *others):
            self._way = way
            fit = fit_images(await self._compose(model_id, kept), provider.describe(model_id))
            if way is first:
                for warned in fit.warnings:
                    yield warned
            if fit.failure is not None:
                yield Ended(failure=fit.failure)
                return
            request = replace(fit.request, refused=adaptations.find(model))
            for untold in adaptations.take_untold(model, request.params):
                yield untold
            attempts: AsyncGenerator[Event, None] = make_attempts(provider, request, self._wait, self._chance)
            async with aclosing(attempts if kept is None else join_reply(attempts, kept, way)) as events:
                async for event in events:
                    if isinstance(event, Ended) and kept is not None and self._has_other_way(event):
                        break
                    yield await self._tell_fit(event, model) if isinstance(event, Ended) else event
                else:
                    return

    async def _tell_fit(self, ended: Ended, model: str) -> Ended:
        """Where the request was too long, say how many messages would have to go."""
        failure = ended.failure
        if failure is None or failure.kind is not FailureKind.CONTEXT_TOO_LONG:
            return ended
        fit = await fit_session(self._session, failure, self._roster.describe(model).context_window)
        return replace(ended, failure=replace(failure, advice=advise_fit(fit)))

    def _has_other_way(self, ended: Ended) -> bool:
        """True where the server did not take the way in which it was asked to continue."""
        live = self._session.conversation.live
        has_content = live is not None and live.has_content
        return is_refused(ended) and not has_content and self._way is not Continuation.WORDS

    async def _compose(self, model_id: str, kept: Message | None) -> Request:
        path, header, way = self._session.conversation.path(), self._session.header, self._way
        attachments = self._recorder.attachments

        def compose() -> tuple[Request, int]:
            if kept is None:
                request = compose_request(model_id, header, path, attachments)
            else:
                request = compose_continuation(model_id, header, path, kept, way, attachments)
            return request, estimate_request_tokens(request)

        # In a thread, for a long branch is decoded here.
        request, self._stats.input_estimate = await asyncio.to_thread(compose)
        return request

    def _observe(self, event: Event) -> None:
        self._session.conversation.apply(event)
        if isinstance(event, Noted):
            self._recorder.note(event)
        self._stats.observe(event, self._clock())

    def _compose_message(self, ended: Ended | None) -> Message:
        live = self._session.conversation.live
        assert live is not None, "a reply that runs is the live one"  # noqa: S101
        outcome = settle_outcome(live, ended, self._stop, self._stats, self._roster, self._clock())
        if (kept := live.kept) is None:
            return outcome.close(live)
        if outcome.status is Status.CANCELLED and not live.has_content:
            return kept
        part = Part(
            start=len(kept.text),
            model=live.model,
            created=live.created,
            status=outcome.status,
            finish_reason=outcome.finish_reason,
            usage=outcome.usage,
            timing=outcome.timing,
            cost=outcome.cost,
            attempts=outcome.attempts,
            retries=tuple(live.retries),
            failure=outcome.failure,
            is_approximate=self._way is Continuation.WORDS,
        )
        return add_part(kept, part, live.text, live.reasoning)
