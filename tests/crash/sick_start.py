"""Starts chatui, or a talk without a screen, on a disk that is made to fail: `python -m tests.crash.sick_start`.

The operations of `chatui.storage.disk` are counted. The process kills itself at one of them, or they fail from a
certain number of bytes on. With `--break` a promise is broken on purpose, so that the harness can show that it sees it.
"""

from __future__ import annotations

import argparse
import asyncio
import errno
import os
import signal
import sys
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from chatui.conversation.failure import Retry
from chatui.engine import recorder
from chatui.storage import disk
from chatui.storage.checkpoint import Checkpoint

OPERATIONS = (
    "open_file",
    "close",
    "write",
    "write_pieces",
    "reserve",
    "sync",
    "sync_folder",
    "truncate",
    "rename",
    "link",
    "unlink",
    "make_dir",
    "try_lock",
)
"""Those that change something; reading changes nothing that a crash could lose."""


class PowerCut:
    """Takes from whole files what was not synced when the power went. A checkpoint is spared: it is not synced."""

    def __init__(self) -> None:
        self._unsynced: dict[int, Path] = {}

    def watch(self) -> None:
        opened, write, sync, rename = disk.open_file, disk.write, disk.sync, disk.rename
        paths: dict[int, Path] = {}

        def open_file(path: Path, flags: int, mode: int = 0o600) -> int:
            fd = opened(path, flags, mode)
            paths[fd] = path
            return fd

        def note(fd: int, data: bytes | memoryview) -> int:
            if paths[fd].name.endswith(".tmp"):
                self._unsynced[os.fstat(fd).st_ino] = paths[fd]
            return write(fd, data)

        def note_pieces(fd: int, pieces: Sequence[bytes]) -> int:
            return note(fd, b"".join(pieces))

        def settle(fd: int) -> None:
            sync(fd)
            self._unsynced.pop(os.fstat(fd).st_ino, None)

        def move(source: Path, target: Path) -> None:
            inode = source.stat().st_ino
            rename(source, target)
            if inode in self._unsynced:
                self._unsynced[inode] = target

        disk.open_file, disk.write, disk.sync, disk.rename = open_file, note, settle, move
        disk.write_pieces = note_pieces

    def strike(self) -> None:
        for path in self._unsynced.values():
            if path.exists():
                os.truncate(path, 0)


class Bomb:
    """Counts the operations and kills the process before or after one of them."""

    def __init__(self, number: int, *, is_after: bool, power: PowerCut | None) -> None:
        self.number = number
        self.is_after = is_after
        self.count = 0
        self._power = power

    def go_off(self) -> None:
        if self._power is not None:
            self._power.strike()
        os.kill(os.getpid(), signal.SIGKILL)

    def arm(self) -> None:
        for name in OPERATIONS:
            setattr(disk, name, self._wrap(getattr(disk, name)))

    def _wrap(self, call: Callable[..., Any]) -> Callable[..., Any]:
        def run(*args: Any, **options: Any) -> Any:
            self.count += 1
            is_now = self.count == self.number
            if is_now and not self.is_after:
                self.go_off()
            result = call(*args, **options)
            if is_now:
                self.go_off()
            return result

        return run


def limit_space(size: int, healed: Path) -> None:
    """Let writes fail as on a full disk once `size` bytes are written, until the file `healed` exists."""
    write, left = disk.write, [size]

    def run(fd: int, data: bytes | memoryview) -> int:
        if healed.exists():
            return write(fd, data)
        taken = min(len(data), left[0])
        if taken == 0:
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
        left[0] -= taken
        return write(fd, data[:taken])

    def run_pieces(fd: int, pieces: Sequence[bytes]) -> int:
        return run(fd, b"".join(pieces))

    disk.write, disk.write_pieces = run, run_pieces


def refuse(name: str, number: int, healed: Path) -> None:
    """Let an operation fail with `number` until the file `healed` exists."""
    call = getattr(disk, name)

    def run(*args: Any, **options: Any) -> Any:
        if healed.exists():
            return call(*args, **options)
        raise OSError(number, os.strerror(number))

    setattr(disk, name, run)


