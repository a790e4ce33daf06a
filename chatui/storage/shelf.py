"""The shelf: all sessions of a person; listed, found, opened, thrown away and taken back."""

from __future__ import annotations

import contextlib
import hashlib
import re
import time
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from chatui.conversation.conversation import Conversation
from chatui.conversation.events import Loaded
from chatui.conversation.session import Session
from chatui.storage import disk
from chatui.storage.adoption import Adoption, adopt_checkpoints
from chatui.storage.atomic import move_aside, write_atomic
from chatui.storage.attachment_files import sweep_attachments
from chatui.storage.checkpoint import checkpoint_owner, copy_checkpoint, find_checkpoints
from chatui.storage.drafts import Draft, DraftFolder
from chatui.storage.errors import StorageError
from chatui.storage.lock import SessionLock
from chatui.storage.paths import Places, list_names, make_private_dir
from chatui.storage.regular_file import RegularFile, read_stamp
from chatui.storage.session_file import SessionFile
from chatui.storage.session_names import is_session_id, session_id_for
from chatui.storage.session_summary import SessionSummary, read_modified, summarize

_DATED = re.compile(r"[0-9]{8}-[0-9]{6}")
_CANDIDATES = 5
_SKEW = timedelta(minutes=1)
"""By so much the clock of a file server may differ."""


@dataclass(frozen=True, slots=True)
class OpenedSession:
    """A session, and the file it rests in."""

    session: Session
    """Holds the messages of `file.tail`; apply `Loaded(file.load_rest())` for the older ones."""
    file: SessionFile
    adopted: bool
    """True when a reply that a crash had cut was brought back."""
    notices: Sequence[str] = ()
    """What the user should know: sentences, not yet made safe to show."""


def _rank_by_time(path: Path) -> tuple[bool, datetime]:
    """By when it was written last; a file from the future was written under a wrong clock, and comes after all others.

    So the clock may jump ahead and back, and yet the session that is written next is the latest one.
    """
    modified = read_modified(path)
    return modified <= datetime.now(UTC) + _SKEW, modified


