"""`<think>…</think>` at the start of an answer, told apart from the answer while it streams."""

from __future__ import annotations

from enum import Enum, auto

from chatui.conversation.events import ReasoningDelta, TextDelta

_OPEN = "<think>"
_CLOSE = "</think>"


class _Place(Enum):
    START = auto()
    THOUGHT = auto()
    AFTER_THOUGHT = auto()
    ANSWER = auto()


class ThinkSplitter:
    """Takes pieces of content in order and says which are reasoning.

    A tag counts only as the first thing of an answer (white space before it aside); anywhere else it is text. It holds
    back no more than may still become a tag. The tags go, and the blank lines that part the thought from the answer;
    everything else is kept as it came.
    """

    def __init__(self) -> None:
        self._place = _Place.START
        self._held = ""

    def pass_through(self) -> None:
        """From now on everything is the answer; for streams that carry the reasoning in a field of its own."""
        if self._place is _Place.START:
            self._place = _Place.ANSWER

    def feed(self, text: str) -> list[TextDelta | ReasoningDelta]:
        """Take the next piece of content."""
        text = self._held + text
        self._held = ""
        deltas: list[TextDelta | ReasoningDelta] = []
        if self._place is _Place.START:
            text = self._leave_start(text)
        if self._place is _Place.THOUGHT:
            text = self._take_thought(text, deltas)
        if self._place is _Place.AFTER_THOUGHT:
            text = text.lstrip()
            if text:
                self._place = _Place.ANSWER
        if self._place is _Place.ANSWER and text:
            deltas.append(TextDelta(text))
        return deltas

    def flush(self) -> list[TextDelta | ReasoningDelta]:
        """The answer is over: return what was held back."""
        held, self._held = self._held, ""
        if not held:
            return []
        return [ReasoningDelta(held) if self._place is _Place.THOUGHT else TextDelta(held)]

    def _leave_start(self, text: str) -> str:
        start = text.lstrip()
        if start.startswith(_OPEN):
            self._place = _Place.THOUGHT
            return start[len(_OPEN) :]
        if _OPEN.startswith(start):
            self._held = text
            return ""
        self._place = _Place.ANSWER
        return text

    def _take_thought(self, text: str, deltas: list[TextDelta | ReasoningDelta]) -> str:
        thought, tag, rest = text.partition(_CLOSE)
        if tag:
            self._place = _Place.AFTER_THOUGHT
        else:
            kept = _length_of_tag_begun(thought)
            thought, self._held = thought[: len(thought) - kept], thought[len(thought) - kept :]
        if thought:
            deltas.append(ReasoningDelta(thought))
        return rest


def _length_of_tag_begun(text: str) -> int:
    """How many characters at the end of `text` may be the start of the closing tag."""
    for length in range(min(len(text), len(_CLOSE) - 1), 0, -1):
        if _CLOSE.startswith(text[-length:]):
            return length
    return 0
