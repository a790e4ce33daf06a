"""A question answered with yes or no."""

from __future__ import annotations

from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal
from textual.content import Content
from textual.widgets import Button, Static

from chatui.conversation.visible import make_visible
from chatui.ui.notices import clear_view
from chatui.ui.screens.dialog import Dialog, DialogScreen


class Confirm(DialogScreen[bool]):
    """Asks; `y` and `n` answer at once, Enter presses the button in focus (`default` at first), Esc says no."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("y", "answer(True)", "Yes", show=False, priority=True),
        Binding("n", "answer(False)", "No", show=False, priority=True),
        Binding("escape", "answer(False)", "No", show=False, priority=True),
        Binding("left,up", "app.focus_previous", show=False, priority=True),
        Binding("right,down", "app.focus_next", show=False, priority=True),
    ]
    DEFAULT_CSS = """
    Confirm {
        Dialog { max-width: 62; padding: 1 2 0 2; }
        #detail { color: $text-muted; max-height: 8; margin-top: 1; }
        #buttons { height: 1; margin: 1 0; align-horizontal: right; }
        #buttons Button {
            width: auto;
            min-width: 10;
            margin-left: 2;
            padding: 0 2;
            background: $foreground 8%;
            background-tint: $foreground 0%;
            color: $foreground;
            text-style: none;
            &:hover { background: $foreground 16%; }
            &:focus { background: $primary; color: $background; text-style: bold; }
        }
        &.-danger #buttons #yes:focus { background: $error; }
        &.-danger Dialog { border: round $error; border-title-color: $error; }
        &.-short {
            Dialog { padding: 0 1; }
            #detail { margin-top: 0; }
            #buttons { margin: 1 0 0 0; }
        }
    }
    """

    def __init__(
        self,
        question: str,
        detail: str = "",
        *,
        title: str = "",
        yes: str = "Yes",
        no: str = "No",
        default: bool = True,
        is_danger: bool = False,
    ) -> None:
        super().__init__(classes="-danger" if is_danger else None)
        self._question = question
        self._detail = detail
        self._title = title
        self._yes = yes
        self._no = no
        self._default = default

    def compose(self) -> ComposeResult:
        """The question, what it means, two buttons."""
        with Dialog() as dialog:
            dialog.set_title(self._title)
            yield Static(make_visible(self._question), id="question", markup=False)
            if self._detail:
                yield Static(make_visible(self._detail), id="detail", markup=False)
            with Horizontal(id="buttons"):
                yield Button(_name_button(self._yes, "y"), id="yes", compact=True)
                yield Button(_name_button(self._no, "n"), id="no", compact=True)

    def on_mount(self) -> None:
        """Put the focus on the button that Enter presses; nothing stands in front of it."""
        clear_view(self.app)
        self.query_one("#yes" if self._default else "#no", Button).focus()

    def action_answer(self, answer: bool) -> None:
        """Answer and close."""
        self.dismiss(answer)

    def on_button_pressed(self, event: Button.Pressed) -> None:
        """Answer with the button."""
        self.dismiss(event.button.id == "yes")


def _name_button(label: str, key: str) -> Content:
    return Content(label if label.lower().startswith(key) else f"{label} ({key})")
