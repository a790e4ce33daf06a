"""What is unsafe about a key and its way to the server."""

from __future__ import annotations

from collections.abc import Iterator

from chatui.conversation.events import Warned
from chatui.providers.refusals import Asked


def find_dangers(asked: Asked) -> Iterator[Warned]:
    """Tell what is unsafe, each with what to do; nothing where there is no key."""
    key = asked.key
    if key is None:
        return
    if asked.url.scheme == "http" and not asked.url.is_loopback:
        message = f"The key from {key.source} goes to {asked.url.origin} without encryption."
        advice = f"Others on the way can read it, and the conversation: set https:// in {asked.url_setting}."
        yield Warned(message, advice)
    if key.warning:
        danger, _, remedy = key.warning.rpartition(": ")
        yield Warned(f"The key file {danger}.", f"Make it private: {remedy}")
