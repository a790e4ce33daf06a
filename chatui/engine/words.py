"""What happened to a reply, in words: the same on the screen and on the command line."""

from __future__ import annotations

import math

from chatui.conversation.failure import Failure, FailureKind, Retry
from chatui.engine.figures import format_seconds

_KIND_WORDS = {
    FailureKind.AUTHENTICATION: "The key was refused",
    FailureKind.FUNDS: "No money left on the account",
    FailureKind.RATE_LIMIT: "Too many requests just now",
    FailureKind.QUOTA: "The plan's quota is used up",
    FailureKind.NOT_FOUND: "No such model or path",
    FailureKind.BAD_REQUEST: "The server did not accept the request",
    FailureKind.CONTEXT_TOO_LONG: "The conversation is too long for the model",
    FailureKind.CONTENT_FILTER: "The provider withheld the answer",
    FailureKind.OVERLOADED: "The server has no capacity",
    FailureKind.SERVER: "The server failed",
    FailureKind.NETWORK: "The connection failed",
    FailureKind.PROTOCOL: "The answer could not be read",
    FailureKind.TIMEOUT: "Nothing came for too long",
    FailureKind.CONFIGURATION: "The request could not be made",
}

_RETRY_WORDS = {
    FailureKind.RATE_LIMIT: "rate limited",
    FailureKind.OVERLOADED: "no capacity",
    FailureKind.SERVER: "server error",
    FailureKind.NETWORK: "connection failed",
    FailureKind.TIMEOUT: "timed out",
}

_FINISH_WORDS = {
    "length": "cut off: the output limit is reached",
    "content_filter": "cut off by the provider's content filter",
    "tool_calls": "ended with a tool call, which chatui does not make",
    "function_call": "ended with a function call, which chatui does not make",
}
_MAX_REASON = 60
"""Characters of a reason that nobody knows; servers may put anything there."""


def say_kind(failure: Failure) -> str:
    """Return the kind of a failure in words, with the HTTP status where there was one."""
    words = _KIND_WORDS[failure.kind]
    return words if failure.status is None else f"{words} ({failure.status})"


def say_retry(failure: Failure, retry: int, max_retries: int, wait: float) -> str:
    """Return what is said before the next attempt is waited for; `wait` in seconds."""
    return f"{_say_attempt(failure, retry, max_retries)} after {wait:.0f} s"


def say_countdown(failure: Failure, retry: int, max_retries: int, seconds: float) -> str:
    """Return the line shown while the next attempt is waited for; `seconds` are left."""
    return f"{_say_attempt(failure, retry, max_retries)} in {math.ceil(max(seconds, 0))} s"


def say_quiet(seconds: float) -> str:
    """Return what is said while no text comes, in whole seconds that have passed."""
    # What is a whole number but for the last bits of a float is taken for it.
    return f"no text for {math.floor(seconds + 0.001)} s"


def say_past_retry(retry: Retry) -> str:
    """Return what is said of a request that was made again, once the reply is there."""
    return (
        f"{_say_why(retry)} · {retry.message} · retry {f'in {format_seconds(retry.wait)}' if retry.wait else 'at once'}"
    )


def _say_attempt(failure: Failure, retry: int, max_retries: int) -> str:
    return f"{_say_why(failure)} · retry {retry}/{max_retries}"


def _say_why(failed: Failure | Retry) -> str:
    status = "" if failed.status is None else f"{failed.status} "
    return status + (_RETRY_WORDS.get(failed.kind) or failed.kind.value.replace("_", " "))


def say_finish(finish_reason: str | None) -> str:
    """Return how a complete reply ended where that was no ordinary end; empty for `stop` and for no word at all.

    The reason is the server's own word: make it visible before it is shown.
    """
    if finish_reason in (None, "stop"):
        return ""
    reason = finish_reason or ""
    shown = reason if len(reason) <= _MAX_REASON else f"{reason[:_MAX_REASON]}…"
    return _FINISH_WORDS.get(reason) or f"ended with finish reason “{shown}”"
