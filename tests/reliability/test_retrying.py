"""R1 to R4: what is tried again, after which wait, and how often."""

from __future__ import annotations

import asyncio
import time
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from pathlib import Path

import pytest

from chatui.conversation.events import Event, Retrying
from chatui.conversation.failure import Failure, FailureKind
from chatui.conversation.message import Status
from chatui.engine.retry import plan_wait
from chatui.providers.base import RetrySettings
from chatui.providers.refusals import parse_retry_after
from tests.providers.work import GOOD
from tests.reliability.talk import Talk, talk
from tests.sse_server import Close, Recorded, Reset, Script, SSEServer, Stall, deltas, finish, refusal

NOW = datetime(2026, 11, 23, 12, 0, 0, tzinfo=UTC)


@pytest.mark.parametrize("status", [408, 409, 429, 500, 501, 502, 503, 504, 520, 529, 599])
async def test_r1_these_refusals_are_tried_again(server: SSEServer, tmp_path: Path, status: int) -> None:
    server.add(refusal(status, "Not now."), GOOD)
    async with talk(server, tmp_path) as here:
        reply = await here.ask()
    assert (reply.text, reply.attempts) == ("Hello", 2)
    assert here.retries[0].failure.status == status


@pytest.mark.parametrize("status", [400, 401, 402, 403, 404, 405, 406, 410, 411, 413, 414, 415, 418, 422, 431, 451])
async def test_r1_these_refusals_are_not(server: SSEServer, tmp_path: Path, status: int) -> None:
    server.add(refusal(status, "No."), GOOD)
    async with talk(server, tmp_path) as here:
        reply = await here.ask()
    assert (reply.status, reply.attempts, len(server.requests)) == (Status.FAILED, 1, 1)


@pytest.mark.parametrize(
    "trouble",
    [
        Script([Reset()], framing="raw"),
        Script([Close()], framing="raw"),
        Script([Reset()]),
        Script([b": alive\n\n", Close()]),
        Script([Stall()]),
        Script([Stall()], framing="raw"),
        Script([b'data: {"error":{"code":429,"message":"Slow down."}}\n\n']),
        Script([b'event: error\ndata: {"type":"error","error":{"type":"overloaded_error","message":"Busy"}}\n\n']),
    ],
    ids=["reset", "closed", "reset after the head", "cut after a keep-alive", "silence after the head", "silence",
         "429 in the stream", "overloaded in the stream"],
)  # fmt: skip
async def test_r1_trouble_before_the_first_content_is_tried_again(
    server: SSEServer, tmp_path: Path, trouble: Script
) -> None:
    server.add(trouble, GOOD)
    async with talk(server, tmp_path, idle_timeout=0.2) as here:
        reply = await here.ask()
    assert (reply.text, reply.attempts) == ("Hello", 2)


async def test_r1_no_connection_is_tried_again_and_told_in_the_end(server: SSEServer, tmp_path: Path) -> None:
    async with talk(server, tmp_path) as here:
        await server.stop()
        reply = await here.ask()
    assert (reply.status, reply.attempts) == (Status.FAILED, 4)
    assert reply.failure is not None
    assert reply.failure.kind is FailureKind.NETWORK
    assert "base_url in [providers.work]" in reply.failure.advice


async def test_r1_a_used_up_quota_is_not_tried_again(server: SSEServer, tmp_path: Path) -> None:
    body = b'{"error":{"message":"You exceeded your current quota.","code":"insufficient_quota"}}'
    server.add(Script([body], 429, {"content-type": "application/json"}), GOOD)
    async with talk(server, tmp_path) as here:
        reply = await here.ask()
    assert reply.attempts == len(server.requests) == 1


@pytest.mark.parametrize(("status", "word", "attempts"), [(400, "true", 2), (500, "false", 1), (429, "FALSE", 1)])
async def test_r1_the_server_has_the_last_word(
    server: SSEServer, tmp_path: Path, status: int, word: str, attempts: int
) -> None:
    server.add(refusal(status, "Hm.", x_should_retry=word), GOOD)
    async with talk(server, tmp_path) as here:
        assert (await here.ask()).attempts == attempts


