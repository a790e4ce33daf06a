"""The figures of a reply."""

from __future__ import annotations

import pytest

from chatui.conversation.events import (
    Alive,
    Finished,
    ReasoningDelta,
    Retrying,
    Started,
    TextDelta,
    UsageReported,
)
from chatui.conversation.failure import Failure, FailureKind
from chatui.conversation.message import Message, Role, Status
from chatui.conversation.usage import Timing, Usage
from chatui.engine.stats import BUCKET_SECONDS, Phase, ReplyStats
from tests.engine.stage import NOW

STARTED = Started("m2", "m1", "fake/one", NOW)
RETRYING = Retrying(Failure(FailureKind.OVERLOADED, "Busy."), 1, 3, 8.0)
TEN_TOKENS = TextDelta("word" * 10)


def _finished(status: Status = Status.COMPLETE, usage: Usage | None = None) -> Finished:
    return Finished(Message("m2", Role.ASSISTANT, "x", NOW, status=status, usage=usage))


@pytest.fixture
def stats() -> ReplyStats:
    """Those of a reply asked for at second 100."""
    stats = ReplyStats()
    stats.observe(STARTED, 100.0)
    return stats


def test_before_a_reply_there_is_nothing() -> None:
    stats = ReplyStats()
    assert (stats.phase_at(5.0), stats.is_running) == (Phase.READY, False)
    assert stats.timing(5.0) == Timing(None, 0.0, None)
    assert (stats.speed(5.0), list(stats.speeds(5.0)), stats.quiet_seconds(50.0)) == (None, [], 0.0)


def test_the_phase_follows_the_events(stats: ReplyStats) -> None:
    assert (stats.phase_at(100.0), stats.is_running) == (Phase.WAITING, True)
    stats.observe(Alive(), 100.5)
    assert stats.phase_at(100.5) is Phase.WAITING
    stats.observe(ReasoningDelta("Hm"), 101.0)
    assert stats.phase_at(101.0) is Phase.THINKING
    stats.observe(TextDelta("So"), 102.0)
    assert stats.phase_at(102.0) is Phase.STREAMING


@pytest.mark.parametrize(
    ("status", "phase"),
    [
        (Status.COMPLETE, Phase.READY),
        (Status.INTERRUPTED, Phase.INTERRUPTED),
        (Status.CANCELLED, Phase.STOPPED),
        (Status.FAILED, Phase.FAILED),
    ],
)
def test_the_end_decides_the_last_phase(stats: ReplyStats, status: Status, phase: Phase) -> None:
    stats.observe(_finished(status), 101.0)
    assert (stats.phase_at(101.0), stats.is_running) == (phase, False)


def test_a_retry_counts_down_and_then_waits_again(stats: ReplyStats) -> None:
    stats.observe(RETRYING, 101.0)
    assert (stats.phase_at(108.9), stats.retry_at, stats.retrying) == (Phase.RETRYING, 109.0, RETRYING)
    assert stats.phase_at(109.0) is Phase.WAITING
    stats.observe(TextDelta("At last"), 110.0)
    assert stats.retrying is None


def test_a_wait_cut_short_waits_for_the_server_at_once(stats: ReplyStats) -> None:
    stats.observe(RETRYING, 101.0)
    stats.end_wait(103.0)
    assert stats.phase_at(103.0) is Phase.WAITING
    stats.end_wait(105.0)
    assert stats.retry_at == 103.0


def test_the_end_of_a_reply_ends_the_countdown(stats: ReplyStats) -> None:
    stats.observe(RETRYING, 101.0)
    stats.observe(_finished(Status.CANCELLED), 102.0)
    assert (stats.retrying, stats.phase_at(102.0)) == (None, Phase.STOPPED)


def test_silence_counts_from_the_last_content(stats: ReplyStats) -> None:
    assert stats.quiet_seconds(115.0) == 15.0
    stats.observe(TextDelta("a"), 116.0)
    stats.observe(Alive(), 118.0)
    assert stats.quiet_seconds(120.0) == 4.0
    stats.observe(_finished(), 121.0)
    assert stats.quiet_seconds(140.0) == 0.0


def test_a_retry_is_no_silence_but_the_wait_for_its_answer_is(stats: ReplyStats) -> None:
    stats.observe(RETRYING, 110.0)
    assert stats.quiet_seconds(117.0) == 0.0
    assert stats.quiet_seconds(118.0 + 20.0) == 20.0


