"""The figures below a reply, in words: only what is known, estimates with `~`."""

from __future__ import annotations

from chatui.conversation.message import Message

SEPARATOR = " · "


def format_seconds(seconds: float) -> str:
    """Return a duration as a person says it: `0.31 s`, `4.2 s`, `42 s`, `2 min 5 s`."""
    if seconds < 1:
        return f"{seconds:.2f} s"
    if seconds < 9.95:
        return f"{seconds:.1f} s"
    whole = round(seconds)
    return f"{whole} s" if whole < 60 else f"{whole // 60} min {whole % 60} s"


def format_cost(cost: float) -> str:
    """Return USD with as many decimals as say something."""
    if cost == 0:
        return "$0"
    if cost < 0.00005:
        return "<$0.0001"
    return f"${cost:.4f}" if cost < 0.1 else f"${cost:.2f}"


def reply_figures(message: Message) -> list[str]:
    """Return the figures of a reply, each complete in itself, the ones told first where room is short first."""
    usage, timing = message.usage, message.timing
    about = "~" if usage is not None and usage.estimated else ""
    figures: list[str] = []
    if timing is not None and timing.first_token is not None:
        figures.append(f"{format_seconds(timing.first_token)} to first token")
        seconds = timing.total - timing.first_token
        if usage is not None and usage.output > 0 and seconds > 0:
            speed = usage.output / seconds
            figures.append(f"{about}{speed:.1f} tok/s" if speed < 10 else f"{about}{speed:,.0f} tok/s")
    if usage is not None and usage.output > 0:
        figures.append(f"{about}{usage.output:,} token{'s' if usage.output != 1 else ''}")
    if message.cost is not None:
        figures.append(about + format_cost(message.cost))
    if message.attempts > 1:
        figures.append(f"{message.attempts} attempts")
    return figures


def join_figures(figures: list[str], width: int) -> str:
    """Join as many figures as fit into `width` cells, from the first on."""
    joined = ""
    for figure in figures:
        longer = joined + SEPARATOR + figure if joined else figure
        if len(longer) > width:
            break
        joined = longer
    return joined
