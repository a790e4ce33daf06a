"""Adopting checkpoints: the replies that a crash cut become messages of their session."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from pathlib import Path

from chatui.conversation.continued import add_part
from chatui.conversation.conversation import Conversation
from chatui.conversation.events import Added, Loaded
from chatui.conversation.message import Message, Part
from chatui.storage import disk
from chatui.storage.atomic import remove_temps
from chatui.storage.checkpoint import find_checkpoints, read_checkpoint
from chatui.storage.errors import StorageError
from chatui.storage.session_file import SessionFile


@dataclass(slots=True)
class Adoption:
    """What came of the checkpoints of one session."""

    has_adopted: bool = False
    """True when a reply joined the conversation, or one that was there grew."""
    notices: list[str] = field(default_factory=list)
    """What the user should know: sentences, not yet made safe to show."""


def adopt_checkpoints(file: SessionFile, conversation: Conversation) -> Adoption:
    """Put the replies of checkpoints into the session, save it, and remove what a killed process left behind.

    Never raises: a checkpoint that is damaged, or whose reply cannot be saved, stays where it is and is told. Only for
    the one who holds the session's lock, for the checkpoint of a reply that still streams looks the same.
    """
    adoption = Adoption()
    try:
        remove_temps(file.path)
        paths = find_checkpoints(file.path)
        if not paths:
            return adoption
        # Whether a reply is in the session can be said only of all its messages.
        conversation.apply(Loaded(file.load_rest()))
        done = []
        for path in paths:
            try:
                reply = read_checkpoint(path)
            except StorageError as error:
                adoption.notices.append(error.reason)
                continue
            done.append(path)
            if reply is not None and (message := _bring(conversation, reply)) is not None:
                conversation.apply(Added(message))
                file.put(message)
                file.set_active(message.id)
                adoption.has_adopted = True
        if adoption.has_adopted and (notice := file.save()):
            adoption.notices.append(notice)
        for path in done:
            _remove(path)
    except StorageError as error:
        adoption.notices.append(error.reason)
    return adoption


def _remove(path: Path) -> None:
    try:
        disk.unlink(path)
    except OSError as error:
        raise StorageError.from_os(path, "remove", error) from error


def _bring(conversation: Conversation, reply: Message) -> Message | None:
    """The message that a checkpoint brings into the conversation; `None` when all of it is there."""
    if reply.id not in conversation:
        return replace(reply, parts=())
    saved = conversation.message(reply.id)
    if not _grows(saved, reply) or not (reply.parts or saved.can_continue):
        return None
    # It was being continued when the end came.
    (part,) = reply.parts or (Part(len(saved.text), reply.model or "", reply.created, reply.status),)
    part = replace(part, start=len(saved.text), attempts=reply.attempts, retries=reply.retries, failure=reply.failure)
    thoughts = reply.reasoning.removeprefix(saved.reasoning)
    return add_part(saved, part, reply.text[len(saved.text) :], thoughts)


def _grows(saved: Message, reply: Message) -> bool:
    """True where a checkpoint has all that is saved of a reply, and more: words, or thoughts without a word yet."""
    if reply.text == saved.text:
        return len(reply.reasoning) > len(saved.reasoning) and reply.reasoning.startswith(saved.reasoning)
    return reply.text.startswith(saved.text)
