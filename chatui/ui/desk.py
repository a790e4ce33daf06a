"""The desk: the session on screen and what can be done with it. Commands act on it, the chat screen sets it up."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping, Sequence
from time import monotonic
from typing import Literal

from textual.app import App

from chatui.conversation.conversation import Conversation
from chatui.conversation.events import SaveFailed
from chatui.conversation.message import Message, Status
from chatui.conversation.visible import make_visible
from chatui.engine.live_session import LiveSession
from chatui.engine.stats import Phase
from chatui.storage.errors import StorageError
from chatui.ui.editing import Editing
from chatui.ui.mouse_capture import MouseCapture
from chatui.ui.reply_runner import ReplyRunner
from chatui.ui.services import Services
from chatui.ui.timeline import find_older, show_footnote, show_timeline
from chatui.ui.transcript.note import Note, NoteKind
from chatui.ui.transcript.widget import Transcript
from chatui.ui.unsaved import Unsaved
from chatui.ui.unsent import Unsent
from chatui.ui.waiting import is_waiting
from chatui.ui.welcome import welcome_lines
from chatui.ui.widgets.prompt import Prompt

Severity = Literal["information", "warning", "error"]


class Desk:
    """Holds the live session and the widgets that show it."""

    def __init__(
        self,
        app: App[int],
        services: Services,
        live: LiveSession,
        transcript: Transcript,
        prompt: Prompt,
        changed: Callable[[], None],
        ways: Mapping[str, str],
    ) -> None:
        self.app = app
        self.services = services
        self.live = live
        self.transcript = transcript
        self.prompt = prompt
        self.is_sidebar_wanted = services.memory.state.sidebar
        """Whether the user wants the sidebar; a narrow terminal has none all the same."""
        self.mouse = MouseCapture(app)
        """Whether clicks and the wheel come to the app."""
        self.editing = Editing(prompt)
        """The earlier prompt that is edited, if one is."""
        self.is_terminal_lent = False
        """Whether another program has the terminal, such as an editor; Ctrl+C is its own then."""
        self._found: Sequence[str] = ()
        self.changed = changed
        """To be called when anything that header, sidebar or footer show may have changed."""
        self.ways = ways
        """How commands are run, by their names: what to tell the user to press or to type."""
        transcript.view.document.say_which = self._say_which
        transcript.view.document.ways = ways
        self.runner = ReplyRunner(app, transcript, changed, self._tell_save_failed, self.give_back)
        self.unsent = Unsent(services.drafts, transcript, prompt, self.editing, self.runner, self.tell, changed)
        """Keeps what is written and not sent."""
        self.unsaved = Unsaved(self.tell, lambda work: app.run_worker(work, group="unsaved"))
        """Keeps sessions that left the screen and could not be saved."""

    @property
    def conversation(self) -> Conversation:
        """The messages of the session on screen."""
        return self.live.conversation

    def tell(self, text: str, severity: Severity = "information") -> None:
        """Show a notice for a few seconds. The text may come from anywhere."""
        self.app.notify(make_visible(text), severity=severity, markup=False, timeout=8 if severity == "error" else 5)

    def tell_outcome(self, done: str, problem: str | None) -> None:
        """Say that a change is made (`done`, empty for nothing to say), or why it could not be saved."""
        if problem:
            self.tell(problem, "error")
        elif done:
            self.tell(done)
        self.changed()

    def send(self, text: str, instead_of: str = "") -> None:
        """Send a prompt, or queue it while a reply streams; with `instead_of` beside the prompt of that id."""
        if self.live.is_read_only:
            self.tell(
                f"This session is opened read-only, so nothing was sent. {self.ways['session.new']} starts a new one.",
                "warning",
            )
            self.prompt.load_text(text)
            return
        if not self.live.is_streaming:
            # Who asks wants to see the answer, wherever he read before.
            self.transcript.scroll_to_end()
        self.runner.send(self.live, text, instead_of)
        self.changed()
        self.app.run_worker(self._remember(text), name="remember prompt", group="remember")

    def continue_reply(self) -> None:
        """Go on with the last reply where it was cut, stopped, or came to its limit; say why where that cannot be."""
        if self.runner.is_running:
            self.tell(
                f"The reply still streams. {self.ways['reply.stop']} stops it; then it can be continued.", "warning"
            )
        elif self.live.is_read_only:
            self.tell("This session is opened read-only, so its reply is not continued here.", "warning")
        elif self.live.continuable is None:
            self.tell(*_say_nothing_to_continue(self.live, self.ways["reply.retry"]))
        else:
            self.runner.continue_reply(self.live)
            self.changed()

    def take_back(self) -> None:
        """Put the newest queued prompt back into the prompt box, in front of what is there."""
        text = self.live.queue.take_back()
        if text is not None:
            self.transcript.queue(self.live.queue.prompts)
            self.give_back((text,))
            self.changed()

    def show_branch(self) -> None:
        """Show the branch of the session, as it lies in memory."""
        show_timeline(self.transcript, self.live)
        self.changed()

    def show_session(self) -> None:
        """Show the session that is live, and what opening it brought up."""
        show_timeline(self.transcript, self.live)
        self._show_model()
        self.live.listen(self.tell)
        for notice in self.live.notices:
            self.tell(notice, "warning")

    async def replace_session(self, live: LiveSession) -> None:
        """Put another session on screen, with its draft; the one before is stopped, saved and let go."""
        before = self.live
        is_same = live.header.id == before.header.id
        self.runner.give_back_queue(before)
        if not is_same:
            await self.unsent.leave()
        self.live = live
        before.stop()
        await self.runner.wait()
        self.show_session()
        if not self.prompt.has_focus:
            # Textual paints whatever is asked to take the focus, and its styles are made anew for that.
            self.prompt.focus()
        await (self.unsent.resume(live) if is_same else self.unsent.enter(live, takes_left=True))
        await self.unsaved.let_go(before)
        self.start_loading()

    async def open_session(self, session_id: str) -> None:
        """Open a session by its id; what keeps it from opening is told."""
        if session_id == self.live.header.id:
            return
        if kept := self.unsaved.take_back(session_id):
            await self.replace_session(kept)
            return
        try:
            live = await asyncio.to_thread(self.services.sessions.open, session_id)
        except StorageError as error:
            self.tell(error.reason, "error")
            return
        await self.replace_session(live)

    async def choose_model(self, model: str) -> None:
        """Use `provider/model` from the next reply on; said in the transcript, saved, remembered."""
        if model == self.live.model:
            return
        self.tell_outcome("", await self.live.choose_model(model))
        show_footnote(self.transcript, self.live)
        self._show_model()
        if is_waiting(self.live, monotonic()):
            self._ask_over()
        self.tell_outcome("", await self.services.memory.remember_model(model))

    def ask_again(self, prompt: Message | None = None) -> None:
        """Ask a prompt again, by itself the last one of the branch; nothing streams now."""
        prompt = prompt or self.live.last_prompt()
        if prompt is None:
            self.tell("There is nothing to ask again yet.", "warning")
        elif self.live.is_read_only:
            self.tell(
                f"This session is opened read-only, so nothing was asked. {self.ways['session.new']} starts a new one.",
                "warning",
            )
        else:
            self.conversation.activate(prompt.id)
            self.show_branch()
            self.runner.ask_again(self.live)

    def end_wait(self) -> bool:
        """Wait no longer: make the retry now, or ask a stalled reply again. False where nothing is waited for."""
        now = monotonic()
        if not is_waiting(self.live, now):
            return False
        if self.live.stats.phase_at(now) is Phase.RETRYING:
            self.live.retry_now()
        elif not self.live.try_again():
            # Text came before it stalled: that stays, as the reply it is, beside the one that comes now.
            self._ask_over()
        return True

    def _ask_over(self) -> None:
        async def ask_over(live: LiveSession) -> None:
            live.stop()
            await self.runner.wait()
            if live is self.live:
                self.ask_again()

        self.app.run_worker(ask_over(self.live), name="ask over", group="ask over", exclusive=True)

    async def settle_model(self) -> None:
        """Find out which model answers where only its provider is known, and show its name."""
        await self.live.settle_model()
        self._show_model()

    def greet(self, found: Sequence[str]) -> None:
        """Say what was found on this machine: in the welcome, or as a notice where a conversation stands already."""
        self._found = tuple(found)
        self._show_model()
        if len(self.conversation) or self.live.is_streaming:
            for line in found:
                self.tell(line)

    def note(self, text: str, detail: str = "", kind: NoteKind = "info") -> None:
        """Say something of the app in the transcript."""
        self.transcript.add(Note(text, kind, detail))

    def _show_model(self) -> None:
        self.prompt.set_model_name(self.live.model)
        self.transcript.set_welcome(welcome_lines(self.live.model, self.services.version, self.ways, self._found))
        self.changed()

    async def _remember(self, prompt: str) -> None:
        self.tell_outcome("", await self.services.memory.remember_prompt(prompt))
        self.prompt.set_history(self.services.memory.prompts)

    def _say_which(self, message_id: str) -> str:
        if message_id not in self.conversation:
            return ""
        role = self.conversation.message(message_id).role
        siblings = [s for s in self.conversation.siblings(message_id) if self.conversation.message(s).role is role]
        return f"‹{siblings.index(message_id) + 1}/{len(siblings)}›" if len(siblings) > 1 else ""

    def give_back(self, texts: tuple[str, ...]) -> None:
        """Put texts back into the prompt box, in front of what is there."""
        if self.editing.message is not None:
            self.editing.put_before_draft(texts)
            self.tell("What waited to be sent stands in your draft, behind the prompt that you edit.")
            return
        draft = self.prompt.full_text
        self.prompt.load_text("\n\n".join([*texts, draft] if draft.strip() else texts))

    def _tell_save_failed(self, reason: str) -> None:
        self.tell(reason, "error")

    def start_loading(self) -> None:
        """Begin to read what is older than the newest messages. It takes a CPU for a while, so all else comes first."""
        live = self.live
        if not live.disk.has_older:
            return

        async def load() -> None:
            await self.load_older(live)

        # Not a coroutine: an app that is being left would never await it.
        self.app.run_worker(load, name="load older", group="load older", exclusive=True)  # type: ignore[arg-type]  # overlapping forms

    async def load_older(self, live: LiveSession) -> None:
        """Read what is older than the newest messages, and put it in front of them."""
        happened = await live.load_older()
        if happened is None or live is not self.live:
            return
        if isinstance(happened, SaveFailed):
            self.tell(happened.reason, "error")
        else:
            self.transcript.prepend(find_older(live, happened))
        self.changed()


def _say_nothing_to_continue(live: LiveSession, retry: str) -> tuple[str, Severity]:
    reply = live.last_reply()
    if reply is None:
        return "There is no reply to continue yet.", "warning"
    if reply.status is Status.COMPLETE and reply.finish_reason != "length":
        return "The last reply is complete: there is nothing to continue.", "information"
    if not reply.text.strip():
        return f"No text had come before the last reply ended. {retry} asks again.", "warning"
    return f"The conversation went on after the cut reply. {retry} asks the last prompt again.", "warning"
