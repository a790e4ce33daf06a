"""A question answered with a text, on one line (a title) or several (a system prompt)."""

from __future__ import annotations

from collections.abc import Callable
from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.content import Content
from textual.widgets import Static, TextArea
from textual.widgets.text_area import Edit, EditResult

from chatui.conversation.visible import make_visible, make_visible_line
from chatui.ui.screens.behind_keys import call_behind_keys
from chatui.ui.screens.dialog import Dialog, DialogScreen
from chatui.ui.screens.hints import HintLine
from chatui.ui.screens.line_input import LineInput


class TextInput(TextArea):
    """An input of several lines without a frame, whose text never holds a control character."""

    DEFAULT_CSS = """
    TextInput, TextInput:focus {
        height: auto;
        min-height: 3;
        max-height: 100%;
        border: none;
        padding: 0;
        background: $surface;
        background-tint: $surface 0%;
        color: $foreground;
    }
    TextInput > .text-area--cursor-line { background: $surface; }
    """

    def __init__(self, text: str, *, placeholder: str = "") -> None:
        super().__init__(
            make_visible(text), placeholder=Content(make_visible_line(placeholder)), compact=True, tab_behavior="focus"
        )

    def edit(self, edit: Edit) -> EditResult:
        """Keep the text fit for the terminal, pasted text too."""
        edit.text = make_visible(edit.text.replace("\r\n", "\n").replace("\r", "\n"))
        return super().edit(edit)


class AskText(DialogScreen[str | None]):
    """Answers with the text as it was typed, or `None` after Esc.

    Enter takes it; in the form with several lines Ctrl+J (Shift+Enter, Alt+Enter) begins a new line, as in the prompt.
    `check` may refuse a text by returning why; the reason is shown and the dialog stays.
    """

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("enter", "submit", "Take it", show=False, priority=True),
        Binding("escape", "cancel", "Cancel", show=False, priority=True),
        # "shift+" is what Textual 8.2.8 makes of Shift+Enter in xterm's modifyOtherKeys form.
        Binding("ctrl+j,shift+enter,alt+enter,ctrl+enter,shift+", "new_line", show=False, priority=True),
    ]
    DEFAULT_CSS = """
    AskText {
        Dialog { max-width: 72; padding: 1 2 0 2; }
        #explanation { color: $text-muted; margin-bottom: 1; }
        #field { height: auto; max-height: 16; border-left: outer $primary; padding-left: 1; }
        #refusal { color: $error; min-height: 1; }
        &.-multi Dialog { max-width: 90; }
        &.-multi TextInput { max-height: 14; }
        &.-short {
            Dialog { padding: 0 1; }
            #explanation { margin-bottom: 0; max-height: 1; text-wrap: nowrap; text-overflow: ellipsis; }
            #field { max-height: 4; }
            TextInput { max-height: 4; }
        }
    }
    """

    def __init__(
        self,
        title: str,
        value: str = "",
        *,
        explanation: str = "",
        placeholder: str = "",
        is_multi_line: bool = False,
        submit_label: str = "save",
        check: Callable[[str], str] | None = None,
    ) -> None:
        super().__init__(classes="-multi" if is_multi_line else None)
        self._title = title
        self._explanation = explanation
        self._submit_label = submit_label
        self._check = check
        self._field: LineInput | TextInput
        if is_multi_line:
            self._field = TextInput(value, placeholder=placeholder)
        else:
            self._field = LineInput(value, placeholder=placeholder)
        self._refusal = Static(id="refusal", markup=False)

    @property
    def text(self) -> str:
        """What stands in the field."""
        return self._field.text if isinstance(self._field, TextInput) else self._field.value

    def compose(self) -> ComposeResult:
        """What is asked, the field, why a text is refused, hints."""
        new_line = [("Ctrl+J", "new line")] if isinstance(self._field, TextInput) else []
        with Dialog() as dialog:
            dialog.set_title(self._title)
            if self._explanation:
                yield Static(make_visible(self._explanation), id="explanation", markup=False)
            with Vertical(id="field"):
                yield self._field
            yield self._refusal
            yield HintLine([("Enter", self._submit_label), *new_line, ("Esc", "cancel")])

    def on_mount(self) -> None:
        """Put the cursor behind the text."""
        if isinstance(self._field, TextInput):
            self._field.move_cursor(self._field.document.end)
        self._field.focus()

    def action_submit(self) -> None:
        """Answer with the text, unless it is refused."""
        call_behind_keys(self._field, self._submit)

    def _submit(self) -> None:
        refusal = self._check(self.text) if self._check is not None else ""
        if refusal:
            self._refusal.update(Content(make_visible(refusal)))
        else:
            self.dismiss(self.text)

    def action_new_line(self) -> None:
        """Begin a new line where there can be several."""
        if isinstance(self._field, TextInput):
            self._field.insert("\n")

    def action_cancel(self) -> None:
        """Answer that nothing is to change."""
        self.dismiss(None)

    def on_input_changed(self) -> None:
        """A changed text is not refused yet."""
        self._refusal.update(Content(""))

    def on_text_area_changed(self) -> None:
        """A changed text is not refused yet."""
        self._refusal.update(Content(""))
