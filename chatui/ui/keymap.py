"""Keys: bindings made from the command table, the user's own laid over them, and how people write them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from textual.binding import Binding
from textual.keys import Keys, _character_to_key, key_to_character

from chatui.ui.commands.command import Command
from chatui.ui.key_names import name_key

_KEYS = frozenset(key.value for key in Keys)
_MODIFIERS = frozenset(("ctrl", "shift", "alt", "super"))


def make_bindings(commands: Iterable[Command], keys: Mapping[str, str]) -> list[Binding]:
    """Make one binding for each command that has a key: the user's own in `keys`, or else its default.

    Of bindings on one key the first that works is taken, so modal commands come first.
    """
    return [
        Binding(key, f"command('{command.name}')", command.help, show=False)
        for command in sorted(commands, key=lambda command: not command.is_modal)
        if (key := keys.get(command.name, command.keys))
    ]


def check_keymap(keys: Mapping[str, str], commands: Sequence[Command]) -> tuple[dict[str, str], list[str]]:
    """Split the user's `[keys]` into those that can be taken and a sentence for each fault.

    A key that the user gives to a command is taken from the one that has it by default, which is told.
    """
    names = {command.name for command in commands}
    good: dict[str, str] = {}
    problems: list[str] = []
    for name, key in keys.items():
        if name not in names:
            shows = ways_of(commands, good).get("app.help") or "the help"
            problems.append(f"[keys] in config.toml names “{name}”, which is no command; {shows} shows their names.")
        elif None in (read := [_read_key(part.strip()) for part in key.split(",")]):
            problems.append(f"[keys] in config.toml: “{key}” for {name} is no key; write it as f9, ctrl+o or alt+up.")
        else:
            good[name] = ",".join(filter(None, read))
    clashes = _find_clashes(good, commands)
    given, told = _take_from_defaults(good, commands)
    return good | given, problems + clashes + told


def _read_key(key: str) -> str | None:
    """Textual's name of a key; `None` for what is none."""
    if len(key) == 1:
        return _character_to_key(key)
    *modifiers, last = key.lower().split("+")
    is_known = last in _KEYS or len(key_to_character(last) or "") == 1
    return "+".join((*modifiers, last)) if is_known and _MODIFIERS.issuperset(modifiers) else None


def _mode_of(command: Command) -> str:
    """A modal command shares its key with what the key means at other times, but not with others of its mode."""
    return command.name.partition(".")[0] if command.is_modal else ""


def _owners(keys: Mapping[str, str], commands: Iterable[Command]) -> dict[tuple[str, str], list[str]]:
    """The commands that the user gave each key to, by mode and key."""
    owners: dict[tuple[str, str], list[str]] = {}
    for command in commands:
        for key in filter(None, keys.get(command.name, "").split(",")):
            owners.setdefault((_mode_of(command), key), []).append(command.name)
    return owners


def _find_clashes(keys: Mapping[str, str], commands: Iterable[Command]) -> list[str]:
    return [
        f"[keys] in config.toml: {key} belongs to {' and '.join(names)}; give one of them another key."
        for (_, key), names in _owners(keys, commands).items()
        if len(names) > 1
    ]


def _take_from_defaults(keys: Mapping[str, str], commands: Iterable[Command]) -> tuple[dict[str, str], list[str]]:
    """What is left to commands whose default key the user gave to another one, and a sentence for each of them."""
    left: dict[str, str] = {}
    told: list[str] = []
    owners = _owners(keys, commands)
    for command in commands:
        defaults = [] if command.name in keys else list(filter(None, command.keys.split(",")))
        lost = [key for key in defaults if (_mode_of(command), key) in owners]
        if lost:
            left[command.name] = ",".join(key for key in defaults if key not in lost)
            takers = " and ".join(owners[_mode_of(command), lost[0]])
            rest = f"keeps {left[command.name]} alone" if left[command.name] else "has no key now; give it another"
            told.append(f"[keys] in config.toml: {lost[0]} is for {takers}, so {command.name} {rest}.")
    return left, told


def key_of(command: Command, keys: Mapping[str, str]) -> str:
    """The keys of a command as people write them, the user's own first: `Ctrl+T`; empty for none."""
    return ", ".join(name_key(key) for key in keys.get(command.name, command.keys).split(",") if key)


def ways_of(commands: Iterable[Command], keys: Mapping[str, str]) -> dict[str, str]:
    """How each command is run, by its name: its first key as people write it, else its slash, as in `/trim`.

    Every sentence that tells a key takes it from here, so that one the user chose is told as such.
    """
    return {
        command.name: key_of(command, keys).partition(", ")[0] or (f"/{command.slash}" if command.slash else "")
        for command in commands
    }
