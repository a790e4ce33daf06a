"""The table of commands, and the parsers that are made from it."""

from __future__ import annotations

from argparse import ArgumentTypeError
from pathlib import Path

import pytest

from chatui.cli.commands import ASK, COMMANDS, CONFIG, SCREEN, SESSIONS, find_command
from chatui.cli.option import Command
from chatui.cli.parser import make_parser, read_words
from chatui.cli.values import read_count, read_param, read_path, read_retries

EVERY_COMMAND = [SCREEN, *COMMANDS, *(child for command in COMMANDS for child in command.children)]


@pytest.mark.parametrize(
    ("argv", "name", "rest"),
    [
        (["ask", "hi"], "ask", ["hi"]),
        (["config", "path"], "config", ["path"]),
        (["-m", "a/b", "ask", "hi"], "ask", ["-m", "a/b", "hi"]),
        (["--config", "c", "config", "path"], "config", ["--config", "c", "path"]),
        (["--config=c", "doctor"], "doctor", ["--config=c"]),
        (["-c", "ask", "hi"], "ask", ["-c", "hi"]),
        (["sessions"], "sessions", []),
    ],
)
def test_the_first_word_may_name_a_command(argv: list[str], name: str, rest: list[str]) -> None:
    found = find_command(argv)
    assert found is not None
    assert (found[0].name, found[1]) == (name, rest)


@pytest.mark.parametrize(
    "argv", [[], ["hi", "ask"], ["--", "ask"], ["-m", "ask"], ["-r", "ask"], ["-"], ["-m", "a/b"], ["askance"]]
)
def test_everything_else_is_for_the_screen(argv: list[str]) -> None:
    assert find_command(argv) is None


def test_a_command_below_another_is_found_by_its_own_name() -> None:
    found = find_command(["--data-dir", "d", "list", "-n", "3"], SESSIONS.children)
    assert found is not None
    assert (found[0].name, found[1]) == ("sessions list", ["--data-dir", "d", "-n", "3"])


@pytest.mark.parametrize("command", EVERY_COMMAND, ids=lambda command: command.name or "chatui")
def test_every_command_has_a_help_with_its_options_and_an_example(
    command: Command, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit) as ended:
        read_words(command, ["--help"])
    assert ended.value.code == 0
    text = capsys.readouterr().out
    assert text.startswith(f"usage: chatui {command.name}".rstrip())
    assert command.summary in text
    assert not command.summary.endswith(".")
    for option in command.options:
        assert option.names[-1] in text
        assert option.help
    assert (command.name or "chatui") in text.partition("examples:" if command.examples else "commands:")[2]


def test_words_and_options_mix() -> None:
    values = read_words(ASK, ["what", "-m", "a/b", "is", "--json", "sse", "--", "-x"])
    assert values["words"] == ["what", "is", "sse", "-x"]
    assert values["model"] == "a/b"
    assert values["json"] is True
    assert values["extract"] is False
    assert values["file"] == []


@pytest.mark.parametrize(
    ("command", "argv", "told"),
    [
        (CONFIG, ["edit", "more"], "expected one of init, path, edit, check"),
        (CONFIG, [], "to send it as a prompt, write: chatui -- config ..."),
        (SESSIONS, ["bogus"], "there is no 'bogus'; expected one of list, show"),
        (SESSIONS.children[1], [], "expected SESSION"),
        (SESSIONS.children[0], ["x"], "expected nothing more, found too much: 'x'"),
        (ASK, ["-c", "--session", "a"], "not allowed with argument"),
        (ASK, ["-x", "--json"], "not allowed with argument"),
        (ASK, ["--max-retries", "11"], "expected a number from 0 to 10"),
        (ASK, ["-o", "temperature"], "expected KEY=VALUE"),
        (ASK, ["--mod", "a"], "unrecognized arguments: --mod"),
    ],
)
def test_wrong_use_is_told_and_ends_with_2(
    command: Command, argv: list[str], told: str, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit) as ended:
        read_words(command, argv)
    assert ended.value.code == 2
    assert told in capsys.readouterr().err


def test_an_option_has_the_key_of_its_long_name() -> None:
    assert {option.key for option in ASK.options} >= {"no_save", "max_retries", "data_dir", "param", "continue"}


def test_no_two_options_of_a_command_share_a_name() -> None:
    for command in EVERY_COMMAND:
        names = [name for option in command.options for name in option.names]
        assert len(names) == len(set(names))
        assert make_parser(command).prog == f"chatui {command.name}".rstrip()


@pytest.mark.parametrize(
    ("word", "expected"),
    [
        ("temperature=0.2", ("temperature", 0.2)),
        ("n = 3", ("n", 3)),
        ("logprobs=true", ("logprobs", True)),
        ('user="a b"', ("user", "a b")),
        ("reasoning_effort=low", ("reasoning_effort", "low")),
        ("stop=['a', 'b']", ("stop", ["a", "b"])),
        ("thinking={ type = 'disabled' }", ("thinking", {"type": "disabled"})),
    ],
)
def test_a_param_has_a_value_as_in_toml(word: str, expected: tuple[str, object]) -> None:
    assert read_param(word) == expected


@pytest.mark.parametrize(
    ("word", "told"),
    [
        ("temperature", "expected KEY=VALUE"),
        ("=1", "expected KEY=VALUE"),
        ("a b=1", "expected KEY=VALUE"),
        ("stop=[", "is not TOML"),
        ("stop=", "is not TOML"),
        ("seed=nan", "expected a whole number, as in seed=42"),
        ("unknown=nan", "expected a number, text"),
        ("stream=false", "chatui sets this by itself"),
        ("since=2026-01-01", "expected a number, text"),
    ],
)
def test_a_param_that_cannot_be_sent_is_refused(word: str, told: str) -> None:
    with pytest.raises(ArgumentTypeError, match=told):
        read_param(word)


def test_numbers_are_read_within_their_limits() -> None:
    assert read_retries("10") == 10
    assert read_count("42") == 42
    for word in ("-1", "1.5", "", "x", "٣"):
        with pytest.raises(ArgumentTypeError):
            read_retries(word)
        with pytest.raises(ArgumentTypeError):
            read_count(word)
    with pytest.raises(ArgumentTypeError):
        read_count("0")


def test_a_path_may_begin_with_the_home_folder(home: Path) -> None:
    assert read_path("~/x") == home / "x"
