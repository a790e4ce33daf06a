"""The figures below a reply, in words: only what is known, estimates with `~`."""

from __future__ import annotations

from collections.abc import Sequence

from chatui.conversation.message import Message
from chatui.engine.figures import format_cost, format_seconds, format_speed
from chatui.engine.stats import speed_of

SEPARATOR = " · "


def reply_figures(message: Message) -> list[str]:
    """Return the figures of a reply, each complete in itself, the ones told first where room is short first."""
    usage, timing = message.usage, message.timing
    about = "~" if usage is not None and usage.estimated else ""
    figures: list[str] = []
    if timing is not None and timing.first_token is not None:
        figures.append(f"{format_seconds(timing.first_token)} to first token")
    if usage is not None and (speed := speed_of(message)):
        figures.append(format_speed(speed, is_estimate=usage.estimated))
    if usage is not None and usage.output > 0:
        figures.append(f"{about}{usage.output:,} token{'s' if usage.output != 1 else ''}")
    if message.cost is not None:
        figures.append(format_cost(message.cost, is_estimate=usage is not None and usage.estimated))
    if message.parts:
        figures.append(f"{len(message.parts)} parts")
    if message.attempts > max(len(message.parts), 1):
        figures.append(f"{message.attempts} attempts")
    return figures


def join_figures(figures: Sequence[str], width: int) -> str:
    """Join as many figures as fit into `width` cells, from the first on."""
    joined = ""
    for figure in figures:
        longer = joined + SEPARATOR + figure if joined else figure
        if len(longer) > width:
            break
        joined = longer
    return joined


def wrap_figures(figures: Sequence[str], width: int) -> list[str]:
    """Join all figures into rows of at most `width` cells; one that is longer is cut."""
    rows: list[str] = []
    for figure in figures:
        longer = f"{rows[-1]}{SEPARATOR}{figure}" if rows else figure
        if rows and len(longer) <= width:
            rows[-1] = longer
        else:
            rows.append(figure[:width])
    return rows
