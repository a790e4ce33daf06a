"""A topic: one row of chatui's own tables, a command or a setting, that the guide can tell about."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from chatui.providers.demo.keys import show_key


@dataclass(frozen=True, slots=True)
class Topic:
    """A command or a setting. The app makes them from its tables, so that the guide never tells what is not so."""

    name: str
    """As the user types or writes it: `/model` or `model.next` for a command, `favorites` for a setting."""
    keys: str
    """The keys of a command by Textual's names, with commas between several (`ctrl+t`); empty for none."""
    help: str
    """What it does, in one line."""
    kind: Literal["command", "setting"]

    @property
    def key_names(self) -> tuple[str, ...]:
        """The keys, one by one."""
        return tuple(key for part in self.keys.split(",") if (key := part.strip()))

    def as_markdown(self) -> str:
        """Name, keys and help in one line."""
        name = f"`{self.name}`"
        if self.kind == "setting":
            return f"{name} in `config.toml`: {self.help}"
        keys = " or ".join(show_key(key) for key in self.key_names)
        if not self.name.startswith("/") and keys:
            return f"**{keys}**: {self.help}"
        return f"{name} ({keys}): {self.help}" if keys else f"{name}: {self.help}"

    def as_row(self) -> str:
        """The same as a row of a Markdown table: two cells for a setting, three for a command."""
        cells = [f"`{self.name}`", self.help]
        if self.kind == "command":
            cells.insert(1, ", ".join(show_key(key) for key in self.key_names))
        row = " | ".join(cell.replace("|", "\\|") for cell in cells)
        return f"| {row} |"
