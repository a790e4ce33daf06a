"""`chatui completion`."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

import pytest

from chatui.cli.commands import COMMANDS, SCREEN, SESSIONS
from chatui.cli.completion_bash import make_bash
from chatui.cli.completion_fish import make_fish
from chatui.cli.completion_zsh import make_zsh
from tests.cli.stage import call

EVERY_COMMAND = [SCREEN, *COMMANDS, *(child for command in COMMANDS for child in command.children)]


@pytest.mark.parametrize(("shell", "make"), [("bash", make_bash), ("zsh", make_zsh), ("fish", make_fish)])
def test_the_script_is_printed(
    shell: str, make: object, bare: dict[str, str], capfd: pytest.CaptureFixture[str]
) -> None:
    assert callable(make)
    ran = call(capfd, bare, "completion", shell)
    assert (ran.code, ran.out, ran.err) == (0, make(), "")


@pytest.mark.parametrize("script", [make_bash(), make_zsh()], ids=["bash", "zsh"])
def test_every_option_of_every_command_is_in_it(script: str) -> None:
    for command in EVERY_COMMAND:
        assert command.own_name in script
        for option in command.options:
            for name in option.names:
                assert name in script


def test_fish_has_every_option_by_its_name_without_hyphens() -> None:
    script = make_fish()
    for command in EVERY_COMMAND:
        for option in command.options:
            assert f"-l {option.names[-1].removeprefix('--')} " in script


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
def test_the_shell_takes_the_script(shell: str, tmp_path: Path) -> None:
    program = shutil.which(shell)
    if program is None:
        pytest.skip(f"there is no {shell} here")
    script = tmp_path / "script"
    script.write_text({"bash": make_bash, "zsh": make_zsh, "fish": make_fish}[shell](), encoding="utf-8")
    done = subprocess.run([program, "-n", str(script)], capture_output=True, check=False)
    assert (done.returncode, done.stderr) == (0, b"")


@pytest.mark.parametrize(
    ("words", "offered"),
    [
        (("se",), {"sessions"}),
        (("sessions", ""), {child.own_name for child in SESSIONS.children} | {"-h", "--help"}),
        (("sessions", "export", "--f"), {"--format"}),
        (("sessions", "export", "--format", ""), {"md", "json", "toml"}),
        (("completion", ""), {"bash", "zsh", "fish", "models", "sessions", "-h", "--help"}),
        (("help", "ex"), {"exit-codes"}),
        (("config", "e"), {"edit"}),
        (("ask", "--max"), {"--max-retries"}),
        (("ask", "--file", "fi"), {"file one", "file two"}),
        (("--data-dir", ""), {"folder"}),
        (("sessions", "import", "f"), {"file one", "file two", "folder"}),
        (("sessions", "import", "--da"), {"--data-dir"}),
        (("ask", "-m", ""), set()),
        (("-r", "ask", "--js"), {"--json"}),
    ],
)
def test_bash_offers_what_fits(words: tuple[str, ...], offered: set[str], tmp_path: Path) -> None:
    bash = shutil.which("bash")
    if bash is None:
        pytest.skip("there is no bash here")
    for name in ("file one", "file two"):
        (tmp_path / name).touch()
    (tmp_path / "folder").mkdir()
    typed = " ".join(f"'{word}'" for word in ("chatui", *words))
    test = 'compopt() { :; }; COMP_CWORD=$((${#COMP_WORDS[@]} - 1)); _chatui; printf "%s\\n" "${COMPREPLY[@]}"'
    done = subprocess.run(
        [bash, "--norc", "-c", f"{make_bash()}\nCOMP_WORDS=({typed}); {test}"],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.stderr == ""
    found = set(done.stdout.splitlines()) - {""}
    if words[-2:-1] == ("--file",):
        found -= {"folder"}
    assert found == offered
