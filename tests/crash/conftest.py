"""Fixtures of the crash tests."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from tests.readme import ROOT

TICK = 0.01
"""Seconds between two words."""
WORDS = 500


@pytest.fixture
def crash_rounds(request: pytest.FixtureRequest) -> int:
    """Random kills asked for with `--crash-rounds`."""
    return int(request.config.getoption("--crash-rounds"))


@pytest.fixture(scope="session")
def address() -> Iterator[str]:
    """The address of a server that ticks."""
    with start_ticking(WORDS, TICK) as found:
        yield found


@contextmanager
def start_ticking(words: int, seconds: float) -> Iterator[str]:
    """Start a server that says so many words, so far apart; gives its address."""
    command = [sys.executable, "-m", "tests.crash.ticking", "--words", str(words), "--seconds", str(seconds)]
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True) as server:
        assert server.stdout is not None
        yield server.stdout.readline().strip().partition("=")[2]
        server.kill()