class Shelf:
    """The sessions in one data folder."""

    def __init__(self, places: Places) -> None:
        self.places = places

    def new_session_path(self, session_id: str) -> Path:
        """The path that a session's file has. Raises StorageError for an id that is not one of ours."""
        if not is_session_id(session_id):
            reason = "is not the id of a session: letters a to z, digits and hyphens, at most 64."
            raise StorageError(self.places.sessions, f"{session_id!r} {reason}")
        return self.places.sessions / f"{session_id}.toml"

    def has(self, session_id: str) -> bool:
        """True where anything has the name of that session's file, also what cannot be opened, such as a dead link.

        Raises StorageError.
        """
        return read_stamp(self.new_session_path(session_id)) is not None

    def id_for(self, name: str) -> str:
        """The id of the session that a user calls `name`: that of a session that is there, or the one to make.

        Raises StorageError for a name that a session cannot have.
        """
        if is_session_id(name) and self.has(name):
            return name
        return session_id_for(name)

    def lock(self, session_id: str) -> SessionLock:
        """The lock of a session. Raises StorageError for an id that is not one of ours."""
        path = self.new_session_path(session_id)
        # Locks of all data folders lie together, so the folder is in the name.
        folder = hashlib.sha256(str(path.parent.resolve()).encode("utf-8", "surrogateescape")).hexdigest()[:8]
        return SessionLock(self.places.locks / f"{session_id}.{folder}.lock")

    def session_paths(self) -> list[Path]:
        """The paths of `session_names`."""
        return [self.places.sessions / name for name in self.session_names()]

    def session_names(self) -> list[str]:
        """The names of all files that are, or should be, sessions; none is opened. Newest first, by the names.

        A file without a time in its name goes by its modification. Raises StorageError.
        """
        keyed: list[tuple[str, str]] = []
        names = {name for name in list_names(self.places.sessions) if name.endswith(".toml")}
        for name in names:
            owner = checkpoint_owner(name)
            if name.startswith(".") or (owner is not None and f"{owner}.toml" in names):
                continue
            is_dated = _DATED.match(name) is not None
            time = name[:15] if is_dated else f"{read_modified(self.places.sessions / name):%Y%m%d-%H%M%S}"
            keyed.append((time, name))
        return [name for _, name in sorted(keyed, reverse=True)]

    def summarize_names(self, names: Iterable[str]) -> list[SessionSummary]:
        """Summarize the files of these names; what is wrong with one is its `problem`."""
        return [summarize(self.places.sessions / name) for name in names]

    def list_sessions(self, limit: int | None = None) -> list[SessionSummary]:
        """Summarize the newest `limit` sessions, or all; those with a problem too. Raises StorageError."""
        return [summarize(path) for path in self.session_paths()[:limit]]

    def find(self, text: str) -> SessionSummary:
        """Find the one session of that id, beginning of an id, title or part of a title.

        Raises StorageError when there is none, or more than one; the reason names candidates.
        """
        paths = [path for path in self.session_paths() if is_session_id(path.stem)]
        wanted = text.strip().casefold()
        if wanted:
            by_id = [path for path in paths if path.stem == wanted] or [p for p in paths if p.stem.startswith(wanted)]
            found = [summarize(path) for path in by_id[: _CANDIDATES + 1]]
            if not found:
                all_sessions = [summarize(path) for path in paths]
                found = [s for s in all_sessions if s.title.casefold() == wanted]
                found = found or [s for s in all_sessions if wanted in s.title.casefold()]
            if len(found) == 1:
                return found[0]
            if found:
                names = "; ".join(f"{s.id} {s.title}".rstrip() for s in found[:_CANDIDATES])
                more = "; …" if len(found) > _CANDIDATES else ""
                raise StorageError(
                    self.places.sessions, f"More than one session fits {text!r}: {names}{more}. Give more of the id."
                )
        raise StorageError(self.places.sessions, f"No session fits {text!r}. `chatui sessions list` shows all.")

    def latest(self) -> SessionSummary | None:
        """The session that was written last and can be opened; `None` when there is none. Raises StorageError."""
        paths = [path for path in self.session_paths() if is_session_id(path.stem)]
        for path in sorted(paths, key=_rank_by_time, reverse=True):
            summary = summarize(path)
            if summary.problem is None:
                return summary
        return None

    def open_session(self, session_id: str, *, adopt: bool = True) -> OpenedSession:
        """Open a session, and bring back what a crash cut. Raises StorageError.

        Take the session's lock first; give `adopt=False` when another process has it, for then the checkpoint is of a
        reply that streams there.
        """
        path = self.new_session_path(session_id)
        if not self.has(session_id):
            raise StorageError(path, f"There is no session {session_id}. `chatui sessions list` shows all.")
        file = SessionFile.open(path)
        conversation = Conversation()
        conversation.apply(Loaded(file.tail))
        conversation.activate(file.active)
        adoption = Adoption()
        if adopt and not file.is_read_only:
            adoption = adopt_checkpoints(file, conversation)
        return OpenedSession(Session(file.header, conversation), file, adoption.has_adopted, tuple(adoption.notices))

    def delete(self, session_id: str) -> None:
        """Move a session into the trash, with its checkpoint. Raises StorageError. Hold its lock."""
        self._move(self.new_session_path(session_id), self.places.trash)

    def restore(self, session_id: str) -> None:
        """Take a session back from the trash. Raises StorageError, also when there is one of that id."""
        path = self.new_session_path(session_id)
        if self.has(session_id):
            raise StorageError(path, f"There is a session {session_id} already. Rename or delete that one first.")
        self._move(self.places.trash / path.name, self.places.sessions)

    def copy(self, session_id: str, new_id: str) -> None:
        """Copy a session under another id, with a reply that streams, as far as it is on the disk.

        Raises StorageError, also when there is one of that id.
        """
        source, target = self.new_session_path(session_id), self.new_session_path(new_id)
        if self.has(new_id):
            raise StorageError(target, f"There is a session {new_id} already.")
        # Before the session: a reply that ends meanwhile is in one of the two, or in both, which adopting finds out.
        for number, checkpoint in enumerate(find_checkpoints(source), start=1):
            try:
                copy_checkpoint(checkpoint, target.with_name(f"{new_id}.checkpoint-{number}.toml"))
            except StorageError:
                if read_stamp(checkpoint) is not None:
                    raise
        with RegularFile.open(source) as file:
            write_atomic(target, file.read_at(0, file.size))

    def empty_trash(self) -> int:
        """Remove every file in the trash for good, and return how many; then their drafts, and images nobody names.

        Raises StorageError.
        """
        names = list_names(self.places.trash)
        drafts = DraftFolder(self.places)
        for name in names:
            path = self.places.trash / name
            try:
                disk.unlink(path)
            except OSError as error:
                raise StorageError.from_os(path, "remove", error) from error
            if is_session_id(path.stem) and read_stamp(self.places.sessions / name) is None:
                drafts.save(path.stem, Draft())
        # Where a draft or a session cannot be read nobody knows what it names, and an image too many harms no one.
        with contextlib.suppress(StorageError):
            sessions = [self.places.sessions / name for name in list_names(self.places.sessions)]
            sweep_attachments(self.places.attachments, drafts.list_files(), sessions, time.time())
        return len(names)

    def list_trash(self) -> list[SessionSummary]:
        """Summarize the sessions in the trash, newest id first. Raises StorageError."""
        names = [name for name in list_names(self.places.trash) if name.endswith(".toml")]
        paths = [self.places.trash / name for name in sorted(names, reverse=True)]
        return [summarize(path) for path in paths if is_session_id(path.stem)]

    def _move(self, path: Path, folder: Path) -> None:
        paths = [*find_checkpoints(path), *([path] if read_stamp(path) is not None else [])]
        if not paths:
            raise StorageError(path, f"There is no session {path.stem} in {path.parent}.")
        make_private_dir(folder)
        for source in paths:
            target = folder / source.name
            if read_stamp(target) is not None:
                move_aside(target, ".older")
            try:
                disk.rename(source, target)
            except OSError as error:
                raise StorageError.from_os(source, f"move to {folder}", error) from error
