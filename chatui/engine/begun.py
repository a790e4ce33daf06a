"""Work that was carried on to where it has to wait: what need not wait needs no timer, no task and no timeout."""

from __future__ import annotations

from collections.abc import Awaitable, Generator
from typing import Any, Generic, TypeVar

_T = TypeVar("_T")


class Begun(Generic[_T]):
    """An awaitable that has taken its first step. Where that was the last, `is_done`; else it is to be awaited, once.

    Of 1,000 deltas a second most are here already when they are asked for. A timeout around each of them would be a
    quarter of what the engine does for it; this way only those that are waited for get one.
    """

    def __init__(self, work: Awaitable[_T]) -> None:
        """Take the first step. Raises what that raises."""
        self.is_done = False
        self.result: _T | None = None
        """What came of it, once it is done."""
        self._is_waited_for = False
        self._steps = work.__await__()
        try:
            self._waits_for: Any = self._steps.send(None)
        except StopIteration as end:
            self.is_done, self.result = True, end.value

    def __await__(self) -> Generator[Any, Any, _T]:
        """Go on, and return what comes of it. Exceptions are handed on to the work, as `await` does."""
        return self  # type: ignore[return-value]  # all of a generator that `await` asks for

    def __iter__(self) -> Begun[_T]:
        return self

    def __next__(self) -> Any:
        if self._is_waited_for:
            return self._steps.send(None)
        self._is_waited_for = True
        return self._waits_for

    def throw(self, *error: Any) -> Any:
        """Raise something where the work waits."""
        return self._steps.throw(*error)

    def close(self) -> None:
        """End the work where it waits."""
        self._steps.close()
