"""Drafts: what was written and not sent, a file for each session, in the state folder."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

from chatui.conversation.attachment import AttachedImage, Attachment
from chatui.storage import disk
from chatui.storage.atomic import move_aside, write_atomic
from chatui.storage.attachment_files import load_attachment, save_attachment
from chatui.storage.attachment_tables import decode_attachments, encode_attachments
from chatui.storage.errors import StorageError
from chatui.storage.lock import SessionLock
from chatui.storage.paths import Places, list_names
from chatui.storage.regular_file import RegularFile, read_stamp
from chatui.storage.session_names import is_session_id
from chatui.storage.toml_text import Table, TomlError, encode_string, encode_text, parse_toml, take


@dataclass(frozen=True, slots=True)
class Draft:
    """What of a session is on the screen and in no message."""

    text: str = ""
    """What is in the prompt box, or waits while an earlier prompt is edited there."""
    waiting: tuple[str, ...] = ()
    """Prompts that were sent and are in no session file yet: on their way, or in the queue; next one first."""
    editing: str = ""
    """The id of the prompt that is edited; empty for none."""
    changes: Mapping[str, str] = field(default_factory=dict)
    """Changed prompts that were not sent, by the id of the original."""
    is_of_new: bool = False
    """Whether its session had no message yet, so that nothing but this file knows it."""
    images: tuple[AttachedImage, ...] = ()
    """Images that were to go along; one without data is gone from the disk, or is not what it was."""

    @property
    def is_empty(self) -> bool:
        """Whether there is nothing to keep."""
        return not (self.text.strip() or self.waiting or self.changes or self.images)


@dataclass(frozen=True, slots=True)
class LeftDraft:
    """A draft that nobody owns any more, and the lock that keeps others from taking it too."""

    session_id: str
    draft: Draft
    lock: SessionLock


class ImageRefused(StorageError):
    """The disk took a draft, but not all of its images."""


class DraftFolder:
    """The files of all sessions' drafts. Methods raise StorageError."""

    def __init__(self, places: Places) -> None:
        self._folder = places.state / "drafts"
        self._sessions = places.sessions
        self._attachments = places.attachments
        self._locks = places.locks

    def path(self, session_id: str) -> Path:
        """The path of a session's draft."""
        return self._folder / f"{session_id}.toml"

    def load(self, session_id: str) -> Draft:
        """Load the draft of a session with its images; an empty one where there is none.

        A damaged file is kept aside, and told.
        """
        path = self.path(session_id)
        if read_stamp(path) is None:
            return Draft()
        with RegularFile.open(path) as source:
            data = source.read_at(0, source.size)
        try:
            draft, attachments = _decode(parse_toml(data))
        except TomlError as error:
            aside = move_aside(path, ".damaged")
            reason = f"The draft in {path} could not be read: {error.reason}; it is kept as {aside.name}."
            raise StorageError(path, reason) from error
        images = (AttachedImage(each, load_attachment(self._attachments, each) or b"") for each in attachments)
        return replace(draft, images=tuple(images))

    def list_files(self) -> list[Path]:
        """The files of all drafts, and those that were kept aside."""
        return [self._folder / name for name in list_names(self._folder) if name.endswith(".toml")]

    def save(self, session_id: str, draft: Draft, kept: Sequence[AttachedImage] = ()) -> None:
        """Put a draft on the disk, its images first; those in `kept` are there. An empty one removes the file.

        Raises ImageRefused where all but an image is saved.
        """
        images: list[AttachedImage] = []
        refusal: StorageError | None = None
        for image in draft.images:
            try:
                if image.data and image not in kept:
                    save_attachment(self._attachments, image)
            except StorageError as error:
                refusal = error
            else:
                images.append(image)
        self._save(self.path(session_id), replace(draft, images=tuple(images)))
        if refusal is not None:
            raise ImageRefused(refusal.path, refusal.reason) from refusal

    def _save(self, path: Path, draft: Draft) -> None:
        if not draft.is_empty:
            write_atomic(path, _encode(draft))
            return
        try:
            disk.unlink(path)
        except FileNotFoundError:
            return
        except OSError as error:
            raise StorageError.from_os(path, "remove", error) from error

    def lock(self, session_id: str) -> SessionLock:
        """The lock that the owner of a draft holds whose session has no file to lock."""
        return SessionLock(self._locks / f"{session_id}.draft.lock")

    def take_left(self) -> LeftDraft | None:
        """Find the newest draft that was left behind: of a session that never began, and of no running chatui.

        `None` where there is none. Whoever takes it keeps it elsewhere, and calls `remove_left`.
        """
        if read_stamp(self._folder) is None:
            return None
        ids = (name.removesuffix(".toml") for name in list_names(self._folder) if name.endswith(".toml"))
        for session_id in sorted(filter(is_session_id, ids), reverse=True):
            if read_stamp(self._sessions / f"{session_id}.toml") is not None:
                continue
            lock = self.lock(session_id)
            if not lock.acquire():
                continue
            try:
                draft = self.load(session_id)
            except StorageError:
                # Kept aside, or not to be read now; the next one may be well.
                draft = Draft()
            if draft.is_of_new and not draft.is_empty:
                return LeftDraft(session_id, draft, lock)
            lock.release()
        return None

    def remove_left(self, left: LeftDraft) -> None:
        """Remove the file of a draft that was taken."""
        self.save(left.session_id, Draft())
        left.lock.release()


def _encode(draft: Draft) -> bytes:
    attachments = encode_attachments([image.attachment for image in draft.images])
    # Not by tomli-w, which goes through a long text letter by letter and would slow down who is typing.
    lines = [
        "format = 1",
        f"is_of_new = {'true' if draft.is_of_new else 'false'}",
        f"editing = {encode_string(draft.editing)}",
        f"text = {encode_text(draft.text)}",
        f"waiting = [{', '.join(encode_string(text) for text in draft.waiting)}]",
        *([f"attachments = {attachments}"] if attachments else []),
        "[changes]",
        *(f"{encode_string(key)} = {encode_text(text)}" for key, text in draft.changes.items()),
    ]
    return "".join(f"{line}\n" for line in lines).encode()


def _decode(table: Table) -> tuple[Draft, Sequence[Attachment]]:
    waiting = take(table, "waiting", list) or []
    changes = take(table, "changes", dict) or {}
    if not all(isinstance(text, str) for text in (*waiting, *changes.values())):
        raise TomlError("`waiting` and `changes` should hold texts in quotes")
    attachments = decode_attachments(take(table, "attachments", list) or [])
    draft = Draft(
        text=take(table, "text", str) or "",
        waiting=tuple(waiting),
        editing=take(table, "editing", str) or "",
        changes=changes,
        is_of_new=take(table, "is_of_new", bool) or False,
    )
    return draft, attachments
