"""The session that was written last, by clocks that may be wrong."""

from __future__ import annotations

import os
from datetime import UTC, datetime

import pytest

from chatui.storage.shelf import Shelf
from tests.storage.test_shelf import IDS, put_session


def test_the_latest_is_the_one_written_last(shelf: Shelf) -> None:
    for number, session_id in enumerate(IDS):
        path = put_session(shelf, session_id)
        os.utime(path, (0, 1_000_000 - number))
    latest = shelf.latest()
    assert latest is not None
    assert latest.id == IDS[0]


@pytest.mark.parametrize("year", [1971, 2099])
def test_the_latest_is_right_again_after_the_clock_was_wrong(shelf: Shelf, year: int) -> None:
    for session_id in ("20260101-000000-aaaa", f"{year}0101-000000-bbbb", "20260102-000000-cccc"):
        put_session(shelf, session_id)
    wrong = datetime(year, 1, 1, tzinfo=UTC).timestamp()
    os.utime(shelf.new_session_path(f"{year}0101-000000-bbbb"), (wrong, wrong))
    os.utime(shelf.new_session_path("20260101-000000-aaaa"), (1_000_000_000, 1_000_000_000))
    latest = shelf.latest()
    assert latest is not None
    assert latest.id == "20260102-000000-cccc"
