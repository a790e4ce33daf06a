"""The checkpoint of a reply that streams: what came so far, appended block by block, to be adopted after a crash.

A head (format, message id, parent, model, created) and then `[[delta]]` blocks of `retries`, `reasoning` and `text`.
Every append is one write, and every value stands on one line, so that the file is valid TOML at every moment, and any
cut at a line's end as well.
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterable, Sequence
from pathlib import Path

from chatui.conversation.events import Started
from chatui.conversation.failure import Failure, FailureKind, Retry
from chatui.conversation.message import Message, Part, Role, Status
from chatui.storage import disk
from chatui.storage.atomic import move_aside, write_atomic
from chatui.storage.errors import StorageError
from chatui.storage.message_block import FORMAT
from chatui.storage.paths import list_names, make_private_dir
from chatui.storage.regular_file import RegularFile
from chatui.storage.reply_tables import decode_retries, retry_table
from chatui.storage.toml_text import (
    Table,
    TomlError,
    encode_string,
    encode_time,
    encode_value,
    parse_toml,
    take,
    take_time,
)

ENDED_MESSAGE = "chatui ended while the reply streamed"
"""What an adopted reply says of its end."""
COPIED_MESSAGE = "this copy was made while the reply streamed"
"""What one says that was copied while it grew."""

_START = f"format = {FORMAT}\nid = ".encode()
_MARK = b"\n[[delta]]\n"
_NEW = os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_APPEND
_NAME = re.compile(r"(?P<id>[^.]+)\.checkpoint(?:-(?P<number>[0-9]+))?\.toml")


def checkpoint_path(session: Path) -> Path:
    """The checkpoint's path beside a session file, `<id>.checkpoint.toml`."""
    return session.with_name(f"{session.stem}.checkpoint.toml")


def checkpoint_owner(name: str) -> str | None:
    """The id of the session that a file name is a checkpoint of; `None` for any other name."""
    found = _NAME.fullmatch(name)
    return found["id"] if found else None


def find_checkpoints(session: Path) -> list[Path]:
    """The checkpoints that lie beside a session file, oldest first; more than one only after failed saves.

    Raises StorageError.
    """
    found: list[tuple[float, Path]] = []
    for name in list_names(session.parent):
        parts = _NAME.fullmatch(name)
        if parts is not None and parts["id"] == session.stem:
            # The one without a number was written last.
            found.append((float(parts["number"] or "inf"), session.with_name(name)))
    return [path for _, path in sorted(found)]


class Checkpoint:
    """The checkpoint of the reply that streams now."""

    def __init__(self, path: Path, fd: int, size: int) -> None:
        self.path = path
        self._fd: int | None = fd
        self._size = size
        self._text: list[str] = []
        self._reasoning: list[str] = []
        self._retries: list[Retry] = []
        self._is_torn = False

    @classmethod
    def open(cls, path: Path, started: Started, earlier: Iterable[Checkpoint] = ()) -> Checkpoint:
        """Begin a checkpoint. One that is there still, its reply not saved yet, is kept under another name.

        `earlier` are those that may be meant: the one whose file moves learns its new name, so that removing it later
        does not remove this one. That of a continued reply begins with what was kept, so that it holds the whole reply
        too. Raises StorageError.
        """
        lines = [f"format = {FORMAT}", f"id = {encode_string(started.message_id)}"]
        if started.parent is not None:
            lines.append(f"parent = {encode_string(started.parent)}")
        lines += [f"model = {encode_string(started.model)}", f"created = {encode_time(started.created)}"]
        kept = started.kept
        if kept is not None:
            lines.append(f"kept = {len(kept.text)}")
            if started.is_approximate:
                lines.append("approximate = true")
        head = "".join(f"{line}\n" for line in lines).encode()
        make_private_dir(path.parent)
        try:
            try:
                fd = disk.open_file(path, _NEW)
            except FileExistsError:
                aside = move_aside(path, "")
                for checkpoint in earlier:
                    if checkpoint.path == path:
                        checkpoint.path = aside
                fd = disk.open_file(path, _NEW)
        except OSError as error:
            raise StorageError.from_os(path, "begin", error) from error
        checkpoint = cls(path, fd, 0)
        try:
            checkpoint._write(head)
            if kept is not None:
                checkpoint.append(kept.text, kept.reasoning)
        except StorageError:
            checkpoint.remove()
            raise
        return checkpoint

    def append(self, text: str = "", reasoning: str = "", retries: Sequence[Retry] = ()) -> None:
        """Append what came since the last time as one block, in one write.

        Raises StorageError when it could not; then nothing of it is in the file, and the next append brings it.
        """
        if text:
            self._text.append(text)
        if reasoning:
            self._reasoning.append(reasoning)
        self._retries += retries
        fields = {
            # First, for nothing is retried once a word has come.
            "retries": [retry_table(retry) for retry in self._retries],
            "reasoning": "".join(self._reasoning),
            "text": "".join(self._text),
        }
        lines = "".join(f"{key} = {encode_value(value)}\n" for key, value in fields.items() if value)
        if not lines:
            return
        self._write(_MARK + lines.encode())
        self._text, self._reasoning, self._retries = [], [], []

    def close(self) -> None:
        """Leave the file where it is, for the next start to adopt. May be called more than once.

        Raises StorageError.
        """
        if self._fd is not None:
            fd, self._fd = self._fd, None
            try:
                disk.close(fd)
            except OSError as error:
                raise StorageError.from_os(self.path, "close", error) from error

    def remove(self) -> None:
        """Remove the file, once its reply is saved in the session. Raises StorageError."""
        self.close()
        try:
            disk.unlink(self.path)
        except OSError as error:
            raise StorageError.from_os(self.path, "remove", error) from error

    def _write(self, block: bytes) -> None:
        if self._fd is None:
            raise StorageError(self.path, f"{self.path} is closed already.")
        try:
            if self._is_torn:
                self._cut(self._fd)
            written = disk.write(self._fd, block)
        except OSError as error:
            raise StorageError.from_os(self.path, "append to", error) from error
        if written < len(block):
            self._is_torn = True
            reason = f"{self.path} could take only a part of the reply: the disk is full. Free some space on that disk."
            try:
                self._cut(self._fd)
            except OSError as error:
                raise StorageError.from_os(self.path, "append to", error) from error
            raise StorageError(self.path, reason)
        self._size += written

    def _cut(self, fd: int) -> None:
        """Cut off a block of which only a part went in, so that it does not damage the next one."""
        disk.truncate(fd, self._size)
        self._is_torn = False


