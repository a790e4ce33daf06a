"""One answer read to its end, over a source of bytes that the test holds."""

from __future__ import annotations

from contextlib import aclosing

import pytest

from chatui.conversation.events import Alive, Ended, ReplyEvent, TextDelta, UsageReported
from chatui.conversation.failure import Failure, FailureKind
from chatui.conversation.usage import Usage
from chatui.providers.address import parse_base_url
from chatui.providers.errors import TransportFailure
from chatui.providers.quirks import Quirks
from chatui.providers.refusals import Asked
from chatui.providers.reply_reader import Patience, read_reply
from tests.cutting import cut
from tests.providers.fake_time import FakeTime
from tests.sse_server import delta, deltas, event, finish

ASKED = Asked(Quirks("acme", "Acme"), parse_base_url("https://acme.example"), url_setting="CHATUI_BASE_URL")
RESET = Failure(FailureKind.NETWORK, "reset", advice="again")
STOP = event({"choices": [{"delta": {}, "finish_reason": "stop"}]})


class Source:
    """Gives pieces; a number is so many seconds of silence, a failure ends it, and after the last piece is silence."""

    status = 200

    def __init__(self, time: FakeTime, *pieces: bytes | float | Failure, is_endless: bool = False) -> None:
        self.time = time
        self.pieces = list(pieces)
        self.is_endless = is_endless
        self.waits: list[float | None] = []

    async def read(self, seconds: float | None) -> bytes:
        self.waits.append(seconds)
        assert seconds is not None
        left = seconds
        while True:
            piece = self.pieces.pop(0) if self.pieces else (1e9 if self.is_endless else b"")
            if isinstance(piece, Failure):
                raise TransportFailure(piece)
            if isinstance(piece, bytes):
                return piece
            if piece >= left:
                self.time.now += left
                raise TransportFailure(Failure(FailureKind.TIMEOUT, "silence"))
            self.time.now += piece
            left -= piece


async def read(*pieces: bytes | float | Failure, is_endless: bool = False, limit: int = 10**6) -> list[ReplyEvent]:
    time = FakeTime()
    source = Source(time, *pieces, is_endless=is_endless)
    events = read_reply(source, ASKED, Patience(120), max_event_bytes=limit, clock=time.clock)
    async with aclosing(events):
        return [event async for event in events]


def text_of(events: list[ReplyEvent]) -> str:
    return "".join(event.text for event in events if isinstance(event, TextDelta))


def end_of(events: list[ReplyEvent]) -> Ended:
    assert isinstance(events[-1], Ended)
    return events[-1]


async def test_a_reply_is_read_whatever_its_cutting() -> None:
    body = deltas("Hel", "lö 🙂") + finish(usage={"prompt_tokens": 1, "completion_tokens": 2})
    for pieces in ([body], cut(body), cut(body, 3, 50)):
        events = await read(*pieces)
        assert text_of(events) == "Hellö 🙂"
        assert UsageReported(Usage(1, 2)) in events
        assert end_of(events) == Ended("stop")


async def test_a_reset_in_mid_reply_keeps_the_text_and_is_told() -> None:
    events = await read(deltas("a"), RESET)
    assert (text_of(events), end_of(events)) == ("a", Ended(None, RESET, interrupted=True))


async def test_a_reset_before_any_byte_is_what_is_told() -> None:
    assert await read(RESET) == [Ended(None, RESET, interrupted=True)]


async def test_silence_is_told_with_its_setting() -> None:
    ended = end_of(await read(deltas("a"), is_endless=True))
    assert ended.interrupted
    assert ended.failure is not None
    assert ended.failure.kind is FailureKind.TIMEOUT
    assert "idle_timeout in [providers.acme]" in ended.failure.advice


async def test_a_stream_that_ends_in_the_middle_of_an_event_is_interrupted() -> None:
    events = await read(deltas("a") + b'data: {"choices":[{"del')
    assert text_of(events) == "a"
    assert end_of(events).interrupted


async def test_an_unterminated_last_event_counts() -> None:
    assert end_of(await read(deltas("a") + STOP.rstrip())) == Ended("stop")


async def test_keep_alives_are_told_at_most_once_a_second() -> None:
    pings: list[bytes | float | Failure] = [b": ping\n\n", 0.3] * 10
    assert (await read(*pings, deltas("a"), finish())).count(Alive()) == 3


async def test_a_chunk_with_text_is_no_keep_alive() -> None:
    assert Alive() not in await read(deltas("a"), deltas("b"), finish() + deltas("c"))


