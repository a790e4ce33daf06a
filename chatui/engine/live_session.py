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
from chatui.conversation.session import Session, SessionHeader
from chatui.engine.comparison import Comparison, LaneEvent
from chatui.engine.fitting import Fit, fit_session
from chatui.engine.new_prompt import add_prompt, begin_branch, save_prompt
from chatui.engine.prompt_queue import PromptQueue
from chatui.engine.recorder import Recorder
from chatui.engine.reply import Reply
from chatui.engine.roster import Roster
from chatui.engine.session_view import SessionView
from chatui.engine.stats import ReplyStats
from chatui.engine.unsent_images import UnsentImages
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
        self.disk = recorder
        """What it rests in, for those who watch the file."""
        self._clock = clock
        self._now = now
        self._chance = chance
        self._reply: Reply | Comparison | None = None
        self._idle = asyncio.Event()
        self._idle.set()
        self.notices = tuple(notices)
        """What opening it brought up: sentences for the user."""
        self.attached = UnsentImages()
        """Images that go along with the next prompt."""
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

    def send(self, text: str, instead_of: str = "") -> AsyncGenerator[Event, None]:
        """Add a prompt, put it on disk, and stream the reply; ends with `Finished`. Consume it under `aclosing`.

        What is `attached` at the call goes along, and is on disk before the prompt is. With the id of an earlier prompt
        in `instead_of` the new one begins a branch beside that, and takes along what that took. Messages that were not
        read yet come first, for they are part of what is asked. Raises RuntimeError while another reply runs.
        """
        images = self.attached.take()

        async def send() -> AsyncGenerator[Event, None]:
            with self._run_reply() as reply:
                if older := await self.load_older():
                    yield older
                carried = begin_branch(self._session, instead_of, text) if instead_of else ()
                prompt = add_prompt(self._session, self.model, text, self._now(), images, carried)
                try:
                    yield Added(prompt)
                finally:
                    problems = await save_prompt(self._recorder, self.header, prompt, images, self.attached)
                for problem in problems:
                    yield SaveFailed(problem)
                await reply.unless_stopped(self.settle_model)
                async with aclosing(reply.events(self.model, prompt.id)) as events:
                    async for event in events:
                        yield event

        return send()

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

    def listen(self, tell: Callable[[str], None]) -> None:
        """Hand sentences for the user to `tell` that no call returns, such as that the disk is well again."""
        self._recorder.tell = tell

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

    def try_again(self) -> bool:
        """Make an attempt that has brought no content again. False where content came, or where none runs."""
        return self._reply is not None and self._reply.try_again()

    async def trim(self) -> tuple[Fit | None, str | None]:
        """Leave out as many of the oldest messages as it takes to fit, from the next request on; they stay here.

        Returns what is left out (`None` where only the last prompt is left), and a sentence where it was not saved.
        """
        await self.load_older()
        reply = self.last_reply()
        failure = None if reply is None else reply.failure
        fit = await fit_session(self._session, failure, self.model_info.context_window)
        if fit is None:
            return None, None
        return fit, await self._change_header(replace(self.header, sent_from=fit.first_id))

    async def send_all(self) -> str | None:
        """Send all messages again, from the next request on. Returns a sentence where it could not be saved."""
        return await self._change_header(replace(self.header, sent_from=""))

    async def aclose(self) -> str | None:
        """Stop what runs, write what waits, let go of the file. Returns why what waited is lost, if it is."""
        self.stop()
        await self._idle.wait()
        return await self._recorder.aclose()

    def make_comparison(self, models: Sequence[str]) -> Comparison:
        """Prepare a comparison of models; `compare` runs it."""
        return Comparison(self._session, self._recorder, self._roster, models, self._clock, self._now, self._chance)

    async def compare(self, comparison: Comparison, text: str = "") -> AsyncGenerator[LaneEvent, None]:
        """Send a prompt to all models of a comparison; with no text, the last prompt again. See `send`.

        Yields nothing more when there is nothing to ask.
        """
        with self._run(comparison):
            self.stats = ReplyStats()
            if older := await self.load_older():
                yield LaneEvent(None, older)
            images = self.attached.take() if text else ()
            prompt = add_prompt(self._session, self.model, text, self._now(), images) if text else self.last_prompt()
            if prompt is None:
                return
            if text:
                try:
                    yield LaneEvent(None, Added(prompt))
                finally:
                    problems = await save_prompt(self._recorder, self.header, prompt, images, self.attached)
                for problem in problems:
                    yield LaneEvent(None, SaveFailed(problem))
            async with aclosing(comparison.events(prompt.id)) as events:
                async for event in events:
                    yield event

    async def show_branch(self, message_id: str) -> str | None:
        """Go on from a message: put the newest branch through it on screen. Raises KeyError for an unknown id.

        Returns a sentence where the choice could not be saved.
        """
        self.conversation.activate(self.conversation.leaf_below(message_id))
        if not self.is_streaming:
            # Those of the reply that ran last say nothing of the one that is on screen now.
            self.stats = ReplyStats()
        if self.is_read_only:
            # Whoever only reads may look at every branch; what is on the screen next time is the writer's to say.
            return None
        return await self._recorder.save_header(self.header, self.conversation.active)

    @contextmanager
    def _run_reply(self) -> Iterator[Reply]:
        stats = ReplyStats()
        reply = Reply(self._session, self._recorder, self._roster, stats, self._clock, self._now, self._chance)
        with self._run(reply):
            self.stats = stats
            yield reply

    @contextmanager
    def _run(self, reply: Reply | Comparison) -> Iterator[None]:
        if self._reply is not None:
            raise RuntimeError("a reply is already running in this session")
        self._idle.clear()
        self._reply = reply
        try:
            yield
        finally:
            self._reply = None
            self._idle.set()

    async def _change_header(self, header: SessionHeader) -> str | None:
        self._session.header = header
        # A session without messages has no file yet: an empty one is not worth keeping.
        if not len(self.conversation):
            return None
        return await self._recorder.save_header(header, self.conversation.active)
