"""The log: private from its first byte on, appended to, and told where it cannot be written."""

from __future__ import annotations

import stat
from pathlib import Path

import pytest

from chatui.storage.errors import StorageError
from chatui.storage.log import append_log


def test_entries_follow_one_another_in_a_private_file(tmp_path: Path) -> None:
    log = tmp_path / "state" / "log"
    append_log(log, "first\n")
    append_log(log, "second \ud800\n")
    assert log.read_text() == "first\nsecond ?\n"
    assert stat.S_IMODE(log.stat().st_mode) == 0o600
    assert stat.S_IMODE(log.parent.stat().st_mode) == 0o700


def test_a_log_that_cannot_be_written_is_told(tmp_path: Path) -> None:
    log = tmp_path / "log"
    log.mkdir()
    with pytest.raises(StorageError, match="log"):
        append_log(log, "lost")


def test_a_link_is_not_followed(tmp_path: Path) -> None:
    other = tmp_path / "other"
    (tmp_path / "log").symlink_to(other)
    with pytest.raises(StorageError):
        append_log(tmp_path / "log", "astray")
    assert not other.exists()
