"""What a killed chatui left on the disk, and whether anything is missing from it."""

from __future__ import annotations

import time
import tomllib
from dataclasses import dataclass, field
from pathlib import Path

from chatui.conversation.events import Loaded
from chatui.conversation.message import Message, Role
from chatui.storage.paths import find_places
from chatui.storage.shelf import Shelf
from tests.crash.ticking import is_word_text


@dataclass
class Remains:
    """The messages of the newest session, and what is wrong."""

    messages: list[Message] = field(default_factory=list)
    problems: list[str] = field(default_factory=list)
    is_adopted: bool = False

    @property
    def replies(self) -> list[str]:
        """The texts of the replies, oldest first."""
        return [message.text for message in self.messages if message.role is Role.ASSISTANT]


def read_remains(home: Path) -> Remains:
    """Look at the files as they lie, then open the session as the next start does, and again."""
    remains = Remains()
    shelf = Shelf(find_places({"CHATUI_HOME": str(home)}, home))
    folder = shelf.places.sessions
    for path in folder.glob("*.toml") if folder.exists() else ():
        if problem := find_toml_fault(path):
            remains.problems.append(problem)
    latest = shelf.latest()
    if latest is None:
        return remains
    began = time.monotonic()
    lock = shelf.lock(latest.id)
    if not lock.acquire():
        remains.problems.append("a stale lock keeps the session shut")
    opened = shelf.open_session(latest.id)
    conversation = opened.session.conversation
    conversation.apply(Loaded(opened.file.load_rest()))
    remains.messages = [conversation.message(message.id) for message in list(conversation)]
    remains.is_adopted = opened.adopted
    remains.problems += opened.notices
    if time.monotonic() - began > 2:
        remains.problems.append(f"opening took {time.monotonic() - began:.1f} s")
    opened.file.close()
    again = shelf.open_session(latest.id)
    second = again.session.conversation
    second.apply(Loaded(again.file.load_rest()))
    if [second.message(message.id) for message in list(second)] != remains.messages:
        remains.problems.append("opened again it is another")
    again.file.close()
    lock.release()
    for name in {path.name for path in folder.iterdir()} - {f"{latest.id}.toml"}:
        remains.problems.append(f"{name} is left")
    remains.problems += [f"a reply is damaged: {text[-60:]}" for text in remains.replies if not is_word_text(text)]
    return remains


def find_toml_fault(path: Path) -> str:
    """Why a file is no TOML 1.0 but for a torn last line, which is cut on reading; empty where it is."""
    data = path.read_bytes()
    if ".checkpoint" in path.name:
        data = data[: data.rfind(b"\n") + 1]
    try:
        tomllib.loads(data.decode())
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        return f"{path.name} is no TOML: {error}"
    return ""
