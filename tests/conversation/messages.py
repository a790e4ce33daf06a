"""Messages for tests."""

from __future__ import annotations

from datetime import UTC, datetime

from chatui.conversation.message import Message, Role, StoredMessage

NOON = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)


def prompt(message_id: str, parent: str | None = None, text: str = "Hi") -> Message:
    return Message(message_id, Role.USER, text, NOON, parent)


def reply(message_id: str, parent: str | None, text: str = "Hello") -> Message:
    return Message(message_id, Role.ASSISTANT, text, NOON, parent, model="demo/guide")


def stored(message: Message, decoded: list[str] | None = None) -> StoredMessage:
    """The message as it lies in a file; its id joins `decoded` when it is decoded."""

    def decode() -> Message:
        if decoded is not None:
            decoded.append(message.id)
        return message

    return StoredMessage(message.id, message.role, message.parent, len(message.text), decode)
