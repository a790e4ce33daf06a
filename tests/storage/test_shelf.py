"""The shelf: listing, finding, the trash."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

import pytest

from chatui.conversation.events import Started
from chatui.storage.checkpoint import Checkpoint, checkpoint_path
from chatui.storage.errors import StorageError
from chatui.storage.message_block import UNKNOWN_TIME
from chatui.storage.session_file import SessionFile
from chatui.storage.session_summary import COUNTED_SIZE, summarize
from chatui.storage.shelf import Shelf
from tests.storage.conftest import FailingDisk
from tests.storage.samples import CREATED, make_dialogue, make_header, make_prompt, make_reply

IDS = ["20261123-104233-aaaa", "20261124-104233-bbbb", "20261125-104233-cccc"]


def put_session(shelf: Shelf, session_id: str, title: str = "", count: int = 2, text: str = "word") -> Path:
    path = shelf.new_session_path(session_id)
    file = SessionFile.create(path, make_header(title))
    for message in make_dialogue(count, text):
        file.put(message)
    file.save()
    return path


def test_an_empty_shelf_lists_nothing(shelf: Shelf) -> None:
    assert shelf.list_sessions() == []
    assert shelf.list_trash() == []
    assert shelf.latest() is None


def test_sessions_are_listed_newest_first(shelf: Shelf) -> None:
    for session_id in (IDS[1], IDS[0], IDS[2]):
        put_session(shelf, session_id, f"Title {session_id}")
    for name in (".hidden.toml", "notes.txt", f"{IDS[0]}.checkpoint.toml"):
        (shelf.places.sessions / name).touch()
    put_session(shelf, "notes")
    os.utime(shelf.new_session_path("notes"), (0, CREATED.timestamp() + 86_400 * 1.5))
    listed = shelf.list_sessions()
    assert [summary.id for summary in listed] == [IDS[2], "notes", IDS[1], IDS[0]]
    assert [summary.id for summary in shelf.list_sessions(2)] == [IDS[2], "notes"]
    first = listed[0]
    assert (first.title, first.model, first.created) == (f"Title {IDS[2]}", "demo/guide", CREATED)
    assert (first.messages, first.problem) == (2, None)
    assert first.modified > UNKNOWN_TIME


def test_names_are_listed_without_opening_anything(shelf: Shelf, failing_disk: FailingDisk) -> None:
    for session_id in IDS:
        put_session(shelf, session_id)
    failing_disk.fail_named = "open_file"
    assert [path.stem for path in shelf.session_paths()] == IDS[::-1]


def test_the_first_words_are_those_of_the_first_prompt_on_one_line(shelf: Shelf) -> None:
    path = shelf.new_session_path("a")
    file = SessionFile.create(path, make_header())
    file.put(make_reply("m1", "I begin", None))
    file.put(make_prompt("m2", "  Tell me\n\tmore " + "and more " * 50, "m1"))
    file.save()
    words = summarize(path).first_words
    assert words.startswith("Tell me more and more and")
    assert len(words) == 80
    assert summarize(put_session(shelf, "b", count=0)).first_words == ""


@pytest.mark.parametrize("text", ["x" * 400_000, "y" * 200_000])
def test_a_long_session_is_not_read_whole_to_be_listed(
    shelf: Shelf, monkeypatch: pytest.MonkeyPatch, text: str
) -> None:
    path = put_session(shelf, "a", "Long", 8, text)
    assert path.stat().st_size > COUNTED_SIZE
    summary = summarize(path)
    assert (summary.title, summary.messages, summary.problem) == ("Long", None, None)
    assert summary.first_words == ("1: " + text[:77] if text.startswith("y") else "")


def odd_files(folder: Path) -> dict[str, str]:
    folder.mkdir(parents=True)
    (folder / "outside").write_text("format = 1\n")
    os.mkfifo(folder / "fifo.toml")
    (folder / "folder.toml").mkdir()
    (folder / "link.toml").symlink_to(folder / "outside")
    (folder / "loop.toml").symlink_to(folder / "loop.toml")
    (folder / "foreign.toml").write_text('name = "other"\n')
    (folder / "garbage.toml").write_bytes(bytes(range(128, 178)))
    (folder / "empty.toml").touch()
    (folder / "newer.toml").write_text("format = 9\n")
    (folder / "torn.toml").write_text('format = 1\n\n[[messages]]\nid = "m1"\nrole = "user"\ntext = "')
    (folder / "bytes.toml").write_bytes(b'format = 1\n\n[[messages]]\nid = "m1"\nrole = "user"\ntext = "\xff"\n')
    (folder / "Odd Name.toml").write_text("format = 1\n")
    (folder / "good.conflict-1.toml").write_text("format = 1\n")
    (folder / "gone.checkpoint.toml").write_text("format = 1\n")
    return {
        "fifo": "regular",
        "folder": "regular",
        "link": "link",
        "loop": "link",
        "foreign": "format = 1",
        "garbage": "line 1",
        "empty": "format = 1",
        "newer": "newer",
        "torn": "line 6",
        "bytes": "line 6",
        "Odd Name.toml": "name",
        "good.conflict-1.toml": "kept aside",
        "gone.checkpoint.toml": "missing",
    }


def test_odd_files_are_told_left_alone_and_keep_no_good_one_from_opening(shelf: Shelf) -> None:
    problems = odd_files(shelf.places.sessions)
    before = sorted(shelf.places.sessions.iterdir())
    os.utime(put_session(shelf, "good", "Good"), (1, 1))
    listed = {summary.id: summary for summary in shelf.list_sessions()}
    assert listed.keys() == {*problems, "good"}
    for name, said in problems.items():
        assert said in (listed[name].problem or ""), name
    assert listed["good"].problem is None
    assert shelf.find("Good").id == "good"
    latest = shelf.latest()
    assert latest is not None
    assert latest.id == "good"
    for name in ("fifo", "folder", "link", "loop", "foreign", "garbage", "empty", "torn", "bytes", "gone"):
        with pytest.raises(StorageError):
            shelf.open_session(name)
    assert shelf.open_session("newer").file.is_read_only
    assert sorted(shelf.places.sessions.iterdir()) == sorted([*before, shelf.new_session_path("good")])


def test_a_session_in_another_style_is_summarized(shelf: Shelf) -> None:
    path = put_session(shelf, "a", "Windows")
    path.write_bytes(path.read_bytes().replace(b"\n", b"\r\n"))
    summary = summarize(path)
    assert (summary.title, summary.messages, summary.first_words) == ("Windows", 2, "1: word")


def test_a_time_that_cannot_be_told_is_unknown(shelf: Shelf, failing_disk: FailingDisk) -> None:
    path = put_session(shelf, "a")
    failing_disk.fail_named = "stat_path"
    summary = summarize(path)
    assert summary.modified == UNKNOWN_TIME
    assert summary.problem is not None


def test_a_time_before_all_times_does_not_harm(shelf: Shelf) -> None:
    path = put_session(shelf, "a")
    os.utime(path, (0, -86_400))
    assert summarize(path).modified < UNKNOWN_TIME
    assert [summary.id for summary in shelf.list_sessions()] == ["a"]


@pytest.mark.parametrize(
    ("text", "found"),
    [
        (IDS[0], 0),
        ("20261124", 1),
        ("Explain", 0),
        ("explain sse", 0),
        ("sockets", 1),
        (" COOKING ", 2),
    ],
)
def test_a_session_is_found_by_id_or_title(shelf: Shelf, text: str, found: int) -> None:
    for session_id, title in zip(IDS, ["Explain SSE", "Explain sockets, part 2", "Cooking"], strict=True):
        put_session(shelf, session_id, title)
    if text == "Explain":
        with pytest.raises(StorageError, match=r"More than one session fits 'Explain': .*part 2; .*SSE"):
            shelf.find(text)
    else:
        assert shelf.find(text).id == IDS[found]


@pytest.mark.parametrize("text", ["", "  ", "nothing", "../20261123"])
def test_what_is_not_found_is_told(shelf: Shelf, text: str) -> None:
    put_session(shelf, IDS[0])
    with pytest.raises(StorageError, match="No session fits"):
        shelf.find(text)


def test_of_many_candidates_some_are_named(shelf: Shelf) -> None:
    for number in range(8):
        put_session(shelf, f"20261123-104233-aaa{number}")
    with pytest.raises(StorageError, match="; …\\. Give more") as caught:
        shelf.find("2026")
    assert caught.value.reason.count("20261123-104233") == 5


@pytest.mark.parametrize("name", ["..", "../x", "a/b", "", "a\x00", "-a", "A", "x" * 65, "con", "a.toml"])
def test_no_verb_takes_a_path_for_an_id(shelf: Shelf, name: str) -> None:
    verbs: list[Callable[[str], object]] = [
        shelf.new_session_path,
        shelf.open_session,
        shelf.delete,
        shelf.restore,
        shelf.lock,
    ]
    for verb in verbs:
        with pytest.raises(StorageError, match="is not the id of a session"):
            verb(name)
    assert not shelf.places.data.exists()


def test_a_name_leads_to_its_session_and_an_id_to_its_own(shelf: Shelf) -> None:
    session_id = shelf.id_for("My notes")
    put_session(shelf, session_id)
    assert shelf.id_for("My notes") == session_id
    assert shelf.id_for(session_id) == session_id
    assert shelf.id_for("work") == "work"
    with pytest.raises(StorageError, match="cannot have that name"):
        shelf.id_for("..")


def test_a_deleted_session_lies_in_the_trash_and_comes_back(shelf: Shelf) -> None:
    path = put_session(shelf, "a", "Mine")
    Checkpoint.open(checkpoint_path(path), Started("m3", "m2", "a/b", CREATED)).close()
    data = path.read_bytes()
    shelf.delete("a")
    assert shelf.list_sessions() == []
    assert [(summary.id, summary.title) for summary in shelf.list_trash()] == [("a", "Mine")]
    shelf.restore("a")
    assert path.read_bytes() == data
    assert checkpoint_path(path).exists()
    assert shelf.list_trash() == []


def test_two_of_one_name_do_not_meet_in_the_trash(shelf: Shelf) -> None:
    put_session(shelf, "a", "First")
    shelf.delete("a")
    put_session(shelf, "a", "Second")
    with pytest.raises(StorageError, match="already"):
        shelf.restore("a")
    shelf.delete("a")
    assert sorted(entry.name for entry in shelf.places.trash.iterdir()) == ["a.older-1.toml", "a.toml"]
    shelf.restore("a")
    assert shelf.find("a").title == "Second"


def test_a_damaged_session_can_be_thrown_away_too(shelf: Shelf) -> None:
    odd_files(shelf.places.sessions)
    for name in ("fifo", "folder", "link", "garbage", "gone"):
        shelf.delete(name)
    assert (shelf.places.sessions / "outside").exists()
    assert (shelf.places.trash / "link.toml").is_symlink()


def test_deleting_or_restoring_what_is_not_there_is_told(shelf: Shelf) -> None:
    for verb in (shelf.delete, shelf.restore):
        with pytest.raises(StorageError, match="There is no session nobody"):
            verb("nobody")
    with pytest.raises(StorageError, match="There is no session nobody"):
        shelf.open_session("nobody")


@pytest.mark.parametrize("operation", ["rename", "make_dir"])
def test_a_session_that_cannot_be_moved_stays(shelf: Shelf, failing_disk: FailingDisk, operation: str) -> None:
    path = put_session(shelf, "a")
    failing_disk.fail_named = operation
    with pytest.raises(StorageError, match="Could not m"):
        shelf.delete("a")
    assert path.exists()


def test_a_folder_that_cannot_be_listed_is_told(shelf: Shelf, failing_disk: FailingDisk) -> None:
    failing_disk.fail_named = "list_folder"
    with pytest.raises(StorageError, match="Could not list"):
        shelf.list_sessions()
