"""Numbers as people read them: tokens, seconds, dollars. An unknown one is `–`, an estimate carries `~`."""

from __future__ import annotations

UNKNOWN = "–"


def format_count(count: int | None, *, is_estimate: bool = False) -> str:
    """Return a number of tokens: `345`, `12.3k`, `1.2M`."""
    if count is None:
        return UNKNOWN
    if count < 10_000:
        shown = f"{count:,}"
    elif count < 999_950:
        shown = f"{count / 1000:.1f}k"
    else:
        shown = f"{count / 1e6:.1f}M"
    return f"~{shown}" if is_estimate else shown


def format_seconds(seconds: float | None) -> str:
    """Return a duration as a person says it: `0.31 s`, `4.2 s`, `42 s`, `2 min 5 s`."""
    if seconds is None:
        return UNKNOWN
    if seconds < 0.995:
        return f"{seconds:.2f} s"
    if seconds < 9.95:
        return f"{seconds:.1f} s"
    whole = round(seconds)
    return f"{whole} s" if whole < 60 else f"{whole // 60} min {whole % 60} s"


def format_speed(tokens_per_second: float | None, *, is_estimate: bool = False) -> str:
    """Return tokens per second: `7.3 tok/s`, `48 tok/s`."""
    if tokens_per_second is None:
        return UNKNOWN
    shown = f"{tokens_per_second:.1f}" if tokens_per_second < 9.95 else f"{tokens_per_second:,.0f}"
    return f"{'~' if is_estimate else ''}{shown} tok/s"


def format_cost(usd: float | None, *, is_estimate: bool = False, is_lower_bound: bool = False) -> str:
    """Return dollars, with as many decimals as say something; `≥` in front of a sum of which a part is unknown.

    Nothing is rounded to zero: what costs less than can be shown is `<$0.00001`, and zero is `free`. That it is not
    below zero is no news: such a sum is unknown.
    """
    if usd is None or (is_lower_bound and usd < 0.00001):
        return UNKNOWN
    if usd == 0:
        return "free"
    if usd < 0.00001:
        # A bound already: a sign for an estimate in front of it says nothing more.
        return "<$0.00001"
    decimals = 5 if usd < 0.001 else 4 if usd < 0.1 else 2
    shown = f"${usd:,.{decimals}f}"
    if is_lower_bound:
        return f"≥ {shown}"
    return f"~{shown}" if is_estimate else shown
