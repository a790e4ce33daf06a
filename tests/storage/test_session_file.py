"""The session file."""

from __future__ import annotations

import stat
import tomllib
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from chatui.conversation.message import Message
from chatui.storage import disk, session_file
from chatui.storage.errors import StorageError
from chatui.storage.message_block import UNKNOWN_TIME, encode_header, encode_message
from chatui.storage.session_file import SessionFile
from tests.storage.conftest import note_last
from tests.storage.samples import (
    LONG_TEXT,
    make_dialogue,
    make_header,
    make_prompt,
    messages,
    read_messages,
    write_session,
)


@settings(max_examples=40)
@given(st.lists(messages, max_size=5, unique_by=lambda message: message.id))
def test_a_saved_session_is_loaded_as_it_was(tmp_path_factory: pytest.TempPathFactory, dialogue: list[Message]) -> None:
    path = tmp_path_factory.mktemp("sessions") / "a.toml"
    data = write_session(path, dialogue)
    assert read_messages(path) == dialogue
    assert len(tomllib.loads(data.decode()).get("messages", [])) == len(dialogue)
    with SessionFile.open(path) as file:
        assert file.header == replace(make_header(), id="a")
        assert file.active == (dialogue[-1].id if dialogue else None)
        assert file.save() is None
    assert path.read_bytes() == data


def note_size(sizes: list[int], call: Callable[..., bytes]) -> Callable[..., bytes]:
    def run(fd: int, size: int, offset: int) -> bytes:
        data = call(fd, size, offset)
        sizes.append(len(data))
        return data

    return run


def test_nothing_is_on_disk_before_the_first_save(path: Path) -> None:
    file = SessionFile.create(path, make_header())
    file.put(make_prompt())
    assert not path.parent.exists()
    assert file.save() is None
    file.close()
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert stat.S_IMODE(path.parent.stat().st_mode) == 0o700


@pytest.mark.usefixtures("open_umask")
def test_files_are_private_under_an_open_umask(path: Path) -> None:
    write_session(path, make_dialogue(2))
    write_session(path, make_dialogue(3))
    assert {stat.S_IMODE(entry.stat().st_mode) for entry in path.parent.iterdir()} == {0o600}


def test_the_name_of_the_file_is_its_id(path: Path) -> None:
    file = SessionFile.create(path, make_header())
    assert file.header.id == "work"
    file.set_header(make_header("Other"))
    assert (file.header.id, file.header.title) == ("work", "Other")
    file.save()
    assert path.read_bytes().startswith(b'format = 1\nid = "work"\ntitle = "Other"\n')


def test_a_message_put_again_takes_its_own_place(path: Path) -> None:
    dialogue = make_dialogue(400, LONG_TEXT)
    write_session(path, dialogue)
    for number in (1, 399):
        dialogue[number] = replace(dialogue[number], text="changed")
    with SessionFile.open(path) as file:
        assert file.has_rest
        file.put(dialogue[1])
        file.put(dialogue[399])
        file.save()
        assert not file.has_rest
    assert read_messages(path) == dialogue


def test_only_the_message_that_was_put_is_encoded(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write_session(path, make_dialogue(400, LONG_TEXT))
    encoded: list[Message] = []
    monkeypatch.setattr(session_file, "encode_message", note_last(encoded, encode_message))
    with SessionFile.open(path) as file:
        file.put(make_prompt("m401", "next", "m400"))
        file.save()
    assert [message.id for message in encoded] == ["m401"]
    assert len(read_messages(path)) == 401


def test_opening_ten_thousand_messages_costs_what_opening_ten_does(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    reads: list[int] = []
    parses: list[str] = []
    monkeypatch.setattr(disk, "read_at", note_size(reads, disk.read_at))
    monkeypatch.setattr(tomllib, "loads", note_last(parses, tomllib.loads))
    head = encode_header(make_header(), None)
    path.parent.mkdir()
    costs = {}
    for count in (10, 10_000):
        path.write_bytes(head + b"".join(encode_message(message) for message in make_dialogue(count)))
        reads.clear()
        parses.clear()
        with SessionFile.open(path) as file:
            costs[count] = len(parses)
            assert sum(reads) <= 128 * 1024
            assert file.tail[-1].id == f"m{count}"
            rest = file.load_rest()
            assert len(rest) + len(file.tail) == count
            assert len(parses) == costs[count]
            assert [*rest, *file.tail][0].decode().id == "m1"
    # One parse each: the header's.
    assert costs == {10: 1, 10_000: 1}


def test_hand_written_parts_survive_what_is_saved_around_them(path: Path) -> None:
    data = write_session(path, make_dialogue(2))
    edited = b"# my notes\n" + data.replace(b'role = "user"\n', b'role = "user" # me\nmood = "good"\n', 1)
    path.write_bytes(edited)
    with SessionFile.open(path) as file:
        file.put(make_prompt("m3", "more", "m2"))
        file.set_active("m3")
        file.save()
    assert path.read_bytes() == edited.replace(b'active = "m2"', b'active = "m3"') + encode_message(
        make_prompt("m3", "more", "m2")
    )
    assert read_messages(path)[0].extra == {"mood": "good"}


def test_a_file_without_a_last_line_break_can_go_on(path: Path) -> None:
    data = write_session(path, make_dialogue(2))
    path.write_bytes(data.removesuffix(b"\n"))
    with SessionFile.open(path) as file:
        file.put(make_prompt("m3"))
        file.save()
    assert [message.id for message in read_messages(path)] == ["m1", "m2", "m3"]


def test_the_last_message_is_active_where_the_file_names_none(path: Path) -> None:
    write_session(path, make_dialogue(2))
    for active in (b"", b'active = "gone"\n'):
        path.write_bytes(path.read_bytes().replace(b'active = "m2"\n', active))
        with SessionFile.open(path) as file:
            assert file.active == "m2"


def test_a_newer_format_is_opened_for_reading_only(path: Path) -> None:
    data = write_session(path, make_dialogue(2)).replace(b"format = 1\n", b"format = 2\n")
    path.write_bytes(data)
    with SessionFile.open(path) as file:
        assert file.is_read_only
        assert len(file.tail) == 2
        file.put(make_prompt("m3"))
        with pytest.raises(StorageError, match="newer chatui"):
            file.save()
    assert path.read_bytes() == data


def test_what_changes_nothing_writes_the_same_bytes(path: Path) -> None:
    data = write_session(path, make_dialogue(2)).replace(b"format = 1", b"# hand-written\nformat = 1")
    path.write_bytes(data)
    with SessionFile.open(path) as file:
        file.set_header(file.header)
        file.set_active(file.active)
        file.save()
    assert path.read_bytes() == data


def test_the_time_of_a_hand_written_message_is_unknown(path: Path) -> None:
    path.parent.mkdir()
    path.write_bytes(b'format = 1\n[[messages]]\nrole = "user"\ntext = "hi"\n')
    (message,) = read_messages(path)
    assert message.created == UNKNOWN_TIME
    assert message.id == "m~1"
