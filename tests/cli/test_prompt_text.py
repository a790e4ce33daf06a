"""The prompt of `ask`: words, what is piped in, files; images beside it."""

from __future__ import annotations

import errno
import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from chatui.cli import prompt_text
from chatui.cli.prompt_text import AskedPrompt, PromptError, read_prompt

PNG = b"\x89PNG\r\n\x1a\n\0\0"


@pytest.fixture
def told() -> list[str]:
    """What was told."""
    return []


class _Input:
    """Standard input that is a pipe."""

    def __init__(self) -> None:
        reading, self._writing = os.pipe()
        self.buffer = os.fdopen(reading, "rb")

    def end(self, data: bytes = b"") -> None:
        os.write(self._writing, data)
        os.close(self._writing)

    def isatty(self) -> bool:
        return False

    def fileno(self) -> int:
        return self.buffer.fileno()


@pytest.fixture
def piped(monkeypatch: pytest.MonkeyPatch) -> Iterator[_Input]:
    """Standard input, to be filled."""
    given = _Input()
    monkeypatch.setattr("sys.stdin", given)
    yield given
    given.buffer.close()


def test_the_parts_stand_in_their_order(tmp_path: Path, told: list[str], piped: _Input) -> None:
    (tmp_path / "notes.md").write_text("text\n")
    piped.end(b"piped")
    asked = read_prompt("words", [tmp_path / "notes.md"], told.append)
    assert asked == AskedPrompt("words\n\npiped\n\n`notes.md`:\n\n```md\ntext\n```")


def test_blank_parts_are_left_out(tmp_path: Path, told: list[str], piped: _Input) -> None:
    (tmp_path / "a").write_text("b")
    piped.end(b" \n")
    assert read_prompt("", [tmp_path / "a"], told.append).text == "`a`:\n\n```\nb\n```"
    with pytest.raises(PromptError, match="nothing to ask"):
        read_prompt("", [], told.append)


def test_images_go_beside_the_prompt_wherever_they_come_from(tmp_path: Path, told: list[str], piped: _Input) -> None:
    (tmp_path / "cat.png").write_bytes(PNG)
    piped.end(b"GIF89a\0\n")
    asked = read_prompt("What?", [tmp_path / "cat.png"], told.append)
    assert asked.text == "What?"
    assert [(image.attachment.name, image.data) for image in asked.images] == [
        ("piped image", b"GIF89a\0\n"),
        ("cat.png", PNG),
    ]


def test_an_image_alone_is_no_question(tmp_path: Path, told: list[str]) -> None:
    (tmp_path / "cat.png").write_bytes(PNG)
    with pytest.raises(PromptError, match="Nothing is asked about the image"):
        read_prompt("", [tmp_path / "cat.png"], told.append)


def test_what_was_changed_in_reading_is_told(tmp_path: Path, told: list[str]) -> None:
    (tmp_path / "old.txt").write_bytes(b"Gr\xfc\xdfe")
    read_prompt("", [tmp_path / "old.txt"], told.append)
    assert told == [f"{tmp_path / 'old.txt'} is not all UTF-8; 2 characters of it were replaced."]


def test_line_ends_around_piped_text_are_cut(told: list[str], piped: _Input) -> None:
    piped.end(b"\n\n  a\n\nb  \n\n")
    assert read_prompt("?", [], told.append).text == "?\n\n  a\n\nb  "
    assert told == []


def test_without_standard_input_nothing_is_read(told: list[str], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sys.stdin", None)
    assert read_prompt("?", [], told.append).text == "?"


def test_a_terminal_is_not_read(told: list[str], piped: _Input, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(piped, "isatty", lambda: True)
    assert read_prompt("?", [], told.append).text == "?"
    piped.end()


def test_silence_is_told(told: list[str], piped: _Input, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(prompt_text, "PATIENCE", 0.0)

    def tell(sentence: str) -> None:
        told.append(sentence)
        piped.end()

    assert read_prompt("?", [], tell).text == "?"
    assert told[0].startswith("waiting for standard input to end; write </dev/null")


def test_input_that_cannot_be_read_is_told(told: list[str], piped: _Input, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object) -> None:
        raise OSError(errno.EIO, "Input/output error")

    monkeypatch.setattr("chatui.cli.prompt_text.select.select", refuse)
    piped.end()
    with pytest.raises(PromptError, match="Standard input cannot be read: Input/output error"):
        read_prompt("?", [], told.append)
