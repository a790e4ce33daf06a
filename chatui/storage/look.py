"""The look: how the screen looked when it was left, for a picture of it that stands before anything is loaded.

It is derived and may be deleted. Nothing is imported here at the top: whoever reads it has no time.
"""

from __future__ import annotations

import os
from collections.abc import Mapping

_CODES = frozenset("0123456789;")
"""All that a style may hold: it is written to the terminal as it stands."""
_MAX_BYTES = 4096


def find_look_file(environ: Mapping[str, str]) -> str:
    """Where it lies: `look` in the cache folder that `find_places` finds, found without pathlib."""
    home = environ.get("HOME", "")
    if own := environ.get("CHATUI_HOME"):
        return f"{home}{own[1:]}/cache/look" if own.partition("/")[0] == "~" else f"{own}/cache/look"
    cache = environ.get("XDG_CACHE_HOME", "")
    return f"{cache if cache.startswith('/') else home + '/.cache'}/chatui/look"


def name_terminal(environ: Mapping[str, str]) -> str:
    """What decides how colours are written: a look holds for one kind of terminal."""
    return " ".join(environ.get(name, "") for name in ("TERM", "COLORTERM", "TERM_PROGRAM")).strip()


def read_look(path: str, terminal: str) -> dict[str, str]:
    """Read the look: SGR codes (ECMA-48, 8.3.117) and numbers by name; empty where there is none for this terminal."""
    try:
        # A FIFO would wait for a writer.
        descriptor = os.open(path, os.O_RDONLY | os.O_NONBLOCK | os.O_CLOEXEC | os.O_NOFOLLOW)
        try:
            text = os.read(descriptor, _MAX_BYTES).decode("utf-8", "replace")
        finally:
            os.close(descriptor)
    except OSError:
        return {}
    first, *lines = text.splitlines() or [""]
    pairs = [line.partition(" ") for line in lines]
    return {name: codes for name, _, codes in pairs if _CODES.issuperset(codes)} if first == terminal else {}


def save_look(path: str, terminal: str, look: Mapping[str, str]) -> None:
    """Save the look, where it is another than the saved one. Raises StorageError."""
    if read_look(path, terminal) == look:
        return
    # Deferred: reading does without.
    from pathlib import Path

    # Deferred: as above.
    from chatui.storage.atomic import write_atomic
    from chatui.storage.paths import make_private_dir

    make_private_dir(Path(path).parent)
    lines = [terminal, *(f"{name} {codes}" for name, codes in look.items())]
    write_atomic(Path(path), "".join(f"{line}\n" for line in lines).encode("utf-8", "replace"))
