"""What an empty conversation shows."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from chatui.conversation.model_name import split_model_name


def welcome_lines(model: str, version: str, ways: Mapping[str, str] | None, found: Sequence[str] = ()) -> Sequence[str]:
    """A greeting of a few lines: who answers (`provider/model`), what was `found` on this machine, the first keys.

    `ways` says how commands are run, by their names; before that is known, the lines that tell keys are blank.
    """
    pick = ways["model.pick"] if ways else ""
    if split_model_name(model)[0] == "demo":
        who = [
            "No model is set up yet, so the built-in demo answers.",
            "It is not an AI: it shows what chatui can do.",
            "",
            *(
                (*found, f"{pick} shows the models there are.")
                if found
                else ("Ask it: how do I connect a real model?",)
            ),
        ]
    else:
        who = [f"Ready to talk to {model.rstrip('/')}."]
    keys = ["", ""]
    if ways:
        keys = [
            f"Enter send · Ctrl+J new line · / commands · {pick} model",
            f"{ways['session.list']} sessions · {ways['app.help']} all keys · {ways['app.quit']} quit",
        ]
    return [f"chatui {version}", "", *who, "", *keys]
