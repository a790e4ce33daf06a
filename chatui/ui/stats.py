"""The stats: one function and one row each; the sidebar, the status line and /stats show them from this table."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from chatui.conversation.model_info import split_model_name
from chatui.conversation.usage import Timing, Usage
from chatui.engine.figures import UNKNOWN, format_cost, format_count, format_seconds, format_speed
from chatui.engine.live_session import LiveSession
from chatui.engine.stats import Phase, speed_of
from chatui.engine.words import say_past_retry, say_quiet
from chatui.ui.widgets.measures import format_gauge
from chatui.ui.widgets.sidebar import StatRow

_WIDEST_GAUGE = 40
"""Cells that hold any gauge whole."""


@dataclass(frozen=True, slots=True)
class Stat:
    """One row."""

    label: str
    show: Callable[[LiveSession, float], StatRow]
    """Takes the session and the monotonic time."""
    priority: int = 0
    """Place in the one-line form, higher stays longer; 0: never there."""


def describe_state(live: LiveSession, now: float) -> str:
    """Say in a few words what is going on."""
    stats = live.stats
    phase = stats.phase_at(now)
    if phase is Phase.RETRYING and stats.retrying is not None:
        retrying = stats.retrying
        return f"retry {retrying.retry}/{retrying.max_retries} in {math.ceil(max(stats.retry_at - now, 0))} s"
    if stats.is_stalled(now):
        return say_quiet(stats.quiet_seconds(now))
    return str(phase)


def _heading(label: str) -> Stat:
    return Stat(label, lambda live, now: StatRow(label, "", "heading"))


def _plain(label: str, show: Callable[[LiveSession, float], str], priority: int = 0) -> Stat:
    return Stat(label, lambda live, now: StatRow(label, show(live, now), "plain"), priority)


def _usage(live: LiveSession) -> Usage | None:
    """The count of the request that runs; else that of the last reply of the branch, all parts of it together."""
    if live.stats.is_running:
        return live.stats.best_usage()
    reply = live.last_reply()
    return None if reply is None else reply.usage


def _timing(live: LiveSession, now: float) -> Timing | None:
    """The times of what `_usage` counts."""
    if live.stats.is_running:
        return live.stats.timing(now)
    reply = live.last_reply()
    return None if reply is None else reply.timing


def _tokens(pick: Callable[[Usage], int], *, is_always_known: bool = True) -> Callable[[LiveSession, float], str]:
    def show(live: LiveSession, now: float) -> str:
        usage = _usage(live)
        if usage is None or (usage.estimated and not is_always_known):
            return UNKNOWN
        return format_count(pick(usage), is_estimate=usage.estimated)

    return show


def _model(live: LiveSession, now: float) -> str:
    return split_model_name(live.model)[1] or live.model


def _provider(live: LiveSession, now: float) -> str:
    return split_model_name(live.model)[0] or UNKNOWN


def _elapsed(live: LiveSession, now: float) -> str:
    timing = _timing(live, now)
    return format_seconds(None if timing is None else timing.total)


def _first_token(live: LiveSession, now: float) -> str:
    timing = _timing(live, now)
    return format_seconds(None if timing is None else timing.first_token)


def _speed(live: LiveSession, now: float) -> str:
    if live.stats.is_running:
        # While it streams every speed is an estimate: nobody has counted the tokens yet.
        return format_speed(live.stats.speed(now), is_estimate=True)
    reply = live.last_reply()
    if reply is None:
        return UNKNOWN
    # From what is stored, as below the reply itself: live times are not rounded, and would make another figure of it.
    return format_speed(speed_of(reply), is_estimate=reply.usage is not None and reply.usage.estimated)


def _sparkline(live: LiveSession, now: float) -> StatRow:
    return StatRow("", tuple(live.stats.speeds(now)), "sparkline")


def _reply_cost(live: LiveSession, now: float) -> str:
    usage = _usage(live)
    if live.stats.is_running:
        price = live.model_info.price
        return format_cost(None if price is None or usage is None else price.cost(usage), is_estimate=True)
    reply = live.last_reply()
    if reply is None:
        return UNKNOWN
    return format_cost(reply.cost, is_estimate=usage is not None and usage.estimated)


def _session_cost(live: LiveSession, now: float) -> str:
    total = live.total_cost
    return format_cost(total.known_usd, is_estimate=total.estimated > 0, is_lower_bound=total.is_lower_bound)


def _messages(live: LiveSession, now: float) -> str:
    return f"{len(live.conversation.path()):,}"


def _context(live: LiveSession, now: float) -> StatRow:
    used, is_estimate = live.context_used
    return StatRow("~used" if is_estimate else "used", (used, live.model_info.context_window or 0), "gauge")


STATS: Sequence[Stat] = (
    _heading("Model"),
    _plain("model", _model),
    _plain("provider", _provider),
    _plain("state", describe_state, 90),
    Stat("", lambda live, now: StatRow("", "", "blank")),
    _heading("Reply"),
    _plain("first token", _first_token, 50),
    _plain("speed", _speed, 60),
    Stat("speed", _sparkline),
    _plain("elapsed", _elapsed, 40),
    _plain("in", _tokens(lambda usage: usage.input), 30),
    _plain("cached", _tokens(lambda usage: usage.cached, is_always_known=False)),
    _plain("out", _tokens(lambda usage: usage.output), 35),
    _plain("reasoning", _tokens(lambda usage: usage.reasoning)),
    _plain("cost", _reply_cost, 70),
    Stat("", lambda live, now: StatRow("", "", "blank")),
    _heading("Session"),
    _plain("messages", _messages),
    _plain("cost", _session_cost),
    Stat("", lambda live, now: StatRow("", "", "blank")),
    _heading("Context"),
    Stat("context", _context),
)
"""The sidebar from top to bottom."""


def show_rows(live: LiveSession, now: float) -> list[StatRow]:
    """All rows, for the sidebar."""
    return [stat.show(live, now) for stat in STATS]


def show_segments(live: LiveSession, now: float) -> list[tuple[str, int]]:
    """The rows with a priority, for the status line: (text, priority)."""
    segments = []
    for stat in STATS:
        value = stat.show(live, now).value
        if stat.priority and isinstance(value, str) and value != UNKNOWN:
            text = value if stat.label in {"state", "speed", "cost"} else f"{stat.label} {value}"
            segments.append((text, stat.priority))
    return segments


def describe_stats(live: LiveSession, now: float) -> list[str]:
    """All rows in words, a line for each heading, `Session: messages 2 · cost $0.0012`, and the failed attempts."""
    parts: dict[str, list[str]] = {}
    heading = ""
    for row in show_rows(live, now):
        if row.kind == "heading":
            heading = row.label
        elif row.kind == "gauge":
            used, limit = (float(number) for number in row.value)
            parts.setdefault(heading, []).append(f"{row.label} {format_gauge(used, limit, _WIDEST_GAUGE)}")
        elif row.kind == "plain":
            parts.setdefault(heading, []).append(f"{row.label} {row.value}")
    reply = None if live.is_streaming else live.last_reply()
    if reply is not None:
        parts.setdefault("Reply", []).append(f"attempts {reply.attempts}")
    lines = [f"{heading}: {' · '.join(said)}" for heading, said in parts.items()]
    return (
        lines if reply is None else [*lines, *(f"Failed attempt: {say_past_retry(retry)}" for retry in reply.retries)]
    )
