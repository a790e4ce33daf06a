"""The command line of the screen as one frozen value."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple


class Arguments(NamedTuple):
    """What the command line says."""

    prompt: str | None = None
    """Sent at once."""
    model: str | None = None
    """`provider/model`."""
    system: str | None = None
    """System prompt of a new session."""
    theme: str | None = None
    session: str | None = None
    """Id of the session to open, or to create."""
    continue_last: bool = False
    """Open the session used last."""
    continue_reply: bool = False
    """Go on with the last reply of the session, if it was cut."""
    resume: str | None = None
    """Id or title of the session to open; empty: show the list."""
    data_dir: Path | None = None
    """Where sessions are kept, in place of the usual folder."""
    config: Path | None = None
    """The config file, in place of the usual one."""
    record: Path | None = None
    """Write each stream to this cassette."""
    play: Path | None = None
    """Answer from this cassette (the scripted provider)."""

    @property
    def is_new(self) -> bool:
        """Whether the screen certainly starts with a new session."""
        return self.session is None and not self.resume and not self.continue_last

    @property
    def flags(self) -> dict[str, str]:
        """The settings given as flags, by their names in the config."""
        given = {"model": self.model, "theme": self.theme, "system": self.system}
        return {name: value for name, value in given.items() if value is not None}


def parse_arguments(argv: Sequence[str]) -> Arguments:
    """Read the words after the program's name, where they call no command.

    Raises SystemExit: with 0 after `--help` and `--version`, with 2 and a message on stderr after wrong use.
    """
    # Deferred: without any word there is nothing to parse.
    from chatui.cli.commands import SCREEN
    from chatui.cli.parser import read_words

    values = read_words(SCREEN, argv)
    prompt = " ".join(values.pop("words")) or None
    return Arguments(prompt=prompt, continue_last=values.pop("continue"), **values)
