"""Keys: bindings made from the command table, the user's own laid over them, and how people write them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from textual.binding import Binding

from chatui.ui.commands.command import Command
from chatui.ui.key_names import name_key


def make_bindings(commands: Iterable[Command]) -> list[Binding]:
    """Make one binding for each command that has a key; its id is the command's name, so that it can be remapped."""
    return [
        Binding(command.keys, f"command('{command.name}')", command.help, show=False, id=command.name)
        for command in commands
        if command.keys
    ]


def check_keymap(keys: Mapping[str, str], commands: Iterable[Command]) -> tuple[dict[str, str], list[str]]:
    """Split the user's `[keys]` into those that name a command and a sentence for each that does not."""
    names = {command.name for command in commands}
    good = {name: key for name, key in keys.items() if name in names}
    problems = [
        f"[keys] in config.toml names “{name}”, which is no command; F1 shows their names."
        for name in keys
        if name not in names
    ]
    return good, problems


def key_of(command: Command, keys: Mapping[str, str]) -> str:
    """The keys of a command as people write them, the user's own first: `Ctrl+T`; empty for none."""
    return ", ".join(name_key(key) for key in keys.get(command.name, command.keys).split(",") if key)
