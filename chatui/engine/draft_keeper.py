"""The draft keeper: puts what is written and not sent on the disk while it is written, and never holds up the loop."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable, Sequence

from chatui.conversation.attachment import AttachedImage
from chatui.storage.drafts import Draft, DraftFolder, ImageRefused
from chatui.storage.errors import StorageError

DRAFT_SECONDS = 0.5
"""How long a change waits in memory at most, the write itself aside; as long as a delta of a reply may."""
_REST = 4
"""A long write, of a text of megabytes or on a slow disk, is followed by so many times its own time of rest."""


class DraftKeeper:
    """Keeps the draft of one session. `read` says what it is now; it is asked once for many changes."""

    def __init__(
        self, folder: DraftFolder, session_id: str, read: Callable[[], Draft], tell: Callable[[str], None]
    ) -> None:
        """`tell` takes a sentence for the user, where the disk refuses."""
        self.session_id = session_id
        self._folder = folder
        self._read = read
        self._tell = tell
        self._kept: Draft | None = Draft()
        """What is on the disk; `None` where the disk refused, and nobody can say."""
        self._lock = folder.lock(session_id)
        self._timer: asyncio.TimerHandle | None = None
        self._writing = asyncio.Lock()
        self._task: asyncio.Task[bool] | None = None
        self._rest = 0.0
        self._is_refused = False
        self._is_closed = False

    async def load(self) -> Draft:
        """Read what was kept before. Raises StorageError."""
        self._kept = draft = await asyncio.to_thread(self._folder.load, self.session_id)
        return draft

    def note(self) -> None:
        """Something changed; O(1). It is on the disk within `DRAFT_SECONDS` and the time of the write."""
        if self._timer is None and not self._is_closed:
            delay = max(DRAFT_SECONDS, self._rest)
            self._timer = asyncio.get_running_loop().call_later(delay, self._begin)

    async def save(self) -> bool:
        """Write now what there is; false where the disk refuses. That is told once, and tried with the next change."""
        self._cancel()
        async with self._writing:
            # What is read once it is closed may be another session's.
            return self._is_closed or await self._save(self._read())

    async def aclose(self, draft: Draft | None = None) -> bool:
        """Write what there is, or `draft`, and let go; false where the disk refuses. May be called more than once."""
        self._cancel()
        if self._is_closed:
            return True
        self._is_closed = True
        async with self._writing:
            is_saved = await self._save(self._read() if draft is None else draft)
        await self._release()
        return is_saved

    async def discard(self) -> None:
        """Remove the file, for what was in it is kept elsewhere now, and let go."""
        await self.aclose(Draft())

    async def _save(self, draft: Draft) -> bool:
        kept = self._kept
        if kept is not None and (draft == kept or (draft.is_empty and kept.is_empty)):
            return True
        began = time.monotonic()
        try:
            await asyncio.shield(asyncio.to_thread(self._write, draft, () if kept is None else kept.images))
        except StorageError as error:
            if not self._is_refused:
                what = "An image that you attached" if isinstance(error, ImageRefused) else "What you write"
                self._tell(f"{what} is not kept for now: {error.reason}")
            self._kept, self._is_refused = None, True
            return False
        self._kept, self._is_refused = draft, False
        self._rest = _REST * (time.monotonic() - began)
        return True

    async def _release(self) -> None:
        if not self._lock.is_held:
            return
        try:
            await asyncio.to_thread(self._lock.release)
        except StorageError as error:
            self._tell(error.reason)

    def _begin(self) -> None:
        self._timer = None
        self._task = asyncio.get_running_loop().create_task(self.save())

    def _write(self, draft: Draft, kept: Sequence[AttachedImage]) -> None:
        if draft.is_of_new and not draft.is_empty:
            # So that a chatui that starts meanwhile does not take it for one that was left behind.
            self._lock.acquire()
        self._folder.save(self.session_id, draft, kept)

    def _cancel(self) -> None:
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None
