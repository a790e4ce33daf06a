"""Opening a session, and adopting what a crash cut."""

from __future__ import annotations

import errno
import os
import signal
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import pytest

from chatui.conversation.conversation import Conversation
from chatui.conversation.events import Added, Finished, Loaded, Started, TextDelta
from chatui.conversation.failure import FailureKind, Retry
from chatui.conversation.message import Message, Status
from chatui.storage import disk
from chatui.storage.checkpoint import Checkpoint, checkpoint_path
from chatui.storage.session_file import SessionFile
from chatui.storage.shelf import OpenedSession, Shelf
from tests.storage.conftest import FailingDisk
from tests.storage.samples import CREATED, make_dialogue, make_header, make_prompt, make_reply

LONG = "word " * 200
BUSY = Retry(FailureKind.OVERLOADED, "Busy.", 503, 0.9)
RESET = Retry(FailureKind.NETWORK, "Reset.", wait=1.8)


def put_session(shelf: Shelf, dialogue: list[Message]) -> Path:
    path = shelf.new_session_path("work")
    file = SessionFile.create(path, make_header())
    for message in dialogue:
        file.put(message)
        file.set_active(message.id)
    file.save()
    return path


def put_checkpoint(
    path: Path, text: str, message_id: str = "m2", parent: str = "m1", retries: Sequence[Retry] = ()
) -> Path:
    checkpoint = Checkpoint.open(checkpoint_path(path), Started(message_id, parent, "demo/guide", CREATED))
    checkpoint.append(text=text, retries=retries)
    checkpoint.close()
    return checkpoint.path


def texts_of(opened: OpenedSession) -> list[str]:
    conversation = opened.session.conversation
    return [conversation.message(message.id).text for message in conversation.path()]


def test_a_live_conversation_equals_the_reloaded_one(shelf: Shelf) -> None:
    live = Conversation()
    file = SessionFile.create(shelf.new_session_path("work"), make_header())
    for event in (
        Added(make_prompt()),
        Started("m2", "m1", "demo/guide", CREATED),
        TextDelta("A "),
        TextDelta("stream."),
    ):
        live.apply(event)
    assert live.live is not None
    live.apply(Finished(live.live.snapshot(Status.COMPLETE)))
    live.apply(Added(make_prompt("m3", "other", "m1")))
    live.activate("m2")
    for message in live:
        assert isinstance(message, Message)
        file.put(message)
    file.set_active(live.active)
    file.save()
    loaded = shelf.open_session("work").session.conversation
    assert loaded.active == live.active
    assert [loaded.message(message.id) for message in loaded] == list(live)
    assert loaded.next_id() == live.next_id() == "m4"
    assert loaded.siblings("m3") == ["m2", "m3"]


def test_a_long_session_opens_with_its_tail_and_the_rest_comes_after(shelf: Shelf) -> None:
    put_session(shelf, make_dialogue(400, LONG))
    opened = shelf.open_session("work")
    conversation = opened.session.conversation
    assert 0 < len(conversation) < 400
    assert conversation.active == "m400"
    conversation.apply(Loaded(opened.file.load_rest()))
    assert [message.id for message in conversation.path()] == [f"m{number}" for number in range(1, 401)]
    assert not opened.adopted
    assert opened.notices == ()


@pytest.mark.parametrize("count", [1, 399])
def test_a_reply_that_is_not_in_the_session_is_adopted(shelf: Shelf, count: int) -> None:
    path = put_session(shelf, make_dialogue(count, LONG))
    put_checkpoint(path, "half a reply", f"m{count + 1}", f"m{count}")
    opened = shelf.open_session("work")
    assert opened.adopted
    assert texts_of(opened)[-1] == "half a reply"
    reply = opened.session.conversation.message(f"m{count + 1}")
    assert reply.status is Status.INTERRUPTED
    assert not checkpoint_path(path).exists()
    again = shelf.open_session("work")
    assert not again.adopted
    assert again.session.conversation.message(f"m{count + 1}") == reply
    assert again.file.active == f"m{count + 1}"


