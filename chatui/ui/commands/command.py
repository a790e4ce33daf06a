"""A command: what a user can ask of the app, by key, by slash, in the palette."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from chatui.ui.desk import Desk

Run = Callable[[Desk, str], Awaitable[None] | None]
"""Does it; takes what stands behind the slash command, stripped (empty when it came by key).

A StorageError that an awaited one raises is told to the user.
"""


def always(desk: Desk) -> bool:
    """The command works at any time."""
    return True


@dataclass(frozen=True, slots=True)
class Command:
    """One row of the command table."""

    name: str
    """Stable, `group.verb`; users remap keys by it."""
    help: str
    """What it does, one line; the help screen, the palette and the README show it."""
    run: Run
    slash: str = ""
    """The word after the slash; empty for none."""
    argument: str = ""
    """How its argument is written, such as `[TITLE]`; empty for none."""
    keys: str = ""
    """Default key, or several with commas, by Textual's names; empty for none."""
    label: str = ""
    """One or two words for the footer; empty: never there."""
    works: Callable[[Desk], bool] = always
    """Whether it would do something now; the footer shows only those that would."""
    is_modal: bool = False
    """Whether its key means it only while it works, and something else at other times; then it comes first."""

    @property
    def usage(self) -> str:
        """How it is typed: `/rename [TITLE]`; empty without a slash word."""
        return f"/{self.slash} {self.argument}".rstrip() if self.slash else ""
