"""The demo provider: in process, through the same events as a real endpoint."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncGenerator, Callable, Sequence
from contextlib import aclosing
from dataclasses import replace
from typing import TYPE_CHECKING

from chatui.conversation.events import Ended, ReplyEvent
from chatui.conversation.failure import Failure, FailureKind
from chatui.conversation.message import Role
from chatui.conversation.model_info import ModelInfo
from chatui.conversation.request import Request, Turn
from chatui.conversation.usage import Price
from chatui.providers.base import ModelList, RetrySettings

if TYPE_CHECKING:
    from chatui.providers.demo.book import Show
    from chatui.providers.demo.guide import Guide
    from chatui.providers.demo.script import Script
    from chatui.providers.demo.stage import Stage
    from chatui.providers.demo.topic import Topic
    from chatui.providers.scripted import Clock, Sleep

_MODELS = ("guide", "reasoner", "slow")
"""The guide; the same, telling first how it found its answer; the same, a word every 0.3 seconds."""
_SLOW = 0.3
_LONGEST_PROMPT = 2000
"""Characters that are looked at: a question fits in, and a pasted book costs no time."""


class DemoProvider:
    """Answers questions about chatui from its own tables and shows every kind of reply. It is not an AI and says so.

    `find_topics` gives the commands and settings it can tell about. Nothing is read before the first request.
    """

    def __init__(
        self, find_topics: Callable[[], Sequence[Topic]], sleep: Sleep = asyncio.sleep, clock: Clock = time.monotonic
    ) -> None:
        self._find_topics = find_topics
        self._sleep = sleep
        self._clock = clock
        self._known: tuple[Guide, Stage] | None = None
        self._refused: dict[tuple[Turn, ...], int] = {}

    @property
    def name(self) -> str:
        """`demo`."""
        return "demo"

    @property
    def retry(self) -> RetrySettings:
        """The defaults, so that a failure on request looks as it will look."""
        return RetrySettings()

    async def stream(self, request: Request) -> AsyncGenerator[ReplyEvent, None]:
        """Make one attempt, word by word."""
        if request.model not in _MODELS:
            yield Ended(failure=_no_such_model(request.model))
            return
        # Deferred, as is all that only an answer needs: the demo is at hand in each start and asked in few.
        from chatui.providers.scripted import play

        script = self._continue(request) or self._answer(request.turns, request.model)
        if request.model == "slow":
            script = replace(script, seconds_per_word=_SLOW)
        async with aclosing(play(script.play_out(request), self._sleep, self._clock)) as playing:
            async for event in playing:
                yield event

    async def list_models(self) -> ModelList:
        """All of them, at once."""
        return ModelList(tuple(self.describe(model) for model in _MODELS))

    def describe(self, model: str) -> ModelInfo:
        """The demo costs nothing."""
        return ModelInfo(
            self.name,
            model,
            context_window=32_000,
            price=Price(0.0, 0.0),
            price_as_of="built in",
            takes_images=False,
        )

    async def aclose(self) -> None:
        """Nothing is kept open."""

    def _answer(self, turns: Sequence[Turn], model: str) -> Script:
        # Deferred: see `stream`.
        from chatui.providers.demo.script import Script

        prompt = next((turn.text for turn in reversed(turns) if turn.role is Role.USER), "")[:_LONGEST_PROMPT]
        guide, stage = self._know()
        show = stage.find(prompt)
        if show is None:
            answer = guide.answer(prompt)
            return Script(answer.text, thought=answer.thought if model == "reasoner" else "")
        if not show.succeeds_on:
            return show.script
        return self._refuse(show, tuple(turns))

    def _refuse(self, show: Show, turns: tuple[Turn, ...]) -> Script:
        """Fail until the attempt that succeeds. Attempts are counted per conversation so far, prompt included."""
        # Deferred: see `stream`.
        from chatui.providers.demo.script import Script

        attempt = self._refused.pop(turns, 0) + 1
        if attempt >= show.succeeds_on:
            return Script(show.script.rest)
        self._refused[turns] = attempt
        return show.script

    def _continue(self, request: Request) -> Script | None:
        """The rest of a reply that broke off, where the last turns ask for it; `None` where they do not."""
        turns = [*request.turns]
        if len(turns) > 1 and turns[-1].role is Role.USER and "continue" in turns[-1].text.casefold():
            turns.pop()
        if len(turns) < 2 or turns[-1].role is not Role.ASSISTANT:
            return None
        return self._answer(turns[:-1], request.model).rest_after(turns[-1].text)

    def _know(self) -> tuple[Guide, Stage]:
        if self._known is None:
            # Deferred: see `stream`.
            from chatui.providers.demo.book import load_book
            from chatui.providers.demo.guide import Guide
            from chatui.providers.demo.stage import Stage

            book = load_book()
            self._known = (Guide(book, self._find_topics()), Stage(book))
        return self._known


def _no_such_model(model: str) -> Failure:
    return Failure(
        FailureKind.NOT_FOUND,
        f"The demo has no model “{model}”.",
        status=404,
        advice=f"Choose one of {', '.join(f'demo/{name}' for name in _MODELS)}.",
    )
