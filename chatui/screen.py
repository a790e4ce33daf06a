"""The screen: turns arguments into what the first frame shows, and runs the app, which loads the rest after it."""

from __future__ import annotations

import os
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from chatui import __version__
from chatui.cli.arguments import Arguments, parse_arguments
from chatui.cli.piped_input import take_piped_input
from chatui.config.reading import load_config
from chatui.conversation.visible import make_visible
from chatui.providers.registry import build_rows, choose_usual_model
from chatui.skeleton import Skeleton
from chatui.storage.errors import StorageError
from chatui.storage.paths import find_places
from chatui.storage.state import load_state

if TYPE_CHECKING:
    from chatui.cli.help_pages import KeyRow
    from chatui.ui.app import ChatApp
    from chatui.ui.services import Opened

EXIT_USAGE = 2
"""Wrong use or configuration."""
DEMO_MODEL = "demo/guide"


def run_screen(argv: Sequence[str], environ: Mapping[str, str], skeleton: Skeleton) -> int:
    """Run the screen and return the exit code: 0, 1 after a crash, 2 for wrong use.

    The skeleton is drawn as soon as the use is known to be right, and taken down before anything is told.
    """
    arguments = parse_arguments(argv) if argv else Arguments()
    if not sys.stderr.isatty():
        print("chatui: this is a screen for a terminal, and standard error is not one.", file=sys.stderr)
        return EXIT_USAGE
    try:
        piped = take_piped_input()
    except OSError as error:
        print(f"chatui: no terminal to read keys from (/dev/tty: {error.strerror}).", file=sys.stderr)
        return EXIT_USAGE
    skeleton.draw("New session" if arguments.is_new else "")
    try:
        app = make_app(arguments, environ, piped, skeleton)
    except StorageError as error:
        skeleton.take_down()
        print(f"chatui: {make_visible(str(error))}", file=sys.stderr)
        return EXIT_USAGE
    app.run()
    # Textual has given the terminal back, unless it fell before it took it.
    skeleton.take_down()
    _say_last_words(app.last_words)
    return app.return_code or 0


def _say_last_words(sentences: Sequence[str]) -> None:
    try:
        for words in sentences:
            print(words, file=sys.stderr)
        sys.stderr.flush()
        sys.stdout.flush()
    except OSError:
        # The terminal is gone. With nothing in its place Python would complain, and exit with a code of its own.
        nowhere = os.open(os.devnull, os.O_WRONLY | os.O_CLOEXEC)
        for number in (1, 2):
            os.dup2(nowhere, number)
        os.close(nowhere)


def make_app(
    arguments: Arguments, environ: Mapping[str, str], piped: str = "", skeleton: Skeleton | None = None
) -> ChatApp:
    """Make the app as the command line, the environment and the config ask for it; `piped` is text from a pipe,
    and the skeleton what stands on the terminal until the app draws.

    Raises StorageError for a session, a config file or a cassette that cannot be used.
    """
    # While a reply streams, a key waits for the next tick of Textual's frame timer: a faster tick costs nothing when
    # nothing changes, and halves that wait. Textual reads it when it is imported.
    os.environ.setdefault("TEXTUAL_FPS", "120")
    # Deferred: Textual takes most of the start, and --version, wrong use and `config` do without it.
    from chatui.ui.app import ChatApp
    from chatui.ui.front import Front

    places = find_places(environ, Path.home(), arguments.data_dir)
    if arguments.config is not None and not arguments.config.exists():
        raise StorageError(arguments.config, f"There is no config file {arguments.config}.")
    config = load_config(arguments.config or places.config_file, environ, arguments.flags)
    state = load_state(places.state_file)
    rows = build_rows(config, environ)
    at_hand = choose_usual_model(config, environ, rows, state.recent_models)
    front = Front(
        config=config,
        state=state,
        model=at_hand or DEMO_MODEL,
        theme_dir=places.config / "themes",
        log_file=places.log,
        is_demo_default=not at_hand,
        version=__version__,
        last_words=[],
    )

    def make() -> Opened:
        # Deferred: the first frame of a new session does without.
        from chatui.assembly import assemble

        return assemble(arguments, environ, places, front, rows, piped)

    # What may fail is done while there is no screen yet that would have to go first.
    opened = None if arguments.is_new and arguments.play is None and arguments.record is None else make()
    hand_over = None if skeleton is None or not skeleton.is_up else skeleton.hand_over
    return ChatApp(front, make, opened, hand_over)


def list_themes(argv: Sequence[str], environ: Mapping[str, str]) -> int:
    """Print the themes; return 0, or 2 where one of them cannot be used."""
    # Deferred, as is the other import: seldom asked for, and the first frame does without.
    from chatui.cli.commands import THEMES
    from chatui.cli.parser import read_words

    read_words(THEMES, argv)
    places = find_places(environ, Path.home())
    # Deferred: reading themes needs Textual, nothing else on the command line does.
    from chatui.ui.themes import find_theme_dirs, load_themes

    themes, problems = load_themes(find_theme_dirs(places.config / "themes"))
    for theme in themes:
        print(f"{make_visible(theme.name)}\t{'dark' if theme.dark else 'light'}")
    for problem in problems:
        print(f"chatui: {make_visible(problem)}", file=sys.stderr)
    return EXIT_USAGE if problems else 0


def show_help(argv: Sequence[str], environ: Mapping[str, str]) -> int:
    """Print a page of the help; return 0, or 2 where there is no such topic."""
    # Deferred, as are those below: the first frame does without.
    from chatui.cli.dispatch import end_quietly
    from chatui.cli.help_command import run as run_help

    return end_quietly(lambda: run_help(argv, environ, _list_keys))


def _list_keys() -> list[KeyRow]:
    # Deferred: the command table belongs to the screen and imports Textual; one page alone needs it.
    from chatui.cli.help_pages import KeyRow
    from chatui.providers.demo.keys import show_key
    from chatui.ui.commands.table import SECTIONS

    return [
        KeyRow(title, " ".join(show_key(key) for key in c.keys.split(",") if key), c.usage, c.help, c.name)
        for title, commands in SECTIONS
        for c in commands
    ]
