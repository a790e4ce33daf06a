"""Where the results of a batch go: a file that can be gone on with, or a pipe."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable
from typing import Protocol

from chatui.cli.reply_json import describe_reply
from chatui.conversation.message import Message
from chatui.engine.batch import BatchItem
from chatui.storage.results_file import ResultsFile

AHEAD = 256
"""Results that wait in memory, at most, for an earlier one that a pipe needs first."""


def encode_result(item: BatchItem, message: Message) -> bytes:
    """Encode a result on one line: the object of `ask --json`, and `id`, `n` and `hash` in front of it."""
    head = {"id": item.id, "n": item.n, "hash": item.hash}
    return (json.dumps(head | describe_reply(message, None), allow_nan=False) + "\n").encode()


class BatchOutput(Protocol):
    """Takes results as they finish."""

    def has(self, item: BatchItem) -> bool:
        """True where the result of a prompt is there already."""

    async def admit(self, n: int) -> None:
        """Return when prompt `n` may be asked."""

    def deliver(self, item: BatchItem, message: Message) -> None:
        """Take a result. Raises StorageError where it cannot be kept."""


class FileOutput:
    """Each result is in the file as soon as it is there; order is made at the end."""

    def __init__(self, file: ResultsFile) -> None:
        self._file = file

    def has(self, item: BatchItem) -> bool:
        """Take the result from an earlier run, if there is one."""
        return self._file.claim(item.n, item.hash)

    async def admit(self, n: int) -> None:
        """Any number may be under way: results wait in the file."""

    def deliver(self, item: BatchItem, message: Message) -> None:
        """Append it. Raises StorageError."""
        self._file.append(item.n, item.hash, encode_result(item, message))


class PipeOutput:
    """Writes in the order of the prompts, or as they finish."""

    def __init__(self, write: Callable[[bytes], None], *, is_ordered: bool, ahead: int = AHEAD) -> None:
        self._write = write
        self._is_ordered = is_ordered
        self._ahead = ahead
        self._next = 1
        self._waiting: dict[int, bytes] = {}
        self._moved = asyncio.Event()

    def has(self, item: BatchItem) -> bool:
        """A pipe remembers nothing."""
        return False

    async def admit(self, n: int) -> None:
        """Wait while too many results wait for an earlier one."""
        while self._is_ordered and n >= self._next + self._ahead:
            self._moved.clear()
            await self._moved.wait()

    def deliver(self, item: BatchItem, message: Message) -> None:
        """Write it, or keep it until those before it are written."""
        line = encode_result(item, message)
        if not self._is_ordered:
            self._write(line)
            return
        self._waiting[item.n] = line
        while line := self._waiting.pop(self._next, b""):
            self._write(line)
            self._next += 1
        self._moved.set()

    def finish(self) -> None:
        """Write what still waits, in order; those before it never came."""
        for n in sorted(self._waiting):
            self._write(self._waiting.pop(n))
