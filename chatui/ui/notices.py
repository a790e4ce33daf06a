"""Notices: what is told for a few seconds, and which of them make room before their time is over."""

from __future__ import annotations

from collections.abc import Callable
from time import time
from typing import Any

from textual.app import App
from textual.notifications import Notification

TOGETHER_SECONDS = 0.25
"""Notices that come within so short a time tell of one thing, and stand together."""


def make_room(app: App[Any], message: str, severity: str) -> None:
    """Take away what a new notice makes old: one that says the same, and of an information those from before it."""
    # The wall clock is what Textual dates notices with.
    now = time()
    _drop(
        app,
        lambda notice: (
            notice.message == message
            or (severity == notice.severity == "information" and now - notice.raised_at > TOGETHER_SECONDS)
        ),
    )


def clear_view(app: App[Any]) -> None:
    """Take away what would stand in front of a question; an error stays, for it may not have been read yet."""
    _drop(app, lambda notice: notice.severity != "error")


def _drop(app: App[Any], is_old: Callable[[Notification], bool]) -> None:
    # Textual takes away all notices or none; to choose there is no public way, and without it they all stay.
    try:
        old = [notice for notice in app._notifications if is_old(notice)]
        for notice in old:
            app._unnotify(notice, refresh=notice is old[-1])
    except AttributeError:
        return
