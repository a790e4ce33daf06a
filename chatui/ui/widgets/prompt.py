"""The prompt: where a message is written, sent with Enter, and where earlier prompts come back."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import ClassVar

from rich.segment import Segment
from textual import events
from textual.binding import Binding
from textual.content import Content
from textual.geometry import Size
from textual.message import Message
from textual.strip import Strip
from textual.widgets import TextArea

from chatui.conversation.visible import make_visible_line
from chatui.ui.widgets.elision import elide_end
from chatui.ui.widgets.history_walk import HistoryWalk
from chatui.ui.widgets.paste_area import PasteArea

MOST_ROWS = 10
"""Rows that the prompt grows to; never more than two fifths of the screen."""

_NEWLINE_KEYS = frozenset({"ctrl+j", "shift+enter", "alt+enter", "shift+"})
"""`shift+` is what Textual makes of xterm's modifyOtherKeys form of Shift+Enter (`ESC [27;2;13~`)."""
_POPUP_KEYS = frozenset({"up", "down", "tab", "enter", "escape"})
_GUTTER = 2
"""Cells of the prompt mark and the space behind it."""

_EDITING_ACTIONS = frozenset(
    binding.action.partition("(")[0] for binding in TextArea.BINDINGS if isinstance(binding, Binding)
) - {"cursor_up", "cursor_down", "paste"}
"""Actions that change nothing in an empty prompt, so that their keys may mean a command there."""


