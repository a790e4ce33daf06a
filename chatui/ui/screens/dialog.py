"""The frame that all dialogs share: centred, one border, the title in it; on a small terminal it takes all the room."""

from __future__ import annotations

from typing import TypeVar

from textual.containers import Vertical
from textual.content import Content
from textual.screen import ModalScreen

from chatui.conversation.visible import make_visible_line

Result = TypeVar("Result")


class Dialog(Vertical):
    """The framed part of a dialog."""

    DEFAULT_CSS = """
    Dialog {
        width: 94%;
        height: auto;
        max-width: 100;
        background: $surface;
        color: $foreground;
        border: round $border;
        border-title-color: $primary;
        border-title-style: bold;
        border-subtitle-color: $text-muted;
        padding: 0 1;
    }
    """

    def set_title(self, text: str) -> None:
        """Put a text into the upper edge."""
        self.border_title = _make_edge(text)

    def set_status(self, text: str) -> None:
        """Put a text into the lower edge; empty for none."""
        self.border_subtitle = _make_edge(text)


def _make_edge(text: str) -> Content | None:
    """A title given as a string would be read as markup."""
    return Content(make_visible_line(text)) if text else None


class DialogScreen(ModalScreen[Result]):
    """A modal screen that holds one `Dialog`."""

    # Textual declares these two as optional class variables in a way that mypy reads as instance variables.
    HORIZONTAL_BREAKPOINTS = [(0, "-narrow"), (64, "-wide")]  # noqa: RUF012
    VERTICAL_BREAKPOINTS = [(0, "-short"), (20, "-tall")]  # noqa: RUF012
    DEFAULT_CSS = """
    DialogScreen {
        align: center middle;
        background: $background 60%;
        &.-narrow Dialog { width: 100%; }
        &.-narrow Toast { max-width: 100%; padding: 0 1; }
        &.-short Dialog { max-height: 100%; }
    }
    """
