"""Completion for fish."""

from __future__ import annotations

from collections.abc import Iterator

from chatui.cli.completion_rows import CALLS, list_below, list_commands, list_options, quote
from chatui.cli.help_pages import list_topics
from chatui.cli.option import Completes, Option


def make_fish() -> str:
    """Make the script for fish 3 and later."""
    lines = [
        "# Completion of chatui for fish; made by: chatui completion fish",
        "function __chatui_command",
        "    set -l command ''",
        "    for word in (commandline -opc)[2..-1]",
        '        switch "$command/$word"',
        *_steps(),
        "        end",
        "    end",
        "    echo $command",
        "end",
        "function __chatui_at",
        '    test (__chatui_command) = "$argv"',
        "end",
        "function __chatui_names",
        "    set -l program (commandline -opc)[1]",
        "    $program $argv 2>/dev/null",
        "end",
        "complete -c chatui -f",
    ]
    for command in list_commands():
        at = f"__chatui_at {command.name}".rstrip()
        for child in list_below(command):
            lines.append(f"complete -c chatui -n {quote(at)} -a {child.own_name} -d {quote(child.summary)}")
        if command.choices:
            lines.append(f"complete -c chatui -n {quote(at)} -a {quote(' '.join(command.choices))}")
        if offer := _offer(command.completes):
            lines.append(f"complete -c chatui -n {quote(at)} {offer}")
        lines += [_complete_option(at, option) for option in list_options(command)]
    return "\n".join(lines) + "\n"


def _steps() -> Iterator[str]:
    for command in list_commands():
        parent = command.name.removesuffix(command.own_name).strip()
        if command.name:
            yield f"            case {quote(f'{parent}/{command.own_name}')}"
            yield f"                set command {quote(command.name)}"


def _offer(completes: Completes) -> str:
    """What `complete` has to be told for a value; empty for nothing."""
    if completes is Completes.FILES:
        return "-F"
    if completes is Completes.FOLDERS:
        return "-a '(__fish_complete_directories)'"
    if completes is Completes.TOPICS:
        return f"-a {quote(' '.join(list_topics()))}"
    return f"-a '(__chatui_names {CALLS[completes]})'" if completes in CALLS else ""


def _complete_option(at: str, option: Option) -> str:
    names = " ".join(f"-l {name[2:]}" if name.startswith("--") else f"-s {name[1:]}" for name in option.names)
    value = ""
    if option.metavar:
        offer = f"-a {quote(' '.join(option.choices))}" if option.choices else _offer(option.completes)
        needs = "-r" if option.completes is Completes.FILES else "-x"
        # A value that may be left out is offered behind `--name=` alone, so that what follows stays a word.
        value = f" {offer}" if option.is_value_optional else f" {needs} {offer}".rstrip()
    return f"complete -c chatui -n {quote(at)} {names} -d {quote(option.help)}{value}".rstrip()
