"""The event stream decoder, rule by rule (WHATWG HTML 9.2.6), and under every cutting."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from chatui.providers.sse import ServerEvent, SSEDecoder
from tests.cutting import cut


def decode(*chunks: bytes) -> list[ServerEvent]:
    decoder = SSEDecoder()
    events = [event for chunk in chunks for event in decoder.feed(chunk)]
    return events + decoder.close()


def data_of(body: bytes) -> list[str]:
    return [event.data for event in decode(body)]


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        pytest.param(b"data: a\n\ndata: b\n\n", ["a", "b"], id="a blank line ends an event"),
        pytest.param(b"data: a\r\n\r\ndata: b\r\n\r\n", ["a", "b"], id="CR LF ends a line"),
        pytest.param(b"data: a\r\rdata: b\r\r", ["a", "b"], id="CR ends a line"),
        pytest.param(b"data: a\r\n\ndata: b\n\r\n", ["a", "b"], id="line ends may be mixed"),
        pytest.param(b"data: YHOO\ndata: +2\ndata: 10\n\n", ["YHOO\n+2\n10"], id="data lines are joined by LF"),
        pytest.param(b"data\n\ndata\ndata\n\ndata:", ["", "\n", ""], id="a field without colon has an empty value"),
        pytest.param(b"data:test\n\ndata: test\n\n", ["test", "test"], id="one space after the colon goes"),
        pytest.param(b"data:  two\n\n", [" two"], id="only one space goes"),
        pytest.param(b": note\n\n:\n\ndata: a\n\n", ["a"], id="comments are no events"),
        pytest.param(b"id: 1\nretry: 5\n\nevent: x\n\ndata: a\n\n", ["a"], id="an event without data is none"),
        pytest.param(b"foo: bar\nDATA: no\n\ndata: a\n\n", ["a"], id="unknown fields mean nothing"),
        pytest.param(b"\xef\xbb\xbfdata: a\n\n", ["a"], id="a leading byte order mark goes"),
        pytest.param(b"\xef\xbb\xbf\xef\xbb\xbfdata: a\n\n", [], id="only one byte order mark goes"),
        pytest.param(
            "data: a\u2028b\x0bc\x85d\x1ce\n\n".encode(), ["a\u2028b\x0bc\x85d\x1ce"], id="nothing else ends a line"
        ),
        pytest.param(b"data: a\xffb\n\n", ["a\ufffdb"], id="bad bytes become U+FFFD"),
        pytest.param(b"data: \xf0\x9f\x99\n\n", ["\ufffd"], id="half a character becomes U+FFFD"),
        pytest.param(b"data: a", ["a"], id="the last line may lack its end"),
        pytest.param(b"data: a\n", ["a"], id="the last event may lack its end"),
        pytest.param(b"\n\n\r\n", [], id="blank lines alone are nothing"),
        pytest.param(b"", [], id="nothing is nothing"),
    ],
)
def test_the_data_of_a_stream(body: bytes, expected: list[str]) -> None:
    assert data_of(body) == expected
    assert [event.data for event in decode(*cut(body))] == expected


def test_an_event_has_its_type_and_the_next_one_is_a_message_again() -> None:
    assert decode(b"event: error\ndata: a\n\ndata: b\n\n") == [ServerEvent("error", "a"), ServerEvent("message", "b")]


def test_comments_are_counted() -> None:
    decoder = SSEDecoder()
    decoder.feed(b": one\n\n:\n: three\n")
    assert decoder.comments == 3


def test_cr_and_lf_in_two_chunks_end_one_line() -> None:
    assert [event.data for event in decode(b"data: a\r", b"\ndata: b\r", b"", b"\n\r", b"\n")] == ["a\nb"]


def test_an_event_is_given_at_its_cr_without_waiting_for_an_lf() -> None:
    assert SSEDecoder().feed(b"data: a\r\r") == [ServerEvent("message", "a")]


@pytest.mark.parametrize(
    "body",
    [
        pytest.param(b"data: " + b"x" * 200, id="a line without end"),
        pytest.param(b"data: " + b"x" * 200 + b"\n\n", id="a line that is too long"),
        pytest.param(b"data: x\n" * 50, id="an event without end"),
        pytest.param(b": " + b"x" * 200, id="a comment without end"),
    ],
)
@pytest.mark.parametrize("size", [1, 7, 1000])
def test_what_is_too_long_is_dropped_and_flagged(body: bytes, size: int) -> None:
    decoder = SSEDecoder(max_event_bytes=100)
    events = [event for chunk in cut(body, size) for event in decoder.feed(chunk)]
    assert decoder.overflow
    assert events + decoder.feed(b"\n\ndata: later\n\n") + decoder.close() == []


def test_what_came_before_an_overflow_is_kept() -> None:
    decoder = SSEDecoder(max_event_bytes=100)
    assert decoder.feed(b"data: a\n\ndata: " + b"x" * 200) == [ServerEvent("message", "a")]
    assert decoder.overflow


_LINE = st.sampled_from(
    [b"data: a", b"data:", b"data", b": c", b"event: e", b"data: \xc3\xa4\xf0\x9f\x99\x82", b"\xff", b"", b"id: 1"]
)
_END = st.sampled_from([b"\n", b"\r\n", b"\r"])


@settings(max_examples=100, deadline=None)
@given(
    lines=st.lists(st.tuples(_LINE, _END), max_size=12),
    tail=_LINE,
    sizes=st.lists(st.integers(1, 9), min_size=1, max_size=6),
)
def test_the_result_does_not_depend_on_the_cutting(
    lines: list[tuple[bytes, bytes]], tail: bytes, sizes: list[int]
) -> None:
    body = b"".join(line + end for line, end in lines) + tail
    assert decode(*cut(body, *sizes)) == decode(*cut(body)) == decode(body)


@settings(max_examples=100, deadline=None)
@given(st.binary(max_size=200), st.lists(st.integers(1, 9), min_size=1, max_size=6))
def test_any_bytes_are_taken_under_any_cutting(body: bytes, sizes: list[int]) -> None:
    assert decode(*cut(body, *sizes)) == decode(body)


def test_what_stands_between_the_events_is_kept_aside() -> None:
    decoder = SSEDecoder()
    assert decoder.feed(b'data: a\n\nfoo: bar\n{"error":\ndata: b\n"boom"}\nid: 1\nretry: 5\n') == [
        ServerEvent("message", "a")
    ]
    assert decoder.close() == [ServerEvent("message", "b")]
    assert decoder.stray == b'{"error":\n"boom"}\n'


@pytest.mark.parametrize("line", [b"error: no", b"<html>", b"{}"])
def test_an_error_of_a_gateway_is_kept_aside(line: bytes) -> None:
    decoder = SSEDecoder()
    assert decoder.feed(line + b"\n\n") == []
    assert decoder.stray == line + b"\n"


def test_no_more_of_it_is_kept_than_tells_what_it_is() -> None:
    decoder = SSEDecoder()
    decoder.feed(b"<" + b"x" * 100_000 + b"\n" + b"y: z\n" * 100_000)
    assert len(decoder.stray) < 20_000
