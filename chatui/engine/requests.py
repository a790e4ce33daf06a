"""Requests: what of a conversation is sent to the model."""

from __future__ import annotations

from collections.abc import Sequence

from chatui.conversation.message import Message, Role, StoredMessage
from chatui.conversation.request import Request, Turn
from chatui.conversation.session import SessionHeader
from chatui.engine.attachments import Attachments


def compose_request(
    model_id: str, header: SessionHeader, path: Sequence[Message | StoredMessage], attachments: Attachments
) -> Request:
    """Compose the request for the next reply from the branch that ends in the prompt.

    Replies without text (failed, or stopped before the first word) are left out; partial ones go as far as they came.
    Reasoning is never sent back; what lies before `header.sent_from` is left out. Decodes what is sent and
    reads its images: call it in a thread.
    """
    turns: list[Turn] = []
    start = next((i for i, item in enumerate(path) if item.id == header.sent_from), 0)
    for item in path[start:]:
        message = item.decode() if isinstance(item, StoredMessage) else item
        if message.text or message.role is Role.USER:
            turns.append(Turn(message.role, message.text, tuple(map(attachments.load, message.attachments))))
    return Request(model=model_id, turns=tuple(turns), system=header.system, params=dict(header.params))