async def test_after_a_finish_reason_usage_is_waited_for_but_not_for_ever() -> None:
    late_usage = event({"choices": [], "usage": {"prompt_tokens": 1, "completion_tokens": 2}})
    events = await read(deltas("a"), STOP, 4.0, late_usage, is_endless=True)
    assert UsageReported(Usage(1, 2)) in events
    assert end_of(events) == Ended("stop")
    pings: list[bytes | float | Failure] = [1.0, b": ping\n\n"] * 20
    assert end_of(await read(deltas("a"), STOP, *pings, late_usage)) == Ended("stop")
    assert UsageReported(Usage(1, 2)) not in await read(deltas("a"), STOP, *pings, late_usage)


async def test_after_done_the_body_is_read_on_for_a_moment_and_nothing_of_it_shown() -> None:
    events = await read(deltas("a"), finish(), 0.1, deltas("b"), 0.1, deltas("c"), 0.1, deltas("d"), is_endless=True)
    assert (text_of(events), end_of(events)) == ("a", Ended("stop"))


async def test_a_server_that_never_stops_after_done_is_left() -> None:
    time = FakeTime()
    usages = [event({"usage": {"prompt_tokens": n}}) for n in range(1, 100)]
    source = Source(time, deltas("a") + finish(), *usages)
    seen: list[ReplyEvent] = []
    async with aclosing(read_reply(source, ASKED, Patience(120), clock=time.clock)) as events:
        async for each in events:
            time.now += 0.1
            seen.append(each)
    assert end_of(seen) == Ended("stop")
    assert len(seen) < 10


async def test_an_error_ends_the_reading_and_keeps_the_text() -> None:
    events = await read(deltas("a"), event({"error": {"message": "boom", "code": 502}}), is_endless=True)
    assert text_of(events) == "a"
    failure = end_of(events).failure
    assert failure is not None
    assert (failure.kind, failure.status) == (FailureKind.SERVER, 502)
    assert failure.message == "Acme reported an error: boom"


@pytest.mark.parametrize("blank", [b"", b"\n \n", b"\xef\xbb\xbf"])
async def test_a_whole_completion_is_taken_as_the_reply(blank: bytes) -> None:
    completion = b'{"choices":[{"message":{"content":"all"},"finish_reason":"stop"}],"usage":{"prompt_tokens":1}}'
    for pieces in ([blank + completion], cut(blank + completion)):
        events = await read(*pieces)
        assert (text_of(events), end_of(events)) == ("all", Ended("stop"))
        assert UsageReported(Usage(1)) in events


async def test_an_error_as_json_is_told() -> None:
    for content in (b'{"error":{"message":"boom"}}', b'[{"error":"boom"}]', b'{"detail":"boom"}'):
        failure = end_of(await read(content)).failure
        assert failure is not None
        assert failure.message == "Acme reported an error: boom"


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", "an empty body"),
        (b"  \n", "an empty body"),
        (b"<html><title>Hi</title></html>", "a web page: “Hi”"),
        (b"<html>" + b"x" * 100_000, "a web page"),
        (b'{"ok":true}', '{"ok":true}'),
        (b"Internal Server Error\n", "Internal Server Error"),
    ],
)
async def test_what_is_no_reply_hints_at_the_address(content: bytes, words: str) -> None:
    for pieces in ([content], cut(content, 5000)):
        ended = end_of(await read(*pieces))
        assert ended.failure is not None
        assert ended.failure.kind is FailureKind.PROTOCOL
        assert words in ended.failure.message
        assert "CHATUI_BASE_URL" in ended.failure.advice


async def test_an_endless_page_is_not_read_to_its_end() -> None:
    time = FakeTime()
    source = Source(time, *([b"<html>" + b"x" * 10_000] * 100))
    async with aclosing(read_reply(source, ASKED, Patience(120), clock=time.clock)) as events:
        assert isinstance([event async for event in events][-1], Ended)
    assert len(source.pieces) > 80


async def test_half_a_json_body_is_told_as_unreadable() -> None:
    ended = end_of(await read(b'{"choices":[{"mess'))
    assert ended.failure is not None
    assert ended.failure.kind is FailureKind.PROTOCOL


@pytest.mark.parametrize("start", [b"data: ", b": ", b"{", b"["])
async def test_an_endless_line_is_cut_off_and_told(start: bytes) -> None:
    events = await read(deltas("a") if start.endswith(b" ") else b"", *[start, *[b"x" * 400] * 10], limit=2**10)
    failure = end_of(events).failure
    assert failure is not None
    assert failure.kind is FailureKind.PROTOCOL


async def test_comments_alone_and_then_the_end_are_an_interruption() -> None:
    ended = end_of(await read(b": one\n\n", b": two\n\n"))
    assert ended.interrupted
    assert ended.failure is not None
    assert ended.failure.kind is FailureKind.NETWORK


async def test_text_that_is_held_back_comes_before_the_end() -> None:
    events = await read(delta(content="<thi") + finish())
    assert (text_of(events), end_of(events)) == ("<thi", Ended("stop"))
