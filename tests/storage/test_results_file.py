"""The results of a batch survive whatever ends it."""

from __future__ import annotations

import json
import os
import stat
from collections.abc import Sequence
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chatui.storage import disk
from chatui.storage.errors import StorageError
from chatui.storage.results_file import ResultsFile


def encode(n: int, content_hash: str = "", outcome: str = "complete", text: str = "") -> bytes:
    result = {"id": None, "n": n, "hash": content_hash or f"h{n}", "outcome": outcome, "text": text}
    return (json.dumps(result) + "\n").encode()


def put(file: ResultsFile, n: int, outcome: str = "complete", text: str = "") -> None:
    file.append(n, f"h{n}", encode(n, outcome=outcome, text=text))


def read(path: Path) -> list[int]:
    return [json.loads(line)["n"] for line in path.read_bytes().splitlines()]


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "answers.jsonl"


def test_results_are_in_the_file_as_soon_as_they_are_there(path: Path) -> None:
    with ResultsFile.open(path) as file:
        put(file, 3)
        assert read(path) == [3]
        put(file, 1)
        assert read(path) == [3, 1]


def test_arranged_they_are_in_the_order_of_the_prompts(path: Path) -> None:
    with ResultsFile.open(path) as file:
        for n in (3, 1, 2):
            put(file, n)
        file.arrange()
    assert read(path) == [1, 2, 3]


def test_unsorted_they_stay_as_they_finished(path: Path) -> None:
    with ResultsFile.open(path) as file:
        for n in (3, 1, 2):
            put(file, n)
        file.arrange(is_sorted=False)
    assert read(path) == [3, 1, 2]


def test_what_is_in_order_is_not_written_again(path: Path) -> None:
    with ResultsFile.open(path) as file:
        put(file, 1)
        put(file, 2)
        inode = path.stat().st_ino
        file.arrange()
    assert path.stat().st_ino == inode


def test_a_complete_result_is_claimed_once(path: Path) -> None:
    path.write_bytes(encode(1))
    with ResultsFile.open(path) as file:
        assert file.unclaimed == 1
        assert file.claim(1, "h1")
        assert not file.claim(2, "h1")
        assert file.unclaimed == 0


def test_two_equal_prompts_have_two_results(path: Path) -> None:
    path.write_bytes(encode(1, "same") + encode(2, "same"))
    with ResultsFile.open(path) as file:
        assert [file.claim(n, "same") for n in (1, 2, 3)] == [True, True, False]


def test_a_failure_is_not_claimed_and_gives_way_to_the_new_result(path: Path) -> None:
    path.write_bytes(encode(1, outcome="failed", text="old") + encode(2))
    with ResultsFile.open(path) as file:
        assert not file.claim(1, "h1")
        assert file.claim(2, "h2")
        put(file, 1, text="new")
        file.arrange()
    lines = [json.loads(line) for line in path.read_bytes().splitlines()]
    assert [(line["n"], line["outcome"]) for line in lines] == [(1, "complete"), (2, "complete")]


def test_unsorted_a_failure_that_was_done_anew_goes_too(path: Path) -> None:
    path.write_bytes(encode(2, outcome="failed") + encode(1))
    with ResultsFile.open(path) as file:
        file.claim(1, "h1")
        put(file, 2)
        file.arrange(is_sorted=False)
    assert read(path) == [1, 2]


def test_results_of_other_prompts_stay_at_the_end(path: Path) -> None:
    path.write_bytes(encode(1, "gone") + encode(2))
    with ResultsFile.open(path) as file:
        file.claim(1, "h2")
        put(file, 2)
        file.arrange()
    lines = [json.loads(line) for line in path.read_bytes().splitlines()]
    assert [(line["n"], line["hash"]) for line in lines] == [(1, "h2"), (2, "h2"), (1, "gone")]


def test_a_claimed_result_takes_the_new_place_of_its_prompt(path: Path) -> None:
    path.write_bytes(encode(1))
    with ResultsFile.open(path) as file:
        file.claim(5, "h1")
        file.arrange()
    assert read(path) == [5]


@given(st.integers(min_value=1, max_value=200))
def test_a_torn_last_line_is_cut_wherever_it_is_torn(tmp_path: Path, missing: int) -> None:
    path = tmp_path / "torn.jsonl"
    whole, last = encode(1), encode(2, text="é" * 30)
    path.write_bytes(whole + last[: -min(missing, len(last))])
    with ResultsFile.open(path) as file:
        assert path.read_bytes() == whole
        assert file.claim(1, "h1")
        put(file, 2)
    assert read(path) == [1, 2]


