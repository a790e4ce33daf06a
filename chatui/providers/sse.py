"""Server-sent events: bytes in, events out, no I/O (WHATWG HTML, section 9.2.6).

Lines are cut on the bytes, before decoding: in UTF-8 no byte of a longer character looks like CR or LF, so the result
cannot depend on how the bytes arrive. `bytes.splitlines` ends a line at CR LF, LF and CR only (`str.splitlines` does
not: it also breaks at U+2028, U+0085 and others, which JSON may hold).
"""

from __future__ import annotations

from dataclasses import dataclass

MAX_EVENT_BYTES = 64 * 1024 * 1024
"""A line or an event above this size is not kept: the stream counts as broken."""

_MAX_STRAY_BYTES = 16 * 1024
_FIELDS = (b"data", b"event", b"id", b"retry")
_BOM = b"\xef\xbb\xbf"


@dataclass(frozen=True, slots=True)
class ServerEvent:
    """One event."""

    event: str
    """Its type; `message` where the server named none."""
    data: str
    """The data lines, joined by LF."""


class SSEDecoder:
    """Takes the body of a response piece by piece. Time and memory grow with the bytes, however they are cut.

    More lenient than the standard in one point: an event that lacks its closing blank line at the end of the body
    is given by `close`, because many servers leave it out.
    """

    def __init__(self, max_event_bytes: int = MAX_EVENT_BYTES) -> None:
        self.comments = 0
        """Comment lines so far: signs of life that carry nothing."""
        self.stray = bytearray()
        """The beginning of what stood between the events and is none of the standard's: an error that a gateway writes
        into a stream that began well, as JSON, as a web page, or in a field `error` of its own (llama.cpp)."""
        self.overflow = False
        """True once a line or an event was above the limit; everything after it is dropped."""
        self._max = max_event_bytes
        self._partial = bytearray()
        self._is_after_cr = False
        self._is_first_line = True
        self._event = ""
        self._data = bytearray()
        self._has_data = False
        self._size = 0

    def feed(self, chunk: bytes) -> list[ServerEvent]:
        """Take the next bytes and return the events that they complete."""
        if not chunk or self.overflow:
            return []
        if self._is_after_cr and chunk[:1] == b"\n":
            chunk = chunk[1:]
        self._is_after_cr = chunk[-1:] == b"\r" if chunk else False
        events: list[ServerEvent] = []
        for line in chunk.splitlines(keepends=True):
            if line[-1] not in b"\r\n":
                self._partial += line
                break
            if self._partial:
                line = bytes(self._partial) + line
                self._partial.clear()
            self._take_line(line.rstrip(b"\r\n"), events)
        if len(self._partial) + self._size > self._max:
            self._give_up()
        return events

    def close(self) -> list[ServerEvent]:
        """The body is over: return the last event where its closing blank line is missing."""
        events: list[ServerEvent] = []
        if self._partial:
            line = bytes(self._partial)
            self._partial.clear()
            self._take_line(line, events)
        self._dispatch(events)
        return events

    def _take_line(self, line: bytes, events: list[ServerEvent]) -> None:
        if self._is_first_line:
            self._is_first_line = False
            line = line.removeprefix(_BOM)
        if not line:
            self._dispatch(events)
        elif line.startswith(b":"):
            self.comments += 1
        else:
            name, _, value = line.partition(b":")
            self._take_field(name, value[1:] if value.startswith(b" ") else value)
            if (self.stray or line[:1] in (b"{", b"<") or name == b"error") and name not in _FIELDS:
                self.stray += (line + b"\n")[: max(_MAX_STRAY_BYTES - len(self.stray), 0)]

    def _take_field(self, name: bytes, value: bytes) -> None:
        if name == b"data":
            self._size += len(name) + len(value) + 1
            if self._size > self._max:
                self._give_up()
                return
            if self._has_data:
                self._data += b"\n"
            self._data += value
            self._has_data = True
        elif name == b"event":
            self._event = value.decode("utf-8", "replace")
        # `id` and `retry` serve reconnection, which a chat completion does not have; other fields mean nothing.

    def _dispatch(self, events: list[ServerEvent]) -> None:
        if self._has_data and not self.overflow:
            events.append(ServerEvent(self._event or "message", self._data.decode("utf-8", "replace")))
        self._event = ""
        self._data = bytearray()
        self._has_data = False
        self._size = 0

    def _give_up(self) -> None:
        self.overflow = True
        self._partial = bytearray()
        self._data = bytearray()
        self._has_data = False
