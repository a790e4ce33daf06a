"""The figures beside the conversation."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from time import monotonic

from chatui.conversation.events import Ended, ReasoningDelta, TextDelta, UsageReported
from chatui.conversation.failure import Failure, FailureKind
from chatui.conversation.usage import Usage
from chatui.engine.figures import format_speed
from chatui.engine.stats import speed_of
from chatui.providers.base import RetrySettings
from chatui.ui.stats import show_rows, show_segments
from tests.ui.chat_stage import Chat, chat
from tests.ui.saved_sessions import save_session


def figures(c: Chat, seconds: float = 0.0) -> dict[str, str]:
    """The plain rows by label, `seconds` from the start of the reply on; a later row of a label has its heading."""
    found: dict[str, str] = {}
    heading = ""
    for row in show_rows(c.desk.live, (c.desk.live.stats._started or 0.0) + seconds):
        if row.kind == "heading":
            heading = row.label
        elif row.kind == "plain" and isinstance(row.value, str):
            found[f"{heading}: {row.label}" if row.label in found else row.label] = row.value
    return found


def sparkline(c: Chat, seconds: float) -> Sequence[float]:
    """The numbers of the sparkline at that time."""
    (row,) = (
        row for row in show_rows(c.desk.live, (c.desk.live.stats._started or 0.0) + seconds) if row.kind == "sparkline"
    )
    assert not isinstance(row.value, str)
    return row.value


async def test_before_the_first_reply_nothing_is_known(tmp_path: Path) -> None:
    async with chat(tmp_path, "-m", "held/one") as c:
        shown = figures(c)
        assert (shown["model"], shown["provider"], shown["state"]) == ("one", "held", "ready")
        assert {
            shown[label] for label in ("first token", "speed", "elapsed", "in", "out", "cost", "Session: cost")
        } == {"–"}


async def test_while_a_reply_streams_every_count_is_an_estimate(tmp_path: Path) -> None:
    async with chat(tmp_path, "-m", "held/one") as c:
        await c.enter("A question of some length")
        c.held.give(ReasoningDelta("I weigh it. "))
        await c.sees("thinking")
        c.held.say("words " * 100)
        await c.sees("streaming")
        shown = figures(c, 2.0)
        for label in ("speed", "in", "out", "reasoning", "cost"):
            assert shown[label].startswith("~"), label
        assert shown["cached"] == "–"
        assert shown["elapsed"] == "2.0 s"
        assert sparkline(c, 2.0)[0] > 0


async def test_the_providers_count_replaces_the_estimate(tmp_path: Path) -> None:
    async with chat(tmp_path, "-m", "held/one") as c:
        c.held.give(UsageReported(Usage(input=1200, output=345, cached=200, reasoning=45)))
        await c.ask_held("Question", "Answer")
        shown = figures(c)
        assert (shown["in"], shown["out"], shown["cached"], shown["reasoning"]) == ("1,200", "345", "200", "45")
        assert shown["cost"] == "$0.0019"
        assert shown["Session: cost"] == "$0.0019"
        assert shown["messages"] == "2"


async def test_the_speed_is_the_one_that_stands_below_the_reply(tmp_path: Path) -> None:
    async with chat(tmp_path, "-m", "held/one") as c:
        await c.ask_held("Question", "Answer")
        stats = c.desk.live.stats
        # The live times are a little longer than the stored ones, which are rounded.
        stats._first_token, stats._ended = 0.0, 0.9996
        reply = c.desk.live.last_reply()
        assert reply is not None
        assert figures(c)["speed"] == format_speed(speed_of(reply), is_estimate=True)


async def test_all_parts_of_a_continued_reply_are_counted_together(tmp_path: Path) -> None:
    async with chat(tmp_path, "-m", "held/one") as c:
        cut = Failure(FailureKind.NETWORK, "The connection was reset.")
        c.held.give(
            UsageReported(Usage(input=100, output=200)), TextDelta("Half"), Ended(failure=cut, interrupted=True)
        )
        await c.ask("Question")
        c.held.give(UsageReported(Usage(input=300, output=50)))
        c.held.say(" and half")
        c.held.end()
        await c.press("ctrl+g")
        await c.sees("Half and half")
        await c.until(lambda: not c.desk.runner.is_running)
        shown = figures(c)
        assert (shown["in"], shown["out"], shown["cost"]) == ("400", "250", "$0.00090")


async def test_another_answer_is_shown_with_its_own_figures_and_not_those_of_the_reply_that_ran_last(
    tmp_path: Path,
) -> None:
    async with chat(tmp_path, "-m", "held/one") as c:
        await c.ask_held("Question", "Answer")
        await c.press("f5")
        c.held.say("words " * 100)
        await c.sees("streaming")
        await c.press("escape")
        await c.sees("stopped", "‹2/2›")
        await c.rests()
        assert figures(c)["state"] == "stopped"
        await c.press("alt+left")
        await c.sees("Answer", "‹1/2›")
        assert (figures(c)["state"], figures(c)["speed"]) == ("ready", "–")
        assert not sparkline(c, 0.0)
        await c.misses("stopped")


async def test_a_model_without_a_price_costs_a_dash(tmp_path: Path) -> None:
    async with chat(tmp_path, "-m", "nobody/x") as c:
        await c.ask("Question")
        assert (figures(c)["cost"], figures(c)["state"]) == ("–", "failed")


async def test_an_opened_session_shows_the_figures_of_its_last_reply(tmp_path: Path) -> None:
    async with chat(tmp_path, "-m", "held/one") as c:
        await c.enter("Question")
        c.held.say("words " * 100)
        await c.sees("words words")
        seen = monotonic()
        await c.until(lambda: monotonic() > seen + 0.1)
        c.held.end()
        await c.until(lambda: not c.desk.runner.is_running)
        live = figures(c)
    async with chat(tmp_path, "-c") as c:
        reopened = figures(c)
        for label in ("first token", "elapsed", "in", "out", "cost", "Session: cost", "messages"):
            assert reopened[label] == live[label], label
        assert reopened["speed"].endswith("tok/s")


async def test_a_session_without_counts_shows_dashes(tmp_path: Path) -> None:
    save_session(tmp_path, "20261101-120000-aaaa", "Hello", "Good day")
    async with chat(tmp_path, "-c") as c:
        shown = figures(c)
        assert {shown[label] for label in ("first token", "speed", "elapsed", "in", "out", "cost")} == {"–"}


async def test_the_state_says_what_is_waited_for(tmp_path: Path) -> None:
    async with chat(tmp_path, "-m", "held/one") as c:
        c.held.retry = RetrySettings(initial_backoff=1000.0, max_backoff=1000.0)
        await c.enter("Question")
        await c.until(lambda: c.held.requests)
        assert figures(c, 1.0)["state"] == "waiting"
        assert "no text for 20 s" in figures(c, 20.0)["state"]
        c.held.fail(FailureKind.OVERLOADED, "Busy.", 503)
        await c.sees("retrying")
        assert figures(c, 1.0)["state"].startswith("retry 1/3 in ")
        await c.press("escape")
        await c.sees("stopped")
        await c.rests()
        assert figures(c)["state"] == "stopped"


async def test_one_line_holds_what_is_known(tmp_path: Path) -> None:
    async with chat(tmp_path, "-m", "held/one") as c:
        assert [text for text, _ in show_segments(c.desk.live, 0.0)] == ["ready"]
        c.held.give(UsageReported(Usage(input=12, output=34)))
        await c.ask_held("Question", "Answer")
        texts = [text for text, _ in show_segments(c.desk.live, 0.0)]
        assert texts[0] == "ready"
        assert {"in 12", "out 34", "$0.00008"} <= set(texts)
