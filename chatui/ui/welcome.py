"""What an empty conversation shows."""

from __future__ import annotations

from collections.abc import Sequence

from chatui.conversation.model_info import split_model_name
from chatui.engine.live_session import LiveSession
from chatui.ui.services import Services


def welcome_lines(live: LiveSession, services: Services, found: Sequence[str] = ()) -> Sequence[str]:
    """A greeting of a few lines: who answers, what was `found` on this machine, and the keys that matter first."""
    if split_model_name(live.model)[0] == "demo":
        who = [
            "No model is set up yet, so the built-in demo answers.",
            "It is not an AI: it knows chatui and shows what it can do.",
            "",
            *(found or ("Ask it: how do I connect a real model?",)),
        ]
    else:
        who = [f"Ready to talk to {live.model}."]
    return [
        f"chatui {services.version}",
        "",
        *who,
        "",
        "Enter send · Ctrl+J new line · / commands · Ctrl+T model",
        "Ctrl+O sessions · F1 all keys · Ctrl+Q quit",
    ]
