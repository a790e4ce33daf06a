"""An answer: one reply outside the branch on screen, from the request to the message it came to."""

from __future__ import annotations

from collections.abc import AsyncGenerator, Callable
from contextlib import aclosing
from dataclasses import replace

from chatui.conversation.conversation import Conversation
from chatui.conversation.events import Ended, Event, Finished, Started
from chatui.conversation.failure import Failure
from chatui.conversation.message import Message
from chatui.conversation.request import Request
from chatui.engine.attempts import RetryWait, make_attempts
from chatui.engine.ending import Stop, settle_outcome
from chatui.engine.image_fit import fit_images
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
        self._stop = Stop()

    @property
    def text(self) -> str:
        """What has come of it so far. Costs its length."""
        live = self._fold.live
        if live is not None:
            return live.text
        return "" if self.message is None else self.message.text

    def stop(self) -> None:
        """End it where it is; it finishes as cancelled, its text kept. Does nothing once the end has come."""
        self._stop.set()

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
                fit = fit_images(replace(self._request, model=model_id), provider.describe(model_id))
                for warned in fit.warnings:
                    yield warned
                if fit.failure is not None:
                    ended = Ended(failure=fit.failure)
                else:
                    async with aclosing(make_attempts(provider, fit.request, self._wait, self._chance)) as events:
                        while (event := await self._stop.unless_set(lambda: anext(events, None))) is not None:
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

    def _observe(self, event: Event) -> None:
        self._fold.apply(event)
        self.stats.observe(event, self._clock())

    def _compose_message(self, ended: Ended | None) -> Message:
        live = self._fold.live
        assert live is not None, "an answer that runs is the live reply of its fold"  # noqa: S101
        return settle_outcome(live, ended, self._stop, self.stats, self._roster, self._clock()).close(live)
