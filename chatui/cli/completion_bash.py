"""Completion for bash."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from chatui.cli.completion_rows import CALLS, list_below, list_commands, list_options, quote
from chatui.cli.help_pages import list_topics
from chatui.cli.option import Completes


def make_bash() -> str:
    """Make the script for bash 4 and later."""
    lines = [
        "# Completion of chatui for bash; made by: chatui completion bash",
        "_chatui_names() {",
        "    # Nothing of a name is expanded: it may come from a server.",
        "    local name rest",
        "    while IFS=$'\\t' read -r name rest; do",
        '        [[ "$name" == "$cur"* ]] && COMPREPLY+=("${name#"$kept"}")',
        '    done < <("${COMP_WORDS[0]}" "$@" 2>/dev/null)',
        "}",
        "_chatui() {",
        '    local cur="${COMP_WORDS[COMP_CWORD]}" prev="${COMP_WORDS[COMP_CWORD-1]}" command="" word index',
        "    COMPREPLY=()",
        "    # Bash ends a word at a colon, as in ollama/qwen3:8b; what stands before it is kept as it is.",
        '    local kept="" typed="${COMP_LINE:0:COMP_POINT}"',
        '    typed="${typed##*[[:space:]]}"',
        '    if [[ "$typed" == *:* && "$COMP_WORDBREAKS" == *:* ]]; then',
        '        kept="${typed%"${typed##*:}"}"',
        '        index=$COMP_CWORD; word="$cur"',
        '        while [[ "$word" != "$typed" && $index -gt 1 ]]; do',
        '            index=$((index - 1)); word="${COMP_WORDS[index]}$word"',
        "        done",
        '        cur="$typed" prev="${COMP_WORDS[index-1]}"',
        "    fi",
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
    for command in list_commands():
        parent = command.name.removesuffix(command.own_name).strip()
        if command.name:
            yield f"            {quote(f'{parent}/{command.own_name}')}) command={quote(command.name)} ;;"


def _bash_values() -> Iterator[str]:
    for command in list_commands():
        for option in command.options:
            if option.metavar and not option.is_value_optional:
                patterns = "|".join(quote(f"{command.name}/{name}") for name in option.names)
                yield f"        {patterns}) {_bash_offer(option.choices, option.completes)}; return ;;"


def _bash_offers() -> Iterator[str]:
    for command in list_commands():
        names = [
            *(child.own_name for child in list_below(command)),
            *command.choices,
            *(name for option in list_options(command) for name in option.names),
        ]
        offer = _bash_offer(names, Completes.NOTHING)
        if command.completes is not Completes.NOTHING:
            files = _bash_offer((), command.completes)
            offer = f'if [[ "$cur" == -* ]]; then {offer}; else {files}; fi'
        yield f"        {quote(command.name)}) {offer} ;;"


def _bash_offer(words: Sequence[str], completes: Completes) -> str:
    if words:
        return f'mapfile -t COMPREPLY < <(compgen -W {quote(" ".join(words))} -- "$cur")'
    if completes in CALLS:
        return f"_chatui_names {CALLS[completes]}"
    if completes is Completes.TOPICS:
        return _bash_offer(list(list_topics()), Completes.NOTHING)
    flags = {Completes.FILES: "-f", Completes.FOLDERS: "-d"}
    if completes in flags:
        return f'compopt -o filenames; mapfile -t COMPREPLY < <(compgen {flags[completes]} -- "$cur")'
    return ":"
