"""Odd streams of servers that exist, and of the standard: each comes to the outcome that is right, whatever the cut."""

from __future__ import annotations

import gzip
import random
from collections import Counter
from contextlib import aclosing
from pathlib import Path

import pytest

from chatui.conversation.events import Ended, ReasoningDelta, TextDelta
from chatui.conversation.failure import FailureKind
from chatui.conversation.message import Message, Status
from chatui.providers.address import parse_base_url
from chatui.providers.quirks import Quirks
from chatui.providers.refusals import Asked
from chatui.providers.reply_reader import Patience, read_reply
from tests.cutting import cut
from tests.providers.work import KEY
from tests.reliability.odd_streams import OddStream, load_streams
from tests.reliability.talk import talk
from tests.sse_server import SSEServer

STREAMS = load_streams()
_OUTCOMES = {
    Status.COMPLETE: "complete",
    Status.INTERRUPTED: "interrupted",
    Status.FAILED: "failed",
}
_every = pytest.mark.parametrize("odd", STREAMS, ids=lambda odd: f"{odd.rule}: {odd.name}")


def test_there_are_many_and_each_has_its_own_name() -> None:
    assert len(STREAMS) >= 150
    assert [name for name, times in Counter(odd.name for odd in STREAMS).items() if times > 1] == []


@_every
async def test_it_comes_to_the_right_end_and_is_saved(odd: OddStream, server: SSEServer, tmp_path: Path) -> None:
    server.add(odd.script([odd.body]))
    async with talk(server, tmp_path, max_retries=0) as here:
        reply = await here.ask()
        _check(odd, reply)
        saved = here.saved
        assert saved["text"] == reply.text
        assert saved["status"] == odd.outcome
        await here.live.aclose()
        assert await here.reopened() == reply


def _check(odd: OddStream, reply: Message) -> None:
    assert _OUTCOMES[reply.status] == odd.outcome, reply.failure
    assert (reply.text, reply.reasoning) == (odd.text, odd.reasoning)
    assert reply.finish_reason == odd.finish
    counted = reply.usage if reply.usage is not None and not reply.usage.estimated else None
    assert (None if counted is None else [counted.input, counted.output]) == odd.usage
    failure = reply.failure
    assert (None if failure is None else failure.kind.value) == odd.kind
    if failure is not None:
        assert odd.says in failure.message
        assert failure.advice
        if odd.rule == "S9" and reply.finish_reason is None and failure.kind is FailureKind.PROTOCOL:
            assert "base_url" in failure.advice
            assert len(f"{failure.message} → {failure.advice}") < 3 * 120
        assert failure.message.isprintable()
        assert len(failure.message) <= 500
        assert KEY not in failure.message + failure.advice
        assert "Traceback" not in failure.message
        assert "Error(" not in failure.message


class _Pieces:
    """A body in memory."""

    def __init__(self, status: int, pieces: list[bytes]) -> None:
        self.status = status
        self._pieces = iter(pieces)

    async def read(self, seconds: float | None) -> bytes:
        return next(self._pieces, b"")


_ASKED = Asked(Quirks("work", "work"), parse_base_url("http://127.0.0.1:1/v1"))


async def _read(odd: OddStream, pieces: list[bytes]) -> tuple[str, str, Ended]:
    text: list[str] = []
    reasoning: list[str] = []
    async with aclosing(read_reply(_Pieces(odd.status, pieces), _ASKED, Patience(60.0))) as events:
        async for event in events:
            if isinstance(event, TextDelta):
                text.append(event.text)
            elif isinstance(event, ReasoningDelta):
                reasoning.append(event.text)
            ended = event
    assert isinstance(ended, Ended)
    return "".join(text), "".join(reasoning), ended


@pytest.mark.parametrize(
    "odd",
    [odd for odd in STREAMS if odd.status == 200 and odd.end in ("end", "close")],
    ids=lambda odd: f"{odd.rule}: {odd.name}",
)
async def test_s1_the_cut_does_not_matter(odd: OddStream) -> None:
    whole = await _read(odd, [odd.body])
    chance = random.Random(odd.name)
    sizes = [chance.randint(1, 9) for _ in range(50)]
    assert whole[:2] == (odd.text, odd.reasoning)
    assert await _read(odd, cut(odd.body)) == whole
    assert await _read(odd, cut(odd.body, *sizes)) == whole


async def test_s1_gzip_does_not_matter(server: SSEServer, tmp_path: Path) -> None:
    chosen = [odd for odd in STREAMS if odd.status == 200 and odd.end == "end" and odd.body][::6]
    async with talk(server, tmp_path, max_retries=0) as here:
        for odd in chosen:
            headers = odd.headers | {"content-encoding": "gzip"}
            whole = OddStream(odd.name, odd.rule, odd.body, odd.outcome, headers=headers)
            server.add(whole.script(cut(gzip.compress(odd.body), 13)))
            _check(odd, await here.ask())
