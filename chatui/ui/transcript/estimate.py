"""Estimates: how many rows an item will have, before anybody lays it out."""

from __future__ import annotations

from chatui.conversation.message import Message, Role, StoredMessage
from chatui.ui.transcript.plain_entry import FOLDED_PROMPT, LONG_PROMPT

_BLOCK_OVERHEAD = 220
"""Bytes of a stored block that are not text: keys, times, usage."""
_FURNITURE = {Role.USER: 1, Role.ASSISTANT: 3}
"""Rows around the text: blank, label, figures."""


def estimate_rows(item: object, width: int) -> int:
    """The rows of an item by its length alone, for `width` cells of text."""
    if isinstance(item, StoredMessage):
        size = max(item.size - _BLOCK_OVERHEAD, 0)
        rows = size // width + size // 300 + 1
    elif isinstance(item, Message):
        rows = len(item.text) // width + item.text.count("\n") + 1
    else:
        return 2
    if item.role is Role.USER and rows > LONG_PROMPT:
        rows = FOLDED_PROMPT + 1
    return rows + _FURNITURE[item.role]
