"""A live session: one conversation with its disk and its providers, without a screen."""

from __future__ import annotations

import asyncio
import random
import time
from collections.abc import AsyncGenerator, Callable, Iterator, Mapping, Sequence
from contextlib import aclosing, contextmanager
from dataclasses import replace
from datetime import UTC, datetime

from chatui.conversation.events import Added, Event, Loaded, SaveFailed
from chatui.conversation.message import Message, Role, StoredMessage
from chatui.conversation.session import Session, SessionHeader
from chatui.engine.context import measure_context
from chatui.engine.costs import CostSum, sum_costs
from chatui.engine.prompt_queue import PromptQueue
from chatui.engine.recorder import Recorder
from chatui.engine.reply import Reply
from chatui.engine.roster import Roster
from chatui.engine.session_view import SessionView
from chatui.engine.stats import ReplyStats
from chatui.engine.titles import make_title
from chatui.storage.errors import StorageError


class LiveSession(SessionView):
    """Sends prompts, stops replies, changes the header; every change is on disk before it counts.

    At most one reply runs at a time; prompts sent meanwhile wait in `queue`.
    """

    def __init__(
        self,
        session: Session,
        recorder: Recorder,
        roster: Roster,
        default_model: str,
        clock: Callable[[], float] = time.monotonic,
        now: Callable[[], datetime] = lambda: datetime.now(UTC),
        chance: Callable[[], float] = random.random,
        notices: Sequence[str] = (),
    ) -> None:
        super().__init__(session, roster, default_model)
        self._recorder = recorder
        self._clock = clock
        self._now = now
        self._chance = chance
        self._reply: Reply | None = None
        self._cost_sum: tuple[Sequence[Message | StoredMessage], CostSum] | None = None
        self._context: tuple[Sequence[Message | StoredMessage], tuple[int, bool]] | None = None
        self._idle = asyncio.Event()
        self._idle.set()
        self.notices = tuple(notices)
        """What opening it brought up: sentences for the user."""
        self.stats = ReplyStats()
        """Figures of the running reply, or of the last one."""
        self.queue = PromptQueue()
        """Prompts that wait for the running reply to end."""

    @property
    def is_streaming(self) -> bool:
        """True from the moment a prompt is sent until its reply is over and saved."""
        return self._reply is not None

    @property
    def is_read_only(self) -> bool:
        """True where this session cannot be written: one of a newer format, or one that another chatui writes."""
        return bool(self._recorder.read_only_reason)

    @property
    def context_used(self) -> tuple[int, bool]:
        """Tokens of the context window in use, and whether that is an estimate."""
        if self.stats.is_running:
            usage = self.stats.best_usage()
            return usage.input + usage.output, usage.estimated
        branch = self.conversation.path()
        if self._context is None or self._context[0] is not branch:
            self._context = (branch, measure_context(branch))
        return self._context[1]

    @property
    def total_cost(self) -> CostSum:
        """What the replies of all branches cost together."""
        branch = self.conversation.path()
        if self._cost_sum is None or self._cost_sum[0] is not branch:
            self._cost_sum = (branch, sum_costs(self.conversation))
        return self._cost_sum[1]

    async def load_older(self) -> Loaded | SaveFailed | None:
        """Read the messages before those that came with opening; `None` when all are there."""
        try:
            older = await self._recorder.load_rest()
        except StorageError as error:
            return SaveFailed(error.reason)
        if not older:
            return None
        loaded = Loaded(older)
        self.conversation.apply(loaded)
        return loaded

    async def send(self, text: str) -> AsyncGenerator[Event, None]:
        """Add a prompt, put it on disk, and stream the reply; ends with `Finished`. Consume it under `aclosing`.

        Messages that were not read yet come first, for they are part of what is asked. Raises RuntimeError while
        another reply runs.
        """
        with self._run_reply() as reply:
            if older := await self.load_older():
                yield older
            prompt = Message(
                id=self.conversation.next_id(),
                role=Role.USER,
                text=text,
                created=self._now(),
                parent=self.conversation.active,
            )
            self.conversation.apply(Added(prompt))
            self._session.header = replace(self.header, title=self.header.title or make_title(text), model=self.model)
            try:
                yield Added(prompt)
            finally:
                problem = await self._recorder.save_message(prompt, self.header)
            if problem:
                yield SaveFailed(problem)
            await reply.unless_stopped(self.settle_model)
            async with aclosing(reply.events(self.model, prompt.id)) as events:
                async for event in events:
                    yield event

    async def ask_again(self) -> AsyncGenerator[Event, None]:
        """Answer the last prompt of the branch again, as a sibling of the reply that is there. See `send`.

        Yields nothing more when the branch has no prompt.
        """
        with self._run_reply() as reply:
            if older := await self.load_older():
                yield older
            if prompt := self.last_prompt():
                self.conversation.activate(prompt.id)
                await reply.unless_stopped(self.settle_model)
                async with aclosing(reply.events(self.model, prompt.id)) as events:
                    async for event in events:
                        yield event

    async def continue_reply(self) -> AsyncGenerator[Event, None]:
        """Go on with the reply at the end of the branch, which grows; see `send`, and `continuable`.

        The model is that of the next reply, whoever began. Yields nothing more when there is nothing to continue.
        """
        with self._run_reply() as reply:
            if older := await self.load_older():
                yield older
            if kept := self.continuable:
                await reply.unless_stopped(self.settle_model)
                async with aclosing(reply.events(self.model, kept.parent, kept)) as events:
                    async for event in events:
                        yield event

    def stop(self) -> None:
        """End the running reply; its text stays, marked as cancelled. Does nothing when none runs."""
        if self._reply is not None:
            self._reply.stop()

    def retry_now(self) -> None:
        """Cut the wait before a retry short."""
        if self._reply is not None:
            self._reply.retry_now()

    async def rename(self, title: str) -> str | None:
        """Give the session a title. Returns a sentence where it could not be saved."""
        return await self._change_header(replace(self.header, title=" ".join(title.split())))

    async def choose_model(self, model: str) -> str | None:
        """Use `provider/model` from the next reply on. Returns a sentence where it could not be saved."""
        return await self._change_header(replace(self.header, model=model))

    async def settle_model(self) -> None:
        """Fix the model of this session: the default where none is chosen, the first one offered for `provider/`."""
        asked = self.model
        model = await self._roster.settle(asked)
        # Another one may have been chosen meanwhile.
        if self.model == asked:
            self._session.header = replace(self.header, model=model)

    async def set_system(self, system: str) -> str | None:
        """Set the system prompt; empty for none. Returns a sentence where it could not be saved."""
        return await self._change_header(replace(self.header, system=system))

    async def set_params(self, params: Mapping[str, object]) -> str | None:
        """Replace the sampling parameters. Returns a sentence where it could not be saved."""
        return await self._change_header(replace(self.header, params=dict(params)))

    async def aclose(self) -> None:
        """Stop what runs, write what waits, let go of the file."""
        self.stop()
        await self._idle.wait()
        await self._recorder.aclose()

    @contextmanager
    def _run_reply(self) -> Iterator[Reply]:
        if self._reply is not None:
            raise RuntimeError("a reply is already running in this session")
        self.stats = ReplyStats()
        self._idle.clear()
        self._reply = Reply(
            self._session, self._recorder, self._roster, self.stats, self._clock, self._now, self._chance
        )
        try:
            yield self._reply
        finally:
            self._reply = None
            self._idle.set()

    async def _change_header(self, header: SessionHeader) -> str | None:
        self._session.header = header
        # A session without messages has no file yet: an empty one is not worth keeping.
        if not len(self.conversation):
            return None
        return await self._recorder.save_header(header, self.conversation.active)
