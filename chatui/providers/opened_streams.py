"""The connections that one request opens."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from chatui.providers.paced_stream import PacedStream

_OPENED = ("connect_tcp.complete", "start_tls.complete")
"""Ends of the names of httpcore's trace events that bring a new stream."""


class OpenedStreams:
    """Paces what a request opens, and closes it when the request itself comes to nothing.

    httpcore closes it, too, but not when it is cancelled during the TLS handshake (1.0.9): the socket then stays open
    until the garbage is collected, and the server waits on.
    """

    def __init__(self) -> None:
        self.streams: list[Any] = []
        """None where the request goes over a connection that was there already."""

    async def note(self, event: str, facts: Mapping[str, Any]) -> None:
        """Take a trace event of httpcore (https://www.encode.io/httpcore/extensions/#trace)."""
        if event.endswith(_OPENED):
            stream = facts["return_value"]
            paced = PacedStream(stream.read, stream.write, is_sealed=event.endswith("start_tls.complete"))
            stream.read, stream.write = paced.read, paced.write
            self.streams.append(stream)

    async def __aenter__(self) -> None:
        """Nothing is open yet."""

    async def __aexit__(self, kind: type[BaseException] | None, *_: object) -> None:
        if kind is not None:
            for stream in self.streams:
                await stream.aclose()
