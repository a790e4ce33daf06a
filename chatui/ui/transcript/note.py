"""A note: a line of the app itself between the messages, never sent to a model and never saved."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

NoteKind = Literal["info", "warning", "error"]


@dataclass(frozen=True, slots=True)
class Note:
    """What the app has to tell in the transcript: model switched, retry, a failure."""

    text: str
    """One sentence."""
    kind: NoteKind = "info"
    detail: str = ""
    """What to do next, or more about it; below the text. Empty for none."""
