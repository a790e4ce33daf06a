"""A text area for untrusted and long pastes: no control character gets in, and a long text becomes a chip."""

from __future__ import annotations

from typing import ClassVar

from rich.text import Text
from textual import events
from textual.actions import SkipAction
from textual.document._document import EditResult, Location
from textual.document._edit import Edit
from textual.geometry import Region
from textual.strip import Strip
from textual.widgets import TextArea

from chatui.ui.widgets.pasted import PastedTexts, is_large, join_line_ends, split_edges, strip_controls


class PasteArea(TextArea):
    """A text area in which a chip such as `[pasted 1.0 MB · 12,345 lines]` stands for a long text."""

    COMPONENT_CLASSES: ClassVar[set[str]] = {"paste-area--chip"}
    DEFAULT_CSS = """
    PasteArea .paste-area--chip { color: $text-accent; background: $accent-muted; }
    """

    def __init__(self, *, id: str | None = None, classes: str | None = None) -> None:
        super().__init__(compact=True, highlight_cursor_line=False, id=id, classes=classes)
        self._pasted = PastedTexts()
        self._styled: object = None
        """The theme of the editor that has the styles of now; `None` when they have changed since."""

    def notify_style_update(self) -> None:
        """Have the styles looked up again."""
        super().notify_style_update()
        self._styled = None

    def render_lines(self, crop: Region) -> list[Strip]:
        """Draw a part. Textual's editor looks up its dozen styles for each picture, at half the cost of a key."""
        if self._styled is self._theme:
            return super(TextArea, self).render_lines(crop)
        self._styled = self._theme
        return super().render_lines(crop)

    @property
    def full_text(self) -> str:
        """What is written, with every chip's text in its place."""
        return self._pasted.unfold(self.text)

    def load_text(self, text: str) -> None:
        """Replace what is written, cursor at the end; text too long for an editor becomes a chip."""
        self._pasted.clear()
        self._show(text)

    def _show(self, text: str) -> None:
        """Replace what is written, chips kept, cursor at the end."""
        super().load_text(self._fold(join_line_ends(text)))
        self.move_cursor(self.document.end)

    def replace_text(self, text: str) -> None:
        """Put a text in the place of all that is written; undo brings that back, its chips too."""
        self.replace(self._fold(join_line_ends(text)), (0, 0), self.document.end, maintain_selection_offset=False)
        self.move_cursor(self.document.end)

    def _fold(self, text: str) -> str:
        """Return `text` as it is shown: of one too long for an editor the lines at both ends, and a chip between."""
        if not is_large(text):
            return strip_controls(text)[0]
        head, middle, tail = split_edges(text)
        if not is_large(middle):
            return self._pasted.fold(text)
        return strip_controls(head)[0] + self._pasted.fold(middle) + strip_controls(tail)[0]

    def paste(self, text: str) -> None:
        """Put `text` in place of the selection, as a chip where it is long, else without control characters."""
        text = join_line_ends(text)
        if is_large(text):
            shown = self._pasted.fold(text, beside=self.text)
        else:
            shown, stripped = strip_controls(text)
            if stripped:
                things = "1 control sequence was" if stripped == 1 else f"{stripped:,} control sequences were"
                self.notify(f"{things} left out of the pasted text.", markup=False)
        if shown:
            self.replace(shown, *self.selection, maintain_selection_offset=False)

    def edit(self, edit: Edit) -> EditResult:
        """Perform an edit; a chip is changed as a whole or not at all."""
        if self._pasted:
            start, end = self._widen(edit.top, edit.bottom)
            edit = Edit(edit.text, start, end, edit.maintain_selection_offset)
        return super().edit(edit)

    def _widen(self, start: Location, end: Location) -> tuple[Location, Location]:
        """Return the range grown over chips that it cuts; a bare insertion point inside a chip moves behind it."""
        is_insertion = start == end
        for first, last in self._pasted.find_labels(self.document[start[0]]):
            if first < start[1] < last:
                start = (start[0], last if is_insertion else first)
        if is_insertion:
            return start, start
        for first, last in self._pasted.find_labels(self.document[end[0]]):
            if first < end[1] < last:
                end = (end[0], last)
        return start, end

    async def _on_paste(self, event: events.Paste) -> None:
        # Without this TextArea's own handler runs as well and lays the whole text out.
        event.prevent_default()
        event.stop()
        self.paste(event.text)

    def action_paste(self) -> None:
        """Paste what was copied last inside the app."""
        self.paste(self.app.clipboard)

    def action_copy(self) -> None:
        """Copy the selection, chips with their text; without one the key is left to others."""
        if not (selected := self.selected_text):
            raise SkipAction
        self.app.copy_to_clipboard(self._pasted.unfold(selected))

    def action_cut(self) -> None:
        """Cut the selection, or else the line, chips with their text."""
        if self.selection.is_empty:
            self.action_select_line()
        if selected := self.selected_text:
            self.app.copy_to_clipboard(self._pasted.unfold(selected))
        self.action_delete_left()

    def find_matching_bracket(self, bracket: str, search_from: Location) -> Location | None:
        """Match no brackets: this is prose, and the search reads the whole text at each step of the cursor."""
        return None

    def get_line(self, line_index: int) -> Text:
        """Return a line with its chips marked."""
        line = super().get_line(line_index)
        for start, end in self._pasted.find_labels(line.plain):
            line.stylize(self.get_component_rich_style("paste-area--chip"), start, end)
        return line
