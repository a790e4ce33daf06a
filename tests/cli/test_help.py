"""`chatui help`."""

from __future__ import annotations

import os
import subprocess

import pytest

from chatui.__main__ import run
from chatui.cli.commands import COMMANDS
from chatui.cli.help_command import lay_page
from chatui.cli.help_pages import TOPICS, KeyRow, list_topics, make_page
from chatui.cli.terminal_text import Ink
from chatui.config.manual import describe_settings
from chatui.ui.commands.table import COMMANDS as APP_COMMANDS
from tests.cli.stage import SECONDS, call, execute, spawn

PLAIN = Ink({}, is_terminal=False)
KEYS = [KeyRow("Reply", "Esc", "/stop", "Stop the reply", "reply.stop")]


def page_of(topic: str) -> str:
    page = make_page(topic, lambda: KEYS)
    assert page is not None
    return page


@pytest.mark.parametrize("topic", list_topics())
def test_every_topic_has_a_page_that_fits_and_leaves_nothing_open(topic: str) -> None:
    page = page_of(topic)
    assert page.startswith(f"# {topic}: ")
    assert "<<" not in page
    assert page.count("\n```") % 2 == 0
    code = [f"    {line}" for line in page.split("\n")]
    for width in (40, 80):
        assert [row for row in lay_page(page, width, PLAIN) if len(row) > width and row not in code] == []


def test_the_topics_are_those_that_are_written_and_every_command() -> None:
    assert list(list_topics())[: len(TOPICS)] == list(TOPICS)
    assert set(list_topics()) == {*TOPICS, *(command.name for command in COMMANDS)}
    assert all(list_topics().values())


@pytest.mark.parametrize("command", COMMANDS, ids=lambda command: command.name)
def test_the_page_of_a_command_has_every_option_and_example_of_it(command: object) -> None:
    row = next(each for each in COMMANDS if each is command)
    page = page_of(row.name)
    for each in (row, *row.children):
        assert all(option.names[-1] in page and option.help in page for option in each.options)
        assert all(typed in page for typed, _ in each.examples)


def test_a_command_below_another_is_a_topic_too() -> None:
    assert "--format FORMAT" in page_of("sessions export")


def test_settings_and_their_variables_are_told() -> None:
    config, variables = page_of("config"), page_of("env")
    for setting in describe_settings():
        assert f"`{setting.key}`: {setting.help}" in config
        assert "." in setting.key or f"`CHATUI_{setting.key.upper()}`" in variables


def test_the_keys_are_those_of_the_app(bare: dict[str, str], capfd: pytest.CaptureFixture[str]) -> None:
    ran = call(capfd, bare, "help", "keys")
    assert (ran.code, ran.err) == (0, "")
    text = " ".join(ran.out.split())
    for command in APP_COMMANDS:
        assert command.help.replace("`", "") in text
        assert f"({command.name})" in text
    assert "Ctrl+G · /continue: Go on with a reply" in text


def test_the_list_names_them_all(bare: dict[str, str], capfd: pytest.CaptureFixture[str]) -> None:
    ran = call(capfd, bare, "help")
    assert ran.code == 0
    assert "\x1b" not in ran.out
    for topic, summary in list_topics().items():
        assert f"{topic} " in ran.out
        assert summary in ran.out


@pytest.mark.parametrize(
    ("topic", "told"),
    [("confg", "Near: config"), ("EXIT", "Near: exit-codes"), ("zzz", "There are: start, ask, batch")],
)
def test_an_unknown_topic_is_told_with_those_near(
    bare: dict[str, str], capfd: pytest.CaptureFixture[str], topic: str, told: str
) -> None:
    ran = call(capfd, bare, "help", topic)
    assert (ran.code, ran.out) == (2, "")
    assert ran.err.startswith(f"chatui: There is no help on “{topic}”. {told}")


def test_upper_case_is_the_same(capsys: pytest.CaptureFixture[str], bare: dict[str, str]) -> None:
    assert run(["help", "Files"], bare) == 0
    assert "PNG, JPEG, GIF and WebP" in capsys.readouterr().out


def test_a_prompt_that_begins_with_help_is_told_how(bare: dict[str, str], capfd: pytest.CaptureFixture[str]) -> None:
    ran = call(capfd, bare, "help", "me", "write", "a poem")
    assert ran.code == 2
    assert "to send it as a prompt, write: chatui -- help" in ran.err


def test_a_reader_that_goes_away_ends_it_quietly(bare: dict[str, str]) -> None:
    reading, writing = os.pipe()
    os.close(reading)
    with spawn(bare, "help", "config", stdout=writing, stderr=subprocess.PIPE) as program:
        os.close(writing)
        _, err = program.communicate(timeout=SECONDS)
    assert (program.returncode, err) == (141, b"")


def test_it_is_there_as_a_program(bare: dict[str, str]) -> None:
    ran = execute(bare, "help", "ask")
    assert (ran.code, ran.err) == (0, "")
    assert ran.out.startswith("ask: one prompt, one answer")
