"""The switchboard: what the widgets of the chat screen say, and the command that each key and word means."""

from __future__ import annotations

import time
from collections.abc import Awaitable, Mapping, Sequence

from textual.app import App
from textual.timer import Timer
from textual.widget import Widget

from chatui.engine.stats import Phase
from chatui.storage.errors import StorageError
from chatui.ui.branches import send_edited
from chatui.ui.commands.command import Command
from chatui.ui.commands.table import COMMANDS, SECTIONS, find_command, find_slash
from chatui.ui.desk import Desk
from chatui.ui.following import FOLLOW_SECONDS, Following
from chatui.ui.front import NEW_TITLE
from chatui.ui.keymap import check_keymap, key_of, make_bindings, ways_of
from chatui.ui.look import describe_look
from chatui.ui.pick_command import pick_command
from chatui.ui.screens.chat import SIDEBAR_COLUMNS, ChatScreen
from chatui.ui.screens.help import HelpScreen
from chatui.ui.screens.help_lines import HelpSection
from chatui.ui.services import Opening, Services
from chatui.ui.slash import parse_slash
from chatui.ui.stats import show_rows, show_segments
from chatui.ui.transcript.widget import Transcript
from chatui.ui.waiting import AGAIN_KEY, describe_wait
from chatui.ui.widgets.completion import CompletionPopup, CompletionRow
from chatui.ui.widgets.edit_line import EditLine
from chatui.ui.widgets.find_bar import FindBar
from chatui.ui.widgets.header import ReplyState

REFRESH_SECONDS = 0.25
"""How often the figures are drawn while a reply runs."""

_STATES: Mapping[Phase, ReplyState] = {
    Phase.READY: "ready",
    Phase.WAITING: "waiting",
    Phase.THINKING: "thinking",
    Phase.STREAMING: "streaming",
    Phase.RETRYING: "retrying",
    Phase.INTERRUPTED: "interrupted",
    Phase.STOPPED: "stopped",
    Phase.FAILED: "failed",
}


