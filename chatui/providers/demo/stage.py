"""The stage: finds out whether a prompt asks the demo to show something, and what."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from chatui.providers.demo.book import Book, Show
from chatui.providers.demo.script import Script

_ERROR_WORDS = frozenset(("error", "failure", "fault"))


class Stage:
    """Knows the shows and failures of the book, by name and by the words that ask for them."""

    def __init__(self, book: Book) -> None:
        self._shows = book.shows
        self._faults = book.faults
        self._idle = book.requests | book.fillers | _ERROR_WORDS

    def find(self, prompt: str) -> Show | None:
        """Return what a prompt asks to be shown; `None` where it asks for nothing of that kind."""
        said = [word.strip("?.!,;:“”\"'`") for word in prompt.casefold().split()]
        if said[:1] == ["/demo"]:
            return self._find(said[1:]) or _first(self._faults.values(), said[1:]) or self._list_all()
        if (found := self._find(said)) is None:
            return None
        return found if self._idle.issuperset({*said} - {found.name, *found.words.split()}) else None

    def _find(self, said: Sequence[str]) -> Show | None:
        if not _ERROR_WORDS.isdisjoint(said):
            return _first(self._faults.values(), said) or self._list_faults()
        return _first(self._shows.values(), said)

    def _list_all(self) -> Show:
        shows = "\n".join(f"- `/demo {show.name}`: {show.about}" for show in self._shows.values())
        return _tell(
            "This is what I can show. Every reply is written in advance, for I am **not an AI**:\n\n"
            f"{shows}\n- `/demo error` and one of {', '.join(f'`{name}`' for name in self._faults)}: what goes wrong "
            "with a real endpoint, one kind each"
        )

    def _list_faults(self) -> Show:
        faults = "\n".join(f"- `/demo error {fault.name}`: {fault.about}" for fault in self._faults.values())
        return _tell(f"These failures I can play. None of them does any harm:\n\n{faults}")


def _first(shows: Iterable[Show], said: Sequence[str]) -> Show | None:
    return next((show for show in shows if not {show.name, *show.words.split()}.isdisjoint(said)), None)


def _tell(text: str) -> Show:
    return Show("list", "what can be shown", "", Script(text))
