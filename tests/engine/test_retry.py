"""The retry policy."""

from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chatui.conversation.failure import Failure, FailureKind
from chatui.engine.retry import LONGEST_OBEYED_WAIT, is_retriable, plan_wait, tell_long_wait
from chatui.providers.base import RetrySettings

SETTINGS = RetrySettings(max_retries=10, initial_backoff=1.0, max_backoff=30.0)


def _status(status: int, kind: FailureKind = FailureKind.BAD_REQUEST) -> Failure:
    return Failure(kind, "x", status=status)


@pytest.mark.parametrize("status", [408, 409, 429, 500, 502, 503, 504, 529, 599])
def test_statuses_that_pass_are_tried_again(status: int) -> None:
    assert is_retriable(_status(status))


@pytest.mark.parametrize("status", [400, 401, 402, 403, 404, 413, 422, 451])
def test_other_refusals_are_not(status: int) -> None:
    assert not is_retriable(_status(status, FailureKind.RATE_LIMIT))


@pytest.mark.parametrize(
    ("kind", "is_tried_again"),
    [
        (FailureKind.NETWORK, True),
        (FailureKind.TIMEOUT, True),
        (FailureKind.RATE_LIMIT, True),
        (FailureKind.OVERLOADED, True),
        (FailureKind.SERVER, True),
        (FailureKind.PROTOCOL, False),
        (FailureKind.CONFIGURATION, False),
        (FailureKind.CONTENT_FILTER, False),
        (FailureKind.QUOTA, False),
    ],
)
@pytest.mark.parametrize("status", [None, 200])
def test_without_a_refusing_status_the_kind_decides(
    kind: FailureKind, is_tried_again: bool, status: int | None
) -> None:
    assert is_retriable(Failure(kind, "x", status=status)) is is_tried_again


def test_a_used_up_quota_is_not_tried_again_whatever_its_status() -> None:
    assert not is_retriable(_status(429, FailureKind.QUOTA))


@pytest.mark.parametrize("said", [True, False])
@pytest.mark.parametrize("status", [400, 429, 503])
def test_what_the_server_says_of_retrying_wins(status: int, said: bool) -> None:
    assert is_retriable(Failure(FailureKind.QUOTA, "x", status=status, may_retry=said)) is said


@pytest.mark.parametrize(
    ("retry", "shortest", "longest"), [(1, 0.75, 1.0), (2, 1.5, 2.0), (3, 3.0, 4.0), (6, 22.5, 30.0), (10, 22.5, 30.0)]
)
def test_waits_double_up_to_the_longest(retry: int, shortest: float, longest: float) -> None:
    assert plan_wait(_status(503), retry, SETTINGS, lambda: 0.0) == shortest
    assert plan_wait(_status(503), retry, SETTINGS, lambda: 1.0) == longest


def test_after_the_last_retry_there_is_no_other() -> None:
    assert plan_wait(_status(503), 3, RetrySettings(max_retries=3), lambda: 1.0) is not None
    assert plan_wait(_status(503), 4, RetrySettings(max_retries=3), lambda: 1.0) is None
    assert plan_wait(_status(503), 1, RetrySettings(max_retries=0), lambda: 1.0) is None


def test_what_is_not_tried_again_has_no_wait() -> None:
    assert plan_wait(_status(401), 1, SETTINGS, lambda: 1.0) is None


@given(st.floats(0, LONGEST_OBEYED_WAIT, exclude_min=True), st.floats(0, 1))
def test_a_wait_that_the_server_asks_for_is_obeyed(asked: float, chance: float) -> None:
    wait = plan_wait(Failure(FailureKind.RATE_LIMIT, "x", retry_after=asked), 1, SETTINGS, lambda: chance)
    assert wait is not None
    assert asked <= wait <= asked + 1.0


@pytest.mark.parametrize("asked", [60.001, 3600.0, math.inf])
def test_more_than_a_minute_is_not_waited_for(asked: float) -> None:
    assert plan_wait(Failure(FailureKind.RATE_LIMIT, "x", retry_after=asked), 1, SETTINGS, lambda: 1.0) is None


@pytest.mark.parametrize("asked", [0.0, -5.0, math.nan, -math.inf])
def test_a_wait_that_makes_no_sense_is_ours(asked: float) -> None:
    assert plan_wait(Failure(FailureKind.RATE_LIMIT, "x", retry_after=asked), 1, SETTINGS, lambda: 1.0) == 1.0


@pytest.mark.parametrize(
    ("seconds", "said"),
    [
        (61.0, "61 s"),
        (119.2, "120 s"),
        (600.0, "10 min"),
        (601.0, "11 min"),
        (7200.0, "2 h"),
        (12_000.0, "3 h 20 min"),
        (200_000.0, "3 days"),
    ],
)
def test_a_long_wait_is_told_as_people_say_it(seconds: float, said: str) -> None:
    failure = Failure(FailureKind.RATE_LIMIT, "x", status=429, retry_after=seconds)
    assert said in tell_long_wait(failure).advice


def test_where_nothing_is_waited_for_nothing_is_told_of_it() -> None:
    for failure in (_status(429), _status(400), Failure(FailureKind.QUOTA, "x", status=429, retry_after=600.0)):
        assert tell_long_wait(failure) is failure
