"""The command line as one frozen value."""

from __future__ import annotations

import argparse
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType

from chatui import __version__

COMMANDS: Mapping[str, tuple[str, ...]] = MappingProxyType({"config": ("init", "path", "check"), "themes": ()})
"""The words that are commands when they come first, with what may follow them."""

_EXAMPLES = """\
commands:
  chatui config init     write a commented config file, if there is none
  chatui config path     print where it is
  chatui config check    tell what is wrong with it; exit code 2 if anything is
  chatui themes          list the themes

examples:
  chatui                                start; without a key it talks to the built-in demo
  chatui "What is a monad?"             start and ask at once
  git diff | chatui "Review this"       what is piped in goes along with the first prompt
  chatui -m deepseek/deepseek-flash     start with this model
  chatui -c                             go on with the last session
  chatui -c --continue-reply            and with its last reply, if that was cut
  chatui -r monad                       go on with the session of that title or id
  chatui -- config                      a prompt that begins with the name of a command
"""


@dataclass(frozen=True, slots=True)
class Arguments:
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
    """Go on at once with the last reply of the session, if it was cut."""
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
    command: str | None = None
    """A name of `COMMANDS`; `None` starts the screen."""
    rest: tuple[str, ...] = ()
    """The words after the command."""

    @property
    def flags(self) -> dict[str, str]:
        """The settings given as flags, by their names in the config."""
        given = {"model": self.model, "theme": self.theme, "system": self.system}
        return {name: value for name, value in given.items() if value is not None}


def parse_arguments(argv: Sequence[str]) -> Arguments:
    """Read the words after the program's name.

    Raises SystemExit: with 0 after `--help` and `--version`, with 2 and a message on stderr after wrong use.
    """
    parser = _make_parser()
    # argparse drops "--" when it lets options and words mix, so what follows it is set aside here.
    literal_from = argv.index("--") if "--" in argv else len(argv)
    given = parser.parse_intermixed_args(argv[:literal_from])
    words = [*given.words, *argv[literal_from + 1 :]]
    command: str | None = None
    rest: list[str] = []
    if words and words[0] in COMMANDS and literal_from == len(argv):
        command, *rest = words
        words = []
        if complaint := _check_command(command, rest):
            parser.error(complaint)
    return Arguments(
        prompt=" ".join(words) or None,
        model=given.model,
        system=given.system,
        theme=given.theme,
        session=given.session,
        continue_last=given.continue_last,
        continue_reply=given.continue_reply,
        resume=given.resume,
        data_dir=given.data_dir,
        config=given.config,
        record=given.record,
        play=given.play,
        command=command,
        rest=tuple(rest),
    )


def _check_command(command: str, rest: Sequence[str]) -> str:
    allowed = COMMANDS[command]
    if (len(rest) == 1 and rest[0] in allowed) or (not rest and not allowed):
        return ""
    expected = f"expected one of {', '.join(allowed)}" if allowed else "nothing may follow"
    return f"{command}: {expected}; to send it as a prompt, write: chatui -- {command} ..."


def _path(word: str) -> Path:
    if not word:
        raise argparse.ArgumentTypeError("a path is needed")
    try:
        return Path(word).expanduser()
    except RuntimeError:
        raise argparse.ArgumentTypeError(f"there is no such home folder: {word}") from None


def _make_parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="chatui",
        usage="chatui [options] [PROMPT]\n       chatui config init|path|check\n       chatui themes",
        description="Chat with any OpenAI-compatible model in the terminal.",
        epilog=_EXAMPLES,
        formatter_class=argparse.RawDescriptionHelpFormatter,
        allow_abbrev=False,
    )
    parser.add_argument("words", nargs="*", metavar="PROMPT", help="sent at once")
    parser.add_argument("-m", "--model", metavar="NAME", help='"provider/model" to talk to')
    parser.add_argument("--system", metavar="TEXT", help="system prompt of a new session")
    parser.add_argument("--theme", metavar="NAME", help='a theme; "chatui themes" lists them')
    which = parser.add_mutually_exclusive_group()
    which.add_argument(
        "-c", "--continue", dest="continue_last", action="store_true", help="go on with the last session"
    )
    which.add_argument(
        "-r",
        "--resume",
        nargs="?",
        const="",
        metavar="ID or TITLE",
        help="go on with that session; without a value: choose from the list",
    )
    which.add_argument("--session", metavar="ID", help="open the session with this id, or create it")
    parser.add_argument(
        "--continue-reply", action="store_true", help="go on at once with its last reply, if that was cut"
    )
    parser.add_argument("--config", type=_path, metavar="FILE", help="read this config file")
    parser.add_argument("--data-dir", type=_path, metavar="DIR", help="keep sessions in this folder")
    parser.add_argument("--record", type=_path, metavar="FILE", help="write each reply's stream to a cassette")
    parser.add_argument("--play", type=_path, metavar="FILE", help="answer from a cassette, without any network")
    parser.add_argument("--version", action="version", version=f"chatui {__version__}")
    return parser