class Switchboard:
    """Connects the screen's widgets with the desk. Made after the first frame, unless a session is asked for."""

    def __init__(
        self, app: App[int], screen: ChatScreen, services: Services, opening: Opening, problems: Sequence[str]
    ) -> None:
        """`problems` is what was wrong with the settings, safe to show."""
        self._app = app
        self._screen = screen
        self._services = services
        self._opening = opening
        self._prompt = screen.prompt
        self._transcript = Transcript()
        self._find_bar = FindBar(self._transcript)
        self.edit_line = EditLine()
        """To be mounted above the prompt."""
        self.popup = CompletionPopup(self._prompt)
        """To be mounted last."""
        self._ticker: Timer | None = None
        self._footer_commands: list[Command] = []
        self._keys, unfit = check_keymap(services.config.keys, COMMANDS)
        self._problems = [*problems, *unfit]
        ways = ways_of(COMMANDS, self._keys)
        self.desk = Desk(app, services, opening.live, self._transcript, self._prompt, self.show_changes, ways)
        """The session on screen and what can be done with it."""
        self._following = Following(self.desk)
        screen.bind(make_bindings(COMMANDS, self._keys))

    @property
    def pages(self) -> Sequence[Widget]:
        """What is to be mounted in the middle of the screen."""
        return self._transcript, self._find_bar

    def start(self) -> None:
        """Show the session and do what the command line asks for; all widgets are mounted."""
        screen, opening = self._screen, self._opening
        self._ticker = screen.set_interval(REFRESH_SECONDS, self.show_changes, pause=True)
        self._following.start(screen.set_interval(FOLLOW_SECONDS, self._following.look, pause=True))
        screen.watch(self._app, "app_focus", self._look_outside, init=False)
        self._prompt.key_taker = self.popup.take_key
        self._prompt.letter_taker = lambda key: key == AGAIN_KEY and self.desk.end_wait()
        self._app.run_worker(self._load_prompts(), name="load prompts", group="load prompts")
        self.desk.show_session()
        if self._problems:
            mark = "• " if len(self._problems) > 1 else ""
            said = "\n".join(f"{mark}{problem}" for problem in self._problems)
            self.desk.note("Some settings could not be taken", said, kind="warning")
        for notice in opening.notices:
            self.desk.tell(notice, "warning")
        if opening.model:
            self._app.run_worker(self.desk.choose_model(opening.model), name="choose model", group="command")
        if opening.draft:
            self._prompt.load_text(opening.draft)
        screen.call_after_refresh(self.desk.start_loading)
        if opening.prompt:
            screen.call_after_refresh(self._send_first, opening.prompt)
        else:
            self._load_draft(takes_left=not opening.draft)
        if opening.continue_reply:
            screen.call_after_refresh(self.desk.continue_reply)
        if opening.pick_session:
            self.run_named("session.list")

    def _send_first(self, prompt: str) -> None:
        self.desk.send(prompt)
        # Not before: the images of a draft go along with what is typed next, not with what was asked on the way in.
        self._load_draft(takes_left=False)

    def _load_draft(self, *, takes_left: bool) -> None:
        entering = self.desk.unsent.enter(self.desk.live, takes_left=takes_left)
        self._app.run_worker(entering, name="load draft", group="draft")

    async def _load_prompts(self) -> None:
        if problem := await self._services.memory.load_prompts():
            self.desk.tell(problem, "warning")
        self._prompt.set_history(self._services.memory.prompts)

    def describe_look(self) -> Mapping[str, str]:
        """How the screen looks, for the skeleton of the next start."""
        screen = self._screen
        least = SIDEBAR_COLUMNS if self.desk.is_sidebar_wanted else 0
        return describe_look(screen.header, screen.prompt, screen.footer, screen.sidebar, least)

    def show_changes(self) -> None:
        """Bring header, sidebar, status line and footer up to date. Runs on a timer only while a reply streams."""
        live, now = self.desk.live, time.monotonic()
        is_running = live.is_streaming
        if self._ticker is not None:
            (self._ticker.resume if is_running else self._ticker.pause)()
        self._following.settle()
        self._prompt.has_queue = bool(live.queue.prompts)
        self.desk.unsent.note_waiting((self.desk.runner.on_its_way, *live.queue.prompts))
        self._screen.header.show(live.header.title or NEW_TITLE, live.model, _STATES[live.stats.phase_at(now)])
        if self._screen.fit_sidebar(self.desk.is_sidebar_wanted):
            self._screen.sidebar.show(show_rows(live, now))
        else:
            self._screen.status_line.show(show_segments(live, now))
        self._transcript.tell_wait(describe_wait(live, now, self.desk.ways))
        if self._find_bar.is_open:
            self._find_bar.show_count()
        self.edit_line.show(self.desk.editing.message is not None, self.desk.ways["prompt.leave"])
        self._show_footer()

    def _show_footer(self) -> None:
        shown = [c for c in COMMANDS if c.label and c.works(self.desk)]
        reads = self._transcript.cursor.is_shown
        # How to get out comes first, the way to all the others last, and stays.
        self._footer_commands = sorted(
            shown,
            key=lambda c: (
                c.name == "app.help",
                not (c.is_modal or (reads and c.name == "answer.next")),
                c.label != "leave",
            ),
        )
        rows = [(key_of(c, self._keys).partition(",")[0], c.label) for c in self._footer_commands]
        self._screen.footer.show(rows, keeps_last=True)

    def run(self, command: Command, argument: str = "") -> None:
        """Run a command; one that has to wait for something goes on as a worker."""
        result = command.run(self.desk, argument)
        if result is not None:
            self._app.run_worker(self._finish(result), name=command.name, group="command")

    async def _finish(self, running: Awaitable[None]) -> None:
        try:
            await running
        except StorageError as error:
            # A disk that fails under a command is no fault of ours, and ends the command only.
            self.desk.tell(error.reason, "error")

    def run_named(self, name: str) -> None:
        """Run the command of that name."""
        self.run(find_command(name))

    def may_run(self, name: str) -> bool:
        """Whether a key means the command now: a modal one has its key only while it works."""
        command = find_command(name)
        return not command.is_modal or command.works(self.desk)

    def take_focus(self, widget: Widget) -> None:
        """Whoever goes to the prompt has left the block cursor; the keys that work are others now."""
        if widget is self._prompt and self._transcript.cursor.is_shown:
            self._transcript.leave_block()
        if self._footer_commands:
            self._show_footer()

    def show_help(self, words: str) -> None:
        """Open the help screen, made from the command table and filtered by words."""
        sections = [
            HelpSection(title, [(key_of(c, self._keys), c.usage, c.help) for c in commands])
            for title, commands in SECTIONS
        ]
        self._app.push_screen(HelpScreen(sections, query=words))

    def show_palette(self) -> None:
        """Open the palette: every command, found by its words."""
        self._app.run_worker(self._pick_command(), name="palette", group="palette", exclusive=True)

    async def _pick_command(self) -> None:
        command = await pick_command(self._app, self._keys)
        if command is not None:
            self.run(command)

    def take_prompt(self, text: str) -> None:
        """Send it, or run the command that its slash calls."""
        self.popup.close()
        slash = parse_slash(text)
        if slash is None:
            if self.desk.editing.message is None:
                self.desk.send(text)
            else:
                self._app.run_worker(send_edited(self.desk, text), name="send edited", group="command")
            return
        word, argument = slash
        command = find_slash(word)
        if command is None:
            self._prompt.load_text(text)
            key = self.desk.ways["app.help"]
            self.desk.tell(
                f"There is no command /{word}. {key} shows all; a space in front sends it as text.", "warning"
            )
            return
        self.run(command, argument)

    def complete(self, prefix: str | None) -> None:
        """Offer the commands that begin so; `None` for nothing to complete."""
        if prefix is None or " " in prefix:
            self.popup.close()
            return
        rows = [CompletionRow(c.slash, c.help, key_of(c, self._keys)) for c in COMMANDS if c.slash]
        self.popup.open(rows, prefix)

    def take_completion(self, event: CompletionPopup.Chosen) -> None:
        """Put the command that was chosen into the prompt, or run it."""
        command = find_slash(event.name)
        if command is None:
            return
        if event.is_final and not command.argument:
            self._prompt.load_text("")
            self.run(command)
        else:
            self._prompt.load_text(f"/{command.slash} " if command.argument else f"/{command.slash}")

    def press(self, index: int) -> None:
        """Run the command of a key in the footer."""
        self.run(self._footer_commands[index])

    def _look_outside(self, has_focus: bool) -> None:
        """Whoever comes back from an editor may have changed the session's file there."""
        if has_focus:
            self._following.look()
