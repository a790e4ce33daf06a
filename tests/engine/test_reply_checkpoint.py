"""The checkpoint of a reply as a thread writes it."""

from __future__ import annotations

from functools import partial
from pathlib import Path

import pytest

from chatui.conversation.events import ReasoningDelta, Retrying, Started, TextDelta
from chatui.conversation.failure import Failure, FailureKind
from chatui.engine.reply_checkpoint import ReplyCheckpoint
from chatui.storage.checkpoint import Checkpoint, read_checkpoint
from chatui.storage.errors import StorageError
from tests.engine.sick_disk import SickDisk
from tests.engine.stage import NOW

STARTED = Started("m2", "m1", "fake/one", NOW)
BUSY = Retrying(Failure(FailureKind.OVERLOADED, "Busy.", 503), 1, 3, 8.0)


def test_what_came_in_one_stretch_is_one_block(tmp_path: Path) -> None:
    path = tmp_path / "a.checkpoint.toml"
    checkpoint = ReplyCheckpoint(partial(Checkpoint.open, path))
    checkpoint.begin(STARTED)
    checkpoint.write([BUSY, ReasoningDelta("Hm"), ReasoningDelta("."), TextDelta("Once "), TextDelta("upon")])
    found = read_checkpoint(path)
    assert found is not None
    assert (found.text, found.reasoning, found.retries) == ("Once upon", "Hm.", (BUSY.noted,))
    assert path.read_text().count("[[delta]]") == 1


def test_what_came_before_it_could_be_begun_comes_first(tmp_path: Path, sick_disk: SickDisk) -> None:
    path = tmp_path / "a.checkpoint.toml"
    checkpoint = ReplyCheckpoint(partial(Checkpoint.open, path))
    sick_disk.refused = {"open_file"}
    with pytest.raises(StorageError):
        checkpoint.begin(STARTED)
    with pytest.raises(StorageError):
        checkpoint.write([BUSY, TextDelta("Once ")])
    sick_disk.heal()
    checkpoint.write([TextDelta("upon")])
    found = read_checkpoint(path)
    assert found is not None
    assert (found.text, found.retries) == ("Once upon", (BUSY.noted,))


def test_what_comes_when_no_reply_runs_belongs_to_nothing(tmp_path: Path) -> None:
    path = tmp_path / "a.checkpoint.toml"
    checkpoint = ReplyCheckpoint(partial(Checkpoint.open, path))
    checkpoint.write([TextDelta("stray")])
    assert checkpoint.end() is None
    checkpoint.begin(STARTED)
    ended = checkpoint.end()
    assert ended is not None
    checkpoint.write([TextDelta("stray")])
    ended.close()
    found = read_checkpoint(path)
    assert found is not None
    assert found.text == ""
