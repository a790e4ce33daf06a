"""Fitting a conversation into a context window by leaving out its oldest messages. All counts are estimates."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Sequence
from dataclasses import dataclass

from chatui.conversation.failure import Failure, FailureKind
from chatui.conversation.message import Message, Role, StoredMessage
from chatui.conversation.session import Session
from chatui.engine.tokens import estimate_message_tokens, estimate_tokens

_SHARE = 0.75
"""So much of the window may be filled: estimates are rough, and the reply needs room."""
_SHARE_UNKNOWN = 0.5
"""So much of a request is kept where nobody says how large the window is, or the estimate says that it fits already."""

_STATED = (
    re.compile(r"(?:context (?:length|window|size)|context_length)\D{0,40}?(\d[\d,]{2,11})\b", re.IGNORECASE),
    re.compile(r"(\d[\d,]{2,11}) (?:tokens? )?(?:maximum|limit)\b", re.IGNORECASE),
)
"""How servers name the window in their refusals: OpenAI, vLLM, llama.cpp; Anthropic."""


@dataclass(frozen=True, slots=True)
class Fit:
    """What is left out, and what stays."""

    first_id: str
    """The oldest message that is still sent, a prompt."""
    left_out: int
    """Messages."""
    left_out_tokens: int
    kept_tokens: int
    window: int | None
    """Tokens; `None` where it is not known."""

    @property
    def said(self) -> str:
        """What is left out, in words: `the 6 oldest messages (~4,200 tokens)`."""
        which = "the oldest message" if self.left_out == 1 else f"the {self.left_out:,} oldest messages"
        return f"{which} (~{self.left_out_tokens:,} tokens)"


def fit_path(
    path: Sequence[Message | StoredMessage], system: str, window: int | None, sent_from: str = ""
) -> Fit | None:
    """Say how many of the oldest messages have to go so that the branch fits; `None` where only one prompt is left.

    At least one goes, for the branch is known to be too long. `sent_from` is where an earlier fitting began. Decodes
    the branch: call it in a thread.
    """
    messages = [item.decode() if isinstance(item, StoredMessage) else item for item in path]
    start = next((i for i, message in enumerate(messages) if message.id == sent_from), 0)
    costs = [estimate_message_tokens(message.text, len(message.attachments)) for message in messages]
    total = sum(costs[start:]) + estimate_tokens(system)
    limit = window * _SHARE if window else 0.0
    if not 0 < limit < total:
        limit = total * _SHARE_UNKNOWN
    kept = total
    found: Fit | None = None
    for index in range(start, len(messages) - 1):
        kept -= costs[index]
        if messages[index + 1].role is Role.USER:
            found = Fit(messages[index + 1].id, index + 1, round(sum(costs[: index + 1])), round(kept), window)
            if kept <= limit:
                break
    return found


async def fit_session(session: Session, failure: Failure | None, window: int | None) -> Fit | None:
    """Fit the branch of a session after `failure`, which may name the window better than `window` does."""
    path, header = session.conversation.path(), session.header
    window = read_window(failure) or window
    return await asyncio.to_thread(fit_path, path, header.system, window, header.sent_from)


def advise_fit(fit: Fit | None) -> str:
    """Say what to do about a request that is too long."""
    if fit is None:
        return "The prompt alone is too long: shorten it, or choose a model with a larger context window."
    return f"It would fit without {fit.said}: leave them out, or choose a model with a larger context window."


def read_window(failure: Failure | None) -> int | None:
    """The context window that a server names when a request is too long for it; `None` where it names none."""
    if failure is None or failure.kind is not FailureKind.CONTEXT_TOO_LONG:
        return None
    for pattern in _STATED:
        if found := pattern.search(failure.message):
            return int(found[1].replace(",", ""))
    return None
