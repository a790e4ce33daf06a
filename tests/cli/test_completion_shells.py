"""The completion scripts, run by the shells that they are for."""

from __future__ import annotations

import os
import pty
import select
import shutil
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pyte
import pytest

from chatui.cli.completion_bash import make_bash
from chatui.cli.completion_command import run
from chatui.cli.completion_fish import make_fish
from chatui.cli.completion_zsh import make_zsh
from chatui.cli.help_pages import list_topics
from tests.cli.stage import ROOT, ServerThread, execute, saved_sessions

PATIENCE = 20.0
CASES = [
    ("chatui se", {"sessions"}),
    ("chatui sessions ex", {"export"}),
    ("chatui sessions export --fo", {"--format"}),
    ("chatui sessions export --format j", {"json"}),
    ("chatui ask --js", {"--json"}),
    ("chatui ask --max", {"--max-retries"}),
    ("chatui doctor --js", {"--json"}),
    ("chatui -m demo/guide ask --js", {"--json"}),
    ("chatui config e", {"edit"}),
    ("chatui completion zs", {"zsh"}),
    ("chatui help exit", {"exit-codes"}),
    ("chatui ask -m demo/re", {"demo/reasoner"}),
    ("chatui compare --model demo/sl", {"demo/slow"}),
    ("chatui sessions show 2", {"SESSION"}),
    ("chatui ask --session 2", {"SESSION"}),
    ("chatui ask -f no", {"notes.txt"}),
]
"""What is typed, and what stands there after a Tab; SESSION is the id of the one that is saved."""


@pytest.fixture
def desk(server: ServerThread, environ: dict[str, str], tmp_path: Path) -> tuple[Path, dict[str, str], str]:
    """A folder with `chatui` in its path, an environment for a shell, and the id of a session."""
    server.reply("Hi.")
    execute(environ, "ask", "Hello")
    (tmp_path / "notes.txt").touch()
    program = tmp_path / "bin" / "chatui"
    program.parent.mkdir()
    program.write_text(f'#!/bin/sh\nPYTHONPATH={ROOT} exec {sys.executable} -m chatui "$@"\n')
    program.chmod(0o755)
    path = f"{program.parent}:{os.environ['PATH']}"
    return tmp_path, {**environ, "PATH": path, "TERM": "xterm"}, saved_sessions(environ)[0].stem


def need(shell: str) -> str:
    program = shutil.which(shell)
    if program is None:
        pytest.skip(f"there is no {shell} here")
    return program