def test_times_count_from_the_request(stats: ReplyStats) -> None:
    assert stats.timing(100.5) == Timing(None, 0.5, None)
    stats.observe(ReasoningDelta("Hm"), 101.0)
    assert stats.timing(102.0) == Timing(1.0, 2.0, 1.0)
    stats.observe(TextDelta("So"), 103.0)
    stats.observe(TextDelta("."), 104.0)
    stats.observe(_finished(), 105.0)
    assert stats.timing(999.0) == Timing(1.0, 5.0, 2.0)


def test_times_are_kept_to_the_millisecond(stats: ReplyStats) -> None:
    stats.observe(ReasoningDelta("hm"), 100.12345)
    stats.observe(TextDelta("yes"), 100.45678)
    assert stats.timing(101.98765) == Timing(first_token=0.123, total=1.988, reasoning=0.333)


def test_text_without_reasoning_has_no_time_for_it(stats: ReplyStats) -> None:
    stats.observe(TextDelta("So"), 101.0)
    assert stats.timing(102.0) == Timing(1.0, 2.0, None)


def test_reasoning_after_some_text_counts_up_to_the_next_text(stats: ReplyStats) -> None:
    stats.observe(TextDelta("First"), 101.0)
    stats.observe(ReasoningDelta("Hm"), 103.0)
    stats.observe(TextDelta("So"), 106.0)
    assert stats.timing(107.0).reasoning == 3.0


def test_reasoning_that_led_to_nothing_counts_to_the_end(stats: ReplyStats) -> None:
    stats.observe(ReasoningDelta("Hm"), 101.0)
    stats.observe(_finished(), 104.0)
    assert stats.timing(200.0).reasoning == 3.0


def test_our_estimate_holds_until_the_provider_has_counted(stats: ReplyStats) -> None:
    stats.input_estimate = 7
    stats.observe(ReasoningDelta("word"), 101.0)
    stats.observe(TextDelta("wordword"), 102.0)
    assert stats.best_usage() == Usage(7, 3, reasoning=1, estimated=True)
    stats.observe(UsageReported(Usage(9, 4)), 103.0)
    assert stats.best_usage() == Usage(9, 4)
    stats.observe(_finished(usage=Usage(9, 5)), 104.0)
    assert stats.best_usage() == Usage(9, 5)


def test_the_live_speed_is_that_of_the_last_three_seconds(stats: ReplyStats) -> None:
    for number in range(100):
        stats.observe(TEN_TOKENS, 101.0 + number / 10)
        if number == 4:
            assert stats.speed(101.4) is None
    assert stats.speed(110.9) == pytest.approx(100.0, rel=0.05)
    assert stats.speed(111.5) == pytest.approx(100.0 * 2.4 / 3, rel=0.05)
    assert stats.speed(120.0) == 0.0


def test_the_first_half_second_tells_no_speed_and_the_second_does(stats: ReplyStats) -> None:
    stats.observe(TEN_TOKENS, 101.0)
    assert stats.speed(101.0 + 0.99 * BUCKET_SECONDS) is None
    assert stats.speed(102.0) == 10.0


def test_the_speed_of_a_whole_reply_takes_the_counted_tokens(stats: ReplyStats) -> None:
    stats.observe(TEN_TOKENS, 101.0)
    stats.observe(_finished(usage=Usage(1, 200)), 105.0)
    assert stats.speed(999.0) == 50.0


def test_a_reply_that_came_in_one_piece_has_no_speed(stats: ReplyStats) -> None:
    stats.observe(TEN_TOKENS, 101.0)
    stats.observe(_finished(usage=Usage(1, 200)), 101.01)
    assert stats.speed(102.0) is None


def test_the_sparkline_has_a_bar_for_each_half_second_that_is_over(stats: ReplyStats) -> None:
    stats.observe(TEN_TOKENS, 101.0)
    stats.observe(TEN_TOKENS, 101.1)
    assert list(stats.speeds(101.2)) == []
    stats.observe(TEN_TOKENS, 102.2)
    assert list(stats.speeds(102.6)) == [40.0, 0.0, 20.0]
    stats.observe(_finished(), 102.7)
    assert list(stats.speeds(110.0)) == [40.0, 0.0, 20.0]


def test_the_sparkline_of_a_long_reply_stays_short(stats: ReplyStats) -> None:
    stats.observe(TEN_TOKENS, 101.0)
    stats.observe(TEN_TOKENS, 10_000.0)
    assert len(stats.speeds(10_000.6)) == 63
    assert stats.speeds(10_000.6)[-1] == 20.0
