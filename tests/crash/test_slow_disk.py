"""A disk that takes two seconds for every fsync: keys are answered at once all the same."""

from __future__ import annotations

import time
from pathlib import Path

from tests.crash.conftest import TICK, WORDS
from tests.crash.terminal_app import TerminalApp
from tests.crash.test_random_kills import START_SECONDS

SLOW = 2.0
ANSWERED = SLOW / 2
"""Seconds. Keys are typed without a pause, so one that waited for an fsync would have waited for nearly all of it."""


def test_keys_are_answered_while_the_disk_takes_its_time(tmp_path: Path, address: str) -> None:
    with TerminalApp(tmp_path, address, [], ["--slow", str(SLOW)]) as app:
        assert app.watch(START_SECONDS, app.shows("Message ")), app.text
        app.watch(1.0)
        app.press("count\r")
        waits = []
        end = time.monotonic() + 2 * SLOW + 1.0
        number = 0
        while time.monotonic() < end:
            number += 1
            typed = f"key{number}"
            pressed = time.monotonic()
            app.press(typed)
            assert app.watch(SLOW, app.shows(typed)), app.text
            waits.append(time.monotonic() - pressed)
            app.press("\x15")
            app.watch(0.1)
        assert max(waits) < ANSWERED
        # The prompt was on the disk before the request left, however long that took.
        assert app.watch(START_SECONDS + WORDS * TICK, lambda: app.last_word > 0), app.text
