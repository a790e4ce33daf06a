"""A program in a pseudo-terminal of 40 × 130 cells: everything it writes is read at once, counted and searched."""

from __future__ import annotations

import fcntl
import os
import pty
import signal
import struct
import subprocess
import sys
import termios
import threading
import time
from collections.abc import Mapping, Sequence
from pathlib import Path
from types import TracebackType
from typing import Self

ROOT = Path(__file__).parents[2]
ROWS, COLUMNS = 40, 130
_TAIL = 256
"""Bytes kept of the last read, so that what is looked for may be cut."""
_ASKS_SYNC = b"\x1b[?2026$p"
_HAS_SYNC = b"\x1b[?2026;2$y"
"""Says that frames may be wrapped, as current terminals do."""
FRAME = b"\x1b[?2026h"
"""Begins each frame."""


def make_environment(home: Path) -> dict[str, str]:
    """The environment of every program that is measured: a modern terminal, and a home of its own."""
    kept = {name: value for name, value in os.environ.items() if name in ("PATH", "LANG", "LC_ALL", "VIRTUAL_ENV")}
    return kept | {
        "TERM": "xterm-256color",
        "COLORTERM": "truecolor",
        "LANG": os.environ.get("LANG", "C.UTF-8"),
        "HOME": str(home),
        "CHATUI_HOME": str(home / "chatui"),
        "PYTHONPATH": str(ROOT),
        "PYTHONWARNINGS": "ignore",
    }


class Terminal:
    """Starts a program and drains it in a thread. Times are those of `time.perf_counter`."""

    def __init__(self, arguments: Sequence[str], environment: Mapping[str, str]) -> None:
        self.bytes_out = 0
        self.frames = 0
        self._tail = b""
        self._wanted: bytes | None = None
        self._seen_at = 0.0
        self._watched: dict[bytes, None] = {}
        self._first_seen: dict[bytes, float] = {}
        self._seen = threading.Event()
        self._lock = threading.Lock()
        self._master, slave = pty.openpty()
        self.resize(COLUMNS, ROWS)
        self.started = time.perf_counter()
        self.process = subprocess.Popen(
            arguments,
            stdin=slave,
            stdout=slave,
            stderr=slave,
            env=dict(environment),
            cwd=ROOT,
            start_new_session=True,
            preexec_fn=lambda: fcntl.ioctl(0, termios.TIOCSCTTY, 0),
        )
        os.close(slave)
        self._reader = threading.Thread(target=self._read, daemon=True)
        self._reader.start()

    @classmethod
    def python(cls, environment: Mapping[str, str], *arguments: str) -> Self:
        """Start a program with this Python."""
        return cls([sys.executable, *arguments], environment)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self.process.poll() is None:
            self.process.kill()
        self.process.wait()
        self._reader.join(2)
        os.close(self._master)

    def expect(self, wanted: bytes) -> None:
        """Look for these bytes from now on."""
        with self._lock:
            self._tail = b""
            self._seen.clear()
            self._wanted = wanted

    def wait_seen(self, seconds: float) -> float | None:
        """When what is looked for was there; `None` when it did not come in time."""
        return self._seen_at if self._seen.wait(seconds) else None

    def watch(self, marks: Sequence[bytes]) -> Mapping[bytes, float]:
        """Note when each of these is written first; the times come into what is returned."""
        with self._lock:
            self._watched = dict.fromkeys(marks)
            self._first_seen = {}
        return self._first_seen

    def send(self, data: bytes) -> float:
        """Type; return when."""
        at = time.perf_counter()
        os.write(self._master, data)
        return at

    def resize(self, columns: int, rows: int) -> None:
        """Give the window another size."""
        fcntl.ioctl(self._master, termios.TIOCSWINSZ, struct.pack("HHHH", rows, columns, 0, 0))

    def wait(self, seconds: float) -> bool:
        """True when the program ended in time."""
        try:
            self.process.wait(seconds)
        except subprocess.TimeoutExpired:
            return False
        self._reader.join(2)
        return True

    def interrupt(self) -> None:
        """Ask the program to end."""
        self.process.send_signal(signal.SIGTERM)

    def cpu_seconds(self) -> float:
        """CPU time of the program's threads so far, from the scheduler (nanoseconds); Linux only."""
        total = 0
        for task in Path(f"/proc/{self.process.pid}/task").iterdir():
            total += int((task / "schedstat").read_text().split()[0])
        return total / 1e9

    def _read(self) -> None:
        while True:
            try:
                data = os.read(self._master, 1 << 16)
            except OSError:
                return
            if not data:
                return
            now = time.perf_counter()
            with self._lock:
                self.bytes_out += len(data)
                text = self._tail + data
                self.frames += text.count(FRAME) - self._tail.count(FRAME)
                if self._wanted is not None and self._wanted in text:
                    self._wanted = None
                    self._seen_at = now
                    self._seen.set()
                for mark in [mark for mark in self._watched if mark in text]:
                    self._first_seen[mark] = now
                    del self._watched[mark]
                asks = _ASKS_SYNC in text and _ASKS_SYNC not in self._tail
                self._tail = text[-_TAIL:]
            if asks:
                os.write(self._master, _HAS_SYNC)
