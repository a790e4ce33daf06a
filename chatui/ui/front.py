"""The front: what the first frame shows, known before anything else is loaded."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

from chatui.config.config import Config
from chatui.conversation.model_name import split_model_name
from chatui.storage.state import State
from chatui.ui.welcome import welcome_lines
from chatui.ui.widgets.sidebar import StatRow

NEW_TITLE = "New session"
"""The title of a session that has none yet."""


class Front(NamedTuple):
    """A new session, as far as it is known from the settings alone."""

    config: Config
    state: State
    """What was remembered of the last run."""
    model: str
    """`provider/model` that answers."""
    theme_dir: Path
    """The user's own themes."""
    log_file: Path
    """Where the traceback of a crash goes."""
    is_demo_default: bool
    """True when nothing is configured and the demo answers: then local servers are looked for."""
    version: str
    last_words: list[str]
    """Sentences for the user that no screen could show; printed when the terminal is given back."""

    @property
    def welcome(self) -> Sequence[str]:
        """The greeting, without the keys: the command table is loaded later."""
        return welcome_lines(self.model, self.version, None)

    @property
    def rows(self) -> Sequence[StatRow]:
        """The sidebar's first rows; the figures follow when there is a session to count."""
        provider, model = split_model_name(self.model)
        rows = (("model", model or self.model), ("provider", provider or "–"), ("state", "ready"))
        return [StatRow("Model", "", "heading"), *(StatRow(label, value) for label, value in rows)]
