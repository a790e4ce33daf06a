"""Death in any single system call that touches a file, as the system itself sees it: injected by strace."""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from tests.crash.test_every_operation import find_losses
from tests.readme import ROOT

_SAMPLED = 8
"""Calls at which the talk dies in an ordinary run; with many rounds it dies at every one."""
_LINE = re.compile(r"(\d+) +(\w+)\(")
_TOUCHING = "%file,%desc"
"""All calls that take a path or a descriptor."""
_CHANGING = {"openat", "write", "fsync", "rename", "unlink", "mkdir", "flock", "close"}
"""The least that must be among those that are found."""

Death = tuple[str, int]
"""A system call, and which one of that name in its thread."""


def _run_talk(home: Path, *options: str) -> list[str]:
    """Let the talk run with strace attached from its beginning on; return the lines it said."""
    talk = [sys.executable, "-m", "tests.crash.sick_start", "--wait", "--talk", str(home)]
    with subprocess.Popen(talk, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as child:
        assert child.stdout is not None
        assert child.stdout.readline() == "ready\n"
        command = ["strace", "-f", "-y", *options, "-p", str(child.pid)]
        with subprocess.Popen(command, stderr=subprocess.PIPE, text=True) as tracer:
            assert tracer.stderr is not None
            if "attached" not in (said := tracer.stderr.readline()):
                child.kill()
                pytest.skip(f"strace may not trace here: {said.strip()}")
            lines = child.communicate("\n", timeout=60)[0].splitlines()
            tracer.communicate(timeout=60)
        return lines


@pytest.fixture(scope="module")
def deaths(tmp_path_factory: pytest.TempPathFactory) -> list[Death]:
    """Every call by which a talk touches a file of its own, in their order."""
    if shutil.which("strace") is None:
        pytest.skip("there is no strace here")
    folder = tmp_path_factory.mktemp("traced")
    home, trace = folder / "home", folder / "trace"
    said = _run_talk(home, "-e", f"trace={_TOUCHING}", "-o", str(trace))
    assert find_losses(home, said) == []
    assert said[-1].startswith("operations")
    counts: Counter[tuple[str, str]] = Counter()
    found: list[Death] = []
    for line in trace.read_text(errors="replace").splitlines():
        if call := _LINE.match(line):
            thread, name = call.groups()
            counts[thread, name] += 1
            # A name is counted in each thread by itself, and the first thread that comes so far dies.
            if str(home) in line and (death := (name, counts[thread, name])) not in found:
                found.append(death)
    return found


def test_every_kind_of_call_that_changes_a_file_is_among_them(deaths: list[Death]) -> None:
    assert {name for name, _ in deaths} >= _CHANGING


def test_death_in_a_system_call_loses_nothing(tmp_path: Path, crash_rounds: int, deaths: list[Death]) -> None:
    chosen = deaths if crash_rounds > 20 else deaths[:: len(deaths) // _SAMPLED + 1]
    number_died = 0

    def die(death: Death) -> tuple[Death, list[str], bool]:
        name, number = death
        home = tmp_path / f"{name}-{number}"
        inject = f"inject={name}:signal=SIGKILL:when={number}"
        said = _run_talk(home, "-e", f"trace={name}", "-e", inject, "-o", "/dev/null")
        return death, find_losses(home, said), not said[-1:] or not said[-1].startswith("operations")

    with ThreadPoolExecutor(2) as pool:
        done = list(pool.map(die, chosen))
    assert {death: losses for death, losses, _ in done if losses} == {}
    number_died = sum(has_died for *_, has_died in done)
    print(f"{number_died} of {len(done)} died, of {len(deaths)} calls")
    # Threads may shift the last call of a name beyond the end.
    assert number_died >= len(done) * 0.9
