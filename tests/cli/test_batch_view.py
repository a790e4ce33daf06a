"""What is seen of a batch while it runs, and at its end."""

from __future__ import annotations

import asyncio
import io
from collections.abc import AsyncIterator, Sequence

import pytest

from chatui.cli.batch_figures import BatchReport, Failures, describe_summary, say_summary
from chatui.cli.batch_output import PipeOutput
from chatui.cli.batch_view import LINE_SECONDS, BatchView, Pace
from chatui.cli.quantities import read_amount, read_tokens
from chatui.cli.terminal_text import Ink, measure
from chatui.conversation.events import Ended, TextDelta
from chatui.conversation.failure import Failure, FailureKind
from chatui.conversation.message import Message, Role, Status
from chatui.conversation.request import Turn
from chatui.conversation.usage import Timing, Usage
from chatui.engine.batch import Batch, BatchItem, BatchLimits
from chatui.engine.roster import Roster
from chatui.engine.tally import Tally
from tests.engine.fake_provider import STOP, FakeProvider
from tests.engine.stage import NOW, FakeClock, turn_loop

LIMITED = Failure(FailureKind.RATE_LIMIT, "Slow down.", status=429, retry_after=30.0)


def reply(text: str = "Yes", status: Status = Status.COMPLETE, **fields: object) -> Message:
    return Message("m2", Role.ASSISTANT, text, NOW, status=status, model="fake/one", **fields)  # type: ignore[arg-type]  # any field of a message


def item(n: int) -> BatchItem:
    return BatchItem(n, "fake/one", (Turn(Role.USER, f"Prompt {n} \x1b[31m漢字"),))


async def several(items: Sequence[BatchItem]) -> AsyncIterator[BatchItem]:
    for each in items:
        yield each


@pytest.mark.parametrize("size", [(80, 24), (30, 6), (200, 50)])
async def test_the_table_fits_any_terminal(size: tuple[int, int]) -> None:
    never = asyncio.Event()
    provider = FakeProvider([TextDelta("Hello"), never, STOP])
    batch = Batch(Roster({"fake": provider}), BatchLimits(concurrency=30), clock=FakeClock(1.0))
    view = BatchView(
        batch, io.StringIO(), Ink({}, is_terminal=False), total=lambda: 40, skipped=lambda: 4, is_table=True
    )
    task = asyncio.create_task(batch.run(several([item(n) for n in range(1, 41)]), lambda *_: None))
    await turn_loop()
    await turn_loop()
    lines = view.table(*size)
    assert len(lines) < size[1]
    assert all(measure(line) < size[0] for line in lines)
    assert "\x1b" not in "".join(lines)
    assert any("streaming" in line for line in lines)
    assert any("4 of 40 · 10 %" in line for line in lines)
    assert any("more" in line for line in lines)
    if size[1] > 10:
        assert lines[0].split() == ["n", "state", "prompt", "time", "speed", "tokens"]
        # Nobody has counted yet.
        assert lines[1].endswith(" ~1")
    never.set()
    await task


async def test_a_wait_before_a_retry_counts_down() -> None:
    provider = FakeProvider([Ended(failure=LIMITED)])
    batch = Batch(Roster({"fake": provider}), BatchLimits(), chance=lambda: 0.0)
    view = BatchView(batch, io.StringIO(), Ink({}, is_terminal=False), total=lambda: 1, skipped=int, is_table=True)
    task = asyncio.create_task(batch.run(several([item(1)]), lambda *_: None))
    await turn_loop()
    assert "retry 1/3 in" in view.table(80, 24)[1]
    task.cancel()
    await asyncio.gather(task, return_exceptions=True)


