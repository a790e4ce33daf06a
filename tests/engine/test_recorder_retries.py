"""What a disk refused is written as soon as it takes it, without anybody asking, and that is told."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Callable
from pathlib import Path

import pytest

from chatui.conversation.events import TextDelta
from chatui.engine import recorder, retry_timer
from chatui.engine.live_session import LiveSession
from chatui.storage import disk
from chatui.storage.checkpoint import read_checkpoint
from tests.engine.conftest import SetStage
from tests.engine.fake_provider import say
from tests.engine.sick_disk import SickDisk
from tests.engine.stage import ID, collect, problems_of, wait_for_writes


@pytest.fixture(autouse=True)
def _no_waits(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(retry_timer, "RETRY_SECONDS", 0.001)
    monkeypatch.setattr(recorder, "CHECKPOINT_SECONDS", 0.0)


def _listen(live: LiveSession) -> tuple[list[str], asyncio.Event]:
    told: list[str] = []
    came = asyncio.Event()

    def tell(sentence: str) -> None:
        told.append(sentence)
        came.set()

    live.listen(tell)
    return told, came


@pytest.mark.parametrize("operation", ["open_file", "write", "sync", "rename", "make_dir"])
async def test_text_is_saved_as_soon_as_the_disk_is_well(
    set_stage: SetStage, sick_disk: SickDisk, operation: str
) -> None:
    stage = set_stage(say("One."))
    live = stage.make()
    told, came = _listen(live)
    sick_disk.refused = {operation}
    problems = problems_of(await collect(live.send("?")))
    assert problems
    assert not stage.path.exists()
    # Some tries fail in silence: it was told once.
    for _ in range(20):
        await wait_for_writes(live)
    assert told == []
    sick_disk.heal()
    async with asyncio.timeout(5):
        await came.wait()
    assert [message.text for message in stage.read()] == ["?", "One."]
    assert told == [f"Saved again, nothing is missing: {stage.path}"]
    assert not stage.checkpoint.exists()
    assert [path.name for path in stage.path.parent.iterdir()] == [stage.path.name]


async def test_a_checkpoint_that_could_not_be_begun_is_begun_later(set_stage: SetStage, sick_disk: SickDisk) -> None:
    hold, more = asyncio.Event(), asyncio.Event()
    stage = set_stage([TextDelta("One"), hold, TextDelta(" two"), more, *say(" three")])
    live = stage.make()
    _, came = _listen(live)
    sick_disk.refused, sick_disk.only = {"open_file"}, "checkpoint.toml"
    task = asyncio.create_task(collect(live.send("?")))
    await stage.provider.waits.wait()
    await wait_for_writes(live)
    assert not stage.checkpoint.exists()
    sick_disk.heal()
    async with asyncio.timeout(5):
        await came.wait()
    found = read_checkpoint(stage.checkpoint)
    assert found is not None
    assert found.text == "One"
    stage.provider.waits.clear()
    hold.set()
    await stage.provider.waits.wait()
    more.set()
    assert len(problems_of(await task)) == 1
    assert stage.read()[-1].text == "One two three"
    assert not stage.checkpoint.exists()


async def test_a_disk_that_is_slow_holds_up_nothing_else(set_stage: SetStage, monkeypatch: pytest.MonkeyPatch) -> None:
    stage = set_stage(say("One."))
    live = stage.make()
    release, is_held = threading.Event(), threading.Event()
    sync = disk.sync

    def hold(fd: int) -> None:
        is_held.set()
        release.wait(10)
        sync(fd)

    monkeypatch.setattr(disk, "sync", hold)
    task = asyncio.create_task(collect(live.send("?")))
    turns = 0
    while not is_held.is_set():
        await asyncio.sleep(0)
    # The loop turns while fsync does not come back: what a key press needs.
    for _ in range(1000):
        await asyncio.sleep(0)
        turns += 1
    assert not task.done()
    assert turns == 1000
    release.set()
    await task
    assert stage.read()[-1].text == "One."


async def test_nothing_is_tried_again_once_it_is_closed(set_stage: SetStage, sick_disk: SickDisk) -> None:
    stage = set_stage(say("One."))
    live = stage.make()
    told, _ = _listen(live)
    sick_disk.refused = {"write"}
    await collect(live.send("?"))
    await live.aclose()
    sick_disk.heal()
    for _ in range(50):
        await asyncio.sleep(0)
    assert told == []
    assert not Path(stage.path).exists()


async def test_a_save_that_only_takes_its_time_is_not_told_as_a_recovery(
    set_stage: SetStage, monkeypatch: pytest.MonkeyPatch
) -> None:
    stage = set_stage(say(*(f"{number} " for number in range(200))))
    live = stage.make()
    told, _ = _listen(live)
    sync = disk.sync

    def dawdle(fd: int) -> None:
        # Long enough for the loop to look at the recorder in the middle of a save.
        threading.Event().wait(0.02)
        sync(fd)

    monkeypatch.setattr(disk, "sync", dawdle)
    planned: list[float] = []
    loop = asyncio.get_running_loop()
    later = loop.call_later

    def note(delay: float, callback: Callable[[], None]) -> asyncio.TimerHandle:
        if delay == retry_timer.RETRY_SECONDS:
            planned.append(delay)
        return later(delay, callback)

    monkeypatch.setattr(loop, "call_later", note)
    await asyncio.gather(collect(live.send("?")), *(wait_for_writes(live) for _ in range(3)))
    assert planned == []
    assert told == []


async def test_a_late_save_leaves_the_checkpoint_of_the_reply_that_streams_by_then(
    set_stage: SetStage, sick_disk: SickDisk, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(retry_timer, "RETRY_SECONDS", 3600.0)
    hold = asyncio.Event()
    stage = set_stage(say("One."), [TextDelta("Two"), hold, *say(".")])
    live = stage.make()
    sick_disk.refused, sick_disk.only = {"rename"}, f".{ID}.toml"
    await collect(live.send("?"))
    task = asyncio.create_task(collect(live.send("And?")))
    await stage.provider.waits.wait()
    sick_disk.heal()
    # Saves the first reply, whose checkpoint is not needed any more; that of the second is all there is of it.
    assert await live.rename("Room again") is None
    live._recorder._flush()
    await wait_for_writes(live)
    found = read_checkpoint(stage.checkpoint)
    assert found is not None
    assert found.text == "Two"
    assert {path.name for path in stage.path.parent.iterdir()} == {stage.path.name, stage.checkpoint.name}
    hold.set()
    await task
    assert [path.name for path in stage.path.parent.iterdir()] == [stage.path.name]
