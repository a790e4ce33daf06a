"""The body of a request on its way: in pieces, so that a slow way up is not taken for a server that is silent."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator

PIECE_BYTES = 64 * 1024
"""So much is written at once. A body that is no longer goes as it is."""


def prepare_upload(
    body: bytes | None, waiting: asyncio.Timeout, seconds: float | None
) -> tuple[bytes | AsyncIterator[bytes] | None, dict[str, str]]:
    """Return what to send and the headers it needs; each piece that was taken gives `waiting` its `seconds` anew."""
    if body is None or len(body) <= PIECE_BYTES:
        return body, {}
    return _cut(body, waiting, seconds), {"content-length": str(len(body))}


async def _cut(body: bytes, waiting: asyncio.Timeout, seconds: float | None) -> AsyncIterator[bytes]:
    loop = asyncio.get_running_loop()
    for place in range(0, len(body), PIECE_BYTES):
        yield body[place : place + PIECE_BYTES]
        if seconds is not None:
            waiting.reschedule(loop.time() + seconds)
