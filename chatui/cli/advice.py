"""Advice for those who have no keys to press: what names a key of the screen names an option instead."""

from __future__ import annotations

from chatui.conversation.failure import Failure

_INSTEAD = (
    ("as in demo/guide.", "as in demo/guide; `chatui models` shows what there is."),
    ("choose another model", "name another model with -m"),
    ("choose another one", "name another one with -m"),
    ("Choose another one", "Name another one with -m"),
    ("Start a new session,", "Start a new session, without -c and --session,"),
    ("Check the parameters:", "Check the parameters (-o, [params] in the config):"),
    ("leave them out,", "on the screen /trim leaves them out,"),
)


def reword(text: str) -> str:
    """Return a sentence that was written for the screen, with options in the place of keys."""
    for key, option in _INSTEAD:
        text = text.replace(key, option)
    return text


def explain(failure: Failure) -> str:
    """Return what happened and what to do, in sentences."""
    message = failure.message.rstrip()
    end = "" if not message or message[-1] in ".!?…" else "."
    return f"{reword(message)}{end} {reword(failure.advice)}".strip()
