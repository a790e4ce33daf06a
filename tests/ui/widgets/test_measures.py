from __future__ import annotations

import math

import pytest

from chatui.ui.widgets.measures import (
    draw_gauge,
    draw_sparkline,
    format_count,
    format_gauge,
    get_level,
    get_share,
)


@pytest.mark.parametrize(
    ("values", "width", "expected"),
    [
        ([0, 1, 2, 3, 4, 5, 6, 7], 8, "▁▂▃▄▅▆▇█"),
        ([0, 1, 2, 3, 4, 5, 6, 7], 2, "▇█"),
        ([3], 8, "█"),
        ([0, 0], 8, "▁▁"),
        ([], 8, ""),
        ([1, 2], 0, ""),
        ([1, 2], -3, ""),
        ([-5, 10, math.nan, math.inf], 8, "▁█▁▁"),
        ([1e-9, 1e9], 8, "▁█"),
    ],
)
def test_a_sparkline_scales_the_last_values(values: list[float], width: int, expected: str) -> None:
    assert draw_sparkline(values, width) == expected


@pytest.mark.parametrize(
    ("used", "limit", "width", "expected"),
    [
        (0, 64, 8, ""),
        (64, 64, 8, "████████"),
        (32, 64, 8, "████"),
        (1, 64, 8, "▏"),
        (3, 64, 8, "▍"),
        (9, 64, 8, "█▏"),
        (1, 1_000_000, 8, "▏"),
        (100, 64, 4, "████"),
        (-1, 64, 4, ""),
        (10, 0, 4, ""),
        (math.nan, 64, 4, ""),
        (10, 64, 0, ""),
    ],
)
def test_a_gauge_fills_in_eighths(used: float, limit: float, width: int, expected: str) -> None:
    assert draw_gauge(used, limit, width) == expected


@pytest.mark.parametrize(
    ("used", "level"),
    [(0, "calm"), (70, "calm"), (71, "warning"), (90, "warning"), (91, "error"), (500, "error")],
)
def test_a_gauge_warns_above_70_and_90_percent(used: float, level: str) -> None:
    assert get_level(used, 100) == level


def test_an_unknown_limit_is_no_share() -> None:
    assert get_share(10, 0) == 0.0
    assert get_level(10, 0) == "calm"


@pytest.mark.parametrize(
    ("count", "expected"),
    [
        (0, "0"),
        (987, "987"),
        (999, "999"),
        (1000, "1k"),
        (12_345, "12.3k"),
        (64_000, "64k"),
        (99_949, "99.9k"),
        (99_999, "100k"),
        (128_400, "128k"),
        (999_499, "999k"),
        (999_500, "1M"),
        (1_048_576, "1M"),
        (1_500_000, "1.5M"),
        (math.nan, "–"),
    ],
)
def test_counts_are_short(count: float, expected: str) -> None:
    assert format_count(count) == expected


@pytest.mark.parametrize(
    ("used", "limit", "width", "expected"),
    [
        (12_300, 64_000, 30, "12.3k / 64k (19 %)"),
        (12_300, 64_000, 17, "12.3k / 64k"),
        (12_300, 64_000, 10, "19 %"),
        (12_300, 64_000, 3, ""),
        (10, 64_000, 30, "10 / 64k (<1 %)"),
        (0, 64_000, 30, "0 / 64k (0 %)"),
        (64_000, 64_000, 30, "64k / 64k (100 %)"),
        (12_300, 0, 30, "12.3k"),
        (12_300, math.inf, 30, "12.3k"),
    ],
)
def test_a_gauge_tells_its_raw_numbers(used: float, limit: float, width: int, expected: str) -> None:
    assert format_gauge(used, limit, width) == expected
