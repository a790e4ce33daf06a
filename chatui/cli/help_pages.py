"""The pages of `chatui help`: what a person wrote in `pages/*.md`, and between it what the code's own tables say."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from importlib.resources import files

from chatui.cli.commands import COMMANDS, SCREEN
from chatui.cli.option import Command, Option
from chatui.cli.parser import say_usage
from chatui.config.manual import describe_settings
from chatui.providers.quirks import load_quirks

TOPICS = (
    "start",
    "ask",
    "batch",
    "compare",
    "sessions",
    "config",
    "keys",
    "providers",
    "continuing",
    "files",
    "privacy",
    "exit-codes",
    "env",
)
"""The pages that a person wrote, in the order of the list; each other command has one that is made."""

_TABLE = re.compile(r"^<<(\w+)(?: (.*))?>>$", re.MULTILINE)
_VARIABLES = (
    ("CHATUI_BASE_URL", "With CHATUI_API_KEY and CHATUI_MODEL: an endpoint named `env`, without any file."),
    ("CHATUI_API_KEY", "Its key."),
    ("CHATUI_HOME", "One folder for settings, sessions, state and cache."),
    ("XDG_CONFIG_HOME, XDG_DATA_HOME, XDG_STATE_HOME, XDG_CACHE_HOME", "Where those four are without it."),
    ("NO_COLOR", "Any value: no colours from the commands."),
    ("TERM=dumb", "Plain text from the commands, nothing drawn anew."),
    ("VISUAL, EDITOR", "The editor for `chatui config edit`, for code and for prompts."),
    ("HTTPS_PROXY, HTTP_PROXY, NO_PROXY", "The way to the providers; servers on this machine are asked directly."),
    ("SSL_CERT_FILE, SSL_CERT_DIR", "Certificates of an authority of your own."),
)


@dataclass(frozen=True, slots=True)
class KeyRow:
    """One command of the app, for the page of keys."""

    section: str
    keys: str
    """As people write them; empty for none."""
    usage: str
    """As it is typed, such as `/rename [TITLE]`; empty for none."""
    help: str
    name: str
    """By which its key is changed."""


def list_topics() -> dict[str, str]:
    """Every topic with a line about it."""
    written = {topic: _read(topic).partition("\n")[0].removeprefix(f"# {topic}: ") for topic in TOPICS}
    return written | {each.name: each.summary for each in COMMANDS if each.name not in written}


def make_page(topic: str, list_keys: Callable[[], Sequence[KeyRow]]) -> str | None:
    """The page of a topic as Markdown; `None` where there is none. `list_keys` is asked where keys are told."""
    if topic in TOPICS:
        tables: Mapping[str, Callable[[str], Iterator[str]]] = {
            "command": lambda name: _describe_command(_find(name) or SCREEN),
            "children": lambda name: (line for each in _children(name) for line in _describe_child(each)),
            "settings": lambda _: _list_settings(),
            "providers": lambda _: _list_providers(),
            "variables": lambda _: _list_variables(),
            "keys": lambda _: _list_keys(list_keys()),
        }
        return _TABLE.sub(lambda found: "\n".join(tables[found[1]](found[2] or "")), _read(topic))
    command = _find(topic)
    if command is None:
        return None
    lines = [f"# {command.name}: {command.summary}", "", *_describe_command(command)]
    for child in command.children:
        lines += ["", *_describe_child(child)]
    return "\n".join(lines)


def _read(topic: str) -> str:
    return files("chatui.cli").joinpath("pages", f"{topic}.md").read_text(encoding="utf-8").rstrip("\n")


def _find(name: str) -> Command | None:
    rows = [*COMMANDS, *(child for command in COMMANDS for child in command.children)]
    return next((row for row in rows if row.name == name), None)


def _children(name: str) -> Sequence[Command]:
    command = _find(name)
    return () if command is None else command.children


def _describe_command(command: Command) -> Iterator[str]:
    yield "## Usage"
    yield ""
    yield "```"
    yield from say_usage(command).splitlines()
    yield "```"
    if command.options:
        yield ""
        yield "## Options"
        yield ""
        yield from map(_describe_option, command.options)
    if command.examples:
        yield ""
        yield "## Examples"
        yield ""
        yield from _list_examples(command)


def _describe_child(command: Command) -> Iterator[str]:
    yield f"## {command.name}"
    yield ""
    yield f"{command.summary}."
    yield ""
    yield "```"
    yield from say_usage(command).splitlines()
    yield "```"
    yield ""
    yield from map(_describe_option, command.options)
    yield ""
    yield from _list_examples(command)


def _describe_option(option: Option) -> str:
    value = f" {option.metavar}" if option.metavar else ""
    if option.is_value_optional:
        value = f" [{option.metavar}]"
    return f"- `{', '.join(option.names)}{value}`: {option.help}"


def _list_examples(command: Command) -> Iterator[str]:
    yield "```"
    for typed, meaning in command.examples:
        if meaning:
            yield f"# {meaning}"
        yield typed
    yield "```"


def _list_settings() -> Iterator[str]:
    for setting in describe_settings():
        default = f" Default: `{setting.default}`." if setting.default else ""
        yield f"- `{setting.key}`: {setting.help}{default}"


def _list_providers() -> Iterator[str]:
    yield "| Provider | Name | Key |"
    yield "| --- | --- | --- |"
    for name, quirks in load_quirks().items():
        if not quirks.is_local:
            yield f"| {quirks.label} | {name} | {quirks.key_env[0]} |"


def _list_variables() -> Iterator[str]:
    for setting in describe_settings():
        if "." not in setting.key:
            yield f"- `CHATUI_{setting.key.upper()}`: {setting.help}"
    for name, meaning in _VARIABLES:
        yield f"- `{name}`: {meaning}"


def _list_keys(rows: Sequence[KeyRow]) -> Iterator[str]:
    section = ""
    for row in rows:
        if row.section != section:
            section = row.section
            yield from ("", f"## {section}", "")
        typed = " · ".join(part for part in (row.keys, row.usage) if part)
        lead = f"`{typed}`: " if typed else ""
        yield f"- {lead}{row.help} (`{row.name}`)"
