"""R5: the watches over time, each for its own silence; and what can be done about a stall."""

from __future__ import annotations

import asyncio
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

import pytest

from chatui.config.config import ProviderSettings
from chatui.conversation.events import Alive, Event, Started, TextDelta
from chatui.conversation.failure import FailureKind
from chatui.engine.stats import STALL_SECONDS, ReplyStats
from tests.providers.work import GOOD
from tests.reliability.talk import talk
from tests.sse_server import Script, SSEServer, Stall, deltas, finish

NOW = datetime(2026, 11, 23, 12, 0, 0, tzinfo=UTC)


@contextmanager
def _listener_that_takes_nobody() -> Iterator[int]:
    """A port whose queue is full: a further connection is neither taken nor refused."""
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        listener.listen(0)
        fillers = [socket.socket() for _ in range(3)]
        for filler in fillers:
            filler.setblocking(False)
            filler.connect_ex(listener.getsockname())
        try:
            yield listener.getsockname()[1]
        finally:
            for filler in fillers:
                filler.close()


async def test_r5_a_connection_that_is_not_taken_has_a_time_of_its_own(server: SSEServer, tmp_path: Path) -> None:
    with _listener_that_takes_nobody() as port:
        url = f"http://127.0.0.1:{port}/v1"
        async with talk(server, tmp_path, base_url=url, connect_timeout=0.1, max_retries=0) as here:
            reply = await here.ask()
    assert reply.failure is not None
    assert reply.failure.message == "127.0.0.1 did not take the connection in time."
    assert "connect_timeout" in reply.failure.advice


def test_r5_the_times_that_nobody_set() -> None:
    settings = ProviderSettings("work")
    assert (settings.connect_timeout, settings.idle_timeout, STALL_SECONDS) == (10.0, 120.0, 15.0)


@pytest.mark.parametrize(
    ("script", "said"),
    [
        (Script([Stall()], framing="raw"), "did not answer for 0.5 seconds"),
        (Script([Stall()]), "sent nothing for 0.5 seconds"),
        (Script([deltas("a"), Stall()]), "sent nothing for 0.5 seconds"),
    ],
    ids=["before the head", "before the first event", "after content"],
)
async def test_r5_silence_is_told_by_where_it_fell(
    server: SSEServer, tmp_path: Path, script: Script, said: str
) -> None:
    server.add(script)
    async with talk(server, tmp_path, idle_timeout=0.5, max_retries=0) as here:
        reply = await here.ask()
    assert reply.failure is not None
    assert reply.failure.kind is FailureKind.TIMEOUT
    assert said in reply.failure.message
    assert "idle_timeout" in reply.failure.advice


def test_r5_keep_alives_do_not_hide_that_no_text_comes() -> None:
    stats = ReplyStats()
    stats.observe(Started("m2", "m1", "work/m", NOW), 0.0)
    stats.observe(TextDelta("a"), 1.0)
    for second in range(2, 17):
        stats.observe(Alive(), second)
        assert stats.is_stalled(second) is (second - 1 >= STALL_SECONDS)
    assert stats.is_alive(16.0)
    assert not stats.is_alive(60.0)
    stats.observe(TextDelta("b"), 61.0)
    assert not stats.is_stalled(61.0)


async def test_r5_an_attempt_without_text_can_be_made_again(server: SSEServer, tmp_path: Path) -> None:
    server.add(Script([b": alive\n\n", Stall()]), GOOD)
    async with talk(server, tmp_path) as here:
        asked_again: list[bool] = []

        def react(event: Event) -> None:
            if isinstance(event, Alive):
                asyncio.get_running_loop().call_soon(lambda: asked_again.append(here.live.try_again()))

        reply = await here.ask(react=react)
        await asyncio.wait_for(server.requests[0].closed.wait(), 5)
    assert asked_again == [True]
    assert (reply.text, reply.attempts) == ("Hello", 2)


async def test_r5_an_attempt_with_text_is_never_thrown_away(server: SSEServer, tmp_path: Path) -> None:
    gate = asyncio.Event()
    server.add(Script([deltas("a"), gate, deltas("b"), finish()]))
    async with talk(server, tmp_path) as here:

        def react(event: Event) -> None:
            if isinstance(event, TextDelta) and not gate.is_set():
                assert not here.live.try_again()
                gate.set()

        assert (await here.ask(react=react)).text == "ab"
    assert not here.live.try_again()
