"""Chunks joined: what h11 reads of the joined bytes is what it reads of the bytes as they came."""

from __future__ import annotations

import itertools

import h11
import pytest
from hypothesis import given
from hypothesis import strategies as st

from chatui.providers.chunk_joiner import ChunkJoiner

HEAD = b"HTTP/1.1 200 OK\r\ncontent-type: text/event-stream\r\ntransfer-encoding: chunked\r\n\r\n"


def read_with_h11(pieces: list[bytes], method: bytes = b"POST") -> list[object]:
    """What h11 makes of a response: its heads, its body in one, its end or its fault."""
    connection = h11.Connection(h11.CLIENT)
    connection.send(h11.Request(method=method, target="/", headers=[("host", "a"), ("content-length", "0")]))
    connection.send(h11.EndOfMessage())
    found: list[object] = []
    body = b""
    for piece in [*pieces, b""]:
        try:
            connection.receive_data(piece)
            while (event := connection.next_event()) not in (h11.NEED_DATA, h11.PAUSED):
                if isinstance(event, h11.Data):
                    body += bytes(event.data)
                elif isinstance(event, h11.Response | h11.InformationalResponse):
                    found.append((event.status_code, list(event.headers)))
                elif isinstance(event, h11.EndOfMessage):
                    return [*found, body, "end", list(event.headers)]
                else:
                    return [*found, body, event]
        except h11.RemoteProtocolError:
            return [*found, body, "fault"]
    return [*found, body]


def join(pieces: list[bytes]) -> list[bytes]:
    joiner = ChunkJoiner()
    joiner.begin()
    return [joined for piece in pieces if (joined := joiner.feed(piece))]


def cut(data: bytes, places: list[int]) -> list[bytes]:
    edges = [0, *sorted(place % (len(data) + 1) for place in places), len(data)]
    return [data[start:end] for start, end in itertools.pairwise(edges) if end > start]


def encode(chunks: list[bytes]) -> bytes:
    return b"".join(b"%x\r\n%b\r\n" % (len(chunk), chunk) for chunk in chunks)


_CHUNKS = st.lists(st.binary(min_size=1, max_size=40) | st.just(b"\r\n\r\n5\r\n"), max_size=12)
_ENDS = st.sampled_from(
    [b"0\r\n\r\n", b"0\r\ntrailer: x\r\n\r\n", b"", b"5;name=x\r\nhello\r\n0\r\n\r\n", b"00003\r\nabc\r\n0\r\n\r\n"]
)


@given(_CHUNKS, _ENDS, st.lists(st.integers(0, 2000), max_size=8))
def test_body_and_end_are_those_of_the_bytes_as_they_came(chunks: list[bytes], end: bytes, places: list[int]) -> None:
    data = HEAD + encode(chunks) + end
    assert read_with_h11(join(cut(data, places))) == read_with_h11([data])


@given(
    _CHUNKS, _ENDS, st.lists(st.integers(0, 2000), max_size=5), st.integers(0, 2000), st.binary(min_size=1, max_size=2)
)
def test_a_fault_stays_the_same_fault(
    chunks: list[bytes], end: bytes, places: list[int], at: int, wrong: bytes
) -> None:
    data = HEAD + encode(chunks) + end
    at %= len(data)
    data = data[:at] + wrong + data[at + len(wrong) :]
    assert read_with_h11(join(cut(data, places))) == read_with_h11([data])


def test_whole_chunks_of_one_read_become_one() -> None:
    assert join([HEAD + encode([b"a", b"bc", b"def"])]) == [HEAD + b"6\r\nabcdef\r\n"]


def test_every_cut_of_a_response_reads_the_same() -> None:
    data = HEAD + encode([b"data: a\n\n", b"x" * 17, b"\r\n"]) + b"0\r\n\r\n"
    whole = read_with_h11([data])
    for first in range(len(data)):
        assert read_with_h11(join(cut(data, [first]))) == whole
    assert read_with_h11(join([data[at : at + 1] for at in range(len(data))])) == whole


def test_chunks_are_joined_wherever_the_reads_before_were_cut() -> None:
    data = HEAD + encode([b"0123456789abcdef"])
    after = encode([b"a", b"b", b"c"])
    for place in range(1, len(data)):
        joined = join([data[:place], data[place:] + after])
        # The chunk that was cut may have taken the others into its frame.
        assert len(b"".join(joined)) < len(data + after)
        assert read_with_h11(joined) == read_with_h11([data + after])


def test_a_large_chunk_goes_on_as_it_comes() -> None:
    assert join([HEAD + b"a\r\n01234", b"567", b"89\r", b"\n2\r\nab\r\n"]) == [
        HEAD + b"a\r\n01234",
        b"567",
        b"89\r",
        b"\n2\r\nab\r\n",
    ]


@pytest.mark.parametrize(
    "head",
    [
        b"HTTP/1.1 200 OK\r\ncontent-length: 9\r\n\r\n",
        b"HTTP/1.1 200 OK\r\nx: transfer-encoding: chunked\r\n\r\n",
        b"HTTP/1.1 204 No Content\r\ntransfer-encoding: chunked\r\n\r\n",
        b"HTTP/1.1 101 Go On\r\ntransfer-encoding: chunked\r\n\r\n",
        b"nonsense\r\n\r\n",
    ],
)
def test_a_body_without_chunks_is_left_alone(head: bytes) -> None:
    body = b"1\r\na\r\n1\r\nb\r\n"
    assert join([head + body, body]) == [head + body, body]


def test_a_hint_before_the_head_is_not_the_head() -> None:
    hint = b"HTTP/1.1 103 Early Hints\r\nlink: x\r\n\r\n"
    assert join([hint, hint + HEAD + encode([b"a", b"b"])]) == [hint, hint + HEAD + b"2\r\nab\r\n"]


def test_the_next_response_of_a_connection_is_read_from_its_head_on() -> None:
    joiner = ChunkJoiner()
    for _ in range(2):
        joiner.begin()
        assert joiner.feed(HEAD + encode([b"a", b"b"]) + b"0\r\n\r\n") == HEAD + b"2\r\nab\r\n0\r\n\r\n"
    assert joiner.feed(encode([b"a", b"b"])) == encode([b"a", b"b"])


def test_a_head_without_end_is_not_kept() -> None:
    joiner = ChunkJoiner()
    joiner.begin()
    for _ in range(3):
        assert joiner.feed(b"x" * 50_000) == b"x" * 50_000
    assert joiner._head == b""
