"""The one retry policy: which failures are tried again, and after how long."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import replace

from chatui.conversation.failure import Failure, FailureKind
from chatui.providers.base import RetrySettings

LONGEST_OBEYED_WAIT = 60.0
"""Seconds. A server that asks for more is not waited for silently: the failure is told with the time it named."""

_RETRIED_KINDS = frozenset(
    {
        FailureKind.RATE_LIMIT,
        FailureKind.OVERLOADED,
        FailureKind.SERVER,
        FailureKind.NETWORK,
        FailureKind.TIMEOUT,
    }
)
_RETRIED_STATUSES = frozenset({408, 409, 429})


def is_retriable(failure: Failure) -> bool:
    """Tell whether another attempt may help. The server's own `x-should-retry` wins."""
    if failure.may_retry is not None:
        return failure.may_retry
    if failure.kind is FailureKind.QUOTA:
        # It comes with a status that is retried otherwise (429).
        return False
    if failure.status is not None and failure.status >= 400:
        return failure.status in _RETRIED_STATUSES or failure.status >= 500
    return failure.kind in _RETRIED_KINDS


def tell_long_wait(failure: Failure) -> Failure:
    """Say in the failure's advice how long the server asks to wait, where that is too long to wait for silently."""
    seconds = failure.retry_after
    if seconds is None or seconds <= LONGEST_OBEYED_WAIT or not is_retriable(failure):
        return failure
    return replace(failure, advice=f"It asks to wait {say_duration(seconds)}: ask again then, or choose another model.")


def say_duration(seconds: float) -> str:
    """Say a duration as people do: `90 s`, `12 min`, `3 h 20 min`, `2 days`; rounded up."""
    if seconds < 120:
        return f"{math.ceil(seconds)} s"
    minutes = math.ceil(seconds / 60)
    if minutes < 120:
        return f"{minutes} min"
    hours, minutes = divmod(minutes, 60)
    if hours < 48:
        return f"{hours} h {minutes} min" if minutes else f"{hours} h"
    return f"{math.ceil(seconds / 86_400):,} days"


def plan_wait(failure: Failure, retry: int, settings: RetrySettings, random: Callable[[], float]) -> float | None:
    """Return the seconds to wait before retry number `retry` (from 1), or `None` when it is not to be made.

    A wait that the server names (up to 60 s) is obeyed: never earlier, at most a second later. Otherwise it doubles
    from `initial_backoff` up to `max_backoff`, times a random factor of 0.75 to 1. `random` returns 0 to 1.
    """
    if retry > settings.max_retries or not is_retriable(failure):
        return None
    asked = failure.retry_after
    if asked is not None and asked > LONGEST_OBEYED_WAIT:
        return None
    if asked is not None and asked > 0:
        return asked + 0.25 * random()
    backoff = min(settings.initial_backoff * 2.0 ** (retry - 1), settings.max_backoff)
    return backoff * (0.75 + 0.25 * random())
