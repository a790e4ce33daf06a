"""A comparison asks several models the same, and its replies are siblings that survive whatever ends it."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, Callable, Sequence
from contextlib import aclosing
from pathlib import Path

import pytest

from chatui.conversation.events import Added, Event, Finished, SaveFailed, Started, TextDelta
from chatui.conversation.message import Message, Status
from chatui.engine.comparison import Comparison, LaneEvent, reserve_ids
from chatui.engine.lane_checkpoint import LaneCheckpoint
from chatui.engine.live_session import LiveSession
from chatui.storage.checkpoint import read_checkpoint
from chatui.storage.errors import StorageError
from tests.engine.fake_provider import BUSY, REFUSED, STOP, FakeProvider, say
from tests.engine.stage import NOW, Stage, collect

MODELS = ("fake/one", "fake/two", "fake/three")


class Providers(FakeProvider):
    """One script for each model, whichever asks first."""

    async def stream(self, request):  # type: ignore[no-untyped-def]  # as its parent's
        self.requests.append(request)
        for step in dict(zip(("one", "two", "three"), self.attempts, strict=False))[request.model]:
            if isinstance(step, asyncio.Event):
                self.waits.set()
                await step.wait()
            else:
                yield step


@pytest.fixture
def provider() -> Providers:
    return Providers(say("First"), say("Second"), say("Third"))


@pytest.fixture
async def stage(tmp_path: Path, provider: Providers) -> AsyncGenerator[Stage, None]:
    stage = Stage(tmp_path, provider)
    yield stage
    await stage.aclose()


async def run(live: LiveSession, comparison: Comparison, text: str = "Hi") -> list[LaneEvent]:
    async with aclosing(live.compare(comparison, text)) as events:
        return [event async for event in events]


async def until(condition: Callable[[], bool]) -> None:
    """Let everything run until something is so."""
    async with asyncio.timeout(10):
        while not condition():
            await asyncio.sleep(0)


def lane_of(events: Sequence[LaneEvent], lane: int | None) -> list[Event]:
    return [each.event for each in events if each.lane == lane]


async def test_all_models_are_asked_the_same(stage: Stage, provider: Providers) -> None:
    live = stage.make()
    events = await run(live, live.make_comparison(MODELS))
    assert [request.turns[-1].text for request in provider.requests] == ["Hi"] * 3
    assert sorted(request.model for request in provider.requests) == ["one", "three", "two"]
    for lane, text in enumerate(("First", "Second", "Third")):
        started, delta, finished = lane_of(events, lane)
        assert isinstance(started, Started)
        assert delta == TextDelta(text)
        assert isinstance(finished, Finished)
        assert (finished.message.text, finished.message.status) == (text, Status.COMPLETE)


async def test_the_replies_are_siblings_in_the_conversation_and_in_the_file(stage: Stage) -> None:
    live = stage.make()
    await run(live, live.make_comparison(MODELS))
    assert sorted(live.conversation.siblings("m2")) == ["m2", "m3", "m4"]
    saved = {message.id: message for message in stage.read()}
    assert {message.text for message in saved.values()} == {"Hi", "First", "Second", "Third"}
    assert {saved[id].parent for id in ("m2", "m3", "m4")} == {"m1"}
    assert live.conversation.active == "m2"
    assert [path.name for path in stage.path.parent.iterdir()] == [stage.path.name]


async def test_the_last_prompt_is_asked_again_where_there_is_no_other(stage: Stage, provider: Providers) -> None:
    live = stage.make()
    await collect(live.send("Once"))
    events = await run(live, live.make_comparison(MODELS[1:]), "")
    assert lane_of(events, None) == []
    assert len(live.conversation.siblings("m2")) == 3
    assert [request.turns[-1].text for request in provider.requests] == ["Once"] * 3


async def test_with_nothing_to_ask_nothing_happens(stage: Stage, provider: Providers) -> None:
    live = stage.make()
    assert await run(live, live.make_comparison(MODELS), "") == []
    assert not provider.requests
    assert not live.is_streaming


async def test_one_that_fails_fails_alone(stage: Stage, provider: Providers) -> None:
    provider.attempts[0] = [REFUSED]
    live = stage.make()
    await run(live, live.make_comparison((*MODELS[:2], "nobody/x")))
    statuses = {message.model: message.status for message in stage.read() if message.model}
    assert statuses == {"fake/one": Status.FAILED, "fake/two": Status.COMPLETE, "nobody/x": Status.FAILED}
    assert live.conversation.message(live.conversation.active or "").model == "fake/two"


async def test_where_all_fail_the_first_is_shown(stage: Stage, provider: Providers) -> None:
    provider.attempts[:] = [[REFUSED], [REFUSED], [REFUSED]]
    live = stage.make()
    await run(live, live.make_comparison(MODELS))
    assert live.conversation.active == "m2"


async def test_stop_ends_all_and_keeps_what_came(stage: Stage, provider: Providers) -> None:
    never = asyncio.Event()
    provider.attempts[:] = [[TextDelta("Half"), never, STOP], say("Second"), [never, STOP]]
    live = stage.make()
    comparison = live.make_comparison(MODELS)
    task = asyncio.create_task(run(live, comparison))
    await until(lambda: [lane.text for lane in comparison.lanes] == ["Half", "Second", ""])
    await until(lambda: len(provider.requests) == 3)
    assert live.is_streaming
    live.stop()
    await task
    assert not live.is_streaming
    found = {message.model: (message.status, message.text) for message in stage.read() if message.model}
    assert found == {
        "fake/one": (Status.CANCELLED, "Half"),
        "fake/two": (Status.COMPLETE, "Second"),
        "fake/three": (Status.CANCELLED, ""),
    }


async def test_stopped_before_the_requests_leave_none_leaves(stage: Stage, provider: Providers) -> None:
    live = stage.make()
    comparison = live.make_comparison(MODELS)
    async with aclosing(live.compare(comparison, "Hi")) as events:
        async for event in events:
            if isinstance(event.event, Added):
                live.stop()
    assert not provider.requests
    assert comparison.lanes[0].message is not None
    assert comparison.lanes[0].message.status is Status.CANCELLED


async def test_cancelled_it_still_saves(stage: Stage, provider: Providers) -> None:
    never = asyncio.Event()
    provider.attempts[:] = [[TextDelta("Half"), never, STOP]] * 3
    live = stage.make()
    comparison = live.make_comparison(MODELS)
    task = asyncio.create_task(run(live, comparison))
    await until(lambda: [lane.text for lane in comparison.lanes] == ["Half"] * 3)
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    found = [(message.status, message.text) for message in stage.read() if message.model]
    assert found == [(Status.INTERRUPTED, "Half")] * 3
    assert not live.is_streaming


async def test_cancelled_before_anything_left_nothing_stays(stage: Stage, provider: Providers) -> None:
    live = stage.make()
    comparison = live.make_comparison(MODELS)
    task = asyncio.create_task(run(live, comparison))
    await until(lambda: len(comparison.lanes) == 3)
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    assert [path.name for path in stage.path.parent.iterdir()] == [stage.path.name]
    assert not live.is_streaming


async def test_only_one_thing_runs_at_a_time(stage: Stage, provider: Providers) -> None:
    never = asyncio.Event()
    provider.attempts[0] = [never, STOP]
    live = stage.make()
    comparison = live.make_comparison(MODELS)
    task = asyncio.create_task(run(live, comparison))
    await provider.waits.wait()
    with pytest.raises(RuntimeError, match="already running"):
        await collect(live.send("Meanwhile"))
    live.retry_now()
    never.set()
    await task


async def test_the_branch_of_any_reply_can_be_shown(stage: Stage) -> None:
    live = stage.make()
    await run(live, live.make_comparison(MODELS))
    assert await live.show_branch("m4") is None
    assert stage.shelf.open_session(stage.path.stem, adopt=False).file.active == "m4"
    await collect(live.send("And then?"))
    await live.show_branch("m3")
    await live.show_branch("m4")
    assert live.conversation.active == "m6"
    with pytest.raises(KeyError):
        await live.show_branch("m99")


async def test_a_crash_loses_no_lane(stage: Stage) -> None:
    live = stage.make()
    await collect(live.send("Hi"))
    await live.aclose()
    folder = stage.path.parent
    for number, text in enumerate(("Half an", "answer"), start=1):
        started = Started(f"m{number + 2}", "m1", f"fake/{number}", NOW)
        checkpoint = LaneCheckpoint(folder / f"{stage.path.stem}.checkpoint-{number}.toml")
        assert await checkpoint.begin(started) is None
        checkpoint.note(TextDelta(text))
        assert await checkpoint.end(is_saved=False) is None
    again = stage.open()
    adopted = {message.id: message for message in again.conversation if isinstance(message, Message)}
    assert {(each, adopted[each].text, adopted[each].status) for each in ("m3", "m4")} == {
        ("m3", "Half an", Status.INTERRUPTED),
        ("m4", "answer", Status.INTERRUPTED),
    }
    assert [path.name for path in folder.iterdir()] == [stage.path.name]


async def test_each_lane_has_its_checkpoint_while_it_streams(stage: Stage, provider: Providers) -> None:
    never = asyncio.Event()
    provider.attempts[:] = [[TextDelta("Half"), never, STOP]] * 3
    live = stage.make()
    task = asyncio.create_task(run(live, live.make_comparison(MODELS)))
    await provider.waits.wait()
    names = {f"{stage.path.stem}.checkpoint-{number}.toml" for number in (1, 2, 3)}
    await until(lambda: names <= {path.name for path in stage.path.parent.iterdir() if path.stat().st_size})
    checkpoints = [read_checkpoint(stage.path.with_name(name)) for name in sorted(names)]
    assert [checkpoint.id for checkpoint in checkpoints if checkpoint] == ["m2", "m3", "m4"]
    never.set()
    await task
    assert [path.name for path in stage.path.parent.iterdir()] == [stage.path.name]


async def test_a_lane_that_was_killed_knows_why_it_was_asked_again(tmp_path: Path) -> None:
    never = asyncio.Event()
    stage = Stage(tmp_path, FakeProvider([BUSY], [TextDelta("Half"), never, STOP]))
    live = stage.make()
    task = asyncio.create_task(run(live, live.make_comparison(MODELS[:1])))
    await stage.provider.waits.wait()
    (path,) = stage.path.parent.glob("*.checkpoint-1.toml")
    await until(lambda: b"retries" in path.read_bytes())
    found = read_checkpoint(path)
    assert found is not None
    assert [retry.message for retry in found.retries] == ["Busy."]
    never.set()
    await task
    await stage.aclose()


async def test_what_cannot_be_saved_is_told_and_its_checkpoint_stays(
    stage: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    live = stage.make()
    await collect(live.send("Hi"))

    def fail(*_: object) -> None:
        raise StorageError(stage.path, "The disk is full.")

    monkeypatch.setattr("chatui.storage.session_file.write_atomic", fail)
    events = await run(live, live.make_comparison(MODELS[:2]), "")
    assert [each.event for each in events if isinstance(each.event, SaveFailed)].count(
        SaveFailed("The disk is full.")
    ) >= 2
    assert len([path for path in stage.path.parent.iterdir() if "checkpoint" in path.name]) == 2
    monkeypatch.undo()


async def test_a_checkpoint_that_cannot_be_written_is_told(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    checkpoint = LaneCheckpoint(tmp_path / "file" / "a.checkpoint-1.toml")
    assert "a folder of that name is needed" in (await checkpoint.begin(Started("m2", "m1", "fake/one", NOW)) or "")
    checkpoint.note(TextDelta("lost"))
    assert await checkpoint.end(is_saved=True) is None


async def test_where_nothing_is_kept_nothing_is_written(stage: Stage) -> None:
    live = stage.sessions.make(is_kept=False)
    await run(live, live.make_comparison(MODELS))
    assert len(live.conversation) == 4
    assert not stage.path.parent.exists() or not list(stage.path.parent.iterdir())
    await live.aclose()


async def test_reserved_ids_are_nobodys(stage: Stage) -> None:
    live = stage.make()
    await collect(live.send("Hi"))
    assert reserve_ids(live.conversation, 3) == ["m3", "m4", "m5"]
