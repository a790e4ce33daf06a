"""The rows of the session list: title, age, model, messages, and what was said first."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Protocol

from chatui.conversation.message import Message, Role
from chatui.ui.screens.rows import PickerRow

SESSION_HEADINGS = ("title", "age", "model", "msgs")
"""The names of the columns."""

SAID_GROUP = "what was said"
"""The heading of the sessions that were found by what was said."""

_MONTHS = (
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
)
"""English whatever the locale, as all of chatui is."""


class SessionFacts(Protocol):
    """What the list needs to know of a session."""

    @property
    def id(self) -> str:
        """The session's id; the row's key."""

    @property
    def title(self) -> str:
        """May be empty."""

    @property
    def model(self) -> str:
        """`provider/model`; may be empty."""

    @property
    def modified(self) -> datetime:
        """When it was last written; with a time zone."""

    @property
    def messages(self) -> int | None:
        """How many there are; `None` when nobody counted."""

    @property
    def first_words(self) -> str:
        """How the first prompt begins."""

    @property
    def problem(self) -> str | None:
        """Why it cannot be opened; `None` when it can."""


def session_rows(sessions: Sequence[SessionFacts], now: datetime, *, current: str = "") -> list[PickerRow]:
    """Make the rows, in the order given. `now` carries the reader's time zone; `current` is the id that gets a mark."""
    return [_make_row(session, now, is_current=session.id == current) for session in sessions]


def _make_row(session: SessionFacts, now: datetime, *, is_current: bool) -> PickerRow:
    title = session.title or session.first_words or session.id
    first_words = "" if _says_the_same(title, session.first_words) else session.first_words
    return PickerRow(
        key=session.id,
        cells=(
            title,
            name_age(session.modified, now),
            session.model.rpartition("/")[2],
            "" if session.messages is None else str(session.messages),
        ),
        group=name_day(session.modified, now),
        mark="●" if is_current else "",
        detail=" · ".join(part for part in (session.first_words, session.model) if part),
        problem=session.problem or "",
        search=f"{session.id} {session.model} {session.first_words}",
        aside=first_words,
    )


class SaidFacts(Protocol):
    """What the list needs to know of a session in which something was said."""

    @property
    def session(self) -> SessionFacts:
        """The session."""

    @property
    def message(self) -> Message:
        """The message where it was said."""

    @property
    def excerpt(self) -> str:
        """The words around it."""


def said_rows(found: Sequence[SaidFacts], words: Sequence[str], now: datetime, *, current: str = "") -> list[PickerRow]:
    """Make the rows of sessions in which all `words` were said in a message: the words first, then the title."""
    return [
        _make_said_row(said, words, _make_row(said.session, now, is_current=said.session.id == current))
        for said in found
    ]


def _make_said_row(said: SaidFacts, words: Sequence[str], row: PickerRow) -> PickerRow:
    title = row.cells[0]
    who = "you" if said.message.role is Role.USER else said.message.model or "the reply"
    return replace(
        row,
        cells=(said.excerpt, *row.cells[1:]),
        group=SAID_GROUP,
        detail=f"{title} · {who}: {said.excerpt}",
        # Of the message only what is known to stand in it: it may be long.
        search=" ".join((title, *words)),
        aside=title,
    )


def _says_the_same(title: str, first_words: str) -> bool:
    """A title is cut from the first words unless somebody gave one."""
    return first_words.startswith(title.rstrip("… ."))


def name_age(then: datetime, now: datetime) -> str:
    """How long ago that was, in a few letters: `now`, `3 min`, `5 h`, `2 d`, `12 Mar`, `12 Mar 2024`."""
    then = _read_here(then, now)
    seconds = (now - then).total_seconds()
    if abs(seconds) < 60:
        return "now"
    if 0 < seconds < 3600:
        return f"{int(seconds // 60)} min"
    if 0 < seconds < 86400:
        return f"{int(seconds // 3600)} h"
    if 0 < seconds < 7 * 86400:
        return f"{int(seconds // 86400)} d"
    day = f"{then.day} {_MONTHS[then.month - 1][:3]}"
    return day if then.year == now.year else f"{day} {then.year}"


def name_day(then: datetime, now: datetime) -> str:
    """The heading it stands under: `today`, `yesterday`, `last 7 days`, `March`, `2024`."""
    day, today = _read_here(then, now).date(), now.date()
    if day >= today:
        return "today"
    if day == today - timedelta(days=1):
        return "yesterday"
    if day > today - timedelta(days=7):
        return "last 7 days"
    return str(day.year) if day.year != today.year else _MONTHS[day.month - 1]


def _read_here(moment: datetime, now: datetime) -> datetime:
    """The moment on the reader's clock. At the ends of the calendar, where no clock goes, it stays as it is."""
    try:
        return moment.astimezone(now.tzinfo)
    except OverflowError:
        return moment.replace(tzinfo=now.tzinfo)
