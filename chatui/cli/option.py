"""What the command line takes, as data: parsers, help, completion scripts and the README are made from it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum


class Completes(StrEnum):
    """What a shell may offer for a value."""

    NOTHING = "nothing"
    FILES = "files"
    FOLDERS = "folders"
    TOPICS = "topics"
    """Those of `chatui help`."""
    MODELS = "models"
    """`provider/model`."""
    SESSIONS = "sessions"
    """Ids of saved sessions."""
    THEMES = "themes"


@dataclass(frozen=True, slots=True)
class Option:
    """One option of a command."""

    names: tuple[str, ...]
    """As they are typed, the long one last."""
    help: str
    metavar: str = ""
    """What stands for its value in the help; empty for a switch."""
    convert: Callable[[str], object] = str
    """Reads the value. Raises `argparse.ArgumentTypeError` with a sentence part."""
    is_repeatable: bool = False
    """True where each use adds a value."""
    is_value_optional: bool = False
    """True where the value may be left out; it is empty then."""
    group: str = ""
    """Options of one group exclude one another; empty for none."""
    completes: Completes = Completes.NOTHING
    choices: tuple[str, ...] = ()
    """All the values there are; empty for any."""

    @property
    def key(self) -> str:
        """Its name among the parsed values: `--data-dir` is `data_dir`."""
        return self.names[-1].lstrip("-").replace("-", "_")


@dataclass(frozen=True, slots=True)
class Command:
    """One command: `chatui` itself, `ask`, `sessions list`."""

    name: str
    """The words that call it; empty for `chatui` itself."""
    summary: str
    """One line, without a full stop."""
    words: str = ""
    """What may follow beside options, as in the help: `PROMPT`, `ID TITLE`; empty for nothing."""
    least: int = 0
    """How many words must follow."""
    most: int | None = 0
    """How many may; `None` for any number."""
    choices: tuple[str, ...] = ()
    """The words that may follow, where they are known."""
    options: tuple[Option, ...] = ()
    examples: tuple[tuple[str, str], ...] = ()
    """(what to type, what it does)."""
    children: tuple[Command, ...] = ()
    """The commands below it; the first one is meant where none is named."""
    completes: Completes = Completes.NOTHING
    """What its words are."""

    @property
    def own_name(self) -> str:
        """Its last word."""
        return self.name.rpartition(" ")[2]
