"""A conversation as one Markdown document, to read or to pass on."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from chatui.conversation.message import Message, Role, Status
from chatui.conversation.session import SessionHeader

_FATES = {
    Status.INTERRUPTED: "interrupted",
    Status.CANCELLED: "stopped",
    Status.FAILED: "failed",
}


def export_markdown(header: SessionHeader, messages: Iterable[Message]) -> str:
    """Return the document: a title, the system prompt, then each message under a heading that says whose it is.

    The texts stand as they came; make them visible before they are shown on a terminal. Reasoning is left out.
    """
    return "\n".join(_lines(header, messages))


def _lines(header: SessionHeader, messages: Iterable[Message]) -> Iterator[str]:
    yield f"# {_one_line(header.title) or header.id}\n"
    if header.system:
        yield f"## System\n\n{header.system.rstrip()}\n"
    for message in messages:
        who = "You" if message.role is Role.USER else _one_line(message.model or "Assistant")
        yield f"## {who}\n"
        if message.text:
            yield f"{message.text.strip(chr(10))}\n"
        for attachment in message.attachments:
            yield f"*attached: {_one_line(str(attachment))}*\n"
        if fate := _FATES.get(message.status):
            reason = f": {_one_line(message.failure.message)}" if message.failure else ""
            yield f"*{fate}{reason}*\n"


def _one_line(text: str) -> str:
    return " ".join(text.split())