@pytest.mark.parametrize("status", [Status.COMPLETE, Status.CANCELLED])
def test_a_checkpoint_whose_reply_is_saved_is_removed(shelf: Shelf, status: Status) -> None:
    reply = replace(make_reply(text="all of it"), status=status)
    path = put_session(shelf, [make_prompt(), reply])
    data = path.read_bytes()
    put_checkpoint(path, "all of")
    opened = shelf.open_session("work")
    assert not opened.adopted
    assert opened.session.conversation.message("m2") == reply
    assert not checkpoint_path(path).exists()
    assert path.read_bytes() == data


def test_a_reply_that_was_being_continued_keeps_what_came(shelf: Shelf) -> None:
    saved = replace(make_reply(text="one two"), status=Status.INTERRUPTED)
    path = put_session(shelf, [make_prompt(), saved])
    put_checkpoint(path, "one two three")
    opened = shelf.open_session("work")
    assert opened.adopted
    grown = opened.session.conversation.message("m2")
    assert (grown.text, grown.status, grown.reasoning) == ("one two three", Status.INTERRUPTED, saved.reasoning)


def test_a_continuation_that_only_thought_so_far_keeps_its_thoughts(shelf: Shelf) -> None:
    saved = replace(make_reply(text="one two"), status=Status.INTERRUPTED, reasoning="Hm.")
    path = put_session(shelf, [make_prompt(), saved])
    checkpoint = Checkpoint.open(checkpoint_path(path), Started("m2", "m1", "demo/guide", CREATED, kept=saved))
    checkpoint.append(reasoning=" And three?")
    checkpoint.close()
    grown = shelf.open_session("work").session.conversation.message("m2")
    assert (grown.text, grown.reasoning, len(grown.parts)) == ("one two", "Hm. And three?", 2)


def test_an_adopted_reply_knows_its_attempts(shelf: Shelf) -> None:
    path = put_session(shelf, [make_prompt()])
    put_checkpoint(path, "third time lucky", retries=[BUSY, RESET])
    for _ in range(2):
        reply = shelf.open_session("work").session.conversation.message("m2")
        assert (reply.retries, reply.attempts) == ((BUSY, RESET), 3)


def test_the_attempts_at_a_continuation_join_those_of_the_reply(shelf: Shelf) -> None:
    saved = replace(make_reply(text="one two"), status=Status.INTERRUPTED, attempts=2, retries=(RESET,))
    path = put_session(shelf, [make_prompt(), saved])
    checkpoint = Checkpoint.open(checkpoint_path(path), Started("m2", "m1", "demo/guide", CREATED, kept=saved))
    checkpoint.append(retries=[BUSY])
    checkpoint.append(text=" three")
    checkpoint.close()
    for _ in range(2):
        grown = shelf.open_session("work").session.conversation.message("m2")
        assert (grown.retries, grown.attempts) == ((RESET, BUSY), 4)
        assert [(part.retries, part.attempts) for part in grown.parts] == [((RESET,), 2), ((BUSY,), 2)]


def test_replies_whose_saves_had_failed_are_all_adopted(shelf: Shelf) -> None:
    path = put_session(shelf, [make_prompt()])
    put_checkpoint(path, "first", "m2", "m1")
    put_checkpoint(path, "second", "m3", "m1")
    opened = shelf.open_session("work")
    assert opened.session.conversation.siblings("m2") == ["m2", "m3"]
    assert opened.session.conversation.active == "m3"
    assert [entry.name for entry in path.parent.iterdir()] == ["work.toml"]


def test_a_checkpoint_torn_in_its_head_is_removed(shelf: Shelf) -> None:
    path = put_session(shelf, [make_prompt()])
    checkpoint_path(path).write_bytes(b'format = 1\nid = "m')
    opened = shelf.open_session("work")
    assert not opened.adopted
    assert not checkpoint_path(path).exists()


