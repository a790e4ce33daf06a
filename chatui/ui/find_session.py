"""Finding sessions by what was said in them, while the user types in the list of sessions."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from contextlib import aclosing, suppress
from datetime import datetime

from chatui.engine.sessions import Sessions
from chatui.storage.errors import StorageError
from chatui.ui.screens.picker import Picker
from chatui.ui.screens.rows import PickerRow
from chatui.ui.screens.session_rows import SAID_GROUP, said_rows

_PAUSE_SECONDS = 0.12
"""How long a query stands before the files are read for it."""
_LEAST_LETTERS = 2
"""One letter of an alphabet stands nearly everywhere; one character of Chinese may be a word."""
_MOST_FOUND = 100


class SessionFinder:
    """Looks for one query at a time, in the background; the next one ends it."""

    def __init__(self, sessions: Sessions, now: Callable[[], datetime], current: str) -> None:
        """`current` is the id of the session on screen."""
        self._sessions = sessions
        self._now = now
        self._current = current
        self._task: asyncio.Task[None] | None = None
        self._query = ""
        self._phrases: dict[str, str] = {}

    def look(self, picker: Picker, query: str) -> None:
        """Look for another query, and give the picker what is found."""
        words = query.split()
        if " ".join(words) == self._query:
            return
        self._query = " ".join(words)
        self._cancel()
        picker.set_status("")
        if len(self._query) < _LEAST_LETTERS and self._query.isascii():
            picker.set_found(())
        else:
            self._task = asyncio.create_task(self._find(picker, words))

    def phrase_in(self, row: PickerRow | None) -> str:
        """What to look for in the session of a row that was found by what was said; empty for any other row."""
        return "" if row is None or row.group != SAID_GROUP else self._phrases.get(row.key, "")

    async def aclose(self) -> None:
        """Look no more."""
        self._cancel()
        if self._task is not None:
            with suppress(asyncio.CancelledError):
                await self._task

    def _cancel(self) -> None:
        if self._task is not None:
            self._task.cancel()

    async def _find(self, picker: Picker, words: Sequence[str]) -> None:
        await asyncio.sleep(_PAUSE_SECONDS)
        picker.set_status("searching what was said…")
        rows: list[PickerRow] = []
        told = ""
        try:
            async with aclosing(self._sessions.find_said(words)) as steps:
                async for found in steps:
                    self._phrases |= {said.session.id: _choose_phrase(said.message.text, words) for said in found}
                    rows += said_rows(found, words, self._now(), current=self._current)
                    picker.set_found(rows)
                    if len(rows) >= _MOST_FOUND:
                        told = f"the newest {_MOST_FOUND}; type more to narrow"
                        break
        except StorageError as error:
            told = error.reason
        picker.set_found(rows)
        picker.set_status(told)


def _choose_phrase(text: str, words: Sequence[str]) -> str:
    """The query where it stands in the text as it is, else its longest word."""
    query = " ".join(words)
    return query if query.casefold() in text.casefold() else max(words, key=len)
