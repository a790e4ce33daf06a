"""A wall clock that jumps: order goes by sequence, waits by the monotonic clock, ids do not collide."""

from __future__ import annotations

import itertools
import secrets
from collections.abc import Iterator
from datetime import UTC, datetime

import pytest

from chatui.conversation.session import Session, SessionHeader, make_session_id
from chatui.engine.live_session import LiveSession
from chatui.engine.recorder import Recorder
from chatui.storage.session_file import SessionFile
from chatui.storage.session_names import is_session_id
from tests.engine.conftest import SetStage
from tests.engine.fake_provider import CUT, say
from tests.engine.stage import collect, messages_of

YEARS = (2026, 1971, 2099, 2026)


def _times() -> Iterator[datetime]:
    while True:
        yield from (datetime(year, 11, 23, 10, 42, 33, tzinfo=UTC) for year in YEARS)


async def test_messages_stay_in_the_order_in_which_they_came(set_stage: SetStage) -> None:
    stage = set_stage(say("a"), say("b"), [*say("cut")[:1], CUT], say("cut short"))
    times = _times()
    header = SessionHeader("19711123-104233-k3f9", next(times))
    path = stage.shelf.new_session_path(header.id)
    recorder = Recorder(SessionFile.create(path, header), stage.checkpoint, stage.shelf.lock(header.id))
    live = LiveSession(
        Session(header), recorder, stage.roster, "fake/one", stage.clock, lambda: next(times), lambda: 1.0
    )
    for prompt in ("1", "2", "3"):
        await collect(live.send(prompt))
    await collect(live.continue_reply())
    texts = ["1", "a", "2", "b", "3", "cut short"]
    assert [message.text for message in messages_of(live)] == texts
    timings = [message.timing for message in messages_of(live) if message.timing is not None]
    assert all(timing.total == 0 for timing in timings)
    await live.aclose()
    again = stage.open(header.id)
    assert [message.text for message in messages_of(again)] == texts
    assert [summary.id for summary in await stage.sessions.list()] == [header.id]


def test_ids_of_one_second_differ_and_odd_years_make_ids_too() -> None:
    for year in YEARS:
        moment = datetime(year, 1, 1, tzinfo=UTC)
        ids = {make_session_id(moment) for _ in range(50)}
        assert len(ids) > 45
        assert all(map(is_session_id, ids))


async def test_two_that_begin_in_the_same_second_with_the_same_luck_are_two(
    set_stage: SetStage, monkeypatch: pytest.MonkeyPatch
) -> None:
    stage = set_stage(say("x"))
    letters = itertools.cycle("aaaaaaaabbbbaaaabbbbccccaaaadddd")
    monkeypatch.setattr(secrets, "choice", lambda _: next(letters))
    first = stage.sessions.make()
    # Neither is on the disk yet: what tells them apart is the lock that the first one holds.
    second = stage.sessions.make()
    for live in (first, second):
        await collect(live.send(live.header.id))
        await live.aclose()
    third = stage.sessions.make()
    copy = await stage.sessions.fork(first.header.id)
    assert [live.header.id[-4:] for live in (first, second, third)] == ["aaaa", "bbbb", "cccc"]
    assert copy[-4:] == "dddd"
    assert len(await stage.sessions.list()) == 3
    await third.aclose()
