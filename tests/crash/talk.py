"""A talk without a screen, which says on standard output what must not be lost any more."""

from __future__ import annotations

import asyncio
import os
from collections.abc import AsyncGenerator
from contextlib import aclosing
from dataclasses import replace
from pathlib import Path

from chatui.conversation.continuation import Continuation
from chatui.conversation.events import Ended, Event, Retrying, TextDelta
from chatui.conversation.failure import Failure, FailureKind
from chatui.conversation.model_info import ModelInfo
from chatui.engine import recorder
from chatui.engine.live_session import LiveSession
from chatui.engine.roster import Roster
from chatui.engine.sessions import SessionDefaults, Sessions
from chatui.storage.paths import find_places
from chatui.storage.shelf import Shelf
from tests.crash.ticking import word_text
from tests.engine.fake_provider import BUSY, FakeProvider, Step
from tests.engine.stage import wait_for_writes

ID = "20261123-104233-k3f9"
CUT = Ended(failure=Failure(FailureKind.NETWORK, "Reset."), interrupted=True)
PROMPTS = ("first", "second")


class Prefilling(FakeProvider):
    """Goes on after the last character."""

    def describe(self, model: str) -> ModelInfo:
        return replace(super().describe(model), continuation=Continuation.PREFIX)


def open_sessions(home: Path, provider: FakeProvider) -> Sessions:
    """The sessions in a home, as the app opens them."""
    places = find_places({"CHATUI_HOME": str(home)}, home)
    return Sessions(Shelf(places), Roster({"fake": provider}), SessionDefaults("fake/one"))


def _words(first: int, count: int) -> list[Step]:
    text = word_text(first - 1 + count)[len(word_text(first - 1)) :]
    return [TextDelta(text[place : place + 21]) for place in range(0, len(text), 21)]


def say(line: str) -> None:
    """Print a line at once, by a system call that nothing else here uses: writes are counted by who traces them."""
    os.writev(1, [f"{line}\n".encode()])


async def talk(home: Path) -> None:
    """Ask twice; the second reply comes at the second attempt, is cut, continued, and continued again."""
    recorder.CHECKPOINT_SECONDS = 0.0
    end = Ended("stop")
    first, second = [*_words(1, 9), end], [*_words(1, 9), CUT]
    provider = Prefilling(first, [BUSY], second, [*_words(10, 9), CUT], [*_words(19, 9), end])
    sessions = open_sessions(home, provider)
    live = sessions.make(ID)
    for number, prompt in enumerate(PROMPTS):
        await _show(live, live.send(prompt), number)
    for _ in range(2):
        await _show(live, live.continue_reply(), 1)
    await live.rename("Counted")
    say("renamed")
    await live.aclose()


async def _show(live: LiveSession, events: AsyncGenerator[Event, None], number: int) -> None:
    reply = live.continuable
    length = len(reply.text) if reply is not None else 0
    async with aclosing(events):
        async for event in events:
            if isinstance(event, TextDelta):
                length += len(event.text)
                # Let the checkpoint's timer run, then wait for the write.
                await asyncio.sleep(0.002)
                await wait_for_writes(live)
                say(f"safe {number} {length}")
            elif isinstance(event, Retrying):
                await wait_for_writes(live)
                say(f"retried {number}")
            else:
                # What comes after the prompt was added comes after it was saved.
                say(f"event {number} {type(event).__name__}")
