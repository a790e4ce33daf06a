"""The command table: every command of the app, in the order of the help screen."""

from __future__ import annotations

from chatui.ui.commands.command import Command
from chatui.ui.commands.for_answers import ANSWER_COMMANDS
from chatui.ui.commands.for_app import APP_COMMANDS
from chatui.ui.commands.for_blocks import BLOCK_COMMANDS
from chatui.ui.commands.for_models import MODEL_COMMANDS
from chatui.ui.commands.for_prompt import PROMPT_COMMANDS
from chatui.ui.commands.for_replies import REPLY_COMMANDS
from chatui.ui.commands.for_search import SEARCH_COMMANDS
from chatui.ui.commands.for_sessions import SESSION_COMMANDS
from chatui.ui.commands.for_view import VIEW_COMMANDS

SECTIONS: tuple[tuple[str, tuple[Command, ...]], ...] = (
    ("Reply", REPLY_COMMANDS),
    ("Answers", ANSWER_COMMANDS),
    ("Reading", BLOCK_COMMANDS),
    ("Search", SEARCH_COMMANDS),
    ("Prompt", PROMPT_COMMANDS),
    ("Session", SESSION_COMMANDS),
    ("Model", MODEL_COMMANDS),
    ("View", VIEW_COMMANDS),
    ("App", APP_COMMANDS),
)
"""The help screen's headings, each with its commands."""

COMMANDS: tuple[Command, ...] = tuple(command for _, commands in SECTIONS for command in commands)


def find_slash(word: str) -> Command | None:
    """Find a command by the word after the slash."""
    return next((command for command in COMMANDS if command.slash == word), None)


def find_command(name: str) -> Command:
    """Find a command by its name. Raises KeyError."""
    for command in COMMANDS:
        if command.name == name:
            return command
    raise KeyError(name)
