"""What the transcript shows for a session: its branch, and notes that follow from the header."""

from __future__ import annotations

from collections.abc import Sequence

from chatui.conversation.events import Loaded
from chatui.conversation.message import Message, Role, StoredMessage
from chatui.engine.live_session import LiveSession
from chatui.ui.transcript.note import Note
from chatui.ui.transcript.widget import Transcript


def show_timeline(transcript: Transcript, live: LiveSession) -> None:
    """Show the branch of a session, and below it what is to be known of the next prompt."""
    # First, for it decodes the last reply, which is then on the branch as it will be shown.
    note = _make_footnote(live)
    transcript.show(live.conversation.path())
    if note is not None:
        transcript.set_footnote(note)


def show_footnote(transcript: Transcript, live: LiveSession) -> None:
    """Bring up to date what is to be known of the next prompt."""
    transcript.set_footnote(_make_footnote(live))


def find_older(live: LiveSession, loaded: Loaded) -> list[Message | StoredMessage]:
    """What of the messages that were just loaded stands on the branch on screen, oldest first."""
    ids = {message.id for message in loaded.messages}
    return [item for item in live.conversation.path() if item.id in ids]


def _make_footnote(live: LiveSession) -> Note | None:
    """A switch of model since the reply that streams, or the last one, and the images that wait; `None` for neither."""
    said: list[str] = []
    path = live.conversation.path()
    before = live.conversation.live.model if live.conversation.live is not None else _last_model(live, path)
    if before is not None and before != live.model:
        said.append(f"model: {before} → {live.model}, from the next reply on")
    if live.attached:
        said.append(f"▣ {', '.join(str(image.attachment) for image in live.attached)}")
        said.append("Goes along with the next prompt; /attach without a name leaves it behind.")
    return Note(said[0], detail="\n".join(said[1:])) if said else None


def _last_model(live: LiveSession, path: Sequence[Message | StoredMessage]) -> str | None:
    last = next((item for item in reversed(path) if item.role is Role.ASSISTANT), None)
    return None if last is None else live.conversation.message(last.id).last_model