class Prompt(PasteArea):
    """Where the next message is written.

    Enter sends; Ctrl+J, Shift+Enter, Alt+Enter and a backslash before Enter begin a new line. Escape is not used.
    """

    COMPONENT_CLASSES: ClassVar[set[str]] = {"prompt--mark"}
    DEFAULT_CSS = """
    Prompt {
        height: auto;
        min-height: 1;
        padding: 0 1;
        background: $surface;
        overflow-x: hidden;
        scrollbar-size: 0 0;
        & .prompt--mark { color: $text-muted; }
        &:focus .prompt--mark { color: $primary; text-style: bold; }
    }
    """

    @dataclass
    class Submitted(Message):
        """The user sends the prompt, which is empty now."""

        text: str
        """What was written, with every chip's text in its place."""

    class TakeBack(Message):
        """The user wants the queued prompt back (↑ in an empty prompt while `has_queue` is set)."""

    class SlashTyped(Message):
        """The prompt begins, or no longer begins, with a slash."""

        def __init__(self, prefix: str | None) -> None:
            super().__init__()
            self.prefix = prefix
            """What follows the slash in a prompt of one line; `None` where a completion list has nothing to do."""

    def __init__(self, *, id: str | None = None, classes: str | None = None) -> None:
        super().__init__(id=id, classes=classes)
        self.has_queue = False
        """Whether ↑ in an empty prompt takes a queued prompt back."""
        self.key_taker: Callable[[str, str], bool] | None = None
        """Offered (key, prefix) for ↑ ↓ Tab Enter Escape while a slash command is typed; true means it took the key."""
        self.letter_taker: Callable[[str], bool] | None = None
        """Offered what is typed into an empty prompt; true means it took the key."""
        self._walk = HistoryWalk()
        self._told_prefix: str | None = None
        # A blinking cursor repaints for ever and draws the eye away from the reply.
        self.cursor_blink = False
        self.set_model_name("")

    @property
    def is_empty(self) -> bool:
        """Whether nothing is written."""
        return self.document.line_count == 1 and not self.document[0]

    @property
    def slash_prefix(self) -> str | None:
        """What follows the slash in a prompt of one line; `None` where it is no command or an earlier prompt."""
        if self._walk.is_walking or self.document.line_count != 1 or not self.document[0].startswith("/"):
            return None
        return self.document[0][1:]

    @property
    def gutter_width(self) -> int:
        """Cells of the column that holds the prompt mark."""
        return _GUTTER

    def set_model_name(self, name: str) -> None:
        """Name the model that the placeholder says the message goes to."""
        # As Content, because a string would be read as markup.
        self.placeholder = Content(f"Message {make_visible_line(name)}…")

    def set_history(self, entries: Sequence[str]) -> None:
        """Set the earlier prompts, oldest first."""
        self._walk.set_entries(entries)

    def load_text(self, text: str) -> None:
        """Replace what is written, cursor at the end; a walk through earlier prompts ends."""
        self._walk.end()
        super().load_text(text)

    def _submit(self) -> None:
        text = self.full_text
        if text.strip():
            self.load_text("")
            self.post_message(self.Submitted(text))

    async def _on_key(self, event: events.Key) -> None:
        if self._offer_key(event.key) or self._offer_letter(event.key):
            pass
        elif event.key in _NEWLINE_KEYS or (event.key == "enter" and self._take_escaping_backslash()):
            self.replace("\n", *self.selection, maintain_selection_offset=False)
        elif event.key == "enter":
            self._submit()
        else:
            return
        event.stop()
        event.prevent_default()

    def _offer_key(self, key: str) -> bool:
        """Let the completion list have a key while a slash command is typed; say whether it took it."""
        if key not in _POPUP_KEYS or self.key_taker is None or (prefix := self.slash_prefix) is None:
            return False
        return self.key_taker(key, prefix)

    def _offer_letter(self, key: str) -> bool:
        """Let what is waited for have a letter while nothing is written; say whether it took it."""
        return self.is_empty and self.letter_taker is not None and self.letter_taker(key)

    def _take_escaping_backslash(self) -> bool:
        """Remove a backslash before the cursor that is not itself escaped; say whether there was one."""
        row, column = self.cursor_location
        before = self.document[row][:column]
        is_escaping = self.selection.is_empty and (len(before) - len(before.rstrip("\\"))) % 2 == 1
        if is_escaping:
            self.delete((row, column - 1), (row, column), maintain_selection_offset=False)
        return is_escaping

    def _on_text_area_changed(self) -> None:
        if (prefix := self.slash_prefix) != self._told_prefix:
            self._told_prefix = prefix
            self.post_message(self.SlashTyped(prefix))

    def action_cursor_up(self, select: bool = False) -> None:
        """Move up; from the first row to the queued or an earlier prompt."""
        if not select and self.has_queue and self.is_empty:
            self.post_message(self.TakeBack())
        elif select or self._cursor_row > 0 or (earlier := self._walk.go_back(self.text)) is None:
            super().action_cursor_up(select)
        else:
            self._show(earlier)
            # At the end of the first row, so that the next ↑ walks on.
            self.move_cursor(self.navigator.get_location_end((0, 0)))

    def action_cursor_down(self, select: bool = False) -> None:
        """Move down; from the last row to a later prompt, at last the draft."""
        is_last = self._cursor_row >= self.wrapped_document.height - 1
        if select or not is_last or (later := self._walk.go_forward(self.text)) is None:
            super().action_cursor_down(select)
        else:
            self._show(later)

    @property
    def _cursor_row(self) -> int:
        """Row of the cursor on the screen, wrapped rows counted, from the first of the text."""
        return self.wrapped_document.location_to_offset(self.cursor_location).y

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Leave a key to the app's commands where it would change nothing here."""
        if action == "undo":
            return bool(self.history.undo_stack)
        if action == "redo":
            return bool(self.history.redo_stack)
        if action in ("cursor_page_up", "cursor_page_down"):
            return self.wrapped_document.height > self.size.height
        return not (action in _EDITING_ACTIONS and self.is_empty)

    def get_content_height(self, container: Size, viewport: Size, width: int) -> int:
        """Return the rows of the text, up to the limit."""
        return max(1, min(self.wrapped_document.height, MOST_ROWS, viewport.height * 2 // 5))

    def render_line(self, y: int) -> Strip:
        """Draw one row behind the prompt mark; the mark's column also shows where there is more."""
        strip = self._draw_placeholder(y) if self.is_empty else super().render_line(y)
        top, height = self.scroll_offset.y, self.size.height
        mark = "❯" if top + y == 0 else " "
        if y == 0 and top > 0:
            mark = "▴"
        elif y == height - 1 and top + height < self.wrapped_document.height:
            mark = "▾"
        style = self.get_component_rich_style("prompt--mark")
        return Strip.join([Strip([Segment(f"{mark} ", style)], _GUTTER), strip])

    def _draw_placeholder(self, y: int) -> Strip:
        width = max(0, self.content_size.width - _GUTTER)
        text = elide_end(str(self.placeholder), width) if y == 0 else ""
        style = self.get_component_rich_style("text-area--placeholder")
        cursor = self.get_component_rich_style("text-area--cursor") if self.has_focus else style
        return Strip([Segment(text[:1], cursor), Segment(text[1:], style)]).adjust_cell_length(width, style)
