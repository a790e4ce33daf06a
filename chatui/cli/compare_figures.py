"""The table of a comparison."""

from __future__ import annotations

from collections.abc import Sequence

from chatui.cli.terminal_text import fit, measure
from chatui.conversation.message import Message
from chatui.conversation.visible import make_visible_line
from chatui.engine.figures import UNKNOWN, format_cost, format_count, format_seconds, format_speed
from chatui.engine.lane_figures import say_end
from chatui.engine.stats import speed_of

_HEADINGS = ("model", "first token", "total", "speed", "in", "out", "cost", "ended")


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
        say_end(message),
    )


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
