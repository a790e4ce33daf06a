"""The prompts typed last."""

from __future__ import annotations

import stat
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from chatui.storage.errors import StorageError
from chatui.storage.prompt_history import MAX_LENGTH, PromptHistory
from tests.storage.conftest import FailingDisk
from tests.storage.samples import TRICKY, texts


@settings(max_examples=50)
@given(st.lists(texts, max_size=8))
def test_prompts_come_back_in_order_without_repeats_in_a_row(
    tmp_path_factory: pytest.TempPathFactory, prompts: list[str]
) -> None:
    path = tmp_path_factory.mktemp("history") / "prompts"
    history = PromptHistory(path)
    expected: list[str] = []
    for prompt in prompts:
        history.append(prompt)
        if prompt.strip() and expected[-1:] != [prompt]:
            expected.append(prompt)
    assert history.load() == expected
    assert PromptHistory(path).load() == expected


def test_a_repeat_is_known_across_starts(tmp_path: Path) -> None:
    PromptHistory(tmp_path / "p").append(TRICKY)
    PromptHistory(tmp_path / "p").append(TRICKY)
    assert PromptHistory(tmp_path / "p").load() == [TRICKY]


@pytest.mark.usefixtures("open_umask")
def test_the_file_is_private(tmp_path: Path) -> None:
    PromptHistory(tmp_path / "s" / "p").append("x")
    assert stat.S_IMODE((tmp_path / "s" / "p").stat().st_mode) == 0o600


def test_it_is_bounded(tmp_path: Path) -> None:
    history = PromptHistory(tmp_path / "p", most=100)
    for number in range(151):
        history.append(f"prompt {number}")
    prompts = history.load()
    assert len(prompts) == 100
    assert prompts[-1] == "prompt 150"
    assert (tmp_path / "p").read_bytes().count(b"\n") == 100


def test_a_pasted_file_is_not_kept(tmp_path: Path) -> None:
    history = PromptHistory(tmp_path / "p")
    history.append("x" * (MAX_LENGTH + 1))
    assert history.load() == []


def test_torn_and_foreign_lines_are_skipped(tmp_path: Path) -> None:
    (tmp_path / "p").write_bytes(b'"one"\n\xff\n12\n' + b"[" * 9999 + b'\n"two"\n"torn')
    history = PromptHistory(tmp_path / "p")
    history.append("three")
    assert history.load() == ["one", "two", "three"]


def test_a_lone_surrogate_becomes_the_replacement_character(tmp_path: Path) -> None:
    history = PromptHistory(tmp_path / "p")
    history.append("a\ud800")
    assert history.load() == ["a\ufffd"]


def test_a_full_disk_is_told(tmp_path: Path, failing_disk: FailingDisk) -> None:
    history = PromptHistory(tmp_path / "p")
    failing_disk.fail_named = "write"
    with pytest.raises(StorageError, match="remember the prompt"):
        history.append("x")
    failing_disk.disarm()
    history.append("x")
    assert history.load() == ["x"]
