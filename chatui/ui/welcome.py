"""What an empty conversation shows."""

from __future__ import annotations

from collections.abc import Sequence

from chatui.conversation.model_name import split_model_name


def welcome_lines(model: str, version: str, found: Sequence[str] = ()) -> Sequence[str]:
    """A greeting of a few lines: who answers (`provider/model`), what was `found` on this machine, the first keys."""
    if split_model_name(model)[0] == "demo":
        who = [
            "No model is set up yet, so the built-in demo answers.",
            "It is not an AI: it knows chatui and shows what it can do.",
            "",
            *(found or ("Ask it: how do I connect a real model?",)),
        ]
    else:
        who = [f"Ready to talk to {model.rstrip('/')}."]
    return [
        f"chatui {version}",
        "",
        *who,
        "",
        "Enter send · Ctrl+J new line · / commands · Ctrl+T model",
        "Ctrl+O sessions · F1 all keys · Ctrl+Q quit",
    ]
