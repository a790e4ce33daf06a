"""Numbers as people read them: tokens, seconds, dollars. An unknown one is `–`, an estimate carries `~`."""

from __future__ import annotations

UNKNOWN = "–"


def format_count(count: int | None, *, is_estimate: bool = False) -> str:
    """Format a number of tokens: `345`, `12.3k`, `1.2M`; with `~` in front of an estimate."""
    if count is None:
        return UNKNOWN
    if count < 10_000:
        shown = f"{count:,}"
    elif count < 1_000_000:
        shown = f"{count / 1000:.1f}k"
    else:
        shown = f"{count / 1e6:.1f}M"
    return f"~{shown}" if is_estimate else shown


def format_seconds(seconds: float | None) -> str:
    """Format a duration: `0.31 s`, `4.2 s`, `75 s` as `1:15 min`."""
    if seconds is None:
        return UNKNOWN
    if seconds < 1:
        return f"{seconds:.2f} s"
    if seconds < 60:
        return f"{seconds:.1f} s"
    minutes, rest = divmod(round(seconds), 60)
    return f"{minutes}:{rest:02d} min"


def format_speed(tokens_per_second: float | None, *, is_estimate: bool = False) -> str:
    """Format tokens per second."""
    if tokens_per_second is None:
        return UNKNOWN
    shown = f"{tokens_per_second:.1f}" if tokens_per_second < 10 else f"{tokens_per_second:,.0f}"
    return f"{'~' if is_estimate else ''}{shown} tok/s"


def format_cost(usd: float | None, *, is_estimate: bool = False, is_lower_bound: bool = False) -> str:
    """Format dollars with two significant digits below a cent; `≥` where a part of the sum is unknown."""
    if usd is None:
        return UNKNOWN
    if usd == 0:
        shown = "free"
    elif usd < 0.000001:
        shown = "<$0.000001"
    elif usd < 0.01:
        shown = f"${usd:.6f}".rstrip("0")
    else:
        shown = f"${usd:,.4f}" if usd < 1 else f"${usd:,.2f}"
    if is_lower_bound:
        return f"≥ {'$0' if usd == 0 else shown}"
    return f"~{shown}" if is_estimate and usd > 0 else shown
