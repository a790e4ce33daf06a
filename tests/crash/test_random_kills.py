"""kill -9 at random moments: nothing that was on screen a second before is lost, and the reply goes on."""

from __future__ import annotations

import random
import time
from pathlib import Path

from chatui.conversation.message import Status
from tests.crash.conftest import TICK, WORDS
from tests.crash.remains import read_remains
from tests.crash.terminal_app import TerminalApp
from tests.crash.ticking import WORD, word_text

START_SECONDS = 60.0
"""Until something is given up that comes as soon as the machine gets to it."""
GRACE = 1.0
"""Seconds on screen after which a word must be on the disk."""


def _kill_once(home: Path, address: str, seconds: float, *options: str) -> tuple[list[str], int, float]:
    """Kill the app so long after its first word; return the losses, the words kept, and the lag in seconds."""
    with TerminalApp(home, address, ["count"], options) as app:
        assert app.watch(START_SECONDS, lambda: app.last_word > 0), app.text
        app.watch(seconds)
        needed, shown = app.words_before(app.kill() - GRACE), app.last_word
    remains = read_remains(home)
    losses = list(remains.problems)
    text = remains.replies[-1] if remains.replies else ""
    if len(text) < needed * WORD - 1:
        losses.append(f"w{needed:05} was on screen, and {len(text) // WORD} words are there")
    if remains.messages and remains.messages[0].text != "count":
        losses.append("the prompt is lost")
    return losses, len(text) // WORD, max(shown - len(text) // WORD, 0) * TICK


def test_random_kills_lose_nothing(tmp_path: Path, address: str, crash_rounds: int) -> None:
    chance = random.Random(crash_rounds)
    losses, lags = [], []
    for number in range(crash_rounds):
        found, kept, lag = _kill_once(tmp_path / str(number), address, chance.uniform(0.05, 3.5))
        losses += [f"round {number}: {loss}" for loss in found]
        lags.append(lag)
        print(f"round {number}: {kept} words kept, lag {lag:.2f} s, {len(losses)} losses", flush=True)
    assert losses == []
    assert sorted(lags)[int(len(lags) * 0.95)] <= 0.5


def test_the_harness_sees_that_checkpoints_come_too_seldom(tmp_path: Path, address: str) -> None:
    assert _kill_once(tmp_path, address, 2.6, "--break", "interval")[0] != []


def test_a_killed_reply_is_there_at_the_next_start_and_goes_on(tmp_path: Path, address: str) -> None:
    began = time.monotonic()
    with TerminalApp(tmp_path, address, ["count"]) as app:
        assert app.watch(START_SECONDS, lambda: app.last_word > 0), app.text
        without = time.monotonic() - began
        assert app.watch(START_SECONDS, lambda: app.last_word > 60), app.text
        needed = app.words_before(app.kill() - GRACE)
    began = time.monotonic()
    with TerminalApp(tmp_path, address, ["-c"]) as app:
        assert app.watch(START_SECONDS, app.shows("interrupted", "Ctrl+G continues")), app.text
        # Starting Python and Textual takes most of it, how long depends on what else the machine does.
        assert time.monotonic() - began < 2 * without + 2
        kept = app.last_word
        assert kept >= needed
        app.press("\x07")
        assert app.watch(START_SECONDS, lambda: app.last_word > kept + 60), app.text
        needed = app.words_before(app.kill() - GRACE)
    remains = read_remains(tmp_path)
    assert remains.problems == []
    (reply,) = [message for message in remains.messages if message.parts]
    assert len(reply.text) >= needed * WORD - 1
    assert [part.status for part in reply.parts] == [Status.INTERRUPTED, Status.INTERRUPTED]
    with TerminalApp(tmp_path, address, ["-c", "--continue-reply"]) as app:
        assert app.watch(START_SECONDS + WORDS * TICK * 2, lambda: app.last_word == WORDS), app.text[-2000:]
        assert app.watch(START_SECONDS, app.shows("ready")), app.text
    (reply,) = [message for message in read_remains(tmp_path).messages if message.parts]
    assert (reply.text, reply.status, len(reply.parts)) == (word_text(WORDS), Status.COMPLETE, 3)
