"""The figures of a batch: the summary at the end, as lines and as JSON, and the lines while it runs."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from chatui.cli.advice import reword
from chatui.conversation.message import Message
from chatui.engine.figures import format_cost, format_count, format_seconds, format_speed
from chatui.engine.tally import Tally, find_percentile

_MOST_FAILURES = 20
"""Failed prompts that are listed one by one."""
_MOST_ADVICE = 3
"""Different pieces of advice that follow them; mostly all failed for one reason."""


@dataclass(slots=True)
class BatchReport:
    """What is to be told of a batch, beside what the tally counts."""

    skipped: int = 0
    """Prompts whose result was there already."""
    stopped: int = 0
    """Prompts that were under way when it was stopped."""
    seconds: float = 0.0
    """Wall time."""
    stop_reason: str = ""
    """Why it did not go to the end, in a sentence."""


class Failures:
    """The first failed prompts, to be listed at the end, and how many there were."""

    def __init__(self) -> None:
        self._lines: list[str] = []
        self._advice: list[str] = []
        self._count = 0

    def add(self, n: int, item_id: str | None, message: Message) -> None:
        """Note one."""
        self._count += 1
        advice = reword(message.failure.advice) if message.failure is not None else ""
        if advice and advice not in self._advice and len(self._advice) < _MOST_ADVICE:
            self._advice.append(advice)
        if len(self._lines) >= _MOST_FAILURES:
            return
        name = f"prompt {n}" if item_id is None else f"prompt {n} ({item_id})"
        said = message.failure.message if message.failure is not None else "the reply was stopped"
        self._lines.append(f"{name}: {said}")

    @property
    def lines(self) -> list[str]:
        """One line for each that is listed, one for those that are not, and what to do. Not yet safe to show."""
        more = self._count - len(self._lines)
        return [*self._lines, *([f"and {more} more"] if more else []), *self._advice]


def say_cost(tally: Tally) -> str:
    """The cost, honest about what is unknown (`≥`, `–`) or estimated (`~`)."""
    cost = tally.cost
    return format_cost(cost.known_usd, is_estimate=cost.estimated > 0, is_lower_bound=cost.is_lower_bound)


def say_summary(tally: Tally, report: BatchReport) -> list[str]:
    """The summary as lines."""
    about = tally.estimated > 0
    counts = [f"{tally.complete:,} ok", f"{tally.failed:,} failed", f"{tally.retried:,} retried"]
    if report.skipped:
        counts.append(f"{report.skipped:,} there already")
    if report.stopped:
        counts.append(f"{report.stopped:,} stopped")
    tokens = [
        f"{format_count(tally.input, is_estimate=about)} in",
        f"{format_count(tally.output, is_estimate=about)} out",
    ]
    if tally.cached:
        tokens.append(f"{format_count(tally.cached)} cached")
    if tally.reasoning:
        tokens.append(f"{format_count(tally.reasoning, is_estimate=about)} reasoning")
    rows = [("prompts", counts), ("tokens", tokens), ("cost", [say_cost(tally)])]
    if tally.unknown_cost:
        rows[-1][1].append(f"price unknown for {tally.unknown_cost:,}")
    rows.append(("time", _times(tally, report)))
    if tally.first_tokens:
        rows.append(("first token", _first_tokens(tally)))
    lines = [f"{name:<11}  {' · '.join(values)}" for name, values in rows]
    return [*lines, report.stop_reason] if report.stop_reason else lines


def _times(tally: Tally, report: BatchReport) -> list[str]:
    times = [f"{format_seconds(report.seconds)} in all"]
    if report.seconds > 0 and tally.output:
        times.append(format_speed(tally.output / report.seconds, is_estimate=tally.estimated > 0))
    if report.seconds > 0 and tally.finished > 1:
        times.append(f"{tally.reply_seconds / report.seconds:.1f}× as fast as one at a time")
    return times


def _first_tokens(tally: Tally) -> list[str]:
    return [
        f"mean {format_seconds(tally.mean_first_token())}",
        f"p50 {format_seconds(find_percentile(tally.first_tokens, 50))}",
        f"p95 {format_seconds(find_percentile(tally.first_tokens, 95))}",
    ]


def describe_summary(tally: Tally, report: BatchReport) -> dict[str, Any]:
    """The summary as a JSON object. What is unknown is `null`."""
    cost = tally.cost
    is_timed = report.seconds > 0 and tally.finished > 0
    return {
        "complete": tally.complete,
        "failed": tally.failed,
        "retried": tally.retried,
        "skipped": report.skipped,
        "stopped": report.stopped,
        "requests": tally.requests,
        "usage": {
            "input": tally.input,
            "output": tally.output,
            "cached": tally.cached,
            "reasoning": tally.reasoning,
            "estimated": tally.estimated > 0,
        },
        "cost": cost.known_usd,
        "cost_is_lower_bound": cost.is_lower_bound,
        "seconds": round(report.seconds, 3),
        "first_token": {
            "mean": _round(tally.mean_first_token()),
            "p50": _round(find_percentile(tally.first_tokens, 50)),
            "p95": _round(find_percentile(tally.first_tokens, 95)),
        },
        "tokens_per_second": round(tally.output / report.seconds, 2) if is_timed else None,
        "speed_up": round(tally.reply_seconds / report.seconds, 2) if is_timed else None,
        "stop_reason": report.stop_reason or None,
    }


def _round(seconds: float | None) -> float | None:
    return None if seconds is None else round(seconds, 4)
