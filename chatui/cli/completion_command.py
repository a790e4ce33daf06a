"""`chatui completion`: scripts for bash, zsh and fish, made from the table of commands; and the names they offer."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence

from chatui.cli.commands import COMPLETION
from chatui.cli.completion_bash import make_bash
from chatui.cli.completion_fish import make_fish
from chatui.cli.completion_zsh import make_zsh
from chatui.cli.known_models import list_known_models
from chatui.cli.parser import read_words
from chatui.cli.workplace import find_own_places
from chatui.config.reading import load_config
from chatui.conversation.visible import make_visible_line
from chatui.providers.registry import build_rows
from chatui.storage.errors import StorageError
from chatui.storage.shelf import Shelf
from chatui.storage.state import load_state

_SAFE = re.compile(r"[\w.:/@+-]+", re.ASCII)
"""What a shell takes as it is; a name with anything else in it is not offered."""
_MOST_SESSIONS = 50


def run(argv: Sequence[str], environ: Mapping[str, str]) -> int:
    """Print the script of the shell that is named, or names, one a line, with a tab and a few words behind each."""
    what = read_words(COMPLETION, argv)["words"][0]
    if what == "models":
        for name in dict.fromkeys(_list_models(environ)):
            if _SAFE.fullmatch(name):
                print(name)
    elif what == "sessions":
        for row in _list_sessions(environ):
            print(row)
    else:
        print({"bash": make_bash, "zsh": make_zsh, "fish": make_fish}[what](), end="")
    return 0


def _list_models(environ: Mapping[str, str]) -> Iterator[str]:
    """Models that can be named now, recent and favourite ones first. Nobody is asked: it has to be quick."""
    places = find_own_places(environ)
    config = load_config(places.config_file, environ, {})
    recent = load_state(places.state_file).recent_models
    yield from list_known_models(places, config, build_rows(config, environ), recent)


def _list_sessions(environ: Mapping[str, str]) -> Iterator[str]:
    try:
        summaries = Shelf(find_own_places(environ)).list_sessions(_MOST_SESSIONS)
    except StorageError:
        # While somebody types there is no place to tell it.
        return
    for summary in summaries:
        yield f"{summary.id}\t{make_visible_line(summary.title)[:60]}"
