"""A bare app around the widgets under test, which keeps what they post."""

from __future__ import annotations

from typing import TypeVar

from textual.app import App, ComposeResult
from textual.message import Message
from textual.widget import Widget

from chatui.ui.widgets.completion import CompletionPopup
from chatui.ui.widgets.footer import FooterLine
from chatui.ui.widgets.prompt import Prompt

Posted = TypeVar("Posted", bound=Message)


class Host(App[None]):
    """Shows the widgets from the top, keeps what they post and what is copied."""

    CSS = "Screen { layout: vertical; }"

    def __init__(self, *shown: Widget) -> None:
        super().__init__()
        self._shown = shown
        self.posted: list[Message] = []
        self.copied: list[str] = []

    def compose(self) -> ComposeResult:
        yield from self._shown

    def on_mount(self) -> None:
        for widget in self._shown:
            if widget.can_focus:
                widget.focus()

    def copy_to_clipboard(self, text: str) -> None:
        super().copy_to_clipboard(text)
        self.copied.append(text)

    def take_posted(self, kind: type[Posted]) -> list[Posted]:
        """Return what was posted of this kind since the last time, and forget it."""
        found = [message for message in self.posted if isinstance(message, kind)]
        self.posted = [message for message in self.posted if not isinstance(message, kind)]
        return found

    def on_prompt_submitted(self, message: Prompt.Submitted) -> None:
        self.posted.append(message)

    def on_prompt_take_back(self, message: Prompt.TakeBack) -> None:
        self.posted.append(message)

    def on_prompt_slash_typed(self, message: Prompt.SlashTyped) -> None:
        self.posted.append(message)

    def on_completion_popup_chosen(self, message: CompletionPopup.Chosen) -> None:
        self.posted.append(message)

    def on_footer_line_pressed(self, message: FooterLine.Pressed) -> None:
        self.posted.append(message)


def read_rows(widget: Widget) -> list[str]:
    """Return the rows that the widget draws, as text, without its padding."""
    return [widget.render_line(y).text for y in range(widget.content_size.height)]
