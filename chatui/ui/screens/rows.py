"""The rows that a picker shows, the extra keys it offers, and what it answers."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class PickerRow:
    """One thing to pick. All texts may come from outside; they are made visible when taken in."""

    key: str
    """Unique in the list; what the result names."""
    cells: tuple[str, ...]
    """The columns, the most important first: where room is short, the last ones go first."""
    group: str = ""
    """The heading it stands under while nothing is filtered; empty for none."""
    mark: str = ""
    """A sign before the first column, such as `★`; one or two cells."""
    detail: str = ""
    """Told below the list while the row is selected."""
    problem: str = ""
    """What is wrong with it; told in place of the detail, and the row is coloured."""
    search: str = ""
    """Further text that the filter looks in, never shown."""
    aside: str = ""
    """Said dimly after the first column where there is room."""


@dataclass(frozen=True, slots=True)
class PickerAction:
    """A key that does something other than choosing with the selected row."""

    key: str
    """As Textual names it, such as `ctrl+d`."""
    label: str
    """One word for the line of hints."""
    name: str
    """What `PickerResult.action` says. An identifier."""
    is_staying: bool = False
    """True when the picker stays open and tells `on_action` instead of closing with a result."""


CHOOSE = "choose"
"""The action of Enter and of a click on a row."""
TYPED = "typed"
"""The action of Enter where no row matches and the picker takes what was typed; the key is that text."""


@dataclass(frozen=True, slots=True)
class PickerResult:
    """What was picked and what is to be done with it."""

    action: str
    """`choose`, `typed`, or the name of a `PickerAction`."""
    key: str
    """The row's key, or the text for `typed`."""
    marked: tuple[str, ...] = ()
    """The keys of the marked rows, in the order in which they were marked."""