async def test_without_a_terminal_there_are_plain_lines() -> None:
    clock, stream = FakeClock(), io.StringIO()
    batch = Batch(Roster({}), BatchLimits())
    view = BatchView(
        batch, stream, Ink({}, is_terminal=False), total=lambda: None, skipped=lambda: 3, is_table=False, clock=clock
    )
    with view:
        assert stream.getvalue() == ""
        clock.now = LINE_SECONDS
        view._tick()
    assert stream.getvalue() == "chatui: 3 done · 0 running · 0 ok · 0 failed · 0 retried · 0 in · 0 out · –\n"
    stream.close()
    view._tick()
    assert view._timer is not None
    view._timer.cancel()


def test_the_time_left_follows_the_pace_of_late() -> None:
    pace = Pace()
    assert pace.seconds_left(10) is None
    for second in range(0, 100, 10):
        pace.note(float(second), second // 10)
    assert pace.seconds_left(3) == 30.0


def test_the_summary_is_honest_about_costs() -> None:
    tally = Tally()
    tally.add(reply(usage=Usage(1000, 500, 10, 20), cost=0.25, timing=Timing(0.5, 2.0)))
    tally.add(reply(usage=Usage(1, 1, estimated=True), timing=Timing(1.5, 3.0), attempts=2))
    report = BatchReport(skipped=3, stopped=1, seconds=2.5, stop_reason="Enough.")
    assert say_summary(tally, report) == [
        "prompts      2 ok · 0 failed · 1 retried · 3 there already · 1 stopped",
        "tokens       ~1,001 in · ~501 out · 10 cached · ~20 reasoning",
        "cost         ≥ $0.25 · price unknown for 1",
        "time         2.5 s in all · ~200 tok/s · 2.0× as fast as one at a time",
        "first token  mean 1.0 s · p50 0.50 s · p95 1.5 s",
        "Enough.",
    ]
    found = describe_summary(tally, report)
    assert (found["cost"], found["cost_is_lower_bound"], found["speed_up"]) == (0.25, True, 2.0)
    assert describe_summary(Tally(), BatchReport())["tokens_per_second"] is None


def test_failures_are_listed_up_to_a_number() -> None:
    failures = Failures()
    for n in range(1, 26):
        failure = Failure(FailureKind.SERVER, "Broken.") if n > 1 else None
        failures.add(n, "x" if n == 2 else None, reply("", Status.FAILED, failure=failure))
    assert failures.lines[:2] == ["prompt 1: the reply was stopped", "prompt 2 (x): Broken."]
    assert (len(failures.lines), failures.lines[-1]) == (21, "and 5 more")


def test_what_to_do_about_failures_is_said_once_and_with_options() -> None:
    failures = Failures()
    for n in range(1, 30):
        advice = f"Check {n // 10}, or choose another model."
        failures.add(n, None, reply("", Status.FAILED, failure=Failure(FailureKind.SERVER, "Broken.", advice=advice)))
    assert failures.lines[-3:] == [f"Check {n}, or name another model with -m." for n in range(3)]
    assert failures.lines[20] == "and 9 more"


async def test_a_pipe_gets_results_in_order_and_holds_back_who_runs_ahead() -> None:
    written: list[bytes] = []
    output = PipeOutput(written.append, is_ordered=True, ahead=3)
    output.deliver(item(2), reply("Two"))
    assert written == []
    waiting = asyncio.create_task(output.admit(4))
    await turn_loop()
    assert not waiting.done()
    output.deliver(item(1), reply("One"))
    await waiting
    assert [b'"text": "One"' in line or b'"text": "Two"' in line for line in written] == [True, True]
    output.deliver(item(9), reply("Nine"))
    output.finish()
    assert len(written) == 3
    assert not output.has(item(1))


@pytest.mark.parametrize(("word", "tokens"), [("10M", 10_000_000), ("1.5k", 1500), ("2_000", 2000), ("1B", 10**9)])
def test_numbers_of_tokens_are_read(word: str, tokens: int) -> None:
    assert read_tokens(word) == tokens


def test_amounts_are_read() -> None:
    assert [read_amount("$2.50"), read_amount("0.1")] == [2.5, 0.1]
    for word in ("0", "-1", "inf", "x", ""):
        with pytest.raises(Exception, match="expected an amount"):
            read_amount(word)