def copy_checkpoint(path: Path, target: Path) -> None:
    """Copy a checkpoint as far as it has come, to be adopted by a copy of its session. Raises StorageError."""
    with RegularFile.open(path) as source:
        head, mark, rest = source.read_at(0, source.size).partition(_MARK)
    why = f"why = {encode_string(COPIED_MESSAGE)}\n".encode() if head.endswith(b"\n") or mark else b""
    head = head if head.endswith(b"\n") else head + b"\n"
    write_atomic(target, head + why + mark + rest)


def read_checkpoint(path: Path) -> Message | None:
    """Read a checkpoint as the interrupted reply it holds; `None` when it ends before its head does.

    Where it goes on with a kept reply, `parts` has that continuation as its one part. A torn end is cut. Raises
    StorageError when it cannot be opened, or is damaged elsewhere than at its end.
    """
    with RegularFile.open(path) as source:
        data = source.read_at(0, source.size)
    # Values stand on one line each, so what follows the last line break is torn.
    head, *blocks = data[: data.rfind(b"\n") + 1].split(_MARK)
    try:
        table = parse_toml(head)
        deltas = _read_deltas(blocks)
        return _make_message(table, deltas)
    except TomlError as error:
        if not blocks and (data.startswith(_START) or _START.startswith(data)):
            return None
        reason = f"{path}: this checkpoint of a reply is damaged: {error.reason}."
        raise StorageError(path, f"{reason} Read it in an editor; chatui leaves it as it is.") from error


def _read_deltas(blocks: list[bytes]) -> list[Table]:
    deltas: list[Table] = []
    for number, block in enumerate(blocks, start=1):
        try:
            deltas.append(parse_toml(block))
        except TomlError:
            # The last block may be torn by a power cut in any way. Damage before whole blocks is something else.
            if number < len(blocks):
                raise
    return deltas


def _make_message(head: Table, deltas: list[Table]) -> Message:
    message_id, created = take(head, "id", str), take_time(head, "created")
    if not message_id or created is None:
        raise TomlError("its head is not complete")
    # The stream was cut, though by our own end: of the kinds there are, this is the one that may be continued.
    why = take(head, "why", str) or ENDED_MESSAGE
    failure = Failure(FailureKind.NETWORK, why, advice="Continue the reply, or ask again.")
    model, kept = take(head, "model", str), take(head, "kept", int)
    retries = _read_retries(deltas)
    part = Part(
        start=kept or 0,
        model=model or "",
        created=created,
        status=Status.INTERRUPTED,
        attempts=len(retries) + 1,
        retries=retries,
        failure=failure,
        is_approximate=take(head, "approximate", bool) or False,
    )
    return Message(
        id=message_id,
        role=Role.ASSISTANT,
        text="".join(take(delta, "text", str) or "" for delta in deltas),
        created=created,
        parent=take(head, "parent", str),
        status=Status.INTERRUPTED,
        model=model,
        reasoning="".join(take(delta, "reasoning", str) or "" for delta in deltas),
        attempts=len(retries) + 1,
        retries=retries,
        failure=failure,
        parts=() if kept is None else (part,),
    )


def _read_retries(deltas: list[Table]) -> tuple[Retry, ...]:
    found = [item for delta in deltas for item in take(delta, "retries", list) or []]
    for item in found:
        # One that a newer chatui calls by another name must not cost the reply; its message says what it was.
        if isinstance(item, dict) and item.get("kind") not in list(FailureKind):
            item["kind"] = str(FailureKind.SERVER)
    return decode_retries(found)
