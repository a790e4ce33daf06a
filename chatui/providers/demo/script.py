"""A script: what a demo reply will be, and how it becomes events with times, as a server would send them."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from chatui.conversation.events import Alive, Ended, ReasoningDelta, ReplyEvent, TextDelta, UsageReported
from chatui.conversation.failure import Failure
from chatui.conversation.request import Request
from chatui.conversation.usage import Usage
from chatui.providers.cassette import TimedEvent

_WORD = re.compile(r"\S+\s*|\s+")
_FIRST_WORD = 0.25
"""Seconds until the first event: as a quick server needs."""
_CHARACTERS_PER_TOKEN = 4


@dataclass(frozen=True)
class Script:
    """One reply of the demo."""

    text: str = ""
    thought: str = ""
    """Reasoning that comes before the text."""
    alive_seconds: int = 0
    """Seconds after the text with nothing but a keep-alive in each."""
    after: str = ""
    """Text that comes after those seconds."""
    rest: str = ""
    """What is missing at the end, and comes when the reply is continued."""
    finish_reason: str | None = "stop"
    failure: Failure | None = None
    is_cut: bool = False
    """True when the connection breaks at the end."""
    seconds_per_word: float = 1 / 60

    def rest_after(self, heard: str) -> Script | None:
        """The script of the reply that continues `heard`; `None` where that is not how this one begins."""
        whole = self.text + self.after + self.rest
        if not heard or heard == whole or not whole.startswith(heard):
            return None
        return Script(whole.removeprefix(heard), seconds_per_word=self.seconds_per_word)

    def play_out(self, request: Request) -> Iterator[TimedEvent]:
        """Yield the events of the reply; the usage counts four characters as a token."""
        now = _FIRST_WORD
        for event in self._deltas():
            now += 1.0 if isinstance(event, Alive) else self.seconds_per_word
            yield TimedEvent(now, event)
        if self.failure is None:
            yield TimedEvent(now, UsageReported(self._estimate(request)))
        yield TimedEvent(now, Ended(self.finish_reason, self.failure, self.is_cut))

    def _deltas(self) -> Iterator[ReplyEvent]:
        yield from (ReasoningDelta(word) for word in _WORD.findall(self.thought))
        yield from (TextDelta(word) for word in _WORD.findall(self.text))
        yield from (Alive() for _ in range(self.alive_seconds))
        yield from (TextDelta(word) for word in _WORD.findall(self.after))

    def _estimate(self, request: Request) -> Usage:
        thought = _count_tokens((self.thought,))
        return Usage(
            input=_count_tokens((request.system, *(turn.text for turn in request.turns))),
            output=thought + _count_tokens((self.text, self.after)),
            reasoning=thought,
            estimated=True,
        )


def _count_tokens(texts: Sequence[str]) -> int:
    return -(-sum(map(len, texts)) // _CHARACTERS_PER_TOKEN)
