"""The prompt of `ask`: the words of the command line, then what is piped in, then the files."""

from __future__ import annotations

import re
import select
import sys
from collections.abc import Callable, Sequence
from pathlib import Path

from chatui.cli.piped_input import MAX_PIPED_BYTES

PATIENCE = 1.0
"""Seconds of silence on standard input after which the user is told what is waited for."""

_IMAGES = ((b"\x89PNG", "PNG"), (b"\xff\xd8\xff", "JPEG"), (b"GIF8", "GIF"), (b"BM", "BMP"), (b"%PDF", "PDF"))
_MEGABYTES = MAX_PIPED_BYTES // 2**20


class PromptError(Exception):
    """The prompt cannot be made; the text is a sentence that says why and what to do."""


def compose_prompt(words: str, piped: str, files: Sequence[tuple[str, str]]) -> str:
    """Join the parts, in this order, with a blank line between them; `files` are (name, text).

    Raises PromptError when there is nothing to ask.
    """
    parts = [words, piped, *(_present_file(name, text) for name, text in files)]
    prompt = "\n\n".join(part for part in parts if part.strip())
    if not prompt:
        raise PromptError('There is nothing to ask. Give a prompt, chatui ask "…", or pipe text in.')
    return prompt


def read_piped(tell: Callable[[str], None]) -> str:
    """Read standard input where it is no terminal; empty where nothing is piped. Raises PromptError."""
    if sys.stdin is None or sys.stdin.isatty():
        return ""
    fd = sys.stdin.fileno()
    try:
        if not select.select((fd,), (), (), PATIENCE)[0]:
            tell("waiting for standard input to end; write </dev/null behind the command if nothing is to come.")
        data = sys.stdin.buffer.read(MAX_PIPED_BYTES + 1)
    except OSError as error:
        raise PromptError(f"Standard input cannot be read: {error.strerror}.") from error
    return _decode(data, "Standard input", tell).strip("\n")


def read_file(path: Path, tell: Callable[[str], None]) -> str:
    """Read a text file. Raises PromptError for what is no text, too long, or not to be read."""
    try:
        with path.open("rb") as file:
            data = file.read(MAX_PIPED_BYTES + 1)
    except OSError as error:
        raise PromptError(f"{path} cannot be read: {error.strerror}.") from error
    return _decode(data, str(path), tell)


def _decode(data: bytes, name: str, tell: Callable[[str], None]) -> str:
    if len(data) > MAX_PIPED_BYTES:
        raise PromptError(f"{name} holds more than {_MEGABYTES} MB. Send a part of it.")
    kind = next((kind for mark, kind in _IMAGES if data.startswith(mark)), "")
    if data[:4] == b"RIFF" and data[8:12] == b"WEBP":
        kind = "WebP"
    if kind and b"\0" in data[:65536]:
        raise PromptError(f"{name} is a {kind} file. Only text can be sent so far.")
    if b"\0" in data:
        raise PromptError(f"{name} is not text. Only text can be sent so far.")
    try:
        return data.removeprefix(b"\xef\xbb\xbf").decode()
    except UnicodeDecodeError:
        text = data.decode("utf-8", "replace")
        tell(f"{name} is not all UTF-8; {text.count(chr(0xFFFD))} characters of it were replaced.")
        return text


def _present_file(name: str, text: str) -> str:
    """The file in a fence that nothing in it can close, its name above it."""
    longest = max((len(ticks) for ticks in re.findall("`{3,}", text)), default=2)
    fence = "`" * (longest + 1)
    shown = re.sub(r"[\s`]+", " ", Path(name).name)
    language = re.sub(r"[^A-Za-z0-9+#-]", "", Path(name).suffix)
    end = "" if text.endswith("\n") or not text else "\n"
    return f"`{shown}`:\n\n{fence}{language}\n{text}{end}{fence}"
