"""The prompt of `ask`: words, what is piped in, files."""

from __future__ import annotations

import errno
import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from chatui.cli import prompt_text
from chatui.cli.prompt_text import PromptError, compose_prompt, read_file, read_piped


def test_the_parts_stand_in_their_order() -> None:
    prompt = compose_prompt("words", "piped", [("dir/notes.md", "text\n"), ("empty", "")])
    assert prompt == "words\n\npiped\n\n`notes.md`:\n\n```md\ntext\n```\n\n`empty`:\n\n```\n```"


def test_blank_parts_are_left_out() -> None:
    assert compose_prompt("", " \n", [("a", "b")]) == "`a`:\n\n```\nb\n```"
    with pytest.raises(PromptError, match="nothing to ask"):
        compose_prompt("", "\n", [])


def test_nothing_in_a_file_or_its_name_closes_its_fence() -> None:
    assert compose_prompt("", "", [("a`b\n.c+!", "````")]) == "`a b .c+!`:\n\n`````c+\n````\n`````"


@pytest.fixture
def told() -> list[str]:
    """What was told."""
    return []


@pytest.mark.parametrize(
    ("data", "why"),
    [
        (b"\x89PNG\r\n\x1a\n\0\0", "is a PNG file. Only text can be sent so far."),
        (b"RIFF\0\0\0\0WEBPVP8", "is a WebP file."),
        (b"%PDF-1.7\n\0", "is a PDF file."),
        (b"\x7fELF\0", "is not text."),
    ],
)
def test_only_text_is_read(tmp_path: Path, told: list[str], data: bytes, why: str) -> None:
    path = tmp_path / "file"
    path.write_bytes(data)
    with pytest.raises(PromptError, match=why):
        read_file(path, told.append)


def test_a_byte_order_mark_is_dropped_and_bad_bytes_are_told(tmp_path: Path, told: list[str]) -> None:
    path = tmp_path / "file"
    path.write_bytes(b"\xef\xbb\xbfGr\xfc\xdfe")
    assert read_file(path, told.append) == "\ufeffGr\ufffd\ufffde"
    assert told == [f"{path} is not all UTF-8; 2 characters of it were replaced."]
    path.write_bytes("\ufeffGrüße\r\n".encode())
    assert read_file(path, told.append) == "Grüße\r\n"


def test_a_file_that_cannot_be_read_is_told(tmp_path: Path, told: list[str]) -> None:
    with pytest.raises(PromptError, match=f"{tmp_path} cannot be read: Is a directory."):
        read_file(tmp_path, told.append)


def test_there_is_a_limit(tmp_path: Path, told: list[str], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(prompt_text, "MAX_PIPED_BYTES", 10)
    path = tmp_path / "file"
    path.write_text("x" * 10)
    assert read_file(path, told.append) == "x" * 10
    path.write_text("x" * 11)
    with pytest.raises(PromptError, match="holds more than 32 MB"):
        read_file(path, told.append)


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


def test_line_ends_around_piped_text_are_cut(told: list[str], piped: _Input) -> None:
    piped.end(b"\n\n  a\n\nb  \n\n")
    assert read_piped(told.append) == "  a\n\nb  "
    assert told == []


def test_without_standard_input_nothing_is_read(told: list[str], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sys.stdin", None)
    assert read_piped(told.append) == ""


def test_a_terminal_is_not_read(told: list[str], piped: _Input, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(piped, "isatty", lambda: True)
    assert read_piped(told.append) == ""
    piped.end()


def test_silence_is_told(told: list[str], piped: _Input, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(prompt_text, "PATIENCE", 0.0)

    def tell(sentence: str) -> None:
        told.append(sentence)
        piped.end()

    assert read_piped(tell) == ""
    assert told[0].startswith("waiting for standard input to end; write </dev/null")


def test_input_that_cannot_be_read_is_told(told: list[str], piped: _Input, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object) -> None:
        raise OSError(errno.EIO, "Input/output error")

    monkeypatch.setattr("chatui.cli.prompt_text.select.select", refuse)
    piped.end()
    with pytest.raises(PromptError, match="Standard input cannot be read: Input/output error"):
        read_piped(told.append)
