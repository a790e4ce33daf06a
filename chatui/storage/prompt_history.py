"""The prompts typed last, over all sessions: one JSON string a line, so that a prompt may have any lines itself."""

from __future__ import annotations

import json
import os
from pathlib import Path

from chatui.storage import disk
from chatui.storage.atomic import write_atomic
from chatui.storage.errors import StorageError
from chatui.storage.paths import make_private_dir
from chatui.storage.regular_file import RegularFile, read_stamp
from chatui.storage.toml_text import replace_surrogates

MAX_PROMPTS = 10_000
"""Prompts that are kept; the file is cut back to that when it holds half as many again."""

MAX_LENGTH = 100_000
"""Characters; a longer prompt (a pasted file) is in its session, not here."""


class PromptHistory:
    """The prompts, oldest first. Instances that run at the same time append to one file."""

    def __init__(self, path: Path, most: int = MAX_PROMPTS) -> None:
        self.path = path
        self._most = most
        self._last: str | None = None
        self._lines: int | None = None

    def load(self) -> list[str]:
        """Load the prompts, oldest first, the newest `MAX_PROMPTS` at most; lines that are torn or foreign are skipped.

        Raises StorageError.
        """
        data = self._read()
        prompts = [prompt for line in data.split(b"\n") if (prompt := _decode(line)) is not None]
        self._lines = data.count(b"\n")
        self._last = prompts[-1] if prompts else None
        return prompts[-self._most :]

    def append(self, text: str) -> None:
        """Append a prompt, unless it is blank, too long or the same as the last one. Raises StorageError."""
        if self._lines is None:
            self.load()
        if not text.strip() or len(text) > MAX_LENGTH or text == self._last:
            return
        line = _encode(text)
        make_private_dir(self.path.parent)
        try:
            fd = disk.open_file(self.path, os.O_RDWR | os.O_CREAT | os.O_APPEND)
            try:
                size = disk.stat_file(fd).st_size
                # A line that a full disk cut must not swallow this one.
                is_torn = size > 0 and disk.read_at(fd, 1, size - 1) != b"\n"
                disk.write(fd, b"\n" + line if is_torn else line)
            finally:
                disk.close(fd)
        except OSError as error:
            raise StorageError.from_os(self.path, "remember the prompt in", error) from error
        self._last = text
        self._lines = (self._lines or 0) + 1
        if self._lines > self._most * 3 // 2:
            prompts = self.load()
            write_atomic(self.path, b"".join(_encode(prompt) for prompt in prompts))
            self._lines = len(prompts)

    def _read(self) -> bytes:
        if read_stamp(self.path) is None:
            return b""
        with RegularFile.open(self.path) as source:
            return source.read_at(0, source.size)


def _encode(text: str) -> bytes:
    return f"{json.dumps(replace_surrogates(text), ensure_ascii=False)}\n".encode()


def _decode(line: bytes) -> str | None:
    try:
        prompt = json.loads(line)
    except (ValueError, RecursionError):
        return None
    return prompt if isinstance(prompt, str) else None
