"""Streams that are long in one way: what four times as much costs, and what is kept in memory meanwhile.

Without sockets: bytes cut as reads of a connection cut them, through the joining of chunks, h11, the event stream and
the protocol; and a paragraph through the Markdown of the transcript.
"""

from __future__ import annotations

import json
import time
import tracemalloc
from collections.abc import Callable, Iterable, Iterator, Mapping
from types import MappingProxyType

import h11

from chatui.providers.body import ReplyBody
from chatui.providers.chunk_joiner import ChunkJoiner
from chatui.providers.openai import ChunkDecoder
from chatui.ui.markdown.flow import MarkdownFlow
from tests.benchmarks.payloads import make_paragraph
from tests.sse_server import delta

_READ = 64 * 1024
_HEAD = b"HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n"


def _chunk(data: bytes) -> bytes:
    return b"%x\r\n%b\r\n" % (len(data), data)


def _long_event(size: int) -> bytes:
    return _chunk(b"data: " + json.dumps({"choices": [{"delta": {"content": "x" * size}}]}).encode() + b"\n\n")


def _cut(data: bytes) -> Iterator[bytes]:
    return (data[at : at + _READ] for at in range(0, len(data), _READ))


def _read(data: bytes) -> int:
    joiner, http, body, decoder = ChunkJoiner(), h11.Connection(h11.CLIENT), ReplyBody(), ChunkDecoder()
    http.send(h11.Request(method="GET", target="/", headers=[("host", "a")]))
    http.send(h11.EndOfMessage())
    joiner.begin()
    count = 0
    for piece in _cut(_HEAD + data):
        http.receive_data(joiner.feed(piece))
        while (found := http.next_event()) is not h11.NEED_DATA:
            if isinstance(found, h11.Data):
                for event in body.feed(bytes(found.data)):
                    count += len(decoder.decode(event.data, event.event))
    return count


def _show(pieces: Iterable[str]) -> int:
    flow = MarkdownFlow(100)
    for piece in pieces:
        flow.append(piece)
    return flow.height


def _paragraph(size: int) -> Callable[[], int]:
    text = make_paragraph(size)
    return lambda: _show(text[at : at + 4000] for at in range(0, size, 4000))


def _stream(data: bytes) -> Callable[[], int]:
    return lambda: _read(data)


LIMITS: Mapping[str, Callable[[int], tuple[int, Callable[[], int]]]] = MappingProxyType(
    {
        "one event of 10 MB": lambda share: (10_000_000 // share, _stream(_long_event(10_000_000 // share))),
        "20,000 deltas": lambda share: (
            20_000 // share * 150,
            _stream(_chunk(delta(content="word ")) * (20_000 // share)),
        ),
        "200,000 keep-alives": lambda share: (
            200_000 // share * 20,
            _stream(_chunk(b": keep-alive\n\n") * (200_000 // share)),
        ),
        "a paragraph of 2 MB": lambda share: (2_000_000 // share, _paragraph(2_000_000 // share)),
    }
)
"""By name: for a share of the whole, its bytes and the work."""


def measure_limit(name: str) -> tuple[float, float, float]:
    """CPU seconds of a quarter and of the whole, and the most memory that the whole took, in bytes per byte of it."""
    seconds: list[float] = []
    for share in (4, 1):
        _, work = LIMITS[name](share)
        began = time.process_time()
        work()
        seconds.append(time.process_time() - began)
    size, work = LIMITS[name](1)
    tracemalloc.start()
    try:
        work()
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    return seconds[0], seconds[1], peak / size
