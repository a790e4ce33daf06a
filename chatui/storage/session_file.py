"""The session file: messages kept as the bytes of their blocks, so that saving encodes only what is new."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from types import TracebackType
from typing import Self

from chatui.conversation.message import Message, StoredMessage
from chatui.conversation.session import SessionHeader
from chatui.storage.atomic import copy_aside, write_atomic
from chatui.storage.errors import StorageError
from chatui.storage.message_block import encode_header, encode_message
from chatui.storage.regular_file import MAX_SIZE, RegularFile, Stamp, read_stamp
from chatui.storage.session_layout import Block, change_active, name_blocks, read_ends, read_rest, read_whole
from chatui.storage.toml_text import TomlError


class SessionFile:
    """One session on disk. All changes are in memory until `save`."""

    def __init__(self, path: Path, header: SessionHeader, active: str | None, head: bytes) -> None:
        self.path = path
        self.tail: list[StoredMessage] = []
        """The messages that were read when it was opened, oldest first: the newest ones, or all."""
        self.read_only_reason = ""
        """Why it cannot be saved, in a sentence for the user; empty when it can."""
        self._header = header
        self._active = active
        self._head = head
        self._blocks: dict[str, bytes] = {}
        self._source: RegularFile | None = None
        self._rest: tuple[int, int] | None = None
        self._stamp: Stamp | None = None
        self._notice: str | None = None

    @classmethod
    def create(cls, path: Path, header: SessionHeader) -> Self:
        """Begin a session. Nothing is on disk before the first `save`."""
        header = replace(header, id=path.stem)
        return cls(path, header, None, encode_header(header, None))

    @classmethod
    def open(cls, path: Path) -> Self:
        """Open a session, reading only the ends of a long one. Raises StorageError; the file is left as it is.

        The file's name is its id, whatever stands in it: a copy under another name is another session.
        """
        source = RegularFile.open(path)
        try:
            layout = read_ends(source)
        except BaseException:
            source.close()
            raise
        file = cls(path, replace(layout.header, id=path.stem), layout.active, layout.head)
        file._source, file._stamp, file._rest = source, source.stamp, layout.rest
        blocks = name_blocks(layout.blocks, frozenset())
        file.tail = [stored for stored, _ in blocks]
        file._blocks = {stored.id: block for stored, block in blocks}
        if file._active not in file._blocks:
            file._active = next(reversed(file._blocks), None)
        if layout.rest is None:
            source.close()
        if "format" in layout.header.extra:
            file.read_only_reason = (
                f"{path} was written by a newer chatui (format {layout.header.extra['format']}). "
                "It is open for reading only; update chatui to go on with it."
            )
        return file

    @property
    def header(self) -> SessionHeader:
        """What stands above the messages."""
        return self._header

    @property
    def active(self) -> str | None:
        """The id of the leaf of the branch on screen."""
        return self._active

    @property
    def is_read_only(self) -> bool:
        """True when `save` would be refused; `read_only_reason` says why."""
        return bool(self.read_only_reason)

    @property
    def has_rest(self) -> bool:
        """True while older messages have not been read."""
        return self._rest is not None

    def load_rest(self) -> list[StoredMessage]:
        """Read the older messages, oldest first, undecoded; none when all are there.

        Raises StorageError when that part of the file is damaged; the session is read-only from then on.
        """
        if self._source is None or self._rest is None:
            return []
        known = {stored.id for stored in self.tail}
        older = name_blocks(self._read_rest(self._source, *self._rest), known)
        self._source.close()
        self._rest = None
        # A message put since it was opened replaces the one in the file, at its place there.
        blocks = {stored.id: self._blocks.pop(stored.id, block) for stored, block in older}
        self._blocks = blocks | self._blocks
        return [stored for stored, _ in older]

    def put(self, message: Message) -> None:
        """Add a message, or replace the one of its id in its place."""
        self._blocks[message.id] = encode_message(message)

    def set_header(self, header: SessionHeader) -> None:
        """Replace the header. Its id stays the file's name."""
        header = replace(header, id=self.path.stem)
        if header != self._header:
            self._header = header
            self._head = encode_header(header, self._active)

    def set_active(self, message_id: str | None) -> None:
        """Note the leaf of the branch on screen."""
        if message_id != self._active:
            self._active = message_id
            self._head = change_active(self._head, self._header, message_id)

    def save(self) -> str | None:
        """Write the whole file atomically; returns a notice for the user when there is something to tell.

        When the file on disk is not the one that was read or written last, that version is kept aside first, as
        `<id>.conflict-N.toml`. Raises StorageError; then what was on disk is as it was.
        """
        if self.is_read_only:
            raise StorageError(self.path, self.read_only_reason)
        self.load_rest()
        self._keep_other_version()
        try:
            self._stamp = write_atomic(self.path, [self._head, *self._blocks.values()])
        except StorageError as error:
            if error.is_in_place:
                self._stamp = read_stamp(self.path)
            raise
        notice, self._notice = self._notice, None
        return notice

    def is_changed_outside(self) -> bool:
        """True when the file on disk is not the one that was read or written last. Raises StorageError."""
        return self._stamp is not None and read_stamp(self.path) not in (self._stamp, None)

    def close(self) -> None:
        """Let go of the file; needed only where older messages were never read. May be called more than once.

        Raises StorageError.
        """
        if self._source is not None:
            self._source.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def _keep_other_version(self) -> None:
        found = read_stamp(self.path)
        if found == self._stamp:
            return
        if found is None:
            self._notice = f"{self.path} had been moved or deleted meanwhile; it is written anew."
        else:
            aside = copy_aside(self.path, ".conflict")
            self._notice = f"{self.path} had been changed by another program; that version is kept as {aside.name}."
        # Noted at once: should the write fail, the next one need not keep the same version aside again.
        self._stamp = found

    def _read_rest(self, source: RegularFile, start: int, end: int) -> list[Block]:
        if source.is_unchanged():
            try:
                return read_rest(source.read_at(start, end - start))
            except TomlError:
                # Not what its end promised: only the parser of the whole can tell a look-alike from damage.
                pass
        data = source.read_at(0, MAX_SIZE)
        try:
            blocks = read_whole(self.path, data).blocks
        except StorageError as error:
            self.read_only_reason = error.reason
            raise
        known = {stored.id for stored in self.tail}
        return [(stored, block) for stored, block in blocks if stored.id not in known]
