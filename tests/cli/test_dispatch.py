"""From the first word to the command."""

from __future__ import annotations

import os
import sys
from importlib import import_module
from types import SimpleNamespace

import pytest

from chatui.__main__ import main, run
from chatui.cli import dispatch
from chatui.cli.commands import COMMANDS, SESSIONS
from chatui.cli.dispatch import run_command


def test_every_command_has_a_module() -> None:
    for command in COMMANDS:
        # Those two need the screen's own tables: `__main__` runs them through it.
        if command.name not in ("themes", "help"):
            assert hasattr(import_module(dispatch._MODULES[command.name]), "run")


def test_the_exit_code_is_that_of_the_command(
    bare: dict[str, str], monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr("sys.argv", ["chatui", "config", "path"])
    with pytest.raises(SystemExit) as ended:
        main()
    assert ended.value.code == 0
    assert capfd.readouterr().out.endswith("config.toml\n")


def test_ctrl_c_ends_quietly(bare: dict[str, str], monkeypatch: pytest.MonkeyPatch) -> None:
    def interrupt(*_: object) -> int:
        raise KeyboardInterrupt

    monkeypatch.setattr("chatui.cli.config_command.run", interrupt)
    assert run(["config", "path"], bare) == 130


def test_without_standard_output_a_command_runs_all_the_same(
    bare: dict[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("sys.stdout", None)
    assert run_command(SESSIONS, ["list"], bare) == 0


def test_a_broken_pipe_leaves_nothing_for_python_to_complain_about(
    bare: dict[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    left: list[bool] = []

    def break_pipe(*_: object) -> int:
        raise BrokenPipeError

    monkeypatch.setattr("chatui.cli.config_command.run", break_pipe)
    monkeypatch.setattr(dispatch, "_leave_pipe", lambda: left.append(True))
    assert run(["config", "path"], bare) == 141
    assert left == [True]
    assert sys.stdout is not None


def test_nothing_stands_in_the_place_of_a_broken_pipe(monkeypatch: pytest.MonkeyPatch) -> None:
    moved: list[int] = []
    system = SimpleNamespace(
        open=os.open,
        close=os.close,
        dup2=lambda one, other: moved.append(other),
        devnull=os.devnull,
        O_WRONLY=os.O_WRONLY,
        O_CLOEXEC=os.O_CLOEXEC,
    )
    monkeypatch.setattr(dispatch, "os", system)
    dispatch._leave_pipe()
    assert moved == [1]
