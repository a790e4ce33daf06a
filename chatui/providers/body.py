"""The body of a good answer: an event stream whatever its content type says, or something else that is told."""

from __future__ import annotations

from enum import Enum, auto

from chatui.providers.sse import MAX_EVENT_BYTES, ServerEvent, SSEDecoder

_MAX_FOREIGN_BYTES = 64 * 1024
"""So much of what is neither events nor JSON is kept, to be told."""

_BLANK = b"\xef\xbb\xbf \t\r\n"


class _Kind(Enum):
    UNKNOWN = auto()
    EVENTS = auto()
    JSON = auto()
    HTML = auto()


_BY_FIRST_BYTE = {b"{": _Kind.JSON, b"[": _Kind.JSON, b"<": _Kind.HTML}


class ReplyBody:
    """Takes the bytes; gives events where they are events, and keeps the bytes where they are not.

    The first byte that is not blank decides: no event stream begins with `{`, `[` or `<`, while JSON and HTML do.
    """

    def __init__(self, max_bytes: int = MAX_EVENT_BYTES) -> None:
        self._decoder = SSEDecoder(max_bytes)
        self._kind = _Kind.UNKNOWN
        self._max = max_bytes
        self._kept = bytearray()
        self._has_events = False

    @property
    def is_too_long(self) -> bool:
        """True once a line, an event or a JSON body is above the limit."""
        return self._decoder.overflow or (self._kind is _Kind.JSON and len(self._kept) > self._max)

    @property
    def is_known_foreign(self) -> bool:
        """True once there is no use in reading on: it is a web page, and its head is here."""
        return self._kind is _Kind.HTML and len(self._kept) >= _MAX_FOREIGN_BYTES

    @property
    def has_events(self) -> bool:
        """True where it speaks the protocol of events, be it with comments only."""
        return self._has_events or self._decoder.comments > 0

    @property
    def stray(self) -> bytes:
        """The beginning of what stood between the events without being one."""
        return bytes(self._decoder.stray)

    @property
    def kept(self) -> bytes:
        """The beginning of the body as it came; nothing once an event came."""
        return bytes(self._kept[:_MAX_FOREIGN_BYTES])

    def feed(self, chunk: bytes) -> list[ServerEvent]:
        """Take the next bytes."""
        is_wanted = self._kind in (_Kind.UNKNOWN, _Kind.JSON) or len(self._kept) < _MAX_FOREIGN_BYTES
        if not self._has_events and is_wanted:
            self._kept += chunk
        if self._kind is _Kind.UNKNOWN:
            chunk = self._decide()
        if self._kind is not _Kind.EVENTS:
            return []
        return self._note(self._decoder.feed(chunk))

    def close(self) -> list[ServerEvent]:
        """The body is over: return the event that lacks its end, or a JSON body as one event."""
        if self._kind is _Kind.JSON:
            return [ServerEvent("message", self._kept.decode("utf-8", "replace"))]
        return self._note(self._decoder.close())

    def _decide(self) -> bytes:
        """Look at what came so far; return what the event decoder has to take now."""
        first = self._kept.lstrip(_BLANK)[:1]
        if first:
            self._kind = _BY_FIRST_BYTE.get(bytes(first), _Kind.EVENTS)
            return bytes(self._kept)
        # Blank lines keep a connection alive, before JSON too; only the last of them may still mean something.
        del self._kept[: max(self._kept.rfind(b"\n"), self._kept.rfind(b"\r")) + 1]
        if len(self._kept) > _MAX_FOREIGN_BYTES:
            self._kind = _Kind.EVENTS
        return bytes(self._kept)

    def _note(self, events: list[ServerEvent]) -> list[ServerEvent]:
        if events:
            self._has_events = True
            self._kept.clear()
        return events