def test_a_damaged_checkpoint_is_told_and_stays(shelf: Shelf) -> None:
    path = put_session(shelf, [make_prompt()])
    checkpoint_path(path).write_bytes(b"my own notes\n")
    opened = shelf.open_session("work")
    assert "damaged" in opened.notices[0]
    assert checkpoint_path(path).read_bytes() == b"my own notes\n"


@pytest.mark.parametrize("operation", ["sync", "rename", "unlink", "list_folder"])
def test_a_reply_that_cannot_be_saved_is_on_screen_and_its_checkpoint_stays(
    shelf: Shelf, failing_disk: FailingDisk, operation: str
) -> None:
    path = put_session(shelf, [make_prompt()])
    put_checkpoint(path, "half a reply")
    failing_disk.fail_named, failing_disk.error = operation, errno.ENOSPC
    opened = shelf.open_session("work")
    assert "Free some space" in opened.notices[0]
    assert checkpoint_path(path).exists()
    assert opened.adopted == (operation != "list_folder")
    failing_disk.disarm()
    assert texts_of(shelf.open_session("work")) == ["What is SSE?", "half a reply"]
    assert not checkpoint_path(path).exists()


def test_a_checkpoint_of_another_process_is_let_alone(shelf: Shelf) -> None:
    path = put_session(shelf, [make_prompt()])
    put_checkpoint(path, "streams there")
    opened = shelf.open_session("work", adopt=False)
    assert not opened.adopted
    assert checkpoint_path(path).exists()


def test_a_session_of_a_newer_format_adopts_nothing(shelf: Shelf) -> None:
    path = put_session(shelf, [make_prompt()])
    put_checkpoint(path, "half")
    path.write_bytes(path.read_bytes().replace(b"format = 1", b"format = 2", 1))
    assert not shelf.open_session("work").adopted
    assert checkpoint_path(path).exists()


def test_another_version_kept_aside_while_adopting_is_told(shelf: Shelf, monkeypatch: pytest.MonkeyPatch) -> None:
    path = put_session(shelf, [make_prompt()])
    put_checkpoint(path, "half")
    list_folder = disk.list_folder

    def change_meanwhile(folder: Path) -> list[str]:
        path.touch()
        os.utime(path, (1, 1))
        return list_folder(folder)

    monkeypatch.setattr(disk, "list_folder", change_meanwhile)
    opened = shelf.open_session("work")
    assert "work.conflict-1.toml" in opened.notices[0]


def test_temps_of_a_killed_save_are_removed_on_opening(shelf: Shelf) -> None:
    path = put_session(shelf, [make_prompt()])
    (path.parent / ".work.toml.0011aabb.tmp").write_bytes(b"half")
    shelf.open_session("work")
    assert [entry.name for entry in path.parent.iterdir()] == ["work.toml"]


STREAM = """
import sys
from pathlib import Path
from chatui.conversation.events import Started
from chatui.storage.checkpoint import Checkpoint, checkpoint_path
from tests.storage.samples import CREATED
checkpoint = Checkpoint.open(checkpoint_path(Path(sys.argv[1])), Started("m2", "m1", "demo/guide", CREATED))
for number in range(1_000_000):
    checkpoint.append(text=f"{number} ")
    if number == 50:
        print("streaming", flush=True)
"""


def test_a_process_killed_while_it_streams_loses_no_whole_block(shelf: Shelf) -> None:
    path = put_session(shelf, [make_prompt()])
    with subprocess.Popen(
        [sys.executable, "-c", STREAM, str(path)], stdout=subprocess.PIPE, cwd=Path(__file__).parents[2]
    ) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == b"streaming\n"
        process.send_signal(signal.SIGKILL)
        process.wait()
    opened = shelf.open_session("work")
    numbers = [int(number) for number in texts_of(opened)[-1].split()]
    assert len(numbers) > 50
    assert numbers == list(range(len(numbers)))
