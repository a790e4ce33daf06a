"""Waiting, told and cut short: the countdown of a retry, a reply that brings no text, and what can be done about it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from chatui.engine.live_session import LiveSession
from chatui.engine.stats import Phase
from chatui.engine.words import say_countdown, say_quiet

AGAIN_KEY = "r"
"""In an empty prompt, while a retry or a stalled reply is waited for: no more waiting."""


def is_waiting(live: LiveSession, now: float) -> bool:
    """True while a retry is waited for, or for a reply that has brought nothing for long."""
    return live.stats.phase_at(now) is Phase.RETRYING or live.stats.is_stalled(now)


def say_stall(live: LiveSession, now: float) -> str:
    """Say for how long no text has come, and whether the server gives signs of life."""
    sign = "server alive" if live.stats.is_alive(now) else "server silent"
    return f"{say_quiet(live.stats.quiet_seconds(now))} ({sign})"


def describe_wait(live: LiveSession, now: float, ways: Mapping[str, str]) -> Sequence[str]:
    """Say what is waited for and which keys act, the most important first; nothing while text comes.

    `ways` says how commands are run, by their names.
    """
    stats = live.stats
    stop, model = f"{ways['reply.stop']} stop", f"{ways['model.pick']} other model"
    retrying = stats.retrying
    if stats.phase_at(now) is Phase.RETRYING and retrying is not None:
        said = say_countdown(retrying.failure, retrying.retry, retrying.max_retries, stats.retry_at - now)
        return said, f"{AGAIN_KEY} now", stop, model
    if stats.is_stalled(now):
        return say_stall(live, now), f"{AGAIN_KEY} try again", model, stop, "or keep waiting"
    return ()
