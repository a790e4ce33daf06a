"""Failure is data: what went wrong with a reply, in a form that can be shown, saved and decided on."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum


class FailureKind(StrEnum):
    """The one error tree; each kind has one advice and one answer to "retry?"."""

    AUTHENTICATION = "authentication"
    """The key was refused (401, 403)."""
    FUNDS = "funds"
    """The account has no money left (402)."""
    RATE_LIMIT = "rate_limit"
    """Too many requests just now (429)."""
    QUOTA = "quota"
    """The plan's quota is used up (429 with `insufficient_quota`); waiting does not help."""
    NOT_FOUND = "not_found"
    """The model or the path does not exist (404)."""
    BAD_REQUEST = "bad_request"
    """The server does not accept the request (other 4xx)."""
    CONTEXT_TOO_LONG = "context_too_long"
    """The conversation does not fit the context window."""
    CONTENT_FILTER = "content_filter"
    """The provider withheld the answer."""
    OVERLOADED = "overloaded"
    """The server is there but has no capacity (503, 529)."""
    SERVER = "server"
    """The server failed (other 5xx)."""
    NETWORK = "network"
    """No connection, or the connection broke."""
    PROTOCOL = "protocol"
    """The answer is not what the protocol says: HTML, broken JSON, an empty stream."""
    TIMEOUT = "timeout"
    """Nothing came for longer than the set time."""
    CONFIGURATION = "configuration"
    """The request could not even be made: no such provider, no key, a broken setting."""


@dataclass(frozen=True, slots=True)
class Failure:
    """One failure of one attempt."""

    kind: FailureKind
    message: str
    """What happened, in one sentence, with the server's own words where there are any; cleaned, without keys, at most
    500 characters."""
    status: int | None = None
    """HTTP status, where there was one."""
    advice: str = ""
    """What to do next, naming the setting or key concerned; empty where nothing better is known."""
    retry_after: float | None = None
    """Seconds the server asked to wait (`retry-after-ms`, `Retry-After`); `None` where it did not say."""
    may_retry: bool | None = None
    """The server's own `x-should-retry`; `None` where it did not say."""


@dataclass(frozen=True, slots=True)
class Retry:
    """A request that came to nothing and was made again: one entry of `retries` in the session file."""

    kind: FailureKind
    message: str
    """Why it came to nothing, as in `Failure.message`."""
    status: int | None = None
    """HTTP status, where there was one."""
    wait: float = 0.0
    """Seconds that the next request was to wait; it may have been made sooner by hand."""
    extra: Mapping[str, object] = field(default_factory=dict)
    """Keys of the file that this version does not know; they survive a round trip."""
