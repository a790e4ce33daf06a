"""A real terminal for a real process: a pty with a screen that is read as a person reads it, bounded in time."""

from __future__ import annotations

import asyncio
import contextlib
import copy
import fcntl
import os
import pty
import signal
import struct
import sys
import termios
from collections.abc import AsyncGenerator, Callable, Mapping, Sequence
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import pyte

ROOT = Path(__file__).parents[2]
PATIENCE = 20.0
"""Seconds until a test gives up waiting for something to come on screen."""

KEYS: Mapping[str, str] = {
    "enter": "\r",
    "esc": "\x1b",
    "up": "\x1b[A",
    "f4": "\x1bOS",
    "f5": "\x1b[15~",
} | {f"ctrl+{letter}": chr(ord(letter) - ord("a") + 1) for letter in "abcdefghijklmnopqrstuvwxyz"}

_LAUNCH = """
import os, sys
terminal = os.open(sys.argv[1], os.O_RDWR)  # a session leader without a terminal gets the one it opens
for number in map(int, sys.argv[2].split(",")):
    os.dup2(terminal, number)
if terminal > 2:
    os.close(terminal)
os.execv(sys.executable, [sys.executable, *sys.argv[3:]])
"""
"""Makes the pty the controlling terminal, and those of 0, 1 and 2 that are named; then becomes the program."""


class Screen(pyte.Screen):
    """With an alternate screen, which pyte has not; entering it once more blanks it, as some terminals do."""

    def set_mode(self, *modes: int, **kwargs: Any) -> None:
        """Enter the alternate screen."""
        super().set_mode(*modes, **kwargs)
        if 1049 in modes:
            self._main = copy.deepcopy((self.buffer, self.cursor))
            self.erase_in_display(2)

    def reset_mode(self, *modes: int, **kwargs: Any) -> None:
        """Leave it, and find what stood on the normal one."""
        super().reset_mode(*modes, **kwargs)
        if 1049 in modes:
            self.buffer, self.cursor = self._main
            self.dirty.update(range(self.lines))


class Terminal:
    """A program in a pty: what it wrote, what stands on its screen, and how it ended."""

    def __init__(self, process: asyncio.subprocess.Process, master: int, size: tuple[int, int]) -> None:
        self.process = process
        self.raw = bytearray()
        """All that it wrote to the terminal."""
        self._master = master
        self._screen = Screen(*size)
        self._stream = pyte.ByteStream(self._screen)
        self._came = asyncio.Event()
        self._is_open = True
        asyncio.get_running_loop().add_reader(master, self._read)

    @property
    def text(self) -> str:
        """What stands on the screen."""
        return "\n".join(line.rstrip() for line in self._screen.display)

    @property
    def is_restored(self) -> bool:
        """Whether the last words left the alternate screen, showed the cursor and let the mouse go."""
        ends = {
            mode: self.raw.rfind(b"\x1b[?%dl" % mode) > self.raw.rfind(b"\x1b[?%dh" % mode) for mode in (1049, 1000)
        }
        is_shown = self.raw.rfind(b"\x1b[?25h") > self.raw.rfind(b"\x1b[?25l")
        return all(ends.values()) and is_shown

    @property
    def attributes(self) -> list[Any]:
        """What the terminal makes of keys: echo, signals, whole lines; see `termios.tcgetattr`."""
        return termios.tcgetattr(self._master)

    def background(self, x: int, y: int) -> str:
        """The background of a cell, as `rrggbb` or `default`."""
        return str(self._screen.buffer[y][x].bg)

    def resize(self, columns: int, rows: int) -> None:
        """Give the window another size; what stood on it is blank then."""
        self._screen.resize(rows, columns)
        self._screen.erase_in_display(2)
        fcntl.ioctl(self._master, termios.TIOCSWINSZ, struct.pack("HHHH", rows, columns, 0, 0))

    def send(self, *keys: str) -> None:
        """Press keys by name, or type a text."""
        for key in keys:
            os.write(self._master, KEYS.get(key, key).encode())

    def signal(self, number: signal.Signals) -> None:
        """Send the program a signal."""
        self.process.send_signal(number)

    async def sees(self, *texts: str) -> None:
        """Wait until all of these stand on the screen at once."""
        await self.until(lambda: all(text in self.text for text in texts), " and ".join(texts))

    async def until(self, condition: Callable[[], object], what: str = "") -> None:
        """Wait until something is so, looking again whenever the program writes or ends."""
        try:
            async with asyncio.timeout(PATIENCE):
                while not condition():
                    self._came.clear()
                    with contextlib.suppress(TimeoutError):
                        async with asyncio.timeout(0.05):
                            await self._came.wait()
        except TimeoutError:
            raise AssertionError(f"waited in vain for {what!r}; on screen:\n{self.text}\n{self.raw[-500:]!r}") from None

    async def ended(self) -> int:
        """Wait for the end, read what is left, and return the exit code."""
        async with asyncio.timeout(PATIENCE):
            code = await self.process.wait()
        self._drain()
        return code

    def hang_up(self) -> None:
        """Close the terminal, as a window that is closed does."""
        if self._is_open:
            self._is_open = False
            asyncio.get_running_loop().remove_reader(self._master)
            os.close(self._master)

    def _drain(self) -> None:
        os.set_blocking(self._master, False)
        while self._is_open and self._read():
            pass

    def _read(self) -> bool:
        try:
            data = os.read(self._master, 65536)
        except OSError:
            data = b""
        self.raw += data
        self._stream.feed(data)
        self._came.set()
        return bool(data)


@asynccontextmanager
async def run(
    *argv: str,
    home: Path,
    environ: Mapping[str, str] | None = None,
    size: tuple[int, int] = (100, 30),
    stdin: int | None = None,
    is_tty: Sequence[int] = (0, 1, 2),
    program: Sequence[str] = ("-m", "chatui"),
) -> AsyncGenerator[Terminal, None]:
    """Run Python with these words in a pty of its own; killed where the block leaves it running.

    `is_tty` names the descriptors that are the terminal; of the others, 0 is `stdin`, 1 and 2 are nowhere.
    """
    master, slave = pty.openpty()
    fcntl.ioctl(slave, termios.TIOCSWINSZ, struct.pack("HHHH", size[1], size[0], 0, 0))
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-I", "-S", "-c", _LAUNCH, os.ttyname(slave), ",".join(map(str, is_tty)), *program, *argv),
        stdin=asyncio.subprocess.DEVNULL if stdin is None else stdin,
        stdout=asyncio.subprocess.DEVNULL,
        stderr=asyncio.subprocess.DEVNULL,
        start_new_session=True,
        cwd=ROOT,
        env=make_environ(home) | dict(environ or {}),
    )
    terminal = Terminal(process, master, size)
    try:
        yield terminal
    finally:
        if process.returncode is None:
            process.kill()
            await process.wait()
        terminal.hang_up()
        # Not before: while nobody has a pty open, reading from it fails.
        os.close(slave)


def make_environ(home: Path) -> dict[str, str]:
    """An environment with a home of its own and nothing else of ours."""
    return {
        "PATH": os.environ["PATH"],
        "HOME": str(home),
        "CHATUI_HOME": str(home),
        "TERM": "xterm-256color",
        "COLORTERM": "truecolor",
        "LANG": "C.UTF-8",
    }
