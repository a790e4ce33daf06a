"""The one-line input of the dialogs."""

from __future__ import annotations

from textual.widgets import Input

from chatui.conversation.visible import make_visible_line


class LineInput(Input):
    """An input without a frame. Control characters in a pasted or given text become visible pictures.

    Textual writes the value to the terminal as it is, ESC included, so it is cleaned before it gets there.
    """

    DEFAULT_CSS = """
    LineInput, LineInput:focus {
        height: 1;
        border: none;
        padding: 0;
        background: $surface;
        background-tint: $surface 0%;
        color: $foreground;
    }
    LineInput > .input--placeholder { color: $text-muted; }
    """

    def __init__(self, value: str = "", *, placeholder: str = "") -> None:
        super().__init__(placeholder=make_visible_line(placeholder), select_on_focus=False)
        self._given = value

    def on_mount(self) -> None:
        """Put the value in, the cursor behind it; Textual 8.2.8 cannot take one before there is an app."""
        self.value = self._given

    def validate_value(self, value: str) -> str:
        """Keep the value fit for the terminal."""
        return make_visible_line(value)
