"""Keys that terminals send in an old form which Textual does not tell apart."""

from __future__ import annotations

from enum import StrEnum
from typing import cast

from textual._ansi_sequences import ANSI_SEQUENCES_KEYS


class LegacyKey(StrEnum):
    """Names in the form that Textual's own `Keys` has."""

    ALT_ENTER = "alt+enter"


def learn_legacy_keys() -> None:
    """Make Textual report ESC CR as Alt+Enter, which it takes for Enter: a new line would send the prompt instead.

    Call it once, before the app runs. Terminals with the kitty protocol send another form, known to Textual.
    """
    # Textual declares the table read-only and for its own enum; it is a plain dict, and only `.value` is read.
    table = cast(dict[str, object], ANSI_SEQUENCES_KEYS)
    for sequence in ("\x1b\r", "\x1b\n"):
        table.setdefault(sequence, (LegacyKey.ALT_ENTER,))
