"""A walk through earlier prompts that keeps the draft and every edit made on the way."""

from __future__ import annotations

from collections.abc import Sequence


class HistoryWalk:
    """Where the prompt stands among earlier ones: at the draft, or at one of them."""

    def __init__(self) -> None:
        self._entries: tuple[str, ...] = ()
        self._newer_entries: tuple[str, ...] | None = None
        self._index: int | None = None
        self._draft = ""
        self._edits: dict[int, str] = {}

    @property
    def is_walking(self) -> bool:
        """Whether an earlier prompt is shown instead of the draft."""
        return self._index is not None

    def set_entries(self, entries: Sequence[str]) -> None:
        """Set the earlier prompts, oldest first; during a walk they count from the next one on."""
        if self.is_walking:
            self._newer_entries = tuple(entries)
        else:
            self._entries, self._newer_entries = tuple(entries), None

    def go_back(self, shown: str) -> str | None:
        """Keep `shown` where it stands and return the prompt before it; `None` at the oldest."""
        index = len(self._entries) if self._index is None else self._index
        if index == 0:
            return None
        self._keep(shown)
        self._index = index - 1
        return self._edits.get(self._index, self._entries[self._index])

    def go_forward(self, shown: str) -> str | None:
        """Keep `shown` where it stands and return the prompt after it, at last the draft; `None` at the draft."""
        if self._index is None:
            return None
        self._keep(shown)
        if self._index + 1 < len(self._entries):
            self._index += 1
            return self._edits.get(self._index, self._entries[self._index])
        self._index = None
        return self._draft

    def end(self) -> None:
        """End the walk: what was shown has been sent or replaced, so draft and edits are dropped."""
        self._index = None
        self._draft = ""
        self._edits.clear()
        if self._newer_entries is not None:
            self._entries, self._newer_entries = self._newer_entries, None

    def _keep(self, shown: str) -> None:
        if self._index is None:
            self._draft = shown
        else:
            self._edits[self._index] = shown
