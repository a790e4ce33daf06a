"""The chat screen: puts the widgets together and hands what they say to the desk."""

from __future__ import annotations

import time
from collections.abc import Awaitable, Mapping, Sequence

from textual import on
from textual.app import App, ComposeResult
from textual.binding import BindingsMap
from textual.events import DescendantFocus, Resize
from textual.screen import Screen
from textual.timer import Timer

from chatui.engine.stats import Phase
from chatui.storage.errors import StorageError
from chatui.ui.branches import send_edited
from chatui.ui.commands.command import Command
from chatui.ui.commands.table import COMMANDS, SECTIONS, find_command, find_slash
from chatui.ui.desk import Desk
from chatui.ui.following import FOLLOW_SECONDS, Following
from chatui.ui.keymap import key_of, make_bindings, ways_of
from chatui.ui.look import describe_look
from chatui.ui.pick_command import pick_command
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
from chatui.ui.widgets.footer import FooterLine
from chatui.ui.widgets.header import HeaderLine, ReplyState
from chatui.ui.widgets.prompt import Prompt
from chatui.ui.widgets.sidebar import Sidebar
from chatui.ui.widgets.status_line import StatusLine

SIDEBAR_COLUMNS = 90
"""Below this width the sidebar hides by itself and one status line stands for it."""
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


