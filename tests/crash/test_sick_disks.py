"""The real app on a disk that is full, faulty or read-only: it lives, tells, and saves all as soon as it can.

On a real file system and with real faults where this user may make them, else with the disk's operations made to fail.
"""

from __future__ import annotations

import shutil
import signal
import subprocess
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

import pytest

from tests.crash.conftest import start_ticking
from tests.crash.remains import read_remains
from tests.crash.small_disk import PAGE, can_mount, mount_small_disk
from tests.crash.terminal_app import TerminalApp
from tests.crash.test_random_kills import GRACE, START_SECONDS
from tests.crash.ticking import WORD

Heal = Callable[[], None]


@contextmanager
def _start_on_a_filling_disk(home: Path, address: str) -> Iterator[tuple[TerminalApp, Heal]]:
    """The app while it streams on a disk that is full from its first words on, and what gives space again."""
    with ExitStack() as stack:
        if can_mount():
            disk = stack.enter_context(mount_small_disk(home, 64 * PAGE))
            app = stack.enter_context(TerminalApp(home, address, ["count"]))
            assert app.watch(START_SECONDS, lambda: app.last_word > 10), app.text
            disk.fill()
            yield app, disk.free
        else:
            healed = home.with_name("healed")
            options = ["--space", "3000", "--healed", str(healed)]
            yield stack.enter_context(TerminalApp(home, address, ["count"], options)), healed.touch


def test_a_disk_that_fills_up_is_told_and_forgotten_when_there_is_room(tmp_path: Path) -> None:
    home = tmp_path / "home"
    # Quick, for the checkpoint has the rest of a page before it needs another one.
    with start_ticking(4000, 0.003) as address, _start_on_a_filling_disk(home, address) as (app, heal):
        assert app.watch(START_SECONDS, app.shows("Free some space")), app.text
        word = app.last_word
        assert app.watch(START_SECONDS, lambda: app.last_word > word), "the app stands still"
        heal()
        assert app.watch(START_SECONDS, app.shows("Saved again")), app.text
        app.watch(GRACE + 0.5)
        needed = app.words_before(app.kill() - GRACE)
        remains = read_remains(home)
    assert remains.problems == []
    assert remains.messages[0].text == "count"
    assert len(remains.replies[-1]) >= needed * WORD - 1


@contextmanager
def _start_with_failing_syncs(home: Path, address: str) -> Iterator[tuple[TerminalApp, Heal]]:
    """The app with its prompt still to be sent, every fsync failing, and what heals that."""
    with ExitStack() as stack:
        strace = shutil.which("strace")
        if strace is None:
            healed = home.with_name("healed")
            options = ["--refuse", "sync", "--healed", str(healed)]
            yield stack.enter_context(TerminalApp(home, address, [], options)), healed.touch
            return
        app = stack.enter_context(TerminalApp(home, address, []))
        assert app.watch(START_SECONDS, app.shows("Message ")), app.text
        inject = ["-e", "trace=fsync", "-e", "inject=fsync:error=EIO", "-o", "/dev/null"]
        command = [strace, "-f", *inject, "-p", str(app.pid)]
        with subprocess.Popen(command, stderr=subprocess.PIPE, text=True) as tracer:
            assert tracer.stderr is not None
            if "attached" not in (said := tracer.stderr.readline()):
                pytest.skip(f"strace may not trace here: {said.strip()}")
            try:
                yield app, lambda: tracer.send_signal(signal.SIGINT)
            finally:
                # Lets go of the app at once if it was not told to before.
                tracer.terminate()


def test_a_disk_that_cannot_sync_is_told_and_nothing_that_was_saved_is_damaged(tmp_path: Path, address: str) -> None:
    home = tmp_path / "home"
    with _start_with_failing_syncs(home, address) as (app, heal):
        assert app.watch(START_SECONDS, app.shows("Message ")), app.text
        app.press("count\r")
        assert app.watch(START_SECONDS, app.shows("The disk reports a fault")), app.text
        assert app.watch(START_SECONDS, lambda: app.last_word > 50), app.text
        heal()
        assert app.watch(START_SECONDS, app.shows("Saved again")), app.text
        app.watch(GRACE)
        needed = app.words_before(app.kill() - GRACE)
    remains = read_remains(home)
    assert remains.problems == []
    assert len(remains.replies[-1]) >= needed * WORD - 1


def test_a_folder_that_turns_read_only_is_told_and_saved_to_when_it_may_be_written(
    tmp_path: Path, address: str
) -> None:
    home = tmp_path / "home"
    # Only the data: the lock, which is open for writing all the time, would keep the disk from turning read-only.
    with mount_small_disk(home / "data", 64 * PAGE) as disk, TerminalApp(home, address, []) as app:
        assert app.watch(START_SECONDS, app.shows("Message ")), app.text
        disk.forbid_writing()
        app.press("count\r")
        assert app.watch(START_SECONDS, app.shows("mounted read-only")), app.text
        assert app.watch(START_SECONDS, lambda: app.last_word > 50), app.text
        disk.allow_writing()
        assert app.watch(START_SECONDS, app.shows("Saved again")), app.text
        app.watch(GRACE)
        needed = app.words_before(app.kill() - GRACE)
        remains = read_remains(home)
    assert remains.problems == []
    assert len(remains.replies[-1]) >= needed * WORD - 1
