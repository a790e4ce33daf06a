"""Running the command line for tests: in this process, or as a program of its own, against a server in a thread."""

from __future__ import annotations

import asyncio
import os
import subprocess
import sys
import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Self

import pytest

from chatui.__main__ import run
from tests.sse_server import Recorded, Script, SSEServer, deltas, finish

ROOT = Path(__file__).parents[2]
SECONDS = 30
"""A program that runs longer hangs."""


@dataclass(frozen=True)
class Ran:
    """What came of a run."""

    code: int
    out: str
    err: str


class ServerThread:
    """An `SSEServer` in a loop and thread of its own, so that a test can block."""

    def __init__(self, answer: Callable[[Recorded], Script | None] | None = None) -> None:
        self.server = SSEServer(answer)
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever)

    @property
    def base_url(self) -> str:
        return self.server.base_url

    def reply(self, *texts: str, **usage: int) -> None:
        """Answer the next request with these deltas and an ordinary end."""
        counted: dict[str, object] = {"prompt_tokens": 3, "completion_tokens": 2, **usage}
        self.server.add(Script([deltas(*texts), finish(usage=counted)]))

    def wait_for_request(self, number: int = 1) -> None:
        """Wait until so many requests have come."""
        asyncio.run_coroutine_threadsafe(self.server.wait_for_request(number), self._loop).result(SECONDS)

    def set(self, event: asyncio.Event) -> None:
        """Let a script go on."""
        self._loop.call_soon_threadsafe(event.set)

    def __enter__(self) -> Self:
        self._thread.start()
        asyncio.run_coroutine_threadsafe(self.server.start(), self._loop).result(SECONDS)
        return self

    def __exit__(self, *_: object) -> None:
        asyncio.run_coroutine_threadsafe(self.server.stop(), self._loop).result(SECONDS)
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join(SECONDS)
        self._loop.close()


def call(capfd: pytest.CaptureFixture[str], environ: Mapping[str, str], *argv: str) -> Ran:
    """Run it in this process."""
    try:
        code = run(argv, environ)
    except SystemExit as ended:
        code = int(ended.code or 0)
    printed = capfd.readouterr()
    return Ran(code, printed.out, printed.err)


def spawn(environ: Mapping[str, str], *argv: str, **settings: object) -> subprocess.Popen[bytes]:
    """Start it as a program; standard input is empty and the rest are pipes where the settings say nothing else."""
    given: dict[str, object] = {
        "stdin": subprocess.DEVNULL,
        "stdout": subprocess.PIPE,
        "stderr": subprocess.PIPE,
        "cwd": ROOT,
        "env": {"PATH": os.environ["PATH"], **environ},
    }
    return subprocess.Popen([sys.executable, "-m", "chatui", *argv], **(given | settings))  # type: ignore[call-overload, no-any-return]  # settings of Popen as they come


def execute(environ: Mapping[str, str], *argv: str, stdin: bytes | None = None) -> Ran:
    """Run it as a program to its end."""
    with spawn(environ, *argv, stdin=subprocess.DEVNULL if stdin is None else subprocess.PIPE) as program:
        out, err = program.communicate(stdin, timeout=SECONDS)
    return Ran(program.returncode, out.decode(), err.decode())


def saved_sessions(environ: Mapping[str, str]) -> list[Path]:
    """The session files."""
    return sorted((Path(environ["CHATUI_HOME"]) / "data" / "sessions").glob("*.toml"))
