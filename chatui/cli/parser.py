"""From a row of the command table to an argparse parser, and from words to values."""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from typing import Any

from chatui import __version__
from chatui.cli.option import Command, Option

Values = dict[str, Any]
"""The value of each option by `Option.key`, and under `words` what is no option; argparse knows no types."""


def read_words(command: Command, argv: Sequence[str]) -> Values:
    """Read what follows a command.

    Raises SystemExit: with 0 after `--help`, with 2 and a message on stderr after wrong use.
    """
    parser = make_parser(command)
    # argparse drops "--" when it lets options and words mix, so what follows it is set aside here.
    literal_from = argv.index("--") if "--" in argv else len(argv)
    values = vars(parser.parse_intermixed_args(argv[:literal_from]))
    words = [*values.pop("words"), *argv[literal_from + 1 :]]
    if complaint := _check_words(command, words):
        parser.error(complaint)
    return values | {"words": words}


def make_parser(command: Command) -> argparse.ArgumentParser:
    """Make the parser of a command; its help has the examples of the row, and the commands below it."""
    name = f"chatui {command.name}".rstrip()
    parser = argparse.ArgumentParser(
        prog=name,
        usage=say_usage(command),
        description=f"{command.summary}.",
        epilog=_epilog(command),
        formatter_class=argparse.RawDescriptionHelpFormatter,
        allow_abbrev=False,
    )
    # Taken also where none may follow: the complaint is ours then, and says more.
    parser.add_argument("words", nargs="*", metavar=command.words or "WORD", help=argparse.SUPPRESS)
    if not command.name:
        parser.add_argument("--version", action="version", version=f"chatui {__version__}")
    groups: dict[str, argparse._MutuallyExclusiveGroup] = {}
    for option in command.options:
        holder: argparse._ActionsContainer = parser
        if option.group:
            if option.group not in groups:
                groups[option.group] = parser.add_mutually_exclusive_group()
            holder = groups[option.group]
        _add(holder, option)
    return parser


def _add(holder: argparse._ActionsContainer, option: Option) -> None:
    if not option.metavar:
        holder.add_argument(*option.names, dest=option.key, action="store_true", help=option.help)
        return
    settings: Values = {"dest": option.key, "metavar": option.metavar, "type": option.convert, "help": option.help}
    if option.is_repeatable:
        settings |= {"action": "append", "default": []}
    if option.is_value_optional:
        settings |= {"nargs": "?", "const": ""}
    if option.choices:
        settings |= {"choices": option.choices}
    holder.add_argument(*option.names, **settings)


def say_usage(command: Command) -> str:
    """How a command is called; two lines where it has others below it."""
    name = f"chatui {command.name}".rstrip()
    words = command.words if command.least or command.choices or not command.words else f"[{command.words}]"
    own = f"{name} [options] {words}".rstrip()
    if not command.children:
        return own
    below = f"{name} {'|'.join(child.own_name for child in command.children)} …"
    return f"{own}\n       {below}" if command.words else below


def _epilog(command: Command) -> str:
    blocks: list[str] = []
    if command.children:
        rows = [(f"{child.name} {child.words}".rstrip(), child.summary) for child in command.children]
        blocks.append("commands:\n" + _columns(rows))
    if command.examples:
        blocks.append("examples:\n" + _columns(command.examples))
    return "\n\n".join(blocks)


def _columns(rows: Sequence[tuple[str, str]]) -> str:
    width = min(max(len(left) for left, _ in rows), 48)
    return "\n".join(f"  {left:<{width}}  {right}".rstrip() for left, right in rows)


def _check_words(command: Command, words: Sequence[str]) -> str:
    escape = f"; to send it as a prompt, write: chatui -- {command.name} ..."
    if command.choices:
        is_known = len(words) == 1 and words[0] in command.choices
        return "" if is_known else f"expected one of {', '.join(command.choices)}{escape}"
    if command.children and not command.words and words:
        known = ", ".join(child.own_name for child in command.children)
        return f"there is no {words[0]!r}; expected one of {known}{escape}"
    if len(words) < command.least:
        return f"expected {command.words}"
    if command.most is not None and len(words) > command.most:
        return f"expected {command.words or 'nothing more'}, found too much: {words[command.most]!r}{escape}"
    return ""
