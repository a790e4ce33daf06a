"""How much of the context window a branch takes."""

from __future__ import annotations

from collections.abc import Sequence

from chatui.conversation.message import Message, StoredMessage
from chatui.engine.tokens import estimate_tokens

_BYTES_PER_TOKEN = 4


def measure_context(branch: Sequence[Message | StoredMessage]) -> tuple[int, bool]:
    """Return the tokens that a branch takes, and whether that is an estimate.

    The count of the last reply that has one holds for all before it; what came after is estimated, what is still
    undecoded by its bytes.
    """
    later = 0.0
    for item in reversed(branch):
        if item.expense is not None:
            usage = (item.decode() if isinstance(item, StoredMessage) else item).last_usage
            if usage is not None:
                return usage.input + usage.output + round(later), usage.estimated or later > 0
        if isinstance(item, StoredMessage):
            later += item.size / _BYTES_PER_TOKEN
        else:
            later += estimate_tokens(item.text)
    return round(later), later > 0
