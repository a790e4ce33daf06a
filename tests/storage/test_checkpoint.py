"""The checkpoint of a reply that streams."""

from __future__ import annotations

import errno
import os
import stat
import tomllib
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from chatui.conversation.events import Started
from chatui.conversation.failure import FailureKind, Retry
from chatui.conversation.message import Message, Role, Status
from chatui.storage import disk
from chatui.storage.checkpoint import (
    ENDED_MESSAGE,
    Checkpoint,
    checkpoint_owner,
    checkpoint_path,
    find_checkpoints,
    read_checkpoint,
)
from chatui.storage.errors import StorageError
from tests.storage.conftest import FailingDisk, count_descriptors, note_last
from tests.storage.samples import CREATED, TRICKY, make_reply, texts

STARTED = Started("m2", "m1", "demo/guide", CREATED)
BUSY = Retry(FailureKind.OVERLOADED, "It answered 503: Busy.", 503, 0.9)
RESET = Retry(FailureKind.NETWORK, TRICKY, wait=8.0)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return checkpoint_path(tmp_path / "sessions" / "work.toml")


def read(path: Path) -> Message:
    message = read_checkpoint(path)
    assert message is not None
    return message


def test_what_was_appended_is_read_as_an_interrupted_reply(path: Path) -> None:
    checkpoint = Checkpoint.open(path, STARTED)
    checkpoint.append(reasoning="Hm.")
    checkpoint.append(text="One ", reasoning=" Yes.")
    checkpoint.append(text="two\n")
    checkpoint.append()
    checkpoint.close()
    checkpoint.close()
    message = read(path)
    assert (message.id, message.parent, message.role) == ("m2", "m1", Role.ASSISTANT)
    assert (message.model, message.created, message.status) == ("demo/guide", CREATED, Status.INTERRUPTED)
    assert (message.text, message.reasoning) == ("One two\n", "Hm. Yes.")
    assert message.failure is not None
    assert (message.failure.kind, message.failure.message) == (FailureKind.NETWORK, ENDED_MESSAGE)


@settings(max_examples=50)
@given(st.lists(st.tuples(texts, texts), max_size=6))
def test_every_text_comes_back_as_it_was(
    tmp_path_factory: pytest.TempPathFactory, pieces: list[tuple[str, str]]
) -> None:
    path = tmp_path_factory.mktemp("sessions") / "a.checkpoint.toml"
    checkpoint = Checkpoint.open(path, Started("m1", None, "a/b", CREATED))
    for text, reasoning in pieces:
        checkpoint.append(text, reasoning)
        tomllib.loads(path.read_text())
    checkpoint.close()
    message = read(path)
    assert message.parent is None
    assert message.text == "".join(text for text, _ in pieces)
    assert message.reasoning == "".join(reasoning for _, reasoning in pieces)


def test_the_retries_before_the_first_word_come_back_with_the_attempts_they_make(path: Path) -> None:
    checkpoint = Checkpoint.open(path, STARTED)
    assert (read(path).retries, read(path).attempts) == ((), 1)
    checkpoint.append(retries=[BUSY])
    checkpoint.append(retries=[RESET])
    assert (read(path).retries, read(path).attempts, read(path).text) == ((BUSY, RESET), 3, "")
    checkpoint.append(text="Here.")
    checkpoint.close()
    assert (read(path).retries, read(path).attempts, read(path).text) == ((BUSY, RESET), 3, "Here.")
    tomllib.loads(path.read_text())


def test_the_retries_of_a_continuation_are_those_of_its_part(path: Path) -> None:
    kept = make_reply(text="one ")
    checkpoint = Checkpoint.open(path, replace(STARTED, kept=kept))
    checkpoint.append(retries=[BUSY])
    checkpoint.append(text="two")
    checkpoint.close()
    (part,) = read(path).parts
    assert (part.retries, part.attempts, part.start) == ((BUSY,), 2, 4)


