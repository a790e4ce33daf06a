"""Watching the file of a session that is open here: what another chatui, or an editor, makes of it meanwhile."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from enum import Enum, auto

from chatui.conversation.events import Added
from chatui.conversation.message import Message, Status
from chatui.engine.live_session import LiveSession
from chatui.storage.checkpoint import checkpoint_path, read_checkpoint
from chatui.storage.errors import StorageError
from chatui.storage.regular_file import Stamp, read_stamp
from chatui.storage.session_file import SessionFile
from chatui.storage.shelf import Shelf


class News(Enum):
    """What a look at the file brought."""

    NONE = auto()
    STREAMS = auto()
    """A reply grows in the other chatui; `SessionWatch.follow` shows what has come of it."""
    CHANGED = auto()
    """The file is another one: open it anew."""
    FREE = auto()
    """The one who wrote it is gone: whoever opens it now may write."""
    DAMAGED = auto()
    """Somebody made something of it that cannot be opened; told once."""


class SessionWatch:
    """Looks at the file of one live session. All looking is done in threads."""

    def __init__(self, live: LiveSession, shelf: Shelf) -> None:
        self._live = live
        self._shelf = shelf
        self._path = shelf.new_session_path(live.header.id)
        self._checkpoint: Stamp | None = None
        self._streams: Message | None = None
        self._refused: Stamp | None = None
        self.problem = ""
        """Why it cannot be opened, after `News.DAMAGED`; a sentence for the user."""

    @property
    def is_reader(self) -> bool:
        """True while another chatui is the one that writes."""
        return self._live.disk.is_reader

    async def look(self) -> News:
        """Tell what has happened since it was opened, or a reply has grown since the last look."""
        if self._live.is_streaming:
            return News.NONE
        try:
            if self.is_reader and await asyncio.to_thread(self._is_free):
                return News.FREE
            is_changed = await self._live.disk.is_changed_outside()
            if self.is_reader and not is_changed:
                return await asyncio.to_thread(self._look_at_checkpoint)
            return await asyncio.to_thread(self._look_inside) if is_changed else News.NONE
        except StorageError:
            # A folder that cannot be looked at now is told by the next save.
            return News.NONE

    def follow(self) -> None:
        """Take the reply that grows in the other chatui into the conversation, as far as it is on the disk."""
        if self._streams is not None:
            self._live.conversation.apply(Added(self._streams))

    def _is_free(self) -> bool:
        lock = self._shelf.lock(self._live.header.id)
        if not lock.acquire():
            return False
        lock.release()
        return True

    def _look_at_checkpoint(self) -> News:
        checkpoint = checkpoint_path(self._path)
        earlier, self._checkpoint = self._checkpoint, read_stamp(checkpoint)
        if self._checkpoint is None or self._checkpoint == earlier:
            return News.NONE
        reply = read_checkpoint(checkpoint)
        if reply is None or (reply.parent is not None and reply.parent not in self._live.conversation):
            return News.NONE
        # It has not ended: how it will is not known here.
        self._streams = replace(reply, status=Status.COMPLETE, failure=None, parts=())
        return News.STREAMS

    def _look_inside(self) -> News:
        found = read_stamp(self._path)
        if found == self._refused:
            return News.NONE
        try:
            SessionFile.open(self._path).close()
        except StorageError as error:
            self._refused, self.problem = found, error.reason
            return News.DAMAGED
        return News.CHANGED
