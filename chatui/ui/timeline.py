"""What the transcript shows for a session: its branch, and notes that follow from the header."""

from __future__ import annotations

from collections.abc import Sequence

from chatui.conversation.events import Loaded
from chatui.conversation.message import Message, Role, StoredMessage
from chatui.engine.live_session import LiveSession
from chatui.ui.transcript.note import Note


def make_timeline(live: LiveSession) -> list[Message | StoredMessage | Note]:
    """The branch on screen, and a note where the next reply will come from another model than the last one did."""
    # First, for it decodes the last reply, which is then on the branch as it will be shown.
    note = switch_note(live, live.conversation.path())
    return [*live.conversation.path(), *([note] if note else [])]


def find_older(live: LiveSession, loaded: Loaded) -> list[Message | StoredMessage]:
    """What of the messages that were just loaded stands on the branch on screen, oldest first."""
    ids = {message.id for message in loaded.messages}
    return [item for item in live.conversation.path() if item.id in ids]


def switch_note(live: LiveSession, path: Sequence[Message | StoredMessage]) -> Note | None:
    """The note that tells a switch of model since the reply that streams, or the last one of `path`; else `None`."""
    before = live.conversation.live.model if live.conversation.live is not None else _last_model(live, path)
    if before is None or before == live.model:
        return None
    return Note(f"model: {before} → {live.model}, from the next reply on")


def _last_model(live: LiveSession, path: Sequence[Message | StoredMessage]) -> str | None:
    last = next((item for item in reversed(path) if item.role is Role.ASSISTANT), None)
    return None if last is None else live.conversation.message(last.id).last_model
