"""The recorder: what is on disk while a reply streams, and what happens when the disk refuses."""

from __future__ import annotations

import asyncio
import itertools
from collections.abc import Callable

import pytest

from chatui.conversation.events import ReasoningDelta, SaveFailed, Started, TextDelta
from chatui.conversation.message import Status
from chatui.engine import recorder
from chatui.engine.recorder import CHECKPOINT_SECONDS
from chatui.storage.checkpoint import read_checkpoint
from tests.engine.conftest import SetStage
from tests.engine.fake_provider import FakeProvider, say
from tests.engine.sick_disk import SickDisk
from tests.engine.stage import (
    ID,
    NOW,
    Stage,
    collect,
    last_message,
    messages_of,
    problems_of,
    status_of,
    wait_for_writes,
)


class Timers:
    """The loop's `call_later`, called by hand."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.pending: list[tuple[float, Callable[[], None]]] = []
        loop = asyncio.get_running_loop()
        later = loop.call_later
        never = 3600.0

        def note(delay: float, callback: Callable[[], None]) -> asyncio.TimerHandle:
            self.pending.append((delay, callback))
            return later(never, callback)

        monkeypatch.setattr(loop, "call_later", note)

    def run(self) -> list[float]:
        """Call what waits, and return after how many seconds it should have been called."""
        due, self.pending = self.pending, []
        for _, callback in due:
            callback()
        return [delay for delay, _ in due]


def _text_on_disk(stage: Stage) -> tuple[str, str]:
    found = read_checkpoint(stage.checkpoint)
    assert found is not None
    return found.text, found.reasoning


async def test_what_streams_is_on_disk_within_the_interval(
    set_stage: SetStage, monkeypatch: pytest.MonkeyPatch
) -> None:
    first, second = asyncio.Event(), asyncio.Event()
    stage = set_stage(
        [ReasoningDelta("Hm"), TextDelta("Once "), TextDelta("upon "), first, TextDelta("a time"), second, *say(".")]
    )
    live = stage.make()
    timers = Timers(monkeypatch)
    task = asyncio.create_task(collect(live.send("?")))
    await stage.provider.waits.wait()
    assert timers.run() == [CHECKPOINT_SECONDS]
    assert 2 * CHECKPOINT_SECONDS <= 0.5
    await wait_for_writes(live)
    assert _text_on_disk(stage) == ("Once upon ", "Hm")
    stage.provider.waits.clear()
    first.set()
    await stage.provider.waits.wait()
    assert timers.run() == [CHECKPOINT_SECONDS]
    await wait_for_writes(live)
    assert _text_on_disk(stage) == ("Once upon a time", "Hm")
    second.set()
    await task
    assert stage.read()[-1].text == "Once upon a time."
    assert not stage.checkpoint.exists()


async def test_the_event_loop_itself_calls_for_the_checkpoint(
    set_stage: SetStage, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(recorder, "CHECKPOINT_SECONDS", 0.0)
    hold = asyncio.Event()
    stage = set_stage([TextDelta("Once"), hold, *say(" upon")])
    live = stage.make()
    task = asyncio.create_task(collect(live.send("?")))
    await stage.provider.waits.wait()
    await asyncio.sleep(0)
    await wait_for_writes(live)
    assert _text_on_disk(stage) == ("Once", "")
    hold.set()
    await task


async def test_a_reply_that_died_with_its_process_is_there_when_it_is_opened(
    set_stage: SetStage, monkeypatch: pytest.MonkeyPatch
) -> None:
    stage = set_stage([TextDelta("Once upon"), asyncio.Event()])
    live = stage.make()
    timers = Timers(monkeypatch)
    task = asyncio.create_task(collect(live.send("?")))
    await stage.provider.waits.wait()
    timers.run()
    await wait_for_writes(live)
    # What a kill leaves: the session with the prompt, and the checkpoint.
    session, checkpoint = stage.path.read_bytes(), stage.checkpoint.read_bytes()
    live.stop()
    await task
    await live.aclose()
    stage.path.write_bytes(session)
    stage.checkpoint.write_bytes(checkpoint)
    again = stage.open()
    assert (last_message(again).text, last_message(again).status) == ("Once upon", Status.INTERRUPTED)
    assert "cut when chatui ended" in again.notices[0]
    assert stage.read() == messages_of(again)


async def test_a_session_closed_in_mid_reply_leaves_the_checkpoint(set_stage: SetStage) -> None:
    stage = set_stage(say("x"))
    file = stage.make()._recorder
    await file.begin_reply(Started("m2", "m1", "fake/one", NOW))
    file.note(TextDelta("Half"))
    await file.aclose()
    assert _text_on_disk(stage) == ("Half", "")


async def test_a_prompt_that_the_disk_refuses_is_told_and_saved_with_the_reply(
    set_stage: SetStage, sick_disk: SickDisk
) -> None:
    stage = set_stage()
    stage.provider.attempts = [[sick_disk.heal, *say("Saved.")]]
    live = stage.make()
    sick_disk.refused = {"sync"}
    events = await collect(live.send("?"))
    assert isinstance(events[1], SaveFailed)
    assert "No space left" in events[1].reason
    assert str(stage.path) in events[1].reason
    assert [message.text for message in stage.read()] == ["?", "Saved."]


async def test_a_lock_that_the_disk_refuses_loses_nothing(set_stage: SetStage, sick_disk: SickDisk) -> None:
    stage = set_stage()
    stage.provider.attempts = [[sick_disk.heal, *say("Saved.")]]
    live = stage.make()
    sick_disk.refused, sick_disk.only = {"open_file"}, ".lock"
    assert len(problems_of(await collect(live.send("?")))) == 2
    assert [message.text for message in stage.read()] == ["?", "Saved."]


async def test_a_checkpoint_that_cannot_be_opened_is_told_and_the_reply_goes_on(
    set_stage: SetStage, sick_disk: SickDisk
) -> None:
    stage = set_stage(say("Whole."))
    live = stage.make()
    sick_disk.refused, sick_disk.only = {"open_file"}, "checkpoint.toml"
    (problem,) = problems_of(await collect(live.send("?")))
    assert "checkpoint" in problem
    assert stage.read()[-1].text == "Whole."


async def test_a_checkpoint_that_cannot_be_written_is_told_once_and_catches_up(
    set_stage: SetStage, sick_disk: SickDisk, monkeypatch: pytest.MonkeyPatch
) -> None:
    holds = [asyncio.Event() for _ in range(4)]
    script = [step for n, hold in enumerate(holds) for step in (TextDelta(str(n)), hold)]
    stage = set_stage([*script, *say("end")])
    live = stage.make()
    timers = Timers(monkeypatch)
    task = asyncio.create_task(collect(live.send("?")))
    for number, refused in enumerate(({"write"}, {"write"}, set(), {"write"})):
        await stage.provider.waits.wait()
        stage.provider.waits.clear()
        sick_disk.refused = refused
        timers.run()
        await wait_for_writes(live)
        sick_disk.heal()
        assert _text_on_disk(stage)[0] == ("", "", "012", "012")[number]
        holds[number].set()
    problems = problems_of(await task)
    assert len(problems) == 2
    assert all("append" in problem for problem in problems)
    assert stage.read()[-1].text == "0123end"


async def test_a_reply_that_cannot_be_saved_stays_in_memory_and_in_its_checkpoint(
    set_stage: SetStage, sick_disk: SickDisk
) -> None:
    stage = set_stage(say("One."), say("Two."))
    live = stage.make()
    sick_disk.refused, sick_disk.only = {"rename"}, f".{ID}.toml"
    events = await collect(live.send("?"))
    assert len(problems_of(events)) == 2
    assert isinstance(events[-1], SaveFailed)
    assert last_message(live).text == "One."
    assert _text_on_disk(stage)[0] == "One."
    assert not stage.path.exists()
    sick_disk.heal()
    assert problems_of(await collect(live.send("And?"))) == []
    assert [message.text for message in stage.read()] == ["?", "One.", "And?", "Two."]
    assert stage.read() == messages_of(live)


async def test_the_text_of_a_reply_never_joins_the_checkpoint_of_the_one_before(
    set_stage: SetStage, sick_disk: SickDisk
) -> None:
    stage = set_stage(say("One."), say("Two."))
    live = stage.make()
    sick_disk.refused, sick_disk.only = {"rename"}, f".{ID}.toml"
    await collect(live.send("?"))
    sick_disk.refused, sick_disk.only = {"open_file"}, "checkpoint.toml"
    await collect(live.send("And?"))
    sick_disk.heal()
    # The session took both at last, so the checkpoint of the first is not needed any more.
    assert [message.text for message in stage.read()] == ["?", "One.", "And?", "Two."]
    assert not stage.checkpoint.exists()


async def test_closing_saves_what_the_disk_refused_before(set_stage: SetStage, sick_disk: SickDisk) -> None:
    stage = set_stage(say("One."))
    live = stage.make()
    sick_disk.refused = {"sync"}
    await collect(live.send("?"))
    assert not stage.path.exists()
    sick_disk.heal()
    await live.aclose()
    assert [message.text for message in stage.read()] == ["?", "One."]


async def test_two_that_write_one_session_lose_nothing(set_stage: SetStage) -> None:
    stage = set_stage(say("To one."), say("To two."))
    one, two = stage.make(), stage.make()
    assert problems_of(await collect(one.send("One?"))) == []
    problems = problems_of(await collect(two.send("Two?")))
    assert len(problems) == 3
    assert all("Another chatui has this session open" in problem for problem in problems)
    assert [message.text for message in stage.read()] == ["One?", "To one."]
    await one.aclose()
    problem = await two.rename("Two")
    assert problem is not None
    assert "kept as" in problem
    assert [message.text for message in stage.read()] == ["Two?", "To two."]
    (aside,) = stage.places.sessions.glob("*.conflict-1.toml")
    assert "To one." in aside.read_text()


async def test_whatever_the_disk_refuses_nothing_is_lost(set_stage: SetStage, sick_disk: SickDisk) -> None:
    for number in itertools.count():
        stage = set_stage(say("One."), say("Two."), folder=f"chatui-{number}")
        live = stage.make()
        sick_disk.fail_at = sick_disk.count + number
        for prompt in ("?", "And?"):
            assert status_of(await collect(live.send(prompt))) is Status.COMPLETE
        assert [message.text for message in messages_of(live)] == ["?", "One.", "And?", "Two."]
        has_failed = sick_disk.count > sick_disk.fail_at
        sick_disk.heal()
        assert await live.rename("Healed") is None
        assert stage.read() == messages_of(live)
        await live.aclose()
        assert not list(stage.places.sessions.glob(".*"))
        assert messages_of(stage.open()) == messages_of(live)
        if not has_failed:
            break
    assert number > 40


async def test_a_session_without_deltas_in_memory_writes_no_empty_block(set_stage: SetStage) -> None:
    provider = FakeProvider([ReasoningDelta("Only a thought."), *say()])
    stage = set_stage(provider=provider)
    await collect(stage.make().send("?"))
    assert stage.read()[-1].reasoning == "Only a thought."
