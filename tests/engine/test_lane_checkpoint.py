"""The checkpoint of one of several replies: what the disk refused at first is on it as soon as it may be."""

from __future__ import annotations

import errno
from pathlib import Path

import pytest

from chatui.conversation.events import ReasoningDelta, Retrying, Started, TextDelta
from chatui.conversation.failure import Failure, FailureKind
from chatui.engine.lane_checkpoint import LaneCheckpoint
from chatui.storage.checkpoint import read_checkpoint
from tests.engine.sick_disk import SickDisk
from tests.engine.stage import NOW

BUSY = Retrying(Failure(FailureKind.OVERLOADED, "Busy.", 503), 1, 3, 8.0)


@pytest.mark.parametrize("operation", ["open_file", "write"])
async def test_one_that_could_not_be_begun_is_begun_later_and_has_every_word(
    tmp_path: Path, sick_disk: SickDisk, operation: str
) -> None:
    path = tmp_path / "a.checkpoint-1.toml"
    checkpoint = LaneCheckpoint(path)
    sick_disk.refused, sick_disk.error = {operation}, errno.ENOSPC
    assert "No space left" in (await checkpoint.begin(Started("m2", "m1", "fake/one", NOW)) or "")
    checkpoint.note(BUSY)
    checkpoint.note(ReasoningDelta("Hm."))
    checkpoint.note(TextDelta("Once "))
    checkpoint._flush()
    # Jobs of its thread follow one another.
    await checkpoint._attempt(lambda: None)
    assert not path.exists()
    sick_disk.heal()
    checkpoint.note(TextDelta("upon"))
    assert await checkpoint.end(is_saved=False) is None
    found = read_checkpoint(path)
    assert found is not None
    assert (found.text, found.reasoning) == ("Once upon", "Hm.")
    assert (found.retries, found.attempts) == ((BUSY.noted,), 2)


async def test_a_retry_is_on_disk_before_the_wait_is_over(tmp_path: Path) -> None:
    path = tmp_path / "a.checkpoint-1.toml"
    checkpoint = LaneCheckpoint(path)
    await checkpoint.begin(Started("m2", "m1", "fake/one", NOW))
    checkpoint.note(BUSY)
    await checkpoint._attempt(lambda: None)
    found = read_checkpoint(path)
    assert found is not None
    assert found.retries == (BUSY.noted,)
    assert await checkpoint.end(is_saved=True) is None


async def test_where_nothing_is_kept_a_retry_goes_nowhere(tmp_path: Path) -> None:
    checkpoint = LaneCheckpoint(None)
    assert await checkpoint.begin(Started("m2", "m1", "fake/one", NOW)) is None
    checkpoint.note(BUSY)
    assert await checkpoint.end(is_saved=True) is None
    assert list(tmp_path.iterdir()) == []
