"""Why a reply had to be asked for again is on disk as soon as it is known."""

from __future__ import annotations

import asyncio

import pytest

from chatui.conversation.events import TextDelta
from chatui.conversation.failure import FailureKind
from chatui.engine import recorder
from chatui.storage.checkpoint import read_checkpoint
from tests.engine.conftest import SetStage
from tests.engine.fake_provider import BUSY, say
from tests.engine.sick_disk import SickDisk
from tests.engine.stage import collect, problems_of, wait_for_writes


async def test_a_retry_is_on_disk_at_once_and_needs_no_timer(
    set_stage: SetStage, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(recorder, "CHECKPOINT_SECONDS", 3600.0)
    hold = asyncio.Event()
    stage = set_stage([BUSY], [hold, *say("Here.")])
    live = stage.make()
    task = asyncio.create_task(collect(live.send("?")))
    await stage.provider.waits.wait()
    await wait_for_writes(live)
    found = read_checkpoint(stage.checkpoint)
    assert found is not None
    assert [(retry.kind, retry.status, retry.message) for retry in found.retries] == [
        (FailureKind.OVERLOADED, 503, "Busy.")
    ]
    assert found.attempts == 2
    hold.set()
    await task
    assert stage.read()[-1].retries == found.retries


async def test_a_retry_that_the_disk_refused_comes_with_the_next_words(
    set_stage: SetStage, sick_disk: SickDisk
) -> None:
    hold = asyncio.Event()
    stage = set_stage([BUSY], [TextDelta("Here"), hold, *say(".")])
    live = stage.make()
    sick_disk.refused, sick_disk.only = {"open_file"}, "checkpoint.toml"
    task = asyncio.create_task(collect(live.send("?")))
    await stage.provider.waits.wait()
    await wait_for_writes(live)
    assert not stage.checkpoint.exists()
    sick_disk.heal()
    live._recorder._flush()
    await wait_for_writes(live)
    found = read_checkpoint(stage.checkpoint)
    assert found is not None
    assert (found.text, found.attempts) == ("Here", 2)
    hold.set()
    assert len(problems_of(await task)) == 1
