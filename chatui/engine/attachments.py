"""The images of a session: written before the prompt that names them, and read again for each later request."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from pathlib import Path

from chatui.conversation.attachment import AttachedImage, Attachment
from chatui.storage.attachment_files import load_attachment, save_attachment
from chatui.storage.errors import StorageError


class Attachments:
    """Those of this run stay in memory too, so that a disk that is full, or not wanted, keeps none from being sent."""

    def __init__(self, folder: Path | None = None, *, is_kept: bool = True) -> None:
        """`folder` is where images of earlier runs rest; `is_kept` false adds none to it."""
        self._folder = folder
        self._is_kept = is_kept
        self._here: dict[str, bytes] = {}

    async def keep(self, images: Sequence[AttachedImage]) -> str | None:
        """Put images on disk. Returns a sentence for the user where one could not be written."""
        self._here.update({image.attachment.hash: image.data for image in images})
        folder = self._folder if self._is_kept else None
        if folder is None or not images:
            return None

        def save() -> str | None:
            try:
                for image in images:
                    save_attachment(folder, image)
            except StorageError as error:
                return error.reason
            return None

        return await asyncio.to_thread(save)

    def load(self, attachment: Attachment) -> AttachedImage:
        """Read an image; without data where it is gone. May read from the disk: call it in a thread."""
        data = self._here.get(attachment.hash)
        if data is None and self._folder is not None:
            data = load_attachment(self._folder, attachment)
        return AttachedImage(attachment, data or b"")