async def test_r1_a_server_without_tls_is_not_tried_again(server: SSEServer, tmp_path: Path) -> None:
    async def answer_plainly(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.read(100)
        writer.write(b"HTTP/1.1 400 Bad Request\r\n\r\n")
        await writer.drain()
        writer.close()
        await writer.wait_closed()

    plain = await asyncio.start_server(answer_plainly, "127.0.0.1")
    url = f"https://127.0.0.1:{plain.sockets[0].getsockname()[1]}/v1"
    async with plain, talk(server, tmp_path, base_url=url) as here:
        reply = await here.ask()
    assert reply.attempts == 1
    assert reply.failure is not None
    assert "TLS" in reply.failure.message


def test_r2_the_wait_doubles_up_to_a_limit_and_varies_by_a_quarter() -> None:
    failure = Failure(FailureKind.SERVER, "", status=500)
    settings = RetrySettings(10, 1.0, 30.0)
    for share in (0.0, 0.5, 1.0):
        waits = [plan_wait(failure, retry, settings, lambda share=share: share) for retry in range(1, 8)]  # type: ignore[misc]  # bound early on purpose
        assert waits == [min(2.0**n, 30.0) * (0.75 + share / 4) for n in range(7)]


@pytest.mark.parametrize(
    ("headers", "seconds"),
    [
        ({"retry-after": "8"}, 8.0),
        ({"retry-after": "1.5"}, 1.5),
        ({"retry-after-ms": "250"}, 0.25),
        ({"retry-after-ms": "250", "retry-after": "9"}, 0.25),
        ({"retry-after-ms": "x", "retry-after": "9"}, 9.0),
        ({"retry-after": format_datetime(NOW + timedelta(seconds=20), usegmt=True)}, 20.0),
        ({"retry-after": "0"}, None),
        ({"retry-after": "-3"}, None),
        ({"retry-after": "soon"}, None),
        ({"retry-after": "nan"}, None),
        ({"retry-after": "inf"}, None),
        ({"retry-after": format_datetime(NOW - timedelta(seconds=20), usegmt=True)}, None),
        ({}, None),
    ],
)
def test_r2_every_form_of_retry_after_is_read(headers: dict[str, str], seconds: float | None) -> None:
    assert parse_retry_after(headers, NOW) == seconds


def test_r2_a_date_is_taken_against_the_servers_clock_where_ours_is_wrong() -> None:
    until = format_datetime(NOW + timedelta(seconds=20), usegmt=True)
    date = format_datetime(NOW, usegmt=True)
    for here in (NOW + timedelta(days=1), NOW - timedelta(hours=1)):
        assert parse_retry_after({"retry-after": until, "date": date}, here) == 20
    assert parse_retry_after({"retry-after": until, "date": date}, NOW + timedelta(seconds=0.5)) == 19.5


@pytest.mark.parametrize("asked", [0.01, 1.0, 8.0, 60.0])
def test_r2_a_wait_that_is_asked_for_is_kept_and_not_overdone(asked: float) -> None:
    failure = Failure(FailureKind.RATE_LIMIT, "", status=429, retry_after=asked)
    for share in (0.0, 1.0):
        wait = plan_wait(failure, 1, RetrySettings(), lambda share=share: share)  # type: ignore[misc]  # as above
        assert wait is not None
        assert asked <= wait <= asked + 1


async def test_r2_googles_own_word_for_it_is_read_where_there_is_no_header(server: SSEServer, tmp_path: Path) -> None:
    info = '{"error":{"code":429,"message":"Slow.","details":[{"@type":"RetryInfo","retryDelay":"34.5s"}]}}'
    json_type = {"content-type": "application/json"}
    for headers, asked in ((json_type, 34.5), (json_type | {"retry-after": "7"}, 7.0)):
        server.add(Script([info.encode()], 429, headers, framing="length"))
        async with talk(server, tmp_path / str(asked), max_retries=0) as here:
            reply = await here.ask()
        assert reply.failure is not None
        assert reply.failure.retry_after == asked


async def test_r2_a_request_never_comes_back_earlier_than_asked(server: SSEServer, tmp_path: Path) -> None:
    left: list[float] = []

    def answer(request: Recorded) -> Script:
        left.append(time.monotonic())
        return refusal(429, "Slow.", retry_after_ms="300") if len(left) == 1 else GOOD

    async with SSEServer(answer) as slow, talk(slow, tmp_path) as here:
        assert (await here.ask()).text == "Hello"
    assert left[1] - left[0] >= 0.3
    # At most a second later, and what a busy machine takes for the request itself.
    assert here.retries[0].wait <= 1.3


async def test_r2_more_than_a_minute_is_not_waited_for_but_told(server: SSEServer, tmp_path: Path) -> None:
    server.add(refusal(429, "Later.", retry_after="600"), GOOD)
    async with talk(server, tmp_path) as here:
        reply = await here.ask()
    assert reply.attempts == len(server.requests) == 1
    assert reply.failure is not None
    assert "10 min" in reply.failure.advice


def _end_waits(here: Talk) -> None:
    """Let no wait last: the test looks at what was planned."""
    here.live.retry_now()


async def test_r3_four_attempts_by_default_all_with_the_same_body(server: SSEServer, tmp_path: Path) -> None:
    server.add(*[refusal(503, "Busy.", retry_after="8")] * 5)
    async with talk(server, tmp_path) as here:
        # The wait begins after its event: it is ended in the next turn of the loop.
        loop = asyncio.get_running_loop()

        def react(event: Event) -> None:
            if isinstance(event, Retrying):
                loop.call_later(0.01, _end_waits, here)

        reply = await here.ask(react=react)
    assert (reply.status, reply.attempts, len(server.requests)) == (Status.FAILED, 4, 4)
    assert len({request.body for request in server.requests}) == 1
    assert [8 <= event.wait <= 9 for event in here.retries] == [True] * 3


@pytest.mark.parametrize("most", [0, 1, 10])
async def test_r3_the_number_of_retries_is_a_setting(server: SSEServer, tmp_path: Path, most: int) -> None:
    server.add(*[refusal(500)] * 12)
    async with talk(server, tmp_path, max_retries=most) as here:
        assert (await here.ask()).attempts == len(server.requests) == most + 1


async def test_r3_a_stop_ends_a_wait_at_once(server: SSEServer, tmp_path: Path) -> None:
    server.add(refusal(503, "Busy.", retry_after="50"))
    async with talk(server, tmp_path) as here:
        loop = asyncio.get_running_loop()
        began = time.monotonic()

        def react(event: Event) -> None:
            if isinstance(event, Retrying):
                loop.call_later(0.01, here.live.stop)

        reply = await here.ask(react=react)
    assert time.monotonic() - began < 0.5
    assert reply.status is Status.CANCELLED


async def test_r3_what_each_attempt_came_to_is_kept_with_the_reply(server: SSEServer, tmp_path: Path) -> None:
    server.add(refusal(429, "Slow down."), Script([Reset()], framing="raw"), GOOD)
    async with talk(server, tmp_path) as here:
        reply = await here.ask()
        assert (reply.text, reply.attempts) == ("Hello", 3)
        assert [(retry.kind, retry.status) for retry in reply.retries] == [
            (FailureKind.RATE_LIMIT, 429),
            (FailureKind.NETWORK, None),
        ]
        assert reply.retries[0].message == "work (127.0.0.1) answered 429: Slow down."
        assert here.saved["attempts"] == 3
        assert here.saved["retries"] == [
            {"kind": "rate_limit", "status": 429, "message": reply.retries[0].message, "wait": 0.0},
            {"kind": "network", "message": reply.retries[1].message, "wait": 0.0},
        ]
        await here.live.aclose()
        assert await here.reopened() == reply


async def test_r4_the_attempts_of_all_parts_are_kept(server: SSEServer, tmp_path: Path) -> None:
    cut = Script([deltas("One "), Reset()])
    server.add(refusal(503, "Busy."), cut, refusal(500, "Oops."), Script([deltas("two."), finish()]))
    async with talk(server, tmp_path) as here:
        await here.ask()
        reply = await here.go_on()
        assert (reply.text, reply.attempts) == ("One two.", 4)
        assert [retry.status for retry in reply.retries] == [503, 500]
        assert [[retry.status for retry in part.retries] for part in reply.parts] == [[503], [500]]
        await here.live.aclose()
        assert await here.reopened() == reply


async def test_r4_after_the_first_content_nothing_is_tried_again_by_itself(server: SSEServer, tmp_path: Path) -> None:
    server.add(Script([deltas("One ", "two "), Reset()]), Script([deltas("three."), finish()]))
    async with talk(server, tmp_path) as here:
        reply = await here.ask()
        assert (reply.status, reply.text, reply.attempts) == (Status.INTERRUPTED, "One two ", 1)
        assert here.saved["text"] == "One two "
        assert len(server.requests) == 1
        whole = await here.go_on()
        assert (whole.id, whole.text) == (reply.id, "One two three.")
        assert here.saved["text"] == "One two three."
