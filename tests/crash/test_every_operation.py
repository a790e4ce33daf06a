"""Death before and after every operation on the disk: what was safe stays, all files are valid, nothing is shut."""

from __future__ import annotations

import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from chatui.conversation.message import Role
from tests.crash.remains import Remains, read_remains
from tests.crash.talk import PROMPTS
from tests.crash.ticking import word_text
from tests.readme import ROOT

_EVERY = 13
"""Of so many operations one is taken in an ordinary run, another one each time that differs by its way of death."""


def run_talk(home: Path, *options: str) -> list[str]:
    """Run the talk until it ends or dies; return the lines it said."""
    command = [sys.executable, "-m", "tests.crash.sick_start", *options, "--talk", str(home)]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=60, check=False)
    assert done.returncode in (0, -9), done.stderr
    return done.stdout.splitlines()


def find_losses(home: Path, said: list[str]) -> list[str]:
    """What is missing on the disk of that which the talk said was safe, and what else is wrong there."""
    remains = read_remains(home)
    losses = list(remains.problems)
    prompts = [message.text for message in remains.messages if message.role is Role.USER]
    for number, prompt in enumerate(PROMPTS):
        if f"event {number} Started" in said and prompt not in prompts:
            losses.append(f"the prompt “{prompt}” is lost")
        safe = max((int(line.split()[2]) for line in said if line.startswith(f"safe {number} ")), default=0)
        found = len(remains.replies[number]) if len(remains.replies) > number else 0
        if found < safe:
            losses.append(f"reply {number}: {safe} characters were safe, {found} are there")
        if f"retried {number}" in said and not has_retry(remains, number):
            losses.append(f"reply {number}: nothing tells that it was asked for twice")
        if f"event {number + 1} Added" in said and found != len(word_text(9)) and number == 0:
            losses.append("a finished reply changed")
    return losses


def has_retry(remains: Remains, number: int) -> bool:
    """Whether a reply says that one attempt failed before it came."""
    replies = [message for message in remains.messages if message.role is Role.ASSISTANT]
    return len(replies) > number and [retry.message for retry in replies[number].retries] == ["Busy."]


def kill_at(tmp_path: Path, numbers: list[int], *options: str) -> dict[str, list[str]]:
    """Kill the talk at each of these operations, before and after; return the losses of those that have some."""

    def run(job: tuple[int, str]) -> tuple[str, list[str]]:
        number, way = job
        home = tmp_path / f"{number}{way}"
        said = run_talk(home, "--kill-at", str(number), *(["--after"] if way else []), *options)
        return f"{way or '--before'} {number}", find_losses(home, said)

    with ThreadPoolExecutor(2) as pool:
        found = dict(pool.map(run, [(number, way) for number in numbers for way in ("", "--after")]))
    return {name: losses for name, losses in found.items() if losses}


def count_operations(home: Path) -> int:
    """Let the talk end, and return how many operations it took."""
    said = run_talk(home)
    assert find_losses(home, said) == []
    return int(said[-1].split()[1])


@pytest.mark.parametrize("options", [(), ("--power-cut",)], ids=["death", "power cut"])
def test_death_at_an_operation_loses_nothing(tmp_path: Path, crash_rounds: int, options: tuple[str, ...]) -> None:
    count = count_operations(tmp_path / "whole")
    assert count > 50
    step = 1 if crash_rounds > 20 else _EVERY
    assert kill_at(tmp_path, list(range(1, count + 1, step)), *options) == {}


@pytest.mark.parametrize(
    ("promise", "number", "options"),
    [
        ("rename", 25, ()),
        ("checkpoint", 17, ()),
        ("removal", 21, ()),
        ("in place", 19, ()),
        ("sync", 19, ("--power-cut",)),
    ],
)
def test_the_harness_sees_a_broken_promise(tmp_path: Path, promise: str, number: int, options: tuple[str, ...]) -> None:
    # Threads may shift an operation by one or two.
    assert kill_at(tmp_path, list(range(number - 1, number + 3)), "--break", promise, *options) != {}
