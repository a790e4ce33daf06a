"""What the completion scripts of all shells are made from."""

from __future__ import annotations

import shlex

from chatui.cli.commands import COMMANDS, SCREEN
from chatui.cli.option import Command, Completes, Option

CALLS = {
    Completes.MODELS: "completion models",
    Completes.SESSIONS: "completion sessions",
    Completes.THEMES: "themes",
}
"""What chatui is called with to find the names that are there now: one a line, a tab and a few words behind it."""

_HELP = Option(("-h", "--help"), "show the help")
_VERSION = Option(("--version",), "show the version")


def list_commands() -> list[Command]:
    """`chatui` itself, then each command, then those below it."""
    return [SCREEN, *COMMANDS, *(child for command in COMMANDS for child in command.children)]


def list_below(command: Command) -> tuple[Command, ...]:
    """The commands that may follow."""
    return command.children if command.name else COMMANDS


def list_options(command: Command) -> list[Option]:
    """Its options, those that argparse adds too."""
    return [*command.options, _HELP, *([_VERSION] if not command.name else [])]


def quote(text: str) -> str:
    """A text as one word of a shell."""
    return shlex.quote(text)