def test_a_retry_is_there_as_a_whole_or_not_at_all_at_every_byte(path: Path) -> None:
    checkpoint = Checkpoint.open(path, STARTED)
    sizes = [path.stat().st_size]
    records: list[tuple[str, Sequence[Retry]]] = [("", [RESET]), ("", [BUSY, RESET]), ("word", ()), ("s", ())]
    for text, retries in records:
        checkpoint.append(text=text, retries=retries)
        sizes.append(path.stat().st_size)
    checkpoint.close()
    data = path.read_bytes()
    for end in range(sizes[0], len(data) + 1):
        path.write_bytes(data[:end])
        whole = records[: sum(size <= end for size in sizes) - 1]
        message = read(path)
        assert message.text == "".join(text for text, _ in whole)
        assert list(message.retries) == [retry for _, retries in whole for retry in retries]
        assert message.attempts == len(message.retries) + 1


def test_what_a_newer_version_adds_costs_no_word(path: Path) -> None:
    checkpoint = Checkpoint.open(path, STARTED)
    checkpoint.append(text="one ")
    checkpoint.close()
    with path.open("a") as file:
        file.write('\n[[delta]]\nretries = [{ kind = "tired", message = "Zzz.", wait = 2, mood = "low" }]\nmore = 1\n')
        file.write("\n[[sound]]\nbytes = 5\n\n[[delta]]\ntext = 'two'\n")
    message = read(path)
    assert message.text == "one two"
    assert message.retries == (Retry(FailureKind.SERVER, "Zzz.", wait=2.0, extra={"mood": "low"}),)


def test_a_torn_last_block_is_cut_at_every_byte(path: Path) -> None:
    pieces = ["Ünï", TRICKY, "end"]
    checkpoint = Checkpoint.open(path, STARTED)
    sizes = [path.stat().st_size]
    for piece in pieces:
        checkpoint.append(text=piece)
        sizes.append(path.stat().st_size)
    checkpoint.close()
    data = path.read_bytes()
    for end in range(len(data) + 1):
        path.write_bytes(data[:end])
        whole = sum(size <= end for size in sizes) - 1
        message = read_checkpoint(path)
        assert (None if message is None else message.text) == (None if whole < 0 else "".join(pieces[:whole]))


@pytest.mark.parametrize(
    "torn", [b"\x00" * 4096, b"\n[[delta]]\ntext = 5\x00\n", b"\xff\xfe\n", b"\n[[delta]]\ntext = \n"]
)
def test_a_last_block_torn_by_a_power_cut_is_cut(path: Path, torn: bytes) -> None:
    checkpoint = Checkpoint.open(path, STARTED)
    checkpoint.append(text="kept")
    checkpoint.append(text=" and gone")
    checkpoint.close()
    data = path.read_bytes()
    path.write_bytes(data[: data.rfind(b"\n[[delta]]")] + torn)
    assert read(path).text in ("kept", "")


def test_damage_before_whole_blocks_is_told_and_left(path: Path) -> None:
    checkpoint = Checkpoint.open(path, STARTED)
    checkpoint.append(text="one")
    checkpoint.append(text="two")
    checkpoint.close()
    damaged = path.read_bytes().replace(b'"one"', b"one")
    path.write_bytes(damaged)
    with pytest.raises(StorageError, match="damaged"):
        read_checkpoint(path)
    assert path.read_bytes() == damaged


@pytest.mark.parametrize("data", [b"my notes\n", b"\xff", b"id = 1\n", b"x\n\n[[delta]]\ntext = 'a'\n"])
def test_a_foreign_file_is_told_and_left(path: Path, data: bytes) -> None:
    path.parent.mkdir()
    path.write_bytes(data)
    with pytest.raises(StorageError, match="leaves it as it is"):
        read_checkpoint(path)


