"""Words in what was said, over all sessions: newest first, in small steps, over the files as they are."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from time import monotonic

from chatui.conversation.message import Message
from chatui.engine.session_search import is_seen_in_bytes
from chatui.storage.errors import StorageError
from chatui.storage.regular_file import RegularFile
from chatui.storage.session_layout import read_whole
from chatui.storage.session_names import is_session_id
from chatui.storage.session_summary import SessionSummary, summarize
from chatui.storage.shelf import Shelf

STEP_SECONDS = 0.03
"""How long one step of a search takes, the file that is under way aside."""
_PIECE = 512 * 1024
"""Bytes that are looked at without letting other threads run."""
_BEFORE = 30
"""Characters of a line that are shown before the first match."""
_EXCERPT = 300
"""Characters of an excerpt."""


@dataclass(frozen=True, slots=True)
class Said:
    """A session in a message of which all the words stand. Texts are as they are in the file: not yet safe to show."""

    session: SessionSummary
    message: Message
    excerpt: str
    """The first line with a word in it, from a little before that on."""


def find_said(shelf: Shelf, words: Sequence[str]) -> Iterator[Said | None]:
    """Yield each session in a message of which all `words` stand, in any case; `None` for each other session.

    Files that cannot be read are passed over: the list of sessions tells what is wrong with them. Raises StorageError
    when the folder cannot be listed.
    """
    wanted = [word.casefold() for word in words]
    for path in shelf.session_paths():
        if not wanted or not is_session_id(path.stem):
            continue
        try:
            with RegularFile.open(path) as source:
                if not _may_hold(source, [word for word in wanted if is_seen_in_bytes(word)]):
                    yield None
                    continue
                layout = read_whole(path, source.read_at(0, source.size))
        except StorageError:
            continue
        messages = (stored.decode() for stored, block in layout.blocks if _may_stand(block, wanted))
        found = next((message for message in messages if _stands(message.text.casefold(), wanted)), None)
        yield None if found is None else Said(summarize(path), found, _cut_excerpt(found.text, wanted))


def take_step(search: Iterator[Said | None]) -> tuple[list[Said], bool]:
    """Go on for `STEP_SECONDS`: return what was found, and whether the search is over."""
    end = monotonic() + STEP_SECONDS
    found: list[Said] = []
    for each in search:
        if each is not None:
            found.append(each)
        if monotonic() >= end:
            return found, False
    return found, True


def _may_hold(source: RegularFile, words: Sequence[str]) -> bool:
    """Whether all words stand in the file somewhere; looked at in pieces, for each holds up every other thread."""
    missing = set(words)
    is_ascii = all(word.isascii() for word in words)
    overlap = max((len(word.encode()) for word in words), default=0) * 2
    offset = 0
    while missing and offset < source.size:
        piece = source.read_at(offset, _PIECE + overlap)
        if is_ascii:
            lower = piece.lower()
            missing = {word for word in missing if word.encode() not in lower}
        else:
            text = piece.decode("utf-8", "ignore").casefold()
            missing = {word for word in missing if word not in text}
        offset += _PIECE
    return not missing


def _may_stand(block: bytes, words: Sequence[str]) -> bool:
    text = block.decode("utf-8", "replace").casefold()
    return all(word in text for word in words if is_seen_in_bytes(word))


def _stands(text: str, words: Sequence[str]) -> bool:
    return all(word in text for word in words)


def _cut_excerpt(text: str, words: Sequence[str]) -> str:
    lines = [line for line in text.split("\n") if any(word in line.casefold() for word in words)]
    line = max(lines, key=lambda line: sum(word in line.casefold() for word in words), default=text).strip()
    folded = line.casefold()
    start = min((place for word in words if (place := folded.find(word)) >= 0), default=0)
    if start <= 2 * _BEFORE:
        return line[:_EXCERPT]
    space = line.find(" ", start - _BEFORE, start)
    return "…" + line[(space + 1 if space >= 0 else start - _BEFORE) :][:_EXCERPT]
