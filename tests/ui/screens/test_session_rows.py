from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, timezone

import pytest

from chatui.ui.screens.session_rows import SESSION_HEADINGS, name_age, name_day, session_rows

NOW = datetime(2026, 11, 23, 18, 0, tzinfo=UTC)


@dataclass(frozen=True)
class _Session:
    id: str = "20261123-104233-k3f9"
    title: str = "Explain SSE"
    model: str = "openrouter/lab/big-1"
    modified: datetime = NOW - timedelta(minutes=3)
    messages: int | None = 12
    first_words: str = "What is SSE?"
    problem: str | None = None


@pytest.mark.parametrize(
    ("ago", "text"),
    [
        (timedelta(seconds=5), "now"),
        (timedelta(minutes=3, seconds=59), "3 min"),
        (timedelta(hours=23), "23 h"),
        (timedelta(days=2), "2 d"),
        (timedelta(days=20), "3 Nov"),
        (timedelta(days=400), "19 Oct 2025"),
        (timedelta(seconds=-30), "now"),
        (timedelta(days=-30), "23 Dec"),
    ],
)
def test_an_age_is_told_in_a_few_letters(ago: timedelta, text: str) -> None:
    assert name_age(NOW - ago, NOW) == text


@pytest.mark.parametrize(
    ("ago", "text"),
    [
        (timedelta(hours=1), "today"),
        (timedelta(days=-3), "today"),
        (timedelta(hours=20), "yesterday"),
        (timedelta(days=6), "last 7 days"),
        (timedelta(days=7), "November"),
        (timedelta(days=400), "2025"),
    ],
)
def test_sessions_are_grouped_by_day_month_and_year(ago: timedelta, text: str) -> None:
    assert name_day(NOW - ago, NOW) == text


def test_the_day_is_the_readers_day() -> None:
    here = NOW.astimezone(timezone(timedelta(hours=9)))
    assert name_day(datetime(2026, 11, 23, 14, 59, tzinfo=UTC), here) == "yesterday"
    assert name_day(datetime(2026, 11, 23, 15, 1, tzinfo=UTC), here) == "today"


@pytest.mark.parametrize("hours", [-12, 0, 14])
def test_a_time_nobody_knows_is_only_old(hours: int) -> None:
    here = NOW.astimezone(timezone(timedelta(hours=hours)))
    for then in (datetime.fromtimestamp(0, UTC), datetime.min.replace(tzinfo=UTC), datetime.max.replace(tzinfo=UTC)):
        (row,) = session_rows([_Session(modified=then)], here)
        assert row.cells[1]


def test_a_session_shows_title_age_model_and_messages() -> None:
    (row,) = session_rows([_Session()], NOW, current="20261123-104233-k3f9")
    assert row.cells == ("Explain SSE", "3 min", "big-1", "12")
    assert len(row.cells) == len(SESSION_HEADINGS)
    assert row.mark == "●"
    assert row.aside == "What is SSE?"
    assert row.detail == "What is SSE? · openrouter/lab/big-1"
    assert row.key in row.search


def test_first_words_that_are_the_title_are_not_said_twice() -> None:
    (row,) = session_rows([_Session(title="What is…")], NOW)
    assert row.aside == ""
    assert row.mark == ""


def test_a_session_without_a_title_is_named_by_its_first_words_or_its_id() -> None:
    words, bare = session_rows([_Session(title=""), _Session(title="", first_words="", messages=None)], NOW)
    assert words.cells[0] == "What is SSE?"
    assert bare.cells == ("20261123-104233-k3f9", "3 min", "big-1", "")


def test_a_damaged_session_tells_its_problem() -> None:
    (row,) = session_rows([_Session(problem="line 12 is not TOML")], NOW)
    assert row.problem == "line 12 is not TOML"
