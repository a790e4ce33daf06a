"""Prompts that wait: sent while a reply streams, visible, and to be taken back."""

from __future__ import annotations

from collections import deque


class PromptQueue:
    """First in, first out; the newest can be taken back."""

    def __init__(self) -> None:
        self._prompts: deque[str] = deque()

    @property
    def prompts(self) -> tuple[str, ...]:
        """The prompts that wait, next one first."""
        return tuple(self._prompts)

    def add(self, prompt: str) -> None:
        """Put a prompt at the end."""
        self._prompts.append(prompt)

    def take_next(self) -> str | None:
        """Take the prompt that is to be sent next; `None` when none waits."""
        return self._prompts.popleft() if self._prompts else None

    def take_back(self) -> str | None:
        """Take the newest prompt back to edit it; `None` when none waits."""
        return self._prompts.pop() if self._prompts else None
