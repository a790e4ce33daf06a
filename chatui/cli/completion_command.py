"""`chatui completion`: scripts for bash, zsh and fish, made from the table of commands."""

from __future__ import annotations

import shlex
from collections.abc import Iterator, Mapping, Sequence

from chatui.cli.commands import COMMANDS, COMPLETION, SCREEN
from chatui.cli.option import Command, Completes, Option
from chatui.cli.parser import read_words

_HELP = Option(("-h", "--help"), "show the help")
_VERSION = Option(("--version",), "show the version")


def run(argv: Sequence[str], environ: Mapping[str, str]) -> int:
    """Print the script of the shell that is named."""
    shell = read_words(COMPLETION, argv)["words"][0]
    print({"bash": make_bash, "zsh": make_zsh, "fish": make_fish}[shell](), end="")
    return 0


def make_bash() -> str:
    """Make the script for bash 4 and later."""
    lines = [
        "# Completion of chatui for bash; made by: chatui completion bash",
        "_chatui() {",
        '    local cur="${COMP_WORDS[COMP_CWORD]}" prev="${COMP_WORDS[COMP_CWORD-1]}" command="" word index',
        "    COMPREPLY=()",
        "    for ((index = 1; index < COMP_CWORD; index++)); do",
        '        word="${COMP_WORDS[index]}"',
        '        case "$command/$word" in',
        *_bash_steps(),
        "        esac",
        "    done",
        '    case "$command/$prev" in',
        *_bash_values(),
        "    esac",
        '    case "$command" in',
        *_bash_offers(),
        "    esac",
        "}",
        "complete -F _chatui chatui",
    ]
    return "\n".join(lines) + "\n"


def _bash_steps() -> Iterator[str]:
    for command in _all_commands():
        parent = command.name.removesuffix(command.own_name).strip()
        if command.name:
            yield f"            {_quote(f'{parent}/{command.own_name}')}) command={_quote(command.name)} ;;"


def _bash_values() -> Iterator[str]:
    for command in _all_commands():
        for option in command.options:
            if option.metavar and not option.is_value_optional:
                patterns = "|".join(_quote(f"{command.name}/{name}") for name in option.names)
                yield f"        {patterns}) {_bash_offer(option.choices, option.completes)}; return ;;"


def _bash_offers() -> Iterator[str]:
    for command in _all_commands():
        names = [*_below(command), *command.choices, *(name for option in _options(command) for name in option.names)]
        offer = _bash_offer(names, Completes.NOTHING)
        if command.completes is not Completes.NOTHING:
            files = _bash_offer((), command.completes)
            offer = f'if [[ "$cur" == -* ]]; then {offer}; else {files}; fi'
        yield f"        {_quote(command.name)}) {offer} ;;"


def _bash_offer(words: Sequence[str], completes: Completes) -> str:
    if words:
        return f'mapfile -t COMPREPLY < <(compgen -W {_quote(" ".join(words))} -- "$cur")'
    flags = {Completes.FILES: "-f", Completes.FOLDERS: "-d"}
    if completes in flags:
        return f'compopt -o filenames; mapfile -t COMPREPLY < <(compgen {flags[completes]} -- "$cur")'
    return ":"


def make_zsh() -> str:
    """Make the script for zsh, to lie in `$fpath` as `_chatui`."""
    lines = ["#compdef chatui", "# Completion of chatui for zsh; made by: chatui completion zsh"]
    for command in reversed(_all_commands()):
        lines += _zsh_function(command)
    lines.append('_chatui "$@"')
    return "\n".join(lines) + "\n"


def _zsh_function(command: Command) -> Iterator[str]:
    yield f"{_function_name(command)}() {{"
    specs = [spec for option in _options(command) for spec in _zsh_specs(option)]
    children = COMMANDS if not command.name else command.children
    if children:
        yield "    local state line; local -a below"
        yield "    below=("
        for child in children:
            yield f"        {_quote(f'{child.own_name}:{child.summary}')}"
        yield "    )"
        specs += ["'1: :->command'", "'*:: :->rest'"]
    elif command.choices:
        specs.append(_quote(f"1:{command.words.lower()}:({' '.join(command.choices)})"))
    elif command.words:
        specs.append(_quote(f"*:{_plain(command.words).lower()}:{_zsh_action(command.completes, ())}"))
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
        yield _quote(f"{star}{name}[{text}]{value}")


def _zsh_action(completes: Completes, choices: Sequence[str]) -> str:
    if choices:
        return f"({' '.join(choices)})"
    return {Completes.FILES: "_files", Completes.FOLDERS: "_files -/"}.get(completes, " ")


def make_fish() -> str:
    """Make the script for fish 3 and later."""
    lines = [
        "# Completion of chatui for fish; made by: chatui completion fish",
        "function __chatui_at",
        "    set -l given (commandline -opc)[2..-1]",
        "    set -l words",
        "    for word in $given",
        "        string match -q -- '-*' $word; or set -a words $word",
        "    end",
        '    test "$words[1..(count $argv)]" = "$argv"',
        "end",
        "complete -c chatui -f",
    ]
    top = " ".join(command.name for command in COMMANDS)
    for command in _all_commands():
        at = f"__chatui_at {command.name}" if command.name else f"not __fish_seen_subcommand_from {top}"
        for child in COMMANDS if not command.name else command.children:
            names = " ".join(each.own_name for each in command.children)
            alone = f"{at}; and not __fish_seen_subcommand_from {names}" if command.name else at
            lines.append(f"complete -c chatui -n {_quote(alone)} -a {child.own_name} -d {_quote(child.summary)}")
        if command.choices:
            lines.append(f"complete -c chatui -n {_quote(at)} -a {_quote(' '.join(command.choices))}")
        if command.completes is Completes.FILES:
            lines.append(f"complete -c chatui -n {_quote(at)} -F")
        lines += [_fish_option(at, option) for option in _options(command)]
    return "\n".join(lines) + "\n"


def _fish_option(at: str, option: Option) -> str:
    names = " ".join(f"-l {name[2:]}" if name.startswith("--") else f"-s {name[1:]}" for name in option.names)
    value = ""
    if option.metavar and not option.is_value_optional:
        value = f" -x -a {_quote(' '.join(option.choices))}" if option.choices else " -x"
        if option.completes is Completes.FILES:
            value = " -r -F"
        elif option.completes is Completes.FOLDERS:
            value = " -x -a '(__fish_complete_directories)'"
    return f"complete -c chatui -n {_quote(at)} {names} -d {_quote(option.help)}{value}"


def _all_commands() -> list[Command]:
    """`chatui` itself, then each command, then those below it."""
    return [SCREEN, *COMMANDS, *(child for command in COMMANDS for child in command.children)]


def _options(command: Command) -> list[Option]:
    return [*command.options, _HELP, *([_VERSION] if not command.name else [])]


def _below(command: Command) -> list[str]:
    return [child.own_name for child in (COMMANDS if not command.name else command.children)]


def _function_name(command: Command) -> str:
    return "_".join(["_chatui", *command.name.split()])


def _plain(text: str) -> str:
    return text.replace(":", ",").replace("…", "").strip()


def _quote(text: str) -> str:
    return shlex.quote(text)
