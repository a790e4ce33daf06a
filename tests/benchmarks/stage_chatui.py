"""The real app, made as the command line makes it."""

from __future__ import annotations

import os
from datetime import UTC, datetime
from pathlib import Path

from chatui.cli.arguments import Arguments
from chatui.conversation.events import Ended, ReasoningDelta, Started, TextDelta
from chatui.providers.cassette import Cassette, Reply, TimedEvent, encode_cassette
from chatui.providers.paced_stream import PACE_SECONDS
from chatui.screen import make_app
from tests.benchmarks.payloads import PAYLOADS, TOKEN
from tests.benchmarks.sessions import MODEL, make_messages
from tests.benchmarks.stage import wait_until


class ChatuiStage:
    """The real `ChatScreen`. Single flushes are given to its transcript; whole replies come from a cassette."""

    def __init__(self, payload: str = "", tokens: int = 0, speed: float = 0.0, session: str | None = None) -> None:
        """With a payload, the scripted provider plays so much of it at `speed` tokens per second."""
        arguments = Arguments(session=session)
        if payload:
            path = Path(os.environ["HOME"]) / "cassette.toml"
            path.write_bytes(encode_cassette(make_cassette(PAYLOADS[payload]()[: tokens * TOKEN], speed)))
            arguments = Arguments(play=path, session=session)
        self.app = make_app(arguments, os.environ)
        self._is_reasoning = False

    @property
    def screen(self):  # type: ignore[no-untyped-def]  # the class loads Textual, and that must happen in `make_app`
        """The chat screen."""
        return self.app._chat

    async def begin(self, *, is_reasoning: bool = False, above: int = 0) -> None:
        """Show messages and begin a reply below them."""
        transcript = self.screen.desk.transcript
        transcript.show(make_messages(above))
        self._is_reasoning = is_reasoning
        transcript.apply(Started("reply", None, MODEL, datetime.now(UTC)))

    async def take(self, text: str) -> None:
        """Give a delta to the transcript."""
        self.screen.desk.transcript.apply(ReasoningDelta(text) if self._is_reasoning else TextDelta(text))

    async def stream(self, text: str, speed: float) -> None:
        """Send a prompt; the reply goes the whole way, from the provider over the disk to the screen."""
        desk = self.screen.desk
        desk.send("go")
        await wait_until(lambda: desk.live.is_streaming)
        # Looked at rarely: each look is CPU that the app is charged with.
        await wait_until(lambda: not desk.live.is_streaming, len(text) / TOKEN / speed * 10 + 60, every=0.25)


def make_cassette(text: str, speed: float, *, at_once: int = 0) -> Cassette:
    """A reply of one delta per token, in the bursts that paced reads of a fast stream give; the first ones at once."""
    events = []
    for number, at in enumerate(range(0, len(text), TOKEN)):
        seconds = max(number - at_once, 0) / speed
        events.append(TimedEvent(int(seconds / PACE_SECONDS) * PACE_SECONDS, TextDelta(text[at : at + TOKEN])))
    events.append(TimedEvent(events[-1].at, Ended("stop")))
    return Cassette("cassette", (Reply(tuple(events)),), context_window=128_000)
