"""Sessions that left the screen while the disk refused to take them: they live on in memory until it does."""

from __future__ import annotations

from collections.abc import Callable, Coroutine

from chatui.engine.live_session import LiveSession


class Unsaved:
    """Keeps them, closes each as soon as it is saved, and gives back one that is opened again."""

    def __init__(self, tell: Callable[[str], None], run: Callable[[Coroutine[object, object, object]], object]) -> None:
        """`tell` shows a sentence to the user; `run` lets a coroutine run by itself."""
        self._tell = tell
        self._run = run
        self._kept: dict[str, LiveSession] = {}

    def is_any(self, on_screen: LiveSession) -> bool:
        """True while anything is in memory only, of the session on screen or of those that are kept."""
        return on_screen.disk.has_unsaved or bool(self._kept)

    async def let_go(self, live: LiveSession) -> None:
        """Close a session that is on screen no more, or keep it while something of it is not on the disk."""
        if not live.disk.has_unsaved:
            await live.aclose()
            return
        self._kept[live.header.id] = live

        def close(sentence: str) -> None:
            self._tell(sentence)
            if self._kept.pop(live.header.id, None) is not None:
                self._run(live.aclose())

        live.listen(close)
        self._tell(f"“{live.header.title}” is not saved yet: it stays in memory and is tried again.")

    def take_back(self, session_id: str) -> LiveSession | None:
        """Give back a session that is kept; `None` for any other."""
        return self._kept.pop(session_id, None)

    async def aclose(self) -> list[str]:
        """Close all; returns why what waited is lost, a sentence for each."""
        kept, self._kept = self._kept, {}
        return [problem for live in kept.values() if (problem := await live.aclose())]
