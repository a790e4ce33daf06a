"""A verb that waits for the number of the code it is for: `w`, then `3`."""

from __future__ import annotations

from collections.abc import Callable

Verb = Callable[[int], None]
"""Does something with the code of a number."""


class NumberedVerb:
    """Puts digits together. It is waiting until the number is known, or for ever where more digits may follow."""

    def __init__(self) -> None:
        self._verb: Verb | None = None
        self._most = 0
        self._typed = 0
        self._is_eager = False

    @property
    def is_waiting(self) -> bool:
        """Whether a digit has a meaning now, and Enter too."""
        return self._verb is not None and not self._is_eager

    def wait(self, verb: Verb, most: int, *, is_eager: bool = False) -> None:
        """Wait for a number from 1 to `most`; an eager verb acts on every digit, `12` being first 1 and then 12."""
        self._verb, self._most, self._typed, self._is_eager = verb, most, 0, is_eager

    def cancel(self) -> None:
        """Wait for nothing."""
        self._verb = None

    def type(self, digit: int) -> bool:
        """Take a digit; false when nothing waits for one."""
        if self._verb is None:
            return False
        self._typed = self._typed * 10 + digit
        if self._typed > self._most:
            self._typed = digit
        if self._is_eager:
            if 1 <= self._typed <= self._most:
                self._verb(self._typed)
        elif self._typed * 10 > self._most:
            self.end(0)
        return True

    def end(self, default: int) -> None:
        """Act on the number typed so far, on `default` when there is none."""
        verb, number = self._verb, self._typed or default
        self.cancel()
        if verb is not None and 1 <= number <= self._most:
            verb(number)
