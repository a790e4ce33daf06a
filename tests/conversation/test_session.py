"""Ids of sessions."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta

from chatui.conversation.session import Session, SessionHeader, make_session_id

CREATED = datetime(2026, 11, 23, 10, 42, 33, 999_999, tzinfo=UTC)


def test_an_id_is_the_time_and_four_letters() -> None:
    assert re.fullmatch(r"20261123-104233-[0-9a-hjkmnp-tv-z]{4}", make_session_id(CREATED))


def test_sessions_of_the_same_second_differ() -> None:
    # 2 of 20 alike among 2^20: once in 5,500 runs; 10 of 20 never.
    assert len({make_session_id(CREATED) for _ in range(20)}) > 10


def test_ids_sort_by_time() -> None:
    moments = [CREATED + timedelta(days=days, seconds=days) for days in range(-400, 400, 7)]
    ids = [make_session_id(moment) for moment in moments]
    assert sorted(ids) == ids


def test_a_new_session_has_an_empty_conversation_of_its_own() -> None:
    header = SessionHeader("20261123-104233-k3f9", CREATED)
    one, other = Session(header), Session(header)
    assert len(one.conversation) == 0
    assert one.conversation is not other.conversation
