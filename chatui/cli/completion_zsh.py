"""Completion for zsh."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from chatui.cli.completion_rows import CALLS, list_below, list_commands, list_options, quote
from chatui.cli.help_pages import list_topics
from chatui.cli.option import Command, Completes, Option


def make_zsh() -> str:
    """Make the script for zsh, to lie in `$fpath` as `_chatui`."""
    lines = ["#compdef chatui", "# Completion of chatui for zsh; made by: chatui completion zsh"]
    lines += [
        "_chatui_names() {",
        "    local -a found; local name text",
        "    while IFS=$'\\t' read -r name text; do",
        '        found+=("${name//:/\\\\:}${text:+:$text}")',
        '    done < <($_chatui_program "$@" 2>/dev/null)',
        "    _describe -V 'name' found",
        "}",
    ]
    for command in reversed(list_commands()):
        lines += _zsh_function(command)
    lines.append('_chatui "$@"')
    return "\n".join(lines) + "\n"


def _zsh_function(command: Command) -> Iterator[str]:
    yield f"{_function_name(command)}() {{"
    if not command.name:
        yield '    local _chatui_program="${(Q)words[1]}"'
    specs = [spec for option in list_options(command) for spec in _zsh_specs(option)]
    children = list_below(command)
    if children:
        yield "    local state line; local -a below"
        yield "    below=("
        for child in children:
            yield f"        {quote(f'{child.own_name}:{child.summary}')}"
        yield "    )"
        specs += ["'1: :->command'", "'*:: :->rest'"]
    elif command.choices:
        specs.append(quote(f"1:{command.words.lower()}:({' '.join(command.choices)})"))
    elif command.words:
        specs.append(quote(f"*:{_plain(command.words).lower()}:{_zsh_action(command.completes, ())}"))
    yield "    _arguments -C \\"
    yield " \\\n".join(f"        {spec}" for spec in specs)
    if children:
        yield '    case "$state" in'
        yield "        command) _describe command below ;;"
        yield '        rest) case "$line[1]" in'
        for child in children:
            yield f"            {child.own_name}) {_function_name(child)} ;;"
        yield "        esac ;;"
        yield "    esac"
    yield "}"


def _zsh_specs(option: Option) -> Iterator[str]:
    for name in option.names:
        text = _plain(option.help).replace("[", "(").replace("]", ")")
        value = ""
        if option.metavar:
            mark = "::" if option.is_value_optional else ":"
            value = f"{mark}{_plain(option.metavar).lower()}:{_zsh_action(option.completes, option.choices)}"
        star = "*" if option.is_repeatable else ""
        yield quote(f"{star}{name}[{text}]{value}")


def _zsh_action(completes: Completes, choices: Sequence[str]) -> str:
    if choices:
        return f"({' '.join(choices)})"
    if completes is Completes.TOPICS:
        return f"({' '.join(list_topics())})"
    if completes in CALLS:
        return f" _chatui_names {CALLS[completes]}"
    # Brackets with nothing in them: with a blank alone an option would not be completed beside it.
    return {Completes.FILES: "_files", Completes.FOLDERS: "_files -/"}.get(completes, "()")


def _function_name(command: Command) -> str:
    return "_".join(["_chatui", *command.name.split()])


def _plain(text: str) -> str:
    return text.replace(":", ",").replace("…", "").strip()
