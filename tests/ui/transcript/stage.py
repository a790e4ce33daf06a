"""A stage for the transcript: an app with nothing else, messages, and what is on screen as text."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime

from textual.app import App, ComposeResult
from textual.geometry import Region

from chatui.conversation.events import Started
from chatui.conversation.message import Message, Role, StoredMessage
from chatui.ui.commands.table import COMMANDS
from chatui.ui.keymap import ways_of
from chatui.ui.transcript.document import Document, Item
from chatui.ui.transcript.view import View
from chatui.ui.transcript.widget import Transcript

WAYS = ways_of(COMMANDS, {})
"""How commands are run where the user has chosen no keys."""
NOON = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)


class Stage(App[None]):
    """Nothing but a transcript."""

    def __init__(self) -> None:
        super().__init__()
        self.transcript = Transcript()
        self.transcript.view.document.ways = WAYS
        self.opened: list[str] = []
        self.follow_changes: list[tuple[bool, int]] = []

    def compose(self) -> ComposeResult:
        yield self.transcript

    def on_transcript_follow_changed(self, event: Transcript.FollowChanged) -> None:
        self.follow_changes.append((event.is_following, event.new_lines))

    def open_url(self, url: str, *, new_tab: bool = True) -> None:
        self.opened.append(url)


def prompt(number: int, text: str = "") -> Message:
    """A prompt; `number` makes its id and its text."""
    return Message(f"m{number}", Role.USER, text or f"question {number}", NOON)


def reply(number: int, text: str = "", model: str = "demo/guide", **changes: object) -> Message:
    """A complete reply."""
    message = Message(f"m{number}", Role.ASSISTANT, text or f"answer {number}", NOON, model=model, finish_reason="stop")
    return replace(message, **changes)  # type: ignore[arg-type]  # the caller names fields of Message


def started(number: int, model: str = "demo/guide") -> Started:
    """The beginning of a live reply."""
    return Started(f"m{number}", None, model, NOON)


def turns(count: int, first: int = 0) -> list[Message]:
    """Prompts and replies in turn."""
    return [prompt(n) if n % 2 == 0 else reply(n) for n in range(first, first + count)]


def stored(
    messages: list[Message], on_decode: Callable[[str], object] = lambda message_id: None
) -> list[StoredMessage]:
    """The same messages as they lie in a file; `on_decode` hears of each one that is decoded."""

    def decoder(message: Message) -> Callable[[], Message]:
        def decode() -> Message:
            on_decode(message.id)
            return message

        return decode

    return [StoredMessage(m.id, m.role, m.parent, len(m.text) + 200, decoder(m)) for m in messages]


def rows(transcript: Transcript) -> list[str]:
    """What is on screen, row by row, without the scrollbar and trailing space."""
    width, height = transcript.size
    return [strip.text[: width - 1].rstrip() for strip in transcript.render_lines(Region(0, 0, width, height))]


def shown(transcript: Transcript) -> str:
    """What is on screen as one text."""
    return "\n".join(rows(transcript))


def view_of(items: list[Item], width: int = 60, rows: int = 20) -> View:
    """A view of a size that shows these items."""
    view = View(Document())
    view.set_size(width, rows)
    view.show(items)
    return view


def texts_of(view: View) -> list[str]:
    """The text of the rows on screen."""
    return [row.line.text for _, _, row in view.screen_rows(0, view.rows)]


def all_rows(view: View, items: list[Item]) -> list[str]:
    """All rows of a document with the same items, laid out from scratch, every one of them measured."""
    fresh = view_of(items, view.document.width, 10_000)
    return [row.line.text for _, _, row in fresh.screen_rows(0, fresh.document.total)]
