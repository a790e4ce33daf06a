"""Numbers as a row of cells: sparkline, gauge bar, token counts."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Literal, TypeAlias

_LEVELS = "▁▂▃▄▅▆▇█"
_EIGHTHS = ("", "▏", "▎", "▍", "▌", "▋", "▊", "▉")

Level: TypeAlias = Literal["calm", "warning", "error"]


def draw_sparkline(values: Sequence[float], width: int) -> str:
    """Return the last `width` values as one block character each, scaled from 0 to the greatest of them.

    What is no finite number above zero counts as zero.
    """
    shown = [value if math.isfinite(value) and value > 0 else 0.0 for value in values[-width:]] if width > 0 else []
    greatest = max(shown, default=0.0)
    if not greatest:
        return _LEVELS[0] * len(shown)
    return "".join(_LEVELS[round(value / greatest * (len(_LEVELS) - 1))] for value in shown)


def get_share(used: float, limit: float) -> float:
    """Return `used / limit` between 0 and 1; 0 where there is no limit."""
    if not (math.isfinite(used) and math.isfinite(limit)) or limit <= 0:
        return 0.0
    return min(1.0, max(0.0, used / limit))


def draw_gauge(used: float, limit: float, width: int) -> str:
    """Return the filled part of a bar of `width` cells, in eighths of a cell; any use shows at least one."""
    share = get_share(used, limit)
    eighths = max(round(share * width * 8), 1 if share > 0 and width > 0 else 0)
    return "█" * (eighths // 8) + _EIGHTHS[eighths % 8]


def get_level(used: float, limit: float) -> Level:
    """Return how near the limit is: `warning` above 70 %, `error` above 90 %."""
    share = get_share(used, limit)
    return "error" if share > 0.9 else "warning" if share > 0.7 else "calm"


def format_count(count: float) -> str:
    """Return a count of tokens in few characters: `987`, `12.3k`, `64k`, `128k`, `1.5M`; `–` for no number."""
    if not math.isfinite(count):
        return "–"
    if abs(count) < 999.5:
        return f"{count:.0f}"
    scaled, unit = (count / 1e3, "k") if abs(count) < 999_500 else (count / 1e6, "M")
    digits = f"{scaled:.1f}" if abs(scaled) < 99.95 else f"{scaled:.0f}"
    return digits.removesuffix(".0") + unit


def format_gauge(used: float, limit: float, width: int) -> str:
    """Return `12.3k / 64k (19 %)`, or what of it fits `width` cells; only what is used where there is no limit."""
    if not math.isfinite(limit) or limit <= 0:
        return format_count(used)
    numbers = f"{format_count(used)} / {format_count(limit)}"
    # Not the share, which ends at the limit: how far above it one is, is what there is to know then.
    percent = max(used / limit, 0.0) * 100 if math.isfinite(used) else 0.0
    share = "<1 %" if 0 < percent < 1 else f"{math.floor(percent)} %"
    whole = f"{numbers} ({share})"
    if len(whole) <= width:
        return whole
    return numbers if len(numbers) <= width else share if len(share) <= width else ""
