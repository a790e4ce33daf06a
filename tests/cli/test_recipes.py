"""The recipes of README.md do what it says, as they stand there."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.cli.many_stage import ManyServer, environ_of
from tests.cli.stage import ROOT, SECONDS
from tests.sse_server import refusal

RECIPE = re.compile(r"<!-- recipe -->\n\n```sh\n(.*?)```\n", re.DOTALL)


@pytest.fixture
def server() -> Iterator[ManyServer]:
    with ManyServer() as thread:
        yield thread


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder with `chatui` in its path, and something staged."""
    for needed in ("git", "jq", "bash"):
        if shutil.which(needed) is None:
            pytest.skip(f"there is no {needed} here")
    program = tmp_path / "bin" / "chatui"
    program.parent.mkdir()
    program.write_text(f'#!/bin/sh\nPYTHONPATH={ROOT} exec {sys.executable} -m chatui "$@"\n')
    program.chmod(0o755)
    work = tmp_path / "work"
    work.mkdir()
    (work / "CHANGELOG.md").write_text("# 1.0\n\n- Everything.\n")
    for words in (["init", "-q"], ["add", "CHANGELOG.md"]):
        subprocess.run(["git", *words], cwd=work, check=True)
    return work


def recipes() -> list[str]:
    found = RECIPE.findall((ROOT / "README.md").read_text(encoding="utf-8"))
    assert len(found) == 3
    return list(found)


def run(number: int, folder: Path, environ: dict[str, str]) -> subprocess.CompletedProcess[str]:
    """Run a recipe as somebody pastes it into a shell."""
    environ = environ | {"PATH": f"{folder.parent / 'bin'}:{os.environ['PATH']}"}
    return subprocess.run(
        ["bash", "-c", recipes()[number]],
        cwd=folder,
        env=environ,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=SECONDS,
        check=False,
    )


def test_a_commit_message(home: Path, folder: Path, server: ManyServer) -> None:
    done = run(0, folder, environ_of(home, server))
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.startswith("Re: Write a commit message")
    assert "+- Everything." in done.stdout
    assert (folder / "message.txt").read_text() == done.stdout


def test_a_whole_table(home: Path, folder: Path, server: ManyServer) -> None:
    for _ in range(2):
        done = run(1, folder, environ_of(home, server))
        assert done.returncode == 0
        assert done.stdout.splitlines()[-3:] == [
            f"{n}\tRe: Translate {word} into French" for n, word in enumerate(("cat", "dog", "bird"), start=1)
        ]
    assert set(server.asked.values()) == {1}


def test_a_step_of_a_pipeline(home: Path, folder: Path, server: ManyServer) -> None:
    done = run(2, folder, environ_of(home, server))
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.startswith("Re: Sum up the last release")
    with ManyServer(lambda *_: refusal(400, "no")) as other:
        done = run(2, folder, environ_of(home, other))
    assert done.stdout == ""
    assert "no answer: env (127.0.0.1) answered 400: no" in done.stderr
