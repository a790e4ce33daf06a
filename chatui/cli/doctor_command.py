"""`chatui doctor`: what was found, where each setting came from, and whether a model can be used."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence

from chatui.cli.checkup import Checkup, examine
from chatui.cli.checkup_text import format_checkup
from chatui.cli.commands import DOCTOR
from chatui.cli.parser import read_words
from chatui.cli.reply_json import encode_json
from chatui.cli.teller import tell
from chatui.cli.workplace import WrongUse, find_own_places, read_config

_EXIT_FAILED = 1
_EXIT_USAGE = 2


def run(argv: Sequence[str], environ: Mapping[str, str]) -> int:
    """Print the findings; return 0 when a model can be used, 1 when none can, 2 for wrong use."""
    values = read_words(DOCTOR, argv)
    places = find_own_places(environ, values["data_dir"])
    try:
        path, config = read_config(environ, places, values["config"], {})
    except WrongUse as error:
        tell(str(error))
        return _EXIT_USAGE
    checkup = asyncio.run(examine(environ, places, path, config))
    _print(checkup, is_json=values["json"])
    return 0 if checkup.is_usable else _EXIT_FAILED


def _print(checkup: Checkup, *, is_json: bool) -> None:
    for line in [encode_json(checkup.describe())] if is_json else format_checkup(checkup):
        print(line)
