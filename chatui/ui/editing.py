"""Editing an earlier prompt: what it is, the draft that waits meanwhile, and changes that were left unsent."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from chatui.conversation.message import Message
from chatui.ui.widgets.prompt import Prompt


class Editing:
    """The prompt box while it holds an earlier prompt in place of the draft. It sends nothing by itself."""

    def __init__(self, prompt: Prompt) -> None:
        self._prompt = prompt
        self._message: Message | None = None
        self._draft = ""
        self._unsent: dict[str, str] = {}

    @property
    def message(self) -> Message | None:
        """The prompt that is edited; `None` while the box holds the draft."""
        return self._message

    @property
    def draft(self) -> str:
        """The draft that waits; empty while nothing is edited."""
        return self._draft

    @property
    def changes(self) -> Mapping[str, str]:
        """Changed prompts that were not sent, by the id of the original; the one in the box among them."""
        if self._message is not None:
            self._keep_changes(self._message)
        return dict(self._unsent)

    def put_before_draft(self, texts: Sequence[str]) -> None:
        """Put texts in front of the draft that waits."""
        self._draft = "\n\n".join(text for text in (*texts, self._draft) if text.strip())

    def restore(self, changes: Mapping[str, str]) -> None:
        """Take in changes that were not sent the last time."""
        self._unsent.update(changes)

    def begin(self, message: Message) -> bool:
        """Put an earlier prompt into the box, with the changes left unsent before; true where there were such."""
        if self._message is None:
            self._draft = self._prompt.full_text
        else:
            self._keep_changes(self._message)
        self._message = message
        self._prompt.load_text(self._unsent.get(message.id, message.text))
        self._prompt.focus()
        return message.id in self._unsent

    def leave(self) -> bool:
        """Give the draft back; true where changes were made, which the next `begin` with this prompt brings back."""
        before = self._message
        if before is None:
            return False
        self._keep_changes(before)
        self._end()
        return before.id in self._unsent

    def finish(self) -> None:
        """The changed prompt is on its way: give the draft back."""
        if self._message is not None:
            self._unsent.pop(self._message.id, None)
            self._end()

    def forget(self) -> None:
        """Another session is on screen: nothing is edited, and the box is not touched."""
        self._message, self._draft = None, ""
        self._unsent.clear()

    def _end(self) -> None:
        self._message, draft, self._draft = None, self._draft, ""
        self._prompt.load_text(draft)

    def _keep_changes(self, message: Message) -> None:
        text = self._prompt.full_text
        if text == message.text or not text.strip():
            self._unsent.pop(message.id, None)
        else:
            self._unsent[message.id] = text
