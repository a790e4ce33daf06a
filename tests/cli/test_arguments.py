"""The command line."""

from __future__ import annotations

from pathlib import Path

import pytest

from chatui import __version__
from chatui.cli.arguments import Arguments, parse_arguments


def test_nothing_given_starts_the_screen() -> None:
    assert parse_arguments([]) == Arguments()
    assert parse_arguments([]).flags == {}


@pytest.mark.parametrize(
    ("argv", "expected"),
    [
        (["What is SSE?"], Arguments(prompt="What is SSE?")),
        (["what", "is", "-m", "a/b", "sse"], Arguments(prompt="what is sse", model="a/b")),
        ([""], Arguments()),
        (
            ["--model", "a/b", "--system", "Be terse.", "--theme", "paper"],
            Arguments(model="a/b", system="Be terse.", theme="paper"),
        ),
        (["-c"], Arguments(continue_last=True)),
        (["--continue", "and then?"], Arguments(prompt="and then?", continue_last=True)),
        (["-r"], Arguments(resume="")),
        (["-r", "monad"], Arguments(resume="monad")),
        (["--session", "notes"], Arguments(session="notes")),
        (["--data-dir", "d", "--config", "c"], Arguments(data_dir=Path("d"), config=Path("c"))),
        (["--record", "r.toml", "--play", "p.toml"], Arguments(record=Path("r.toml"), play=Path("p.toml"))),
        (["--", "config", "-x"], Arguments(prompt="config -x")),
        (["--", "themes"], Arguments(prompt="themes")),
    ],
)
def test_words_become_one_value(argv: list[str], expected: Arguments) -> None:
    assert parse_arguments(argv) == expected


def test_a_home_folder_is_found(home: Path) -> None:
    assert parse_arguments(["--config", "~/c.toml"]).config == home / "c.toml"


def test_flags_are_named_as_in_the_config() -> None:
    assert parse_arguments(["-m", "a/b", "--theme", "paper", "-c"]).flags == {"model": "a/b", "theme": "paper"}


@pytest.mark.parametrize(
    ("argv", "message"),
    [
        (["-c", "-r"], "not allowed with argument"),
        (["--session", "a", "-c"], "not allowed with argument"),
        (["--mod", "a/b"], "unrecognized arguments: --mod"),
        (["--config", ""], "a path is needed"),
        (["--config", "~nobody-of-that-name/c"], "there is no such home folder"),
        (["--play"], "expected one argument"),
    ],
)
def test_wrong_use_is_told_and_ends_with_2(argv: list[str], message: str, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        parse_arguments(argv)
    assert ended.value.code == 2
    printed = capsys.readouterr()
    assert printed.out == ""
    assert message in printed.err


def test_help_names_each_option_and_gives_examples(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        parse_arguments(["--help"])
    assert ended.value.code == 0
    text = capsys.readouterr().out
    for word in ("--model", "--continue", "--resume", "--session", "--record", "config ACTION", "examples:"):
        assert word in text


def test_version_is_printed(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        parse_arguments(["--version"])
    assert ended.value.code == 0
    assert capsys.readouterr().out == f"chatui {__version__}\n"