def test_fish_offers_what_fits(desk: tuple[Path, dict[str, str], str]) -> None:
    fish = need("fish")
    folder, environ, session = desk
    (folder / "script.fish").write_text(make_fish())
    asked = "; ".join(f"complete -C '{typed}'; echo ---" for typed, _ in CASES)
    done = subprocess.run(
        [fish, "--no-config", "-c", f"source script.fish; {asked}"],
        cwd=folder,
        env=environ,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.stderr == ""
    answers = done.stdout.split("---\n")
    for (typed, offered), answer in zip(CASES, answers, strict=False):
        found = {line.partition("\t")[0] for line in answer.splitlines()}
        assert found == {session if each == "SESSION" else each for each in offered}, typed


def test_bash_offers_names_that_are_there_now(desk: tuple[Path, dict[str, str], str]) -> None:
    bash = need("bash")
    folder, environ, session = desk
    script = 'compopt() { :; }; for typed in "$@"; do eval "COMP_WORDS=($typed)"; COMP_CWORD=$((${#COMP_WORDS[@]} - 1))'
    script += '; COMPREPLY=(); _chatui; printf "%s " "${COMPREPLY[@]}"; echo; done'
    done = subprocess.run(
        [bash, "--norc", "-c", f"{make_bash()}\n{script}", "bash", *(typed for typed, _ in CASES)],
        cwd=folder,
        env=environ,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.stderr == ""
    for (typed, offered), line in zip(CASES, done.stdout.splitlines(), strict=True):
        assert set(line.split()) == {session if each == "SESSION" else each for each in offered}, typed


@pytest.mark.parametrize(
    ("typed", "words", "offered"),
    [
        ("chatui ask -m work/big:", "chatui ask -m work/big :", "1"),
        ("chatui ask -m work/big:1", "chatui ask -m work/big : 1", "1"),
        ("chatui ask -m work/b", "chatui ask -m work/b", "work/big:1"),
    ],
)
def test_bash_goes_on_behind_a_colon(
    bare: dict[str, str], tmp_path: Path, typed: str, words: str, offered: str
) -> None:
    bash = need("bash")
    config = Path(bare["CHATUI_HOME"]) / "config" / "config.toml"
    config.parent.mkdir(parents=True)
    config.write_text('[providers.work]\nbase_url = "http://127.0.0.1:9/v1"\n[providers.work.models."big:1"]\n')
    (tmp_path / "chatui").write_text(f'#!/bin/sh\nPYTHONPATH={ROOT} exec {sys.executable} -m chatui "$@"\n')
    (tmp_path / "chatui").chmod(0o755)
    script = "COMP_LINE=$1 COMP_POINT=${#1} COMP_WORDS=($2); COMP_CWORD=$((${#COMP_WORDS[@]} - 1)); _chatui"
    done = subprocess.run(
        [bash, "--norc", "-c", f'{make_bash()}\n{script}; echo "${{COMPREPLY[*]}}"', "bash", typed, words],
        env={**bare, "PATH": f"{tmp_path}:{os.environ['PATH']}"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert (done.stderr, done.stdout) == ("", f"{offered}\n")


class Terminal:
    """A shell at work in a terminal."""

    def __init__(self, folder: Path, environ: dict[str, str], *command: str) -> None:
        self._screen = pyte.Screen(120, 30)
        self._stream = pyte.ByteStream(self._screen)
        self._pid, self._fd = pty.fork()
        if self._pid == 0:
            os.chdir(folder)
            os.execve(command[0], command, environ)

    @property
    def text(self) -> str:
        return "\n".join(line.rstrip() for line in self._screen.display)

    def type(self, keys: str) -> None:
        os.write(self._fd, keys.encode())

    def until(self, text: str) -> None:
        """Read until this stands on the screen."""
        self._read(lambda: text in self.text, text)

    def until_gone(self, text: str) -> None:
        """Read until this stands on the screen no more."""
        self._read(lambda: text not in self.text, f"no {text}")

    def _read(self, condition: Callable[[], bool], what: str) -> None:
        end = time.monotonic() + PATIENCE
        while not condition():
            left = end - time.monotonic()
            assert left > 0, f"waited in vain for {what!r}; on screen:\n{self.text}"
            if select.select([self._fd], [], [], left)[0]:
                self._stream.feed(os.read(self._fd, 65536))

    def close(self) -> None:
        os.close(self._fd)
        os.waitpid(self._pid, 0)


def test_zsh_completes_what_is_typed(desk: tuple[Path, dict[str, str], str]) -> None:
    zsh = need("zsh")
    folder, environ, session = desk
    (folder / "functions").mkdir()
    (folder / "functions" / "_chatui").write_text(make_zsh())
    terminal = Terminal(folder, environ, zsh, "-f", "-i")
    try:
        terminal.type("fpath=($PWD/functions $fpath); autoload -Uz compinit && compinit -u -D; PS1='go'; PS1+='> '\n")
        terminal.until("go>")
        for typed, offered in CASES:
            (wanted,) = offered
            before = typed.rpartition(" ")[0]
            terminal.type(f"{typed}\t")
            terminal.until(f"go> {before} {session if wanted == 'SESSION' else wanted}")
            # Away with the line, and with all that was offered.
            terminal.type("\x15clear\n")
            terminal.until_gone("chatui")
    finally:
        terminal.close()


def test_names_that_a_shell_would_not_take_as_they_are_are_left_out(
    bare: dict[str, str], capsys: pytest.CaptureFixture[str]
) -> None:
    config = Path(bare["CHATUI_HOME"]) / "config" / "config.toml"
    config.parent.mkdir(parents=True)
    config.write_text(
        'favorites = ["demo/slow", "work/$(touch x)"]\n[providers.work]\nbase_url = "http://127.0.0.1:9/v1"\n'
        '[providers.work.models."big:1"]\n[providers.work.models."; rm"]\n'
    )
    assert run(["models"], bare) == 0
    assert capsys.readouterr().out.split() == ["demo/slow", "work/big:1", "demo/guide", "demo/reasoner"]


def test_without_any_session_none_is_offered(bare: dict[str, str], capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["sessions"], bare) == 0
    assert capsys.readouterr().out == ""


def test_sessions_are_offered_with_their_titles(
    desk: tuple[Path, dict[str, str], str], capsys: pytest.CaptureFixture[str]
) -> None:
    _, environ, session = desk
    assert run(["sessions"], environ) == 0
    assert capsys.readouterr().out == f"{session}\tHello\n"


def test_every_topic_is_in_every_script() -> None:
    for script in (make_bash(), make_zsh(), make_fish()):
        assert all(topic in script for topic in list_topics())
