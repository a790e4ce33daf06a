"""The chat screen: its widgets, and the first frame; what they say goes to the switchboard."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from textual.app import ComposeResult
from textual.binding import Binding, BindingsMap
from textual.events import DescendantFocus, Resize
from textual.screen import Screen

from chatui.ui.front import NEW_TITLE, Front
from chatui.ui.widgets.footer import FooterLine
from chatui.ui.widgets.header import HeaderLine
from chatui.ui.widgets.prompt import Prompt
from chatui.ui.widgets.sidebar import Sidebar
from chatui.ui.widgets.status_line import StatusLine
from chatui.ui.widgets.welcome_page import WelcomePage

if TYPE_CHECKING:
    from chatui.ui.commands.command import Command
    from chatui.ui.desk import Desk
    from chatui.ui.switchboard import Switchboard
    from chatui.ui.transcript.widget import Transcript
    from chatui.ui.widgets.completion import CompletionPopup

SIDEBAR_COLUMNS = 90
"""Below this width the sidebar hides by itself and one status line stands for it."""
NARROW_COLUMNS = 64
"""Below this width a notice takes the whole of it, for its rows would be many."""


class ChatScreen(Screen[None]):
    """The one screen; dialogs open over it. Until it has a switchboard it shows the front, and takes no keys."""

    BLANK = True
    DEFAULT_CSS = """
    ChatScreen {
        layers: base completion;
        Sidebar { dock: right; }
        Transcript, WelcomePage { height: 1fr; }
        &.-narrow Toast { max-width: 100%; padding: 0 1; }
    }
    """

    def __init__(self, front: Front) -> None:
        super().__init__()
        self._front = front
        self.sidebar = Sidebar()
        self.header = HeaderLine()
        self.status_line = StatusLine()
        self.prompt = Prompt()
        self.footer = FooterLine()
        self._page = WelcomePage(front.welcome)
        self._board: Switchboard | None = None

    @property
    def is_connected(self) -> bool:
        """Whether there is a board, and with it a session."""
        return self._board is not None

    @property
    def board(self) -> Switchboard:
        """What the widgets are connected to. Raises RuntimeError before the app is open; no key comes before that."""
        if self._board is None:
            raise RuntimeError("the app is not open yet")
        return self._board

    @property
    def desk(self) -> Desk:
        """The session on screen and what can be done with it. Raises RuntimeError as `board` does."""
        return self.board.desk

    def compose(self) -> ComposeResult:
        """A flat tree: each further level would cost in every frame."""
        board = self._board
        yield self.sidebar
        yield self.header
        yield from board.pages if board is not None else (self._page,)
        yield self.status_line
        if board is not None:
            yield board.edit_line
        yield self.prompt
        yield self.footer
        if board is not None:
            yield board.popup

    def on_mount(self) -> None:
        """Show the session, or the front of one."""
        self.prompt.focus()
        if self._board is not None:
            self._board.start()
            return
        self.fit_sidebar(self._front.state.sidebar)
        self.prompt.set_model_name(self._front.model)
        self.header.show(NEW_TITLE, self._front.model, "ready")
        self.sidebar.show(self._front.rows)
        self.status_line.show([("ready", 1)])

    def connect(self, switchboard: Switchboard) -> None:
        """Take the switchboard; before the screen is composed, for one that is there from the first frame on."""
        self._board = switchboard

    async def open_up(self, switchboard: Switchboard) -> None:
        """Take the switchboard, and put the session in the place of the front."""
        await self.mount(*switchboard.pages, before=self.status_line)
        await self.mount(switchboard.edit_line, before=self.prompt)
        await self.mount(switchboard.popup)
        await self._page.remove()
        self.connect(switchboard)
        switchboard.start()

    def bind(self, bindings: Iterable[Binding]) -> None:
        """Put keys before those that the screen has by itself."""
        # Not Textual's keymap: with a key it takes away all that the key means, and only what has a key can get one.
        for key, bound in BindingsMap(bindings).key_to_bindings.items():
            self._bindings.key_to_bindings[key] = [*bound, *self._bindings.key_to_bindings.get(key, ())]

    def fit_sidebar(self, is_wanted: bool) -> bool:
        """Show the sidebar where it is wanted and has room, else the status line; return whether it is shown."""
        # The app's size is known before the first layout, so that this is right in the first frame.
        has_sidebar = is_wanted and self.app.size.width >= SIDEBAR_COLUMNS
        self.sidebar.display = has_sidebar
        self.status_line.display = not has_sidebar
        return has_sidebar

    def on_resize(self, event: Resize) -> None:
        """Swap sidebar and status line where the width asks for it."""
        self.set_class(event.size.width < NARROW_COLUMNS, "-narrow")
        if self._board is None:
            self.fit_sidebar(self._front.state.sidebar)
        else:
            self._board.show_changes()

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Let a modal command have its key only while it works."""
        if action != "command" or self._board is None:
            return super().check_action(action, parameters)
        return self._board.may_run(str(parameters[0]))

    def on_descendant_focus(self, event: DescendantFocus) -> None:
        """The keys that work are others now."""
        if self._board is not None:
            self._board.take_focus(event.widget)

    def run_command(self, command: Command, argument: str = "") -> None:
        """Run a command; one that has to wait for something goes on as a worker."""
        self.board.run(command, argument)

    def action_command(self, name: str) -> None:
        """Run the command that a key is bound to."""
        self.board.run_named(name)

    def action_show_help(self, words: str = "") -> None:
        """Open the help screen, filtered by words."""
        self.board.show_help(words)

    def action_show_palette(self) -> None:
        """Open the palette: every command, found by its words."""
        self.board.show_palette()

    # Named for what they handle, because their messages' classes are loaded after the first frame.
    def on_prompt_submitted(self, event: Prompt.Submitted) -> None:
        """Send, or run what a slash calls."""
        self.board.take_prompt(event.text)

    def on_text_area_changed(self) -> None:
        """Keep what is written."""
        if self._board is not None:
            self._board.desk.unsent.note()

    def on_prompt_take_back(self) -> None:
        """Give the queued prompt back."""
        self.desk.take_back()

    def on_prompt_slash_typed(self, event: Prompt.SlashTyped) -> None:
        """Offer the commands that begin so."""
        self.board.complete(event.prefix)

    def on_completion_popup_chosen(self, event: CompletionPopup.Chosen) -> None:
        """Take the command that was chosen."""
        self.board.take_completion(event)

    def on_transcript_continue_asked(self, event: Transcript.ContinueAsked) -> None:
        """Go on with the last reply."""
        self.desk.continue_reply()

    def on_footer_line_pressed(self, event: FooterLine.Pressed) -> None:
        """A click on a key is as good as the key."""
        self.board.press(event.index)