def slow_down(seconds: float) -> None:
    """Let every fsync take its time."""
    sync, sync_folder = disk.sync, disk.sync_folder

    def late(fd: int) -> None:
        time.sleep(seconds)
        sync(fd)

    def late_folder(path: Path) -> None:
        time.sleep(seconds)
        sync_folder(path)

    disk.sync, disk.sync_folder = late, late_folder


def break_promise(name: str) -> None:
    """Break something that the safety of the text rests on."""
    if name == "rename":
        # The old file is removed first: between the two there is none.
        rename = disk.rename

        def remove_first(source: Path, target: Path) -> None:
            disk.unlink(target)
            rename(source, target)

        disk.rename = remove_first
    elif name == "checkpoint":

        def forget(self: Checkpoint, text: str = "", reasoning: str = "", retries: Sequence[Retry] = ()) -> None:
            del self, text, reasoning, retries

        Checkpoint.append = forget  # type: ignore[method-assign]  # on purpose
    elif name == "removal":
        # The checkpoint goes before its reply is saved.
        write = recorder.Recorder._write

        def remove_before(self: recorder.Recorder) -> str | None:
            for checkpoint in self._finished:
                checkpoint.remove()
            return write(self)

        recorder.Recorder._write = remove_before  # type: ignore[method-assign]  # on purpose
    elif name == "interval":
        recorder.CHECKPOINT_SECONDS = 30.0
    elif name == "sync":
        disk.sync = lambda fd: None
    elif name == "in place":
        # Whole files are written over the old ones.
        opened = disk.open_file

        def open_file(path: Path, flags: int, mode: int = 0o600) -> int:
            if path.name.endswith(".tmp"):
                path = path.with_name(path.name[1:].rsplit(".", 2)[0])
                flags = os.O_WRONLY | os.O_CREAT | os.O_TRUNC
            return opened(path, flags, mode)

        disk.open_file = open_file
        disk.rename = lambda source, target: None


def main() -> None:
    """Run what stands behind `--`, or the talk, under the conditions asked for."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--kill-at", type=int, default=0)
    parser.add_argument("--after", action="store_true")
    parser.add_argument("--power-cut", action="store_true")
    parser.add_argument("--space", type=int, default=-1)
    parser.add_argument("--slow", type=float, default=0.0)
    parser.add_argument("--refuse", default="")
    parser.add_argument("--healed", type=Path, default=Path("/nonexistent"))
    parser.add_argument("--break", dest="broken", default="")
    parser.add_argument("--talk", type=Path)
    parser.add_argument("--wait", action="store_true", help="say “ready” and wait for a line before the talk begins")
    own = sys.argv[1 : sys.argv.index("--")] if "--" in sys.argv else sys.argv[1:]
    options = parser.parse_args(own)
    break_promise("" if options.broken == "sync" else options.broken)
    if options.space >= 0:
        limit_space(options.space, options.healed)
    if options.slow:
        slow_down(options.slow)
    if options.refuse:
        refuse(options.refuse, errno.EIO, options.healed)
    power = PowerCut() if options.power_cut else None
    if power is not None:
        power.watch()
    break_promise(options.broken if options.broken == "sync" else "")
    bomb = Bomb(options.kill_at, is_after=options.after, power=power)
    bomb.arm()
    if options.talk is not None:
        # Deferred: only the talk needs it, and the screen is slow enough to start.
        from tests.crash.talk import say, talk

        if options.wait:
            # All is imported: who attaches now sees the files of the talk and no others.
            say("ready")
            sys.stdin.readline()
        asyncio.run(talk(options.talk))
        say(f"operations {bomb.count}")
        return
    # Deferred: what is patched above must be patched first.
    from chatui.__main__ import run

    sys.exit(run(sys.argv[sys.argv.index("--") + 1 :], os.environ))


if __name__ == "__main__":
    main()
