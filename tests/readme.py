"""The tables of README.md that are made from the code: `python -m tests.readme` writes them, a test compares them."""

from __future__ import annotations

import importlib
import importlib.util
import re
from collections.abc import Sequence
from pathlib import Path
from typing import Protocol, cast

from chatui.cli.commands import COMMANDS as SUBCOMMANDS
from chatui.config.manual import describe_settings

ROOT = Path(__file__).parents[1]
README = ROOT / "README.md"
COMMAND_TABLE = "chatui.ui.commands.table"
FLOORS = ("ui", "cli", "engine", "storage", "providers", "conversation", "config")
"""The packages, top floor first."""


class CommandRow(Protocol):
    """What the key table needs of a command."""

    @property
    def name(self) -> str:
        """Such as `session.list`."""

    @property
    def usage(self) -> str:
        """How it is typed, such as `/rename [TITLE]`; empty where there is no slash command."""

    @property
    def keys(self) -> str:
        """Such as `ctrl+o`, several with commas; empty for none."""

    @property
    def help(self) -> str:
        """One sentence."""


def read_readme() -> str:
    """The file as it is."""
    return README.read_text(encoding="utf-8")


def render_readme() -> str:
    """The file as it ought to be."""
    text = read_readme()
    sections = (
        ("keys", _key_table()),
        ("commands", _subcommand_table()),
        ("settings", _settings_table()),
        ("map", _map()),
    )
    for name, content in sections:
        section = re.compile(f"(<!-- {name} -->\n).*?(<!-- /{name} -->\n)", re.DOTALL)
        assert len(section.findall(text)) == 1, f"README.md has no place for {name}"
        text = section.sub(lambda found, content=content: found[1] + content + found[2], text)  # type: ignore[misc]  # a default argument binds the loop's value
    return text


def _key_table() -> str:
    rows = [
        (
            " ".join(f"`{_spell(key.strip())}`" for key in row.keys.split(",") if key),
            f"`{row.usage}`" if row.usage else "",
            row.help,
            f"`{row.name}`",
        )
        for row in _commands()
    ]
    return _table("Key", "Command", "What it does", "Name in `[keys]`", rows=rows)


def _subcommand_table() -> str:
    """The commands of the command line; the screen's are in the table of keys."""
    rows = [
        (f"`{f'chatui {command.name} {command.words}'.rstrip()}`", command.summary)
        for parent in SUBCOMMANDS
        for command in (parent.children or (parent,))
    ]
    return _table("Command", "What it does", rows=rows)


def _commands() -> Sequence[CommandRow]:
    if importlib.util.find_spec("chatui.ui.commands") is None:
        return ()
    return cast("Sequence[CommandRow]", importlib.import_module(COMMAND_TABLE).COMMANDS)


def _spell(key: str) -> str:
    """Write a key as keyboards do: `ctrl+o` is Ctrl+O."""
    names = {"escape": "Esc", "up": "↑", "down": "↓", "left": "←", "right": "→", "pageup": "PgUp", "pagedown": "PgDn"}
    names |= {"left_square_bracket": "[", "right_square_bracket": "]"}
    return "+".join(names.get(part, part.capitalize()) for part in key.split("+"))


def _settings_table() -> str:
    rows = [(f"`{doc.key}`", f"`{doc.default}`" if doc.default else "", doc.help) for doc in describe_settings()]
    return _table("Setting", "Default", "What it means", rows=rows)


def _map() -> str:
    rows = [(f"`chatui/{floor}/`", importlib.import_module(f"chatui.{floor}").__doc__ or "") for floor in FLOORS]
    return _table("Folder", "What it holds", rows=rows)


def _table(*head: str, rows: Sequence[tuple[str, ...]]) -> str:
    lines = [head, tuple("---" for _ in head), *rows]
    return (
        "\n" + "".join("| " + " | ".join(cell.replace("|", r"\|") for cell in line) + " |\n" for line in lines) + "\n"
    )


if __name__ == "__main__":
    README.write_text(render_readme(), encoding="utf-8")