class ChatScreen(Screen[None]):
    """The one screen; dialogs open over it."""

    BLANK = True
    DEFAULT_CSS = """
    ChatScreen {
        layers: base completion;
        Sidebar { dock: right; }
        Transcript { height: 1fr; }
    }
    """

    def __init__(
        self, app: App[int], services: Services, opening: Opening, keys: Mapping[str, str], problems: Sequence[str]
    ) -> None:
        """`keys` are the user's own, by command; `problems` what was wrong with the settings, safe to show."""
        super().__init__()
        self._keys = keys
        self._problems = problems
        self._opening = opening
        self._services = services
        self._transcript = Transcript()
        self._find_bar = FindBar(self._transcript)
        self._edit_line = EditLine()
        self._prompt = Prompt()
        self._sidebar = Sidebar()
        self._header = HeaderLine()
        self._footer = FooterLine()
        self._status_line = StatusLine()
        self._popup = CompletionPopup(self._prompt)
        self._ticker: Timer | None = None
        self._footer_commands: list[Command] = []
        self.desk = Desk(
            app, services, opening.live, self._transcript, self._prompt, self.show_changes, ways_of(COMMANDS, keys)
        )
        """The session on screen and what can be done with it."""
        self._following = Following(self.desk)
        # Not Textual's keymap: with a key it takes away all that the key means, and only what has a key can get one.
        for key, bindings in BindingsMap(make_bindings(COMMANDS, keys)).key_to_bindings.items():
            self._bindings.key_to_bindings[key] = [*bindings, *self._bindings.key_to_bindings.get(key, ())]

    def compose(self) -> ComposeResult:
        """A flat tree: each further level would cost in every frame."""
        yield self._sidebar
        yield self._header
        yield self._transcript
        yield self._find_bar
        yield self._status_line
        yield self._edit_line
        yield self._prompt
        yield self._footer
        yield self._popup

    def on_mount(self) -> None:
        """Show the session and do what the command line asks for."""
        self._ticker = self.set_interval(REFRESH_SECONDS, self.show_changes, pause=True)
        self._following.start(self.set_interval(FOLLOW_SECONDS, self._following.look, pause=True))
        self.watch(self.app, "app_focus", self._look_outside, init=False)
        self._prompt.key_taker = self._popup.take_key
        self._prompt.letter_taker = lambda key: key == AGAIN_KEY and self.desk.end_wait()
        self.app.run_worker(self._load_prompts(), name="load prompts", group="load prompts")
        self.desk.show_session()
        self._prompt.focus()
        if self._problems:
            self.desk.note("Some settings could not be taken", "\n".join(self._problems), kind="warning")
        for notice in self._opening.notices:
            self.desk.tell(notice, "warning")
        if self._opening.model:
            self.app.run_worker(self.desk.choose_model(self._opening.model), name="choose model", group="command")
        if self._opening.draft:
            self._prompt.load_text(self._opening.draft)
        takes_left = not (self._opening.draft or self._opening.prompt)
        entering = self.desk.unsent.enter(self.desk.live, takes_left=takes_left)
        self.app.run_worker(entering, name="load draft", group="draft")
        if self._opening.prompt:
            self.call_after_refresh(self.desk.send, self._opening.prompt)
        if self._opening.continue_reply:
            self.call_after_refresh(self.desk.continue_reply)
        if self._opening.pick_session:
            self.run_command(find_command("session.list"))

    async def _load_prompts(self) -> None:
        if problem := await self._services.memory.load_prompts():
            self.desk.tell(problem, "warning")
        self._prompt.set_history(self._services.memory.prompts)

    def describe_look(self) -> Mapping[str, str]:
        """How the screen looks, for the skeleton of the next start."""
        least = SIDEBAR_COLUMNS if self.desk.is_sidebar_wanted else 0
        return describe_look(self._header, self._prompt, self._footer, self._sidebar, least)

    def show_changes(self) -> None:
        """Bring header, sidebar, status line and footer up to date. Runs on a timer only while a reply streams."""
        live, now = self.desk.live, time.monotonic()
        is_running = live.is_streaming
        if self._ticker is not None:
            (self._ticker.resume if is_running else self._ticker.pause)()
        self._following.settle()
        self._prompt.has_queue = bool(live.queue.prompts)
        self.desk.unsent.note_waiting((self.desk.runner.on_its_way, *live.queue.prompts))
        self._header.show(live.header.title or "New session", live.model, _STATES[live.stats.phase_at(now)])
        has_sidebar = self.desk.is_sidebar_wanted and self.size.width >= SIDEBAR_COLUMNS
        self._sidebar.display = has_sidebar
        self._status_line.display = not has_sidebar
        if has_sidebar:
            self._sidebar.show(show_rows(live, now))
        else:
            self._status_line.show(show_segments(live, now))
        self._transcript.tell_wait(describe_wait(live, now, self.desk.ways))
        if self._find_bar.is_open:
            self._find_bar.show_count()
        self._edit_line.show(self.desk.editing.message is not None, self.desk.ways["prompt.leave"])
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
        self._footer.show(rows, keeps_last=True)

    def run_command(self, command: Command, argument: str = "") -> None:
        """Run a command; one that has to wait for something goes on as a worker."""
        result = command.run(self.desk, argument)
        if result is not None:
            self.app.run_worker(self._finish(result), name=command.name, group="command")

    async def _finish(self, running: Awaitable[None]) -> None:
        try:
            await running
        except StorageError as error:
            # A disk that fails under a command is no fault of ours, and ends the command only.
            self.desk.tell(error.reason, "error")

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Let a modal command have its key only while it works."""
        if action != "command":
            return super().check_action(action, parameters)
        command = find_command(str(parameters[0]))
        return not command.is_modal or command.works(self.desk)

    def on_descendant_focus(self, event: DescendantFocus) -> None:
        """Whoever goes to the prompt has left the block cursor; the keys that work are others now."""
        if event.widget is self._prompt and self._transcript.cursor.is_shown:
            self._transcript.leave_block()
        if self._footer_commands:
            self._show_footer()

    def action_command(self, name: str) -> None:
        """Run the command that a key is bound to."""
        self.run_command(find_command(name))

    def action_show_help(self) -> None:
        """Open the help screen, made from the command table."""
        sections = [
            HelpSection(title, [(key_of(c, self._keys), c.usage, c.help) for c in commands])
            for title, commands in SECTIONS
        ]
        self.app.push_screen(HelpScreen(sections))

    def action_show_palette(self) -> None:
        """Open the palette: every command, found by its words."""
        self.app.run_worker(self._pick_command(), name="palette", group="palette", exclusive=True)

    async def _pick_command(self) -> None:
        command = await pick_command(self.app, self._keys)
        if command is not None:
            self.run_command(command)

    @on(Prompt.Submitted)
    def _take_prompt(self, event: Prompt.Submitted) -> None:
        self._popup.close()
        slash = parse_slash(event.text)
        if slash is None:
            if self.desk.editing.message is None:
                self.desk.send(event.text)
            else:
                self.app.run_worker(send_edited(self.desk, event.text), name="send edited", group="command")
            return
        word, argument = slash
        command = find_slash(word)
        if command is None:
            self._prompt.load_text(event.text)
            key = self.desk.ways["app.help"]
            self.desk.tell(
                f"There is no command /{word}. {key} shows all; a space in front sends it as text.", "warning"
            )
            return
        self.run_command(command, argument)

    @on(Prompt.Changed)
    def _keep_draft(self) -> None:
        self.desk.unsent.note()

    @on(Prompt.TakeBack)
    def _take_back(self) -> None:
        self.desk.take_back()

    @on(Prompt.SlashTyped)
    def _complete(self, event: Prompt.SlashTyped) -> None:
        if event.prefix is None or " " in event.prefix:
            self._popup.close()
            return
        rows = [CompletionRow(c.slash, c.help, key_of(c, self._keys)) for c in COMMANDS if c.slash]
        self._popup.open(rows, event.prefix)

    @on(CompletionPopup.Chosen)
    def _take_completion(self, event: CompletionPopup.Chosen) -> None:
        command = find_slash(event.name)
        if command is None:
            return
        if event.is_final and not command.argument:
            self._prompt.load_text("")
            self.run_command(command)
        else:
            self._prompt.load_text(f"/{command.slash} " if command.argument else f"/{command.slash}")

    def _look_outside(self, has_focus: bool) -> None:
        """Whoever comes back from an editor may have changed the session's file there."""
        if has_focus:
            self._following.look()

    @on(Transcript.ContinueAsked)
    def _continue(self) -> None:
        self.desk.continue_reply()

    @on(FooterLine.Pressed)
    def _press(self, event: FooterLine.Pressed) -> None:
        self.run_command(self._footer_commands[event.index])

    def on_resize(self, event: Resize) -> None:
        """Swap sidebar and status line where the width asks for it."""
        self.show_changes()
