"""The reading pane: a pane with a block cursor, selections by keyboard and click, and a search."""

from __future__ import annotations

from typing import ClassVar

from textual import events
from textual.binding import Binding, BindingType
from textual.selection import Selection

from chatui.ui.transcript.block_cursor import BlockCursor
from chatui.ui.transcript.dress import Dresser
from chatui.ui.transcript.finder import Finder
from chatui.ui.transcript.numbered_verb import NumberedVerb
from chatui.ui.transcript.pane import Pane
from chatui.ui.transcript.seams import find_message
from chatui.ui.transcript.selecting import RowPlace, read_selected, select_rows, select_word
from chatui.ui.transcript.view import Anchor


class ReadingPane(Pane):
    """What a reader does in the conversation. None of it costs anything until it is done."""

    FOCUS_ON_CLICK = False
    """Who selects with the mouse goes on typing where he was; Tab and the block cursor's keys bring the focus."""
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding(str(digit), f"type_digit({digit})", "Code block", show=False) for digit in range(10)
    ]

    def __init__(
        self, *, name: str | None = None, id: str | None = None, classes: str | None = None, disabled: bool = False
    ) -> None:
        super().__init__(name=name, id=id, classes=classes, disabled=disabled)
        self.cursor = BlockCursor(self.view)
        """The block that the keys act on."""
        self.finder = Finder(self.view)
        """The search that is on."""
        self.verb = NumberedVerb()
        """What waits for the number of a code block."""
        self._read_width = 0
        """The width that a selection counts its rows in."""
        self._dresser = Dresser(self.cursor, self.finder, lambda: self.picture.painter)

    def on_resize(self) -> None:
        """Let no selection stay on rows that are others in the new width. Textual calls that of `Pane` as well."""
        if self.size.width != self._read_width:
            self._read_width = self.size.width
            if not self.cursor.is_selecting:
                self.clear_selected()
            elif (selection := self.cursor.selection()) is not None:
                self._select(selection)

    def move_block(self, step: int) -> bool:
        """Move the cursor by blocks, downward for 1; a selection that was begun with it grows."""
        return self._moved(self.cursor.move(step))

    def move_prompt(self, step: int) -> bool:
        """Move the cursor to the next prompt, or the one before."""
        return self._moved(self.cursor.move_to_prompt(step))

    def put_cursor(self, order: int, row: int) -> bool:
        """Put the cursor on the block at a row of an item; false where there is none."""
        return self._moved(self.cursor.put_at(order, row))

    @property
    def cursor_row(self) -> int | None:
        """The row of the screen where the message under the cursor begins; `None` without a cursor."""
        order = self.cursor.order
        return None if order is None else self.view.document.top(order) - self.view.top

    def put_on_message(self, message_id: str, screen_row: int) -> None:
        """Put the cursor on the first block of a message, which then begins at that row of the screen, if it can."""
        document = self.view.document
        index = find_message(document.items, message_id)
        if index is None:
            return
        order = index + document.first
        self.view.go_to(Anchor(order, 0))
        self.view.scroll_by(-screen_row)
        if blocks := self.cursor.blocks(order):
            self.put_cursor(order, blocks[0].first)

    def leave_block(self) -> None:
        """Take the cursor away."""
        self.verb.cancel()
        self.cursor.leave()
        self.show_reading()

    def fold_block(self) -> bool:
        """Fold or unfold the block that the cursor is on; false where there is nothing to fold."""
        block, order = self.cursor.block(), self.cursor.order
        if block is None or block.action is None or order is None:
            return False
        self.clear_selected()
        is_changed = self.view.act(order, block.action, block.first)
        self.cursor.show()
        self.show_reading()
        return is_changed

    def mark_block(self) -> None:
        """Begin a selection at the cursor's block, or give it up."""
        self.cursor.mark()
        if self.cursor.is_selecting:
            self._moved(True)
        else:
            self.screen.clear_selection()

    def action_type_digit(self, digit: int) -> None:
        """Give a digit to the verb that waits for it; without one, go to the code of that number."""
        if not self.verb.type(digit) and self.cursor.put_at_code(digit):
            self._moved(True)

    def get_selection(self, selection: Selection) -> tuple[str, str] | None:
        """The text of a selection, without bars, labels and figures; Textual asks for it."""
        return read_selected(self.view, selection), "\n"

    @property
    def selected_text(self) -> str:
        """What is selected, as clean text; empty for nothing."""
        selection = self.text_selection
        return "" if selection is None else read_selected(self.view, selection)

    @property
    def is_selected(self) -> bool:
        """Whether something is selected."""
        return self.text_selection is not None

    def clear_selected(self) -> None:
        """Select nothing."""
        if self.cursor.is_selecting:
            self.cursor.mark()
        if self.text_selection is not None:
            self.screen.clear_selection()

    def find(self, text: str) -> None:
        """Search for a text while it is typed, and go to its first match."""
        self.finder.search(text)
        self.show_reading()

    def find_next(self, step: int) -> None:
        """Go to the next match, or the one before."""
        self.finder.move(step)
        self.show_reading()

    def end_find(self) -> None:
        """End the search; the view stays where it is."""
        self.finder.end()
        self.show_reading()

    def show_reading(self) -> None:
        """Have painted what the cursor and the search make of the rows."""
        is_reading = self.cursor.is_shown or self.finder.needle is not None
        self.picture.dress = self._dresser.dress if is_reading else None
        self.show_changes()

    def select_at(self, event: events.Click) -> bool:
        """Select the word under a double click, or the block under a triple one; false for any other click."""
        hit = self.picture.hit(event.x, event.y)
        if event.button != 1 or event.chain < 2 or hit is None or hit.is_bar or hit.is_mark:
            return False
        place = RowPlace(hit.order, hit.row)
        if event.chain == 2:
            row = self.view.document.entry(hit.order).row(hit.row)
            self._select(select_word(row, place, event.x))
        else:
            block = self.cursor.block_at(*place)
            self._select(
                None
                if block is None
                else select_rows(place._replace(row=block.first), place._replace(row=block.end - 1))
            )
        return True

    def _moved(self, is_moved: bool) -> bool:
        if is_moved:
            if (selection := self.cursor.selection()) is not None:
                self._select(selection)
            self.show_reading()
        return is_moved

    def _select(self, selection: Selection | None) -> None:
        self.screen.selections = {} if selection is None else {self: selection}
