"""What the app remembers."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from chatui.storage.errors import StorageError
from chatui.storage.state import State, load_state, save_state
from tests.storage.conftest import FailingDisk


def test_what_was_saved_is_loaded(tmp_path: Path) -> None:
    path = tmp_path / "state.toml"
    state = State("night", False, ("a/b", "c/d"), "20261123-104233-k3f9")
    save_state(path, state)
    assert load_state(path) == state


def test_without_a_file_the_defaults_hold(tmp_path: Path) -> None:
    assert load_state(tmp_path / "state.toml") == State()
    assert load_state(tmp_path / "state.toml").problem == ""


def test_unknown_keys_survive(tmp_path: Path) -> None:
    path = tmp_path / "state.toml"
    path.write_text('theme = "night"\nwidth = 7\n[future]\na = 1\n')
    state = load_state(path)
    save_state(path, replace(state, theme="day"))
    assert load_state(path) == State("day", extra={"width": 7, "future": {"a": 1}})


@pytest.mark.parametrize(
    "content",
    [
        b"\xff",
        b"theme = ",
        b"theme = 1\n",
        b"recent_models = [1]\n",
        b"sidebar = 0\n",
        b"refused_fields = 1\n",
        b"refused_fields = { a = 1 }\n",
        b"refused_fields = { a = { b = 1 } }\n",
    ],
)
def test_a_damaged_file_is_kept_aside_and_told(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "state.toml"
    path.write_bytes(content)
    state = load_state(path)
    assert state == State()
    assert "kept as state.damaged-1.toml" in state.problem
    assert (tmp_path / "state.damaged-1.toml").read_bytes() == content
    save_state(path, State("day"))
    assert load_state(path).theme == "day"


def test_an_odd_file_is_told_and_stays(tmp_path: Path) -> None:
    path = tmp_path / "state.toml"
    path.mkdir()
    assert "not a regular file" in load_state(path).problem
    with pytest.raises(StorageError):
        save_state(path, State())
    assert path.is_dir()


def test_a_damaged_file_that_cannot_be_moved_is_told(tmp_path: Path, failing_disk: FailingDisk) -> None:
    path = tmp_path / "state.toml"
    path.write_bytes(b"=")
    failing_disk.fail_named = "rename"
    assert "keep aside" in load_state(path).problem
    assert path.read_bytes() == b"="


def test_refused_fields_are_remembered(tmp_path: Path) -> None:
    path = tmp_path / "state.toml"
    state = State(
        refused_fields={"mistral": {"stream_options": ""}, "openai/o5": {"max_tokens": "max_completion_tokens"}}
    )
    save_state(path, state)
    assert load_state(path) == state