@pytest.mark.usefixtures("open_umask")
def test_the_file_is_private_and_each_append_is_one_write(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    writes: list[bytes] = []
    monkeypatch.setattr(disk, "write", note_last(writes, disk.write))
    checkpoint = Checkpoint.open(path, STARTED)
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    checkpoint.append(text="a", reasoning="b")
    checkpoint.append(retries=[BUSY])
    assert len(writes) == 3
    assert writes[1] == b'\n[[delta]]\nreasoning = "b"\ntext = "a"\n'
    retry = b'{ kind = "overloaded", status = 503, message = "It answered 503: Busy.", wait = 0.9 }'
    assert writes[2] == b"\n[[delta]]\nretries = [" + retry + b"]\n"
    checkpoint.close()


def test_what_a_full_disk_refused_comes_with_the_next_append(path: Path, failing_disk: FailingDisk) -> None:
    checkpoint = Checkpoint.open(path, STARTED)
    checkpoint.append(text="one ")
    failing_disk.fail_named, failing_disk.error = "write", errno.ENOSPC
    for _ in range(2):
        with pytest.raises(StorageError, match="Free some space"):
            checkpoint.append(text="two ", reasoning="hm ", retries=[BUSY])
    failing_disk.disarm()
    checkpoint.append(text="three")
    checkpoint.close()
    assert read(path).text == "one two two three"
    assert read(path).reasoning == "hm hm "
    assert read(path).retries == (BUSY, BUSY)


@pytest.mark.parametrize("can_cut", [True, False])
def test_a_block_that_went_in_by_half_is_taken_out_again(
    path: Path, monkeypatch: pytest.MonkeyPatch, can_cut: bool
) -> None:
    checkpoint = Checkpoint.open(path, STARTED)
    checkpoint.append(text="one ")
    before = path.read_bytes()

    def fail(fd: int, size: int) -> None:
        raise OSError(errno.EIO, os.strerror(errno.EIO))

    with monkeypatch.context() as patch:
        write = disk.write
        patch.setattr(disk, "write", lambda fd, data: write(fd, data[:14]))
        if not can_cut:
            patch.setattr(disk, "truncate", fail)
        with pytest.raises(StorageError, match="checkpoint"):
            checkpoint.append(text="two ")
    assert (path.read_bytes() == before) == can_cut
    assert read(path).text == "one "
    checkpoint.append(text="three")
    checkpoint.close()
    assert read(path).text == "one two three"


def test_one_that_was_not_adopted_yet_is_kept(path: Path) -> None:
    for text in ("first", "second", "third"):
        checkpoint = Checkpoint.open(path, STARTED)
        checkpoint.append(text=text)
        checkpoint.close()
    session = path.with_name("work.toml")
    path.with_name("workshop.checkpoint.toml").touch()
    found = find_checkpoints(session)
    assert [read(found_path).text for found_path in found] == ["first", "second", "third"]


def test_it_is_gone_once_it_is_removed(path: Path) -> None:
    before = count_descriptors()
    checkpoint = Checkpoint.open(path, STARTED)
    checkpoint.remove()
    checkpoint.remove()
    assert not path.exists()
    assert count_descriptors() == before
    with pytest.raises(StorageError, match="closed already"):
        checkpoint.append(text="x")


@pytest.mark.parametrize("operation", ["open_file", "write"])
def test_one_that_cannot_begin_is_told_and_leaves_nothing(
    path: Path, failing_disk: FailingDisk, operation: str
) -> None:
    failing_disk.fail_named = operation
    with pytest.raises(StorageError):
        Checkpoint.open(path, STARTED)
    assert not path.exists()


def test_one_that_cannot_be_removed_is_told(path: Path, failing_disk: FailingDisk) -> None:
    checkpoint = Checkpoint.open(path, STARTED)
    failing_disk.fail_named = "unlink"
    with pytest.raises(StorageError, match="Could not remove"):
        checkpoint.remove()


def test_a_checkpoint_is_known_by_its_name() -> None:
    assert checkpoint_owner("work.checkpoint.toml") == "work"
    assert checkpoint_owner("work.checkpoint-12.toml") == "work"
    assert checkpoint_owner("work.toml") is None
    assert checkpoint_owner("work.checkpoint.toml.tmp") is None