@pytest.mark.parametrize(
    "found",
    [b"[1]\n", b"my notes\n", b"my notes", b'{"n": 1}\n', b'{"hash": "h", "outcome": "complete"}\n', b"\n"],
)
def test_a_file_that_is_no_batchs_is_left_as_it_is(path: Path, found: bytes) -> None:
    path.write_bytes(found)
    with pytest.raises(StorageError, match="no result of a batch"):
        ResultsFile.open(path)
    assert path.read_bytes() == found


def test_damage_before_whole_lines_is_told_with_its_line(path: Path) -> None:
    path.write_bytes(encode(1) + b'{"n": 2, "ha\n' + encode(3))
    with pytest.raises(StorageError, match="line 2"):
        ResultsFile.open(path)


def test_two_batches_do_not_write_one_file(path: Path) -> None:
    with ResultsFile.open(path), pytest.raises(StorageError, match="Another chatui batch"):
        ResultsFile.open(path)
    ResultsFile.open(path).close()


def test_a_folder_and_a_fifo_are_refused_at_once(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "fifo")
    for name in ("fifo", ""):
        with pytest.raises(StorageError):
            ResultsFile.open(tmp_path / name)


def test_a_link_is_followed_and_stays(tmp_path: Path, path: Path) -> None:
    link = tmp_path / "link.jsonl"
    link.symlink_to(path)
    with ResultsFile.open(link) as file:
        put(file, 2)
        put(file, 1)
        file.arrange()
    assert link.is_symlink()
    assert read(path) == [1, 2]


def test_it_keeps_the_mode_that_the_user_gave_it(path: Path) -> None:
    path.write_bytes(encode(2) + encode(1))
    path.chmod(0o640)
    with ResultsFile.open(path) as file:
        file.claim(1, "h1")
        file.claim(2, "h2")
        file.arrange()
    assert stat.S_IMODE(path.stat().st_mode) == 0o640
    assert read(path) == [1, 2]


def test_what_a_killed_batch_left_while_arranging_is_removed(path: Path) -> None:
    temp = path.with_name(f".{path.name}.0a1b2c3d.tmp")
    temp.write_bytes(b"half")
    ResultsFile.open(path).close()
    assert not temp.exists()


def test_a_full_disk_leaves_whole_lines(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with ResultsFile.open(path) as file:
        put(file, 1)
        with monkeypatch.context() as patch:
            patch.setattr(disk, "write", lambda fd, data: os.write(fd, data[:5]))
            with pytest.raises(StorageError, match="disk is full"):
                put(file, 2)
        assert read(path) == [1]
        put(file, 3)
    assert read(path) == [1, 3]


def _fail(*_: object) -> int:
    raise OSError(28, "No space left on device")


@pytest.mark.parametrize("call", ["sync", "rename", "write"])
def test_what_cannot_be_put_in_order_stays_as_it_was(path: Path, monkeypatch: pytest.MonkeyPatch, call: str) -> None:
    with ResultsFile.open(path) as file:
        put(file, 2)
        put(file, 1)
        with monkeypatch.context() as patch:
            patch.setattr(disk, call, _fail)
            with pytest.raises(StorageError, match="put in order"):
                file.arrange()
    assert read(path) == [2, 1]
    assert [each.name for each in path.parent.iterdir()] == [path.name]


@pytest.mark.parametrize(("call", "words"), [("write", "append to"), ("try_lock", "open")])
def test_what_the_system_refuses_is_told(path: Path, monkeypatch: pytest.MonkeyPatch, call: str, words: str) -> None:
    if call == "write":
        with ResultsFile.open(path) as file:
            monkeypatch.setattr(disk, call, _fail)
            with pytest.raises(StorageError, match=words):
                put(file, 1)
    else:
        monkeypatch.setattr(disk, call, _fail)
        with pytest.raises(StorageError, match=words):
            ResultsFile.open(path)


def test_a_disk_that_does_not_confirm_is_told(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    file = ResultsFile.open(path)
    monkeypatch.setattr(disk, "sync", _fail)
    with pytest.raises(StorageError, match="make sure of"):
        file.close()
    file.close()


@given(st.permutations(range(1, 9)), st.integers(min_value=0, max_value=8))
def test_in_whatever_order_and_runs_they_finish_the_end_is_the_same(
    tmp_path: Path, order: Sequence[int], first_run: int
) -> None:
    path = tmp_path / "runs.jsonl"
    path.unlink(missing_ok=True)
    with ResultsFile.open(path) as file:
        for n in order[:first_run]:
            put(file, n)
    with ResultsFile.open(path) as file:
        asked = [n for n in range(1, 9) if not file.claim(n, f"h{n}")]
        assert sorted(asked) == sorted(order[first_run:])
        for n in order[first_run:]:
            put(file, n)
        file.arrange()
    assert read(path) == list(range(1, 9))
