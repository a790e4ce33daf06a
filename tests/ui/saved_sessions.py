"""Session files for the tests of the app, written as the app writes them."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

from chatui.conversation.message import Message, Role, Status
from chatui.conversation.session import SessionHeader
from chatui.storage.paths import find_places
from chatui.storage.session_file import SessionFile
from chatui.storage.shelf import Shelf

NOON = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)


def save_session(
    home: Path, session_id: str, *texts: str, title: str = "", model: str = "held/one", **header: object
) -> Path:
    """Save a session whose messages are these texts, prompt and reply in turn; return its file."""
    shelf = Shelf(find_places({"CHATUI_HOME": str(home)}, home))
    path = shelf.new_session_path(session_id)
    made = SessionHeader(session_id, NOON, title=title or texts[0], model=model, **header)  # type: ignore[arg-type]  # fields of the header
    file = SessionFile.create(path, made)
    for number, text in enumerate(texts, start=1):
        file.put(_message(number, text, model))
        file.set_active(f"m{number}")
    file.save()
    file.close()
    return path


def _message(number: int, text: str, model: str) -> Message:
    parent = f"m{number - 1}" if number > 1 else None
    if number % 2:
        return Message(f"m{number}", Role.USER, text, NOON, parent)
    return Message(f"m{number}", Role.ASSISTANT, text, NOON, parent, Status.COMPLETE, model=model, finish_reason="stop")
