"""Two real apps on one session: the second reads, sees what comes, and takes over when the first one dies."""

from __future__ import annotations

from pathlib import Path

from tests.crash.remains import read_remains
from tests.crash.terminal_app import TerminalApp
from tests.crash.test_random_kills import GRACE, START_SECONDS
from tests.crash.ticking import WORD


def test_the_second_follows_the_first_and_takes_over_when_it_dies(tmp_path: Path, address: str) -> None:
    with TerminalApp(tmp_path, address, ["count"]) as first:
        assert first.watch(START_SECONDS, lambda: first.last_word > 40), first.text
        with TerminalApp(tmp_path, address, ["-c"]) as second:
            assert second.watch(START_SECONDS, second.shows("Another chatui has this session open")), second.text
            first.watch(0.1)
            assert second.watch(START_SECONDS, lambda: second.last_word > 40), second.text
            seen = second.last_word
            first.watch(0.5)
            assert second.watch(START_SECONDS, lambda: second.last_word > seen), "nothing is followed"
            first.watch(0.1)
            needed = first.words_before(first.kill() - GRACE)
            assert second.watch(START_SECONDS, second.shows("Ctrl+G continues")), second.text
            assert second.last_word >= needed
            second.press("\x07")
            kept = second.last_word
            assert second.watch(START_SECONDS, lambda: second.last_word > kept + 20), second.text
            needed = second.words_before(second.kill() - GRACE)
    remains = read_remains(tmp_path)
    assert remains.problems == []
    assert len(remains.replies) == 1
    assert len(remains.replies[0]) >= needed * WORD - 1
