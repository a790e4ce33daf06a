"""The reply runner: the one worker that takes events from the engine to the transcript."""

from __future__ import annotations

from collections.abc import AsyncGenerator, Callable
from contextlib import aclosing

from textual.app import App
from textual.worker import Worker

from chatui.conversation.events import (
    Delta,
    Event,
    FieldRefused,
    Finished,
    Loaded,
    Retrying,
    SaveFailed,
    Started,
    Warned,
)
from chatui.conversation.message import Status
from chatui.engine.adaptations import say_refused
from chatui.engine.live_session import LiveSession
from chatui.ui.timeline import find_older, show_footnote
from chatui.ui.transcript.note import Note
from chatui.ui.transcript.widget import Transcript


class ReplyRunner:
    """Runs one reply after the other for the session on screen."""

    def __init__(
        self,
        app: App[int],
        transcript: Transcript,
        changed: Callable[[], None],
        tell: Callable[[str], None],
        give_back: Callable[[tuple[str, ...]], None],
    ) -> None:
        self._app = app
        self._transcript = transcript
        self._changed = changed
        self._tell = tell
        self._give_back = give_back
        self._worker: Worker[None] | None = None
        self.on_its_way = ""
        """The prompt that was sent and is in no file yet; empty for none."""

    @property
    def is_running(self) -> bool:
        """True from the moment a prompt is sent until its reply is over and nothing waits behind it."""
        return self._worker is not None and not self._worker.is_finished

    def send(self, live: LiveSession, text: str, instead_of: str = "") -> None:
        """Send a prompt now, or queue it behind the reply that streams; see `LiveSession.send`."""
        if self.is_running:
            live.queue.add(text)
            self._transcript.queue(live.queue.prompts)
            self._changed()
        else:
            self.on_its_way = text
            self._start(live, live.send(text, instead_of))

    def ask_again(self, live: LiveSession) -> None:
        """Ask the last prompt again; the caller has made sure that nothing streams."""
        self._start(live, live.ask_again())

    def continue_reply(self, live: LiveSession) -> None:
        """Go on with the reply that was cut; the caller has made sure that there is one and nothing streams."""
        self._start(live, live.continue_reply())

    def give_back_queue(self, live: LiveSession) -> None:
        """Put what waits back into the prompt, and nothing of it is sent."""
        waiting = []
        while (text := live.queue.take_next()) is not None:
            waiting.append(text)
        if waiting:
            self._transcript.queue(())
            self._give_back(tuple(waiting))

    async def wait(self) -> None:
        """Return when no reply runs."""
        while self._worker is not None and not self._worker.is_finished:
            await self._worker.wait()

    def _start(self, live: LiveSession, events: AsyncGenerator[Event, None]) -> None:
        # The reply's own label tells the switch, now and when the session is opened again.
        self._transcript.set_footnote(None)
        self._worker = self._app.run_worker(self._run(live, events), name="reply", group="reply")

    async def _run(self, live: LiveSession, events: AsyncGenerator[Event, None]) -> None:
        status = await self._show(live, events)
        if live.attached:
            # They waited while a reply came that was none to the next prompt.
            show_footnote(self._transcript, live)
        self._changed()
        if not live.queue.prompts:
            return
        if status is Status.COMPLETE:
            if (text := live.queue.take_next()) is not None:
                self.on_its_way = text
                self._transcript.queue(live.queue.prompts)
                self._start(live, live.send(text))
            return
        # After a stop or a failure nothing is sent that the user may have thought better of.
        self.give_back_queue(live)

    async def _show(self, live: LiveSession, events: AsyncGenerator[Event, None]) -> Status | None:
        status = None
        notes: list[Note] = []
        is_refused = False
        async with aclosing(events):
            async for event in events:
                if isinstance(event, Delta):
                    self._transcript.take_delta(event)
                    continue
                if isinstance(event, SaveFailed):
                    is_refused = True
                    self._tell(event.reason)
                elif isinstance(event, Loaded):
                    self._transcript.prepend(find_older(live, event))
                elif isinstance(event, FieldRefused):
                    notes.append(Note(say_refused(event), detail=event.message))
                elif isinstance(event, Warned):
                    notes.append(Note(event.message, "warning", event.advice))
                else:
                    self._transcript.apply(event)
                if isinstance(event, Finished):
                    status = event.message.status
                elif isinstance(event, Started | Retrying):
                    if isinstance(event, Started) and not is_refused:
                        self.on_its_way = ""
                    self._changed()
        # Below the reply, which grows while it is the last.
        for note in notes:
            self._transcript.add(note)
        return status
