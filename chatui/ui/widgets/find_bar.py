"""The search bar: one line over the prompt, open while something is searched for in the conversation."""

from __future__ import annotations

from typing import ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal
from textual.content import Content
from textual.widgets import Input, Static

from chatui.ui.screens.line_input import LineInput
from chatui.ui.transcript.reading_pane import ReadingPane


class FindBar(Horizontal):
    """Searches while it is typed. Enter and ↓ go to the next match, Shift+Enter and ↑ to the one before.

    Tab goes to the conversation, with the search still on.
    """

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("down", "move(1)", "Next match", show=False),
        # "shift+" is what Textual 8.2.8 makes of Shift+Enter in xterm's modifyOtherKeys form.
        Binding("up,shift+enter,shift+", "move(-1)", "Match before", show=False),
        Binding("tab", "read", "To the conversation", show=False),
    ]
    DEFAULT_CSS = """
    FindBar {
        height: 1;
        padding: 0 1;
        background: $surface;
        display: none;
        & > #find-label { width: auto; color: $primary; text-style: bold; }
        & > LineInput { width: 1fr; }
        & > #find-count { width: auto; color: $text-muted; }
    }
    """

    def __init__(self, transcript: ReadingPane) -> None:
        super().__init__()
        self._transcript = transcript
        self._input = LineInput(placeholder="in this conversation")
        self._told = ""
        self._count = Static(id="find-count", markup=False)

    @property
    def is_open(self) -> bool:
        """Whether it is on screen."""
        return self.display

    def compose(self) -> ComposeResult:
        """What it is, what is searched for, how much of it there is."""
        yield Static("Find ", id="find-label", markup=False)
        yield self._input
        yield self._count

    def open(self, text: str = "") -> None:
        """Come on screen with the text searched for last, or another one, and search from where the reader is."""
        self._transcript.finder.begin()
        self.display = True
        if text:
            self._input.value = text
        self._input.action_select_all()
        self._input.focus()
        self._search()

    def close(self) -> None:
        """Go, and take the marks of what was found away."""
        self.display = False
        self._transcript.end_find()

    def action_move(self, step: int) -> None:
        """Go to the next match, or the one before."""
        self._transcript.find_next(step)
        self.show_count()

    def action_read(self) -> None:
        """Give the keys to the conversation."""
        self._transcript.focus(scroll_visible=False)

    @on(Input.Changed)
    def _take_text(self, event: Input.Changed) -> None:
        event.stop()
        if self.display:
            self._search()

    @on(Input.Submitted)
    def _take_enter(self, event: Input.Submitted) -> None:
        event.stop()
        self.action_move(1)

    def _search(self) -> None:
        self._transcript.find(self._input.value)
        self.show_count()

    def show_count(self) -> None:
        """Bring up to date how many matches there are."""
        finder = self._transcript.finder
        if not self._input.value:
            words = ""
        elif not finder.total:
            words = " no match"
        else:
            words = f" {finder.number:,} of {finder.total:,} ↑↓"
        if words != self._told:
            self._told = words
            self._count.update(Content(words))
