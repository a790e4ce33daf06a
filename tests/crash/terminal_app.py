"""The real app in a pty, and when each word of the ticking reply was on its screen."""

from __future__ import annotations

import contextlib
import fcntl
import os
import pty
import re
import select
import signal
import struct
import sys
import termios
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Self

import pyte

from tests.readme import ROOT

COLUMNS, LINES = 120, 40
_WORD = re.compile(r"w(\d{5})\b")


class TerminalApp:
    """chatui as a child in a pty of 120×40; its screen is read while `watch` runs."""

    def __init__(self, home: Path, address: str, arguments: Sequence[str], options: Sequence[str] = ()) -> None:
        self.seen: list[tuple[float, int]] = []
        """When a higher word than before was on screen (monotonic), and its number."""
        self._screen = pyte.Screen(COLUMNS, LINES)
        self._stream = pyte.ByteStream(self._screen)
        command = [sys.executable, "-m", "tests.crash.sick_start", *options, "--", *arguments]
        # pytest's workers set COLUMNS and LINES, which Textual takes for the size of the screen.
        foreign = ("CHATUI_", "TEXTUAL", "COLUMNS", "LINES")
        environ = {name: value for name, value in os.environ.items() if not name.startswith(foreign)}
        environ |= {
            "CHATUI_HOME": str(home),
            "CHATUI_BASE_URL": address,
            "CHATUI_MODEL": "ticker",
            "TERM": "xterm-256color",
            "PYTHONPATH": str(ROOT),
        }
        self.pid, self._terminal = pty.fork()
        if self.pid == 0:
            os.chdir(ROOT)
            os.execvpe(sys.executable, command, environ)  # the child becomes the app
        fcntl.ioctl(self._terminal, termios.TIOCSWINSZ, struct.pack("HHHH", LINES, COLUMNS, 0, 0))
        self._is_over = False

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.kill()
        os.close(self._terminal)

    @property
    def text(self) -> str:
        """What the screen shows."""
        return "\n".join(self._screen.display)

    @property
    def last_word(self) -> int:
        """The highest word that was on screen so far; 0 for none."""
        return self.seen[-1][1] if self.seen else 0

    def words_before(self, moment: float) -> int:
        """The highest word that was on screen at a moment."""
        return max((word for seen, word in self.seen if seen <= moment), default=0)

    def watch(self, seconds: float, until: Callable[[], bool] = lambda: False) -> bool:
        """Read the screen for so long, or until something holds; true when that does."""
        end = time.monotonic() + seconds
        while (left := end - time.monotonic()) > 0 and not self._is_over:
            if until():
                return True
            if select.select([self._terminal], [], [], min(left, 0.02))[0]:
                try:
                    data = os.read(self._terminal, 65536)
                except OSError:
                    data = b""
                if not data:
                    self._is_over = True
                    break
                self._stream.feed(data)
                self._note()
        return until()

    def shows(self, *texts: str) -> Callable[[], bool]:
        """A condition for `watch`: all of these are on the screen, a notice's lines wherever they are broken."""
        return lambda: all(text in " ".join(self.text.split()) or self._notices(text) for text in texts)

    def _notices(self, text: str) -> bool:
        """Whether a notice says this: its words follow one another, with what stands beside them between."""
        words, place = text.split(), 0
        for word in words:
            place = self.text.find(word, place)
            if place < 0:
                return False
        return len(words) > 1

    def press(self, keys: str) -> None:
        """Type."""
        os.write(self._terminal, keys.encode())

    def kill(self) -> float:
        """End it with SIGKILL; return when (monotonic)."""
        now = time.monotonic()
        with contextlib.suppress(ProcessLookupError, ChildProcessError):
            os.kill(self.pid, signal.SIGKILL)
            os.waitpid(self.pid, 0)
        return now

    def _note(self) -> None:
        found = [int(number) for number in _WORD.findall(self.text)]
        # The text is one row of words; a number on a row that is drawn by halves would be a hole in it.
        highest = max(found, default=0)
        if highest > self.last_word:
            self.seen.append((time.monotonic(), highest))
