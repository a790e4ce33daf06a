"""Following a session that somebody else writes, and taking it over when they are gone."""

from __future__ import annotations

import asyncio

from textual.timer import Timer

from chatui.engine.live_session import LiveSession
from chatui.engine.session_watch import News, SessionWatch
from chatui.storage.errors import StorageError
from chatui.ui.desk import Desk

FOLLOW_SECONDS = 1.0
"""How often the file is looked at while another chatui writes it."""


class Following:
    """Keeps what the desk shows up to date with the file: once a second for a reader, else when it is asked to."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk
        self._timer: Timer | None = None
        self._watch: tuple[LiveSession, SessionWatch] | None = None

    def start(self, timer: Timer) -> None:
        """Take the timer that calls `look`; it runs only for a reader."""
        self._timer = timer

    def settle(self) -> None:
        """Let the timer run where somebody else writes the session on screen."""
        if self._timer is not None:
            (self._timer.resume if self._desk.live.disk.is_reader else self._timer.pause)()

    def look(self) -> None:
        """Look at the file in the background; one look at a time."""
        self._desk.app.run_worker(self._look(), name="look at the file", group="look", exclusive=True)

    async def _look(self) -> None:
        live = self._desk.live
        if self._watch is None or self._watch[0] is not live:
            self._watch = (live, self._desk.services.sessions.watch(live))
        watch = self._watch[1]
        was_reader = watch.is_reader
        if was_reader and not self._desk.transcript.is_following:
            # Who reads further up is not torn away; the news come when they are back at the end.
            return
        news = await watch.look()
        if live is not self._desk.live or live.is_streaming:
            return
        if news is News.STREAMS:
            watch.follow()
            self._desk.show_branch()
        elif news is News.DAMAGED:
            self._desk.tell(
                f"Changed outside: {watch.problem} What is here is kept; the next save keeps both.", "warning"
            )
        elif news is not News.NONE:
            await self._reload(live, was_reader=was_reader)

    async def _reload(self, live: LiveSession, *, was_reader: bool) -> None:
        sessions = self._desk.services.sessions
        if not was_reader:
            # The lock is held by the one that is on screen.
            await live.aclose()
        try:
            fresh = await asyncio.to_thread(sessions.open, live.header.id)
        except StorageError as error:
            self._desk.tell(error.reason, "error")
            if was_reader:
                return
            fresh = sessions.make()
        if was_reader and fresh.disk.is_reader:
            fresh.notices = ()
        await self._desk.replace_session(fresh)
        if was_reader and not fresh.is_read_only:
            self._desk.tell("The other chatui has let go of this session: it can be written here now.")
        elif not was_reader and fresh.header.id == live.header.id:
            self._desk.tell("The session's file was changed outside; it is shown as it is now.")
