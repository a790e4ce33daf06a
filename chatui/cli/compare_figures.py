"""The figures of a comparison: a line below each column, and the table at the end."""

from __future__ import annotations

from collections.abc import Sequence

from chatui.cli.terminal_text import fit, measure
from chatui.conversation.message import Message, Status
from chatui.conversation.visible import make_visible_line
from chatui.engine.answer import Answer
from chatui.engine.figures import UNKNOWN, format_cost, format_count, format_seconds, format_speed
from chatui.engine.stats import Phase, speed_of

_HEADINGS = ("model", "first token", "total", "speed", "in", "out", "cost", "ended")


def say_live(answer: Answer, now: float) -> str:
    """The figures of a reply that streams, or of one that is over."""
    if answer.message is not None:
        _, first, total, speed, _, out, cost, ended = table_row(answer.message)
        return " · ".join([ended, total, f"first {first}", speed, f"{out} tokens", cost])
    stats = answer.stats
    phase = stats.phase_at(now)
    if phase is Phase.RETRYING and stats.retrying is not None:
        left = max(stats.retry_at - now, 0.0)
        return f"retry {stats.retrying.retry}/{stats.retrying.max_retries} in {left:.0f} s"
    timing = stats.timing(now)
    parts = [str(phase), format_seconds(timing.total)]
    if timing.first_token is not None:
        parts.append(f"first {format_seconds(timing.first_token)}")
    if pace := stats.speed(now):
        parts.append(format_speed(pace, is_estimate=True))
    return " · ".join(parts)


def table_row(message: Message) -> tuple[str, ...]:
    """The cells of a reply, in the order of the headings."""
    usage, timing = message.usage, message.timing
    about = usage is not None and usage.estimated
    return (
        make_visible_line(message.model or UNKNOWN),
        format_seconds(timing.first_token if timing is not None else None),
        format_seconds(timing.total if timing is not None else None),
        format_speed(speed_of(message), is_estimate=about),
        format_count(usage.input if usage is not None else None, is_estimate=about),
        format_count(usage.output if usage is not None else None, is_estimate=about),
        format_cost(message.cost, is_estimate=about),
        _say_ended(message),
    )


def _say_ended(message: Message) -> str:
    if message.status is Status.COMPLETE:
        return make_visible_line(message.finish_reason or "complete")
    if message.failure is not None and message.status is Status.FAILED:
        return f"failed: {message.failure.kind.value.replace('_', ' ')}"
    return "stopped" if message.status is Status.CANCELLED else message.status.value


def lay_table(rows: Sequence[Sequence[str]], headings: Sequence[str], left: Sequence[int] = (0,)) -> list[str]:
    """A table with aligned columns; those whose places are in `left` begin at the left, the others end at the right."""
    widths = [max(map(measure, cells)) for cells in zip(headings, *rows, strict=True)]
    lines = []
    for row in (headings, *rows):
        cells = [
            fit(cell, width, is_right=place not in left)
            for place, (cell, width) in enumerate(zip(row, widths, strict=True))
        ]
        lines.append("  ".join(cells).rstrip())
    return lines


def lay_comparison(messages: Sequence[Message]) -> list[str]:
    """The table at the end."""
    return lay_table([table_row(message) for message in messages], _HEADINGS, left=(0, len(_HEADINGS) - 1))
