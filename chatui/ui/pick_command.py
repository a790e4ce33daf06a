"""The palette: every command, found by its words."""

from __future__ import annotations

from collections.abc import Mapping

from textual.app import App

from chatui.ui.commands.command import Command
from chatui.ui.commands.table import SECTIONS, find_command
from chatui.ui.keymap import key_of
from chatui.ui.screens.picker import Picker
from chatui.ui.screens.rows import PickerRow


async def pick_command(app: App[int], keys: Mapping[str, str]) -> Command | None:
    """Show the commands, with the user's own `keys`; `None` when none is chosen."""
    rows = [
        PickerRow(
            command.name,
            (command.help, command.usage.partition(" ")[0], key_of(command, keys).partition(",")[0]),
            group=title,
            detail=" · ".join(filter(None, (command.help, command.usage, command.name))),
            search=command.name,
        )
        for title, commands in SECTIONS
        for command in commands
        if command.name != "app.palette"
    ]
    result = await app.push_screen_wait(Picker("Commands", rows, choose_label="run"))
    return None if result is None else find_command(result.key)
