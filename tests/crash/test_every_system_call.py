"""Death in the middle of a system call, as the system itself sees it: injected by strace, where that may be used."""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.crash.test_every_operation import find_losses
from tests.readme import ROOT

CALLS = {"write": 70, "fsync": 21, "rename": 10, "unlink": 8, "mkdir": 5, "flock": 1}
"""The calls that change files, and about how many of each a talk makes."""


def _run(home: Path, *options: str) -> subprocess.CompletedProcess[str]:
    talk = [sys.executable, "-m", "tests.crash.sick_start", "--talk", str(home)]
    command = ["strace", "-f", "-qq", "-o", "/dev/null", *options, *talk]
    return subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=60, check=False)


@pytest.fixture(scope="module")
def _strace(tmp_path_factory: pytest.TempPathFactory) -> None:
    if shutil.which("strace") is None:
        pytest.skip("there is no strace here")
    if _run(tmp_path_factory.mktemp("try"), "-e", "trace=fsync").returncode != 0:
        pytest.skip("strace may not trace here")


@pytest.mark.usefixtures("_strace")
@pytest.mark.parametrize("call", CALLS)
def test_death_in_a_system_call_loses_nothing(tmp_path: Path, crash_rounds: int, call: str) -> None:
    middle = CALLS[call] // 2 + 1
    found = {}
    for number in range(1, CALLS[call] + 1) if crash_rounds > 20 else [middle]:
        home = tmp_path / str(number)
        done = _run(home, "-e", f"trace={call}", "-e", f"inject={call}:signal=SIGKILL:when={number}")
        assert not done.stderr.strip(), done.stderr
        if losses := find_losses(home, done.stdout.splitlines()):
            found[number] = losses
    assert found == {}
