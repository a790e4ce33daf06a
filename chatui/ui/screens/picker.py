"""A list to pick from: type to filter, move with the arrows, Enter chooses; used for sessions, models and themes."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from functools import partial
from typing import ClassVar

from textual import events
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal
from textual.content import Content
from textual.widgets import Static

from chatui.conversation.visible import make_visible_line
from chatui.ui.key_names import name_key
from chatui.ui.screens.behind_keys import call_behind_keys
from chatui.ui.screens.dialog import Dialog, DialogScreen
from chatui.ui.screens.hints import HintLine
from chatui.ui.screens.line_input import LineInput
from chatui.ui.screens.row_list import RowList
from chatui.ui.screens.rows import CHOOSE, TYPED, PickerAction, PickerResult, PickerRow


class Picker(DialogScreen[PickerResult | None]):
    """Answers with what was picked, or `None` after Esc or a click beside it. Rows may come while it is open.

    `on_action` is told the actions that leave the picker open; `on_move` the key of each row that becomes the selected
    one, for a preview; `on_query` what is typed, for further rows by `set_found`. With `typed_label`, Enter takes the
    typed text where no row matches. With `most_marks`, Tab marks so many rows at most, and Enter answers with all of
    them. With `is_ranked` false the rows that match keep their order.
    """

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("up", "move(-1)", show=False, priority=True),
        Binding("down", "move(1)", show=False, priority=True),
        Binding("pageup", "move_pages(-1)", show=False, priority=True),
        Binding("pagedown", "move_pages(1)", show=False, priority=True),
        Binding("home,ctrl+home", "move_to_end(-1)", show=False, priority=True),
        Binding("end,ctrl+end", "move_to_end(1)", show=False, priority=True),
        Binding("tab", "mark", "Mark", show=False, priority=True),
        Binding("enter", "choose", "Choose", show=False, priority=True),
        Binding("escape", "cancel", "Close", show=False, priority=True),
    ]
    DEFAULT_CSS = """
    Picker {
        Dialog { height: 90%; max-height: 34; }
        #filter { height: 2; padding: 0 1; border-bottom: solid $foreground 12%; }
        #filter LineInput { width: 1fr; }
        #count { width: auto; color: $text-muted; padding-left: 2; }
        #detail { height: 3; padding: 0 1; border-top: solid $foreground 12%; }
        #detail { color: $text-muted; text-overflow: ellipsis; }
        #detail.-problem { color: $warning; }
        HintLine { padding: 0 1; }
        &.-short {
            Dialog { height: 100%; }
            #filter { height: 1; border-bottom: none; }
            #detail { height: 1; border-top: none; text-wrap: nowrap; }
        }
    }
    """

    def __init__(
        self,
        title: str,
        rows: Iterable[PickerRow] = (),
        *,
        actions: Sequence[PickerAction] = (),
        headings: Sequence[str] = (),
        selected: str = "",
        query: str = "",
        choose_label: str = "choose",
        placeholder: str = "type to filter",
        empty: str = "nothing here yet",
        status: str = "",
        typed_label: str = "",
        most_marks: int = 0,
        mark_label: str = "mark",
        is_ranked: bool = True,
        on_action: Callable[[Picker, PickerResult], None] | None = None,
        on_move: Callable[[str], None] | None = None,
        on_query: Callable[[Picker, str], None] | None = None,
    ) -> None:
        super().__init__()
        self._title = title
        self._actions = tuple(actions)
        self._choose_label = choose_label
        self._typed_label = typed_label
        self._most_marks = most_marks
        self._mark_label = mark_label
        self._status = status
        self._on_action = on_action
        self._on_move = on_move
        self._on_query = on_query
        self._input = LineInput(query, placeholder=placeholder)
        self._list = RowList(headings=headings, empty=empty, selected=selected, is_ranked=is_ranked)
        self._list.table.filter(make_visible_line(query))
        self._list.table.add(rows)
        self._count = Static(id="count", markup=False)
        self._detail = Static(id="detail", markup=False)
        self._hints = HintLine(self._make_hints())
        for action in self._actions:
            # The keys are known to the instance only; bindings of a class cannot hold them.
            self._bindings.bind(action.key, f"act({action.name!r})", action.label, show=False, priority=True)

    def compose(self) -> ComposeResult:
        """Filter above, list, what is selected, hints."""
        with Dialog() as dialog:
            dialog.set_title(self._title)
            dialog.set_status(self._status)
            with Horizontal(id="filter"):
                yield self._input
                yield self._count
            yield self._list
            yield self._detail
            yield self._hints

    def on_mount(self) -> None:
        """Typing goes to the filter."""
        self._tell()
        self._input.focus()

    @property
    def selected(self) -> PickerRow | None:
        """The selected row; `None` while none is shown."""
        return self._list.table.selected

    def add_rows(self, rows: Iterable[PickerRow]) -> None:
        """Take in further rows while open; a row with a known key takes the old one's place."""
        with self._list.changing() as table:
            table.add(rows)
        self._tell()

    def replace_rows(self, rows: Iterable[PickerRow]) -> None:
        """Take these rows instead; the selection stays by key, or on the row that moved up."""
        with self._list.changing() as table:
            table.replace(rows)
        self._tell()

    def set_found(self, rows: Iterable[PickerRow]) -> None:
        """Show rows that were found by other means below those that match; see `RowTable.set_found`."""
        with self._list.changing() as table:
            table.set_found(rows)
        self._tell()

    def set_status(self, text: str) -> None:
        """Say what goes on, such as `asking deepseek…`, in the lower edge; empty for nothing."""
        self._status = text
        for dialog in self.query(Dialog):
            dialog.set_status(text)

    def action_move(self, steps: int) -> None:
        """Select a row further down or up."""
        self._list.move(steps)

    def action_move_pages(self, pages: int) -> None:
        """Select a row a screenful further."""
        self._list.move_pages(pages)

    def action_move_to_end(self, direction: int) -> None:
        """Select the first or the last row."""
        self._list.move(direction * len(self._list.table))

    def action_choose(self) -> None:
        """Answer with the selected row, or with what was typed where that is taken."""
        call_behind_keys(self._input, self._choose)

    def action_act(self, name: str) -> None:
        """Answer with one of the extra actions, or do it and stay."""
        call_behind_keys(self._input, partial(self._act, name))

    def _choose(self) -> None:
        row = self._select()
        typed = self._input.value.strip()
        marked = self._list.marked
        if marked:
            self.dismiss(PickerResult(CHOOSE, marked[0], marked))
        elif row is not None:
            self.dismiss(PickerResult(CHOOSE, row.key))
        elif self._typed_label and typed:
            self.dismiss(PickerResult(TYPED, typed))

    def action_mark(self) -> None:
        """Mark the selected row, or take its mark away, and go on to the next one."""
        row = self.selected
        if row is not None and self._most_marks and self._list.mark(row.key, self._most_marks):
            self._list.move(1)
            self._tell()

    def _act(self, name: str) -> None:
        row = self._select()
        if row is None:
            return
        marked = self._list.marked
        result = PickerResult(name, marked[0] if marked else row.key, marked)
        if not any(action.name == name and action.is_staying for action in self._actions):
            self.dismiss(result)
        elif self._on_action is not None:
            self._on_action(self, result)

    def _select(self) -> PickerRow | None:
        """The selected row of those that fit what is typed; the message that tells of the last letter may be late."""
        self._list.filter(self._input.value)
        return self.selected

    def action_cancel(self) -> None:
        """Answer that nothing was picked."""
        self.dismiss(None)

    def on_click(self, event: events.Click) -> None:
        """A click beside the dialog closes it."""
        if event.widget is self:
            self.dismiss(None)

    def on_input_changed(self) -> None:
        """Filter as the user types."""
        self._list.filter(self._input.value)
        self._tell()
        if self._on_query is not None:
            self._on_query(self, self._input.value)

    def on_row_list_chosen(self) -> None:
        """Take the row that was clicked."""
        self._choose()

    def on_row_list_moved(self) -> None:
        """Tell about the row that is selected now."""
        self._tell()
        row = self.selected
        # A move that was still under way when the picker closed must not undo what its answer did.
        if row is not None and self._on_move is not None and self.is_current:
            self._on_move(row.key)

    def _make_hints(self) -> list[tuple[str, str]]:
        actions = [(name_key(action.key), action.label) for action in self._actions]
        marking = [("Tab", self._mark_label)] if self._most_marks else []
        return [("Enter", self._choose_label), *marking, *actions, ("Esc", "close")]

    def _tell(self) -> None:
        """Bring count, detail and hints up to date."""
        table = self._list.table
        total = f"{len(table):,}"
        count = f"{table.shown_count:,} of {total}" if table.words else total
        marked = f"{len(self._list.marked)} marked · " if self._list.marked else ""
        self._count.update(Content(marked + count))
        row = table.selected
        self._detail.set_class(row is not None and bool(row.problem), "-problem")
        self._detail.update(Content((row.problem or row.detail) if row is not None else self._typed_offer()))

    def _typed_offer(self) -> str:
        typed = make_visible_line(self._input.value.strip())
        return f"Enter: {self._typed_label} – {typed}" if self._typed_label and typed else ""
