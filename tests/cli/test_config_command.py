"""`chatui config`."""

from __future__ import annotations

from pathlib import Path

import pytest

from chatui.__main__ import run
from chatui.cli.config_command import run_config


def test_path_prints_where_the_file_is(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run_config("path", tmp_path / "config.toml", {}) == 0
    assert capsys.readouterr().out == f"{tmp_path / 'config.toml'}\n"


def test_init_writes_once(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "config.toml"
    assert run_config("init", path, {}) == 0
    assert run_config("init", path, {}) == 0
    assert capsys.readouterr().out == f"written: {path}\nleft as it is: {path}\n"
    assert run_config("check", path, {}) == 0
    assert capsys.readouterr().out == "ok\n"


def test_init_says_why_it_cannot_write(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "file").touch()
    assert run_config("init", tmp_path / "file" / "config.toml", {}) == 1
    printed = capsys.readouterr()
    assert printed.out == ""
    assert printed.err == f"chatui: cannot write {tmp_path / 'file' / 'config.toml'}: Not a directory\n"


def test_check_prints_one_line_for_each_problem(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "config.toml"
    path.write_text('"a\\u001b]0;b" = 1\ntheme = 1\n')
    assert run_config("check", path, {"CHATUI_MODEL": "x"}) == 2
    lines = capsys.readouterr().out.splitlines()
    assert [
        line.startswith(start) for line, start in zip(lines, (f"{path}:1:", f"{path}:2:", "CHATUI_MODEL:"), strict=True)
    ]
    assert "\x1b" not in "".join(lines)


def test_check_says_that_there_is_no_file(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run_config("check", tmp_path / "config.toml", {}) == 0
    assert capsys.readouterr().out == f"ok: there is no file at {tmp_path / 'config.toml'}, so defaults stand\n"


def _edit(environ: dict[str, str], path: Path, command: str) -> int:
    return run_config("edit", path, environ | {"EDITOR": command, "VISUAL": " "})


def test_edit_writes_the_template_first_and_checks_after(
    tmp_path: Path, bare: dict[str, str], capfd: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "config.toml"
    assert _edit(bare, path, "sh -c 'echo colour = 1 >> \"$0\"'") == 2
    assert path.read_text().endswith("colour = 1\n")
    assert "colour: there is no such setting" in capfd.readouterr().out


@pytest.mark.parametrize(
    ("command", "told"),
    [
        ("no-such-editor-of-ours", "cannot start the editor 'no-such-editor-of-ours': No such file or directory."),
        ("'open", 'cannot start the editor "\'open": No closing quotation. Set VISUAL or EDITOR.'),
        ("false", "the editor 'false' ended with 1."),
    ],
)
def test_an_editor_that_fails_is_told(
    tmp_path: Path, bare: dict[str, str], capfd: pytest.CaptureFixture[str], command: str, told: str
) -> None:
    assert _edit(bare, tmp_path / "config.toml", command) == 1
    assert told in capfd.readouterr().err


def test_edit_says_why_it_cannot_write(tmp_path: Path, bare: dict[str, str], capfd: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "file").touch()
    assert _edit(bare, tmp_path / "file" / "config.toml", "true") == 1
    assert "Not a directory" in capfd.readouterr().err


def test_the_file_may_be_named(tmp_path: Path, bare: dict[str, str], capfd: pytest.CaptureFixture[str]) -> None:
    assert run(["--config", str(tmp_path / "c.toml"), "config", "init"], bare) == 0
    assert (tmp_path / "c.toml").exists()
