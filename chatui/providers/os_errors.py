"""The operating system's own words for what broke a connection."""

from __future__ import annotations

import errno
import os
import ssl


def say_reason(error: BaseException) -> str:
    """Say why, as the end of a sentence: `: connection reset`; empty where nobody knows."""
    cause = find_os_error(error)
    if cause is None or not cause.errno:
        return ""
    return ": connection reset" if is_reset(cause) else f": {os.strerror(cause.errno).lower()}"


def is_reset(cause: OSError | None) -> bool:
    """True where the other side dropped the connection."""
    return cause is not None and cause.errno in (errno.ECONNRESET, errno.EPIPE)


def find_os_error(error: BaseException) -> OSError | None:
    """The operating system's own error below one of httpx, which wraps it several times, also in groups."""
    seen: list[BaseException] = [error]
    for each in seen:
        if isinstance(each, OSError) and (each.errno or isinstance(each, ssl.SSLError)):
            return each
        if isinstance(each, BaseExceptionGroup):
            seen += each.exceptions
        seen += [below for below in (each.__cause__, each.__context__) if below is not None and below not in seen]
    return None
