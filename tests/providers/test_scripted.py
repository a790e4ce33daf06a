"""The scripted provider plays a cassette at its own times, and a recording of it is the same cassette again."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, Sequence
from contextlib import aclosing

import pytest
from hypothesis import given, settings

from chatui.conversation.events import Alive, Ended, ReplyEvent, TextDelta
from chatui.conversation.message import Role
from chatui.conversation.model_info import ModelInfo
from chatui.conversation.request import Request, Turn
from chatui.conversation.usage import Price
from chatui.providers.base import ModelList, Provider, RetrySettings
from chatui.providers.cassette import CUT, Cassette, Reply, TimedEvent, decode_cassette
from chatui.providers.recording import Recording, RecordingProvider
from chatui.providers.scripted import ScriptedProvider
from tests.providers.fake_time import FakeTime
from tests.providers.test_cassette import cassettes

REQUEST = Request("glm-5", (Turn(Role.USER, "Hi"),))


def reply(*words: str, end: ReplyEvent | None = None) -> Reply:
    events: list[ReplyEvent] = [TextDelta(word) for word in words]
    return Reply(
        tuple(TimedEvent((number + 1) / 4, event) for number, event in enumerate([*events, end or Ended("stop")]))
    )


def scripted(*replies: Reply, speed: float = 1.0, time: FakeTime | None = None) -> ScriptedProvider:
    time = time or FakeTime()
    return ScriptedProvider(Cassette("glm-5", replies), speed, time.sleep, time.clock)


async def collect(provider: Provider, request: Request = REQUEST) -> list[ReplyEvent]:
    async with aclosing(provider.stream(request)) as events:
        return [event async for event in events]


async def test_events_come_at_their_times() -> None:
    time = FakeTime()
    await collect(scripted(reply("a", "b"), time=time))
    assert time.slept == [0.25, 0.25, 0.25]


async def test_twice_the_speed_is_half_the_time() -> None:
    time = FakeTime()
    await collect(scripted(reply("a", "b"), speed=2.0, time=time))
    assert time.now == 1000.0 + 0.75 / 2


async def test_speed_0_gives_the_loop_its_turn_and_nothing_more() -> None:
    time = FakeTime()
    events = await collect(scripted(reply("a", "b"), speed=0, time=time))
    assert events == [TextDelta("a"), TextDelta("b"), Ended("stop")]
    assert time.slept == [0.0]


async def test_the_loop_gets_its_turn_often_however_long_the_reply() -> None:
    time = FakeTime()
    await collect(scripted(reply(*["a"] * 640), speed=0, time=time))
    assert time.slept == [0.0] * 11


async def test_what_the_listener_spends_does_not_add_up() -> None:
    time = FakeTime()
    async with aclosing(scripted(reply("a", "b"), time=time).stream(REQUEST)) as events:
        async for _ in events:
            time.now += 0.1
    assert time.slept == pytest.approx([0.25, 0.15, 0.15])


async def test_a_listener_that_is_late_waits_for_nothing() -> None:
    time = FakeTime()
    async with aclosing(scripted(reply("a", "b"), time=time).stream(REQUEST)) as events:
        async for _ in events:
            time.now += 60
    assert time.slept == [0.25]


async def test_reply_n_answers_request_n_and_the_last_one_repeats() -> None:
    provider = scripted(reply("first"), reply("second"))
    heard = [(await collect(provider))[0] for _ in range(3)]
    assert heard == [TextDelta("first"), TextDelta("second"), TextDelta("second")]


async def test_a_reply_without_an_end_ends_as_cut() -> None:
    stopped = Reply((TimedEvent(0.0, TextDelta("a")),))
    provider = scripted(stopped, Reply())
    assert await collect(provider) == [TextDelta("a"), Ended(failure=CUT, interrupted=True)]
    assert await collect(provider) == [Ended(failure=CUT, interrupted=True)]


async def test_it_can_be_cancelled_while_it_waits() -> None:
    provider = ScriptedProvider(Cassette("glm-5", (Reply((TimedEvent(3600.0, Ended("stop")),)),)))
    task = asyncio.create_task(collect(provider))
    await asyncio.sleep(0)
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task


async def test_it_can_be_cancelled_at_full_speed() -> None:
    endless = Reply(tuple(TimedEvent(0.0, Alive()) for _ in range(100_000)))
    task = asyncio.create_task(collect(ScriptedProvider(Cassette("glm-5", (endless,)), speed=0)))
    await asyncio.sleep(0)
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task


async def test_it_offers_the_model_of_the_cassette() -> None:
    provider: Provider = ScriptedProvider(Cassette("glm-5", (Reply(),), 128_000, Price(1, 2)))
    assert provider.name == "scripted"
    assert provider.retry == RetrySettings()
    assert await provider.list_models() == ModelList(
        (ModelInfo("scripted", "glm-5", 128_000, price=Price(1, 2), price_as_of="cassette"),)
    )
    await provider.aclose()


def test_nothing_is_known_of_another_model() -> None:
    assert scripted(Reply()).describe("other") == ModelInfo("scripted", "other")
    assert scripted(Reply()).describe("glm-5").price_as_of == ""


@settings(max_examples=60, deadline=None)
@given(cassettes)
def test_a_recording_of_a_cassette_is_the_cassette(cassette: Cassette) -> None:
    asyncio.run(record_and_compare(cassette))


async def record_and_compare(cassette: Cassette) -> None:
    time = FakeTime()
    written: list[bytes] = []
    provider = RecordingProvider(
        ScriptedProvider(cassette, 1.0, time.sleep, time.clock), Recording(written.append), time.clock
    )
    heard = [await collect(provider, Request(cassette.model, ())) for _ in cassette.replies]
    recorded = decode_cassette(written[-1], "recorded")
    assert [[timed.event for timed in found.events] for found in recorded.replies] == heard
    assert (recorded.model, recorded.context_window, recorded.price) == (
        cassette.model,
        cassette.context_window,
        cassette.price,
    )
    assert await collect(ScriptedProvider(recorded, speed=0), REQUEST) == heard[0]
    for found, given_reply in zip(recorded.replies, cassette.replies, strict=True):
        for timed, expected in zip(found.events, given_reply.events, strict=False):
            assert timed.event == expected.event
            assert timed.at == pytest.approx(expected.at, abs=2e-4)


async def test_a_recording_passes_the_same_objects_through() -> None:
    source = reply("a", "b")
    recorder = RecordingProvider(scripted(source), Recording(lambda data: None))
    heard = await collect(recorder)
    assert all(one is other.event for one, other in zip(heard, source.events, strict=True))


async def test_an_attempt_that_is_stopped_is_recorded_as_far_as_it_came() -> None:
    written: list[bytes] = []
    recorder = RecordingProvider(scripted(reply("a", "b")), Recording(written.append))
    async with aclosing(recorder.stream(REQUEST)) as events:
        await anext(events)
    (stopped,) = decode_cassette(written[0], "recorded").replies
    assert [timed.event for timed in stopped.events] == [TextDelta("a")]


async def test_the_provider_is_closed_when_the_recording_is_stopped() -> None:
    closed: list[str] = []

    class Watched(ScriptedProvider):
        async def stream(self, request: Request) -> AsyncGenerator[ReplyEvent, None]:
            try:
                async with aclosing(super().stream(request)) as events:
                    async for event in events:
                        yield event
            finally:
                closed.append(request.model)

        async def aclose(self) -> None:
            closed.append("all")

    time = FakeTime()
    recorder = RecordingProvider(
        Watched(Cassette("glm-5", (reply("a"),)), 1.0, time.sleep, time.clock), Recording(lambda data: None)
    )
    async with aclosing(recorder.stream(REQUEST)) as events:
        await anext(events)
    await recorder.aclose()
    assert closed == ["glm-5", "all"]


async def test_two_providers_share_a_recording() -> None:
    written: list[bytes] = []
    recording = Recording(written.append)
    for provider in (scripted(reply("one")), scripted(reply("two"))):
        await collect(RecordingProvider(provider, recording))
    texts: Sequence[ReplyEvent] = [found.events[0].event for found in decode_cassette(written[1], "r").replies]
    assert texts == [TextDelta("one"), TextDelta("two")]


async def test_a_recorded_provider_looks_like_the_one_below() -> None:
    below = scripted(reply("a"))
    recorder: Provider = RecordingProvider(below, Recording(lambda data: None))
    assert recorder.name == "scripted"
    assert recorder.retry == below.retry
    assert recorder.describe("glm-5") == below.describe("glm-5")
    assert await recorder.list_models() == await below.list_models()
