"""The state of a list: its rows, those that match the filter, and the selected one; it knows nothing of screens."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from chatui.conversation.visible import make_visible_line
from chatui.ui.screens.row_filter import RowText, filter_rows, pick_rows, read_row, split_words
from chatui.ui.screens.row_layout import measure
from chatui.ui.screens.rows import PickerRow


def _make_row_visible(row: PickerRow) -> PickerRow:
    shown = tuple(make_visible_line(cell) for cell in row.cells)
    texts = (row.group, row.mark, row.detail, row.problem, row.aside)
    group, mark, detail, problem, aside = seen = tuple(make_visible_line(text) for text in texts)
    if shown == row.cells and seen == texts:
        return row
    return replace(row, cells=shown, group=group, mark=mark, detail=detail, problem=problem, aside=aside)


class RowTable:
    """Rows in the order of their groups; filtered, the best match first. One row is selected whenever one is shown.

    With `is_ranked` false those that match keep their order, and a word counts only where it stands as it is.
    """

    def __init__(self, selected: str = "", *, is_ranked: bool = True) -> None:
        self._is_ranked = is_ranked
        self._rows: dict[str, PickerRow] = {}
        self._texts: dict[str, RowText] = {}
        self._wanted = selected
        self._shown: list[PickerRow] = []
        self._row_lines: list[int] = []
        self._cursor = -1
        self._found: list[PickerRow] = []
        self.words: tuple[str, ...] = ()
        """The folded words of the filter."""
        self.lines: list[PickerRow | str] = []
        """What stands on each line: a row, or a heading's text."""
        self.widths: list[int] = []
        """The widest cell of each column, in cells."""
        self.mark_width = 0
        """The widest mark, in cells."""

    def __len__(self) -> int:
        """Rows, shown or not."""
        return len(self._rows)

    @property
    def shown_count(self) -> int:
        """Rows that match the filter."""
        return len(self._shown)

    @property
    def selected(self) -> PickerRow | None:
        """The selected row; `None` while no row is shown."""
        return self._shown[self._cursor] if self._cursor >= 0 else None

    @property
    def selected_line(self) -> int:
        """The line of the selected row; -1 without one."""
        return self._row_lines[self._cursor] if self._cursor >= 0 else -1

    def add(self, rows: Iterable[PickerRow]) -> None:
        """Take in further rows. One whose key is there already takes the old one's place. The selection stays."""
        for given in rows:
            row = _make_row_visible(given)
            self._rows[row.key] = row
            self._texts[row.key] = read_row(row)
            self._measure(row)
        self._arrange()

    def replace(self, rows: Iterable[PickerRow]) -> None:
        """Take these rows instead. The selection stays by key; if its row is gone, on the one that moved up."""
        self._rows.clear()
        self._texts.clear()
        self.widths = []
        self.mark_width = 0
        self.add(rows)

    def filter(self, query: str) -> None:
        """Show the rows that match the words of `query`, the best one selected; all of them for an empty one."""
        words = split_words(query)
        if words == self.words:
            return
        self.words = words
        self._arrange()
        if words and self._shown:
            self._cursor = 0

    def set_found(self, rows: Iterable[PickerRow]) -> None:
        """Show these rows below those that match by themselves: somebody found them by other means.

        They stay as long as the words stand in what is shown of them. One whose key is shown already is left out.
        """
        self._found = [_make_row_visible(row) for row in rows]
        self._arrange()

    def move(self, steps: int) -> None:
        """Select the row so many rows below (above, if negative), the last or first at most."""
        if self._shown:
            self._cursor = min(max(self._cursor + steps, 0), len(self._shown) - 1)
            self._wanted = ""

    def select_line(self, line: int) -> bool:
        """Select the row on a line. Returns False where there is none."""
        if not 0 <= line < len(self.lines) or isinstance(self.lines[line], str):
            return False
        self._cursor = self._row_lines.index(line)
        self._wanted = ""
        return True

    def _measure(self, row: PickerRow) -> None:
        self.widths.extend([0] * (len(row.cells) - len(self.widths)))
        for column, cell in enumerate(row.cells):
            self.widths[column] = max(self.widths[column], measure(cell))
        self.mark_width = max(self.mark_width, measure(row.mark))

    def _arrange(self) -> None:
        before = self.selected
        rows = list(self._rows.values())
        if self.words:
            find = filter_rows if self._is_ranked else pick_rows
            self._shown = [rows[index] for index in find(self._texts.values(), self.words)]
            self.lines = list(self._shown)
            self._row_lines = list(range(len(self._shown)))
            self._add_found()
        else:
            self._stack_groups(rows)
        self._keep_selection(before.key if before is not None else "")

    def _add_found(self) -> None:
        shown = {row.key for row in self._shown}
        self._found = [self._found[index] for index in pick_rows(map(read_row, self._found), self.words)]
        group = ""
        for row in self._found:
            if row.key in shown:
                continue
            if row.group != group:
                group = row.group
                self.lines.append(group)
            self._row_lines.append(len(self.lines))
            self.lines.append(row)
            self._shown.append(row)

    def _stack_groups(self, rows: list[PickerRow]) -> None:
        groups: dict[str, list[PickerRow]] = {}
        for row in rows:
            groups.setdefault(row.group, []).append(row)
        self.lines = []
        self._shown = []
        self._row_lines = []
        for group, members in groups.items():
            if group:
                self.lines.append(group)
            self._row_lines.extend(range(len(self.lines), len(self.lines) + len(members)))
            self.lines.extend(members)
            self._shown.extend(members)

    def _keep_selection(self, key: str) -> None:
        wanted = self._wanted if self._wanted in self._rows and not self.words else key
        for index, row in enumerate(self._shown):
            if row.key == wanted:
                self._cursor = index
                return
        self._cursor = min(max(self._cursor, 0), len(self._shown) - 1)
