"""Numbers as people read them."""

from __future__ import annotations

import pytest

from chatui.engine.figures import format_cost, format_count, format_seconds, format_speed


@pytest.mark.parametrize(
    ("count", "said"),
    [(None, "–"), (0, "0"), (9999, "9,999"), (12345, "12.3k"), (999_990, "1.0M"), (1_234_567, "1.2M")],
)
def test_tokens_are_said_shortly(count: int | None, said: str) -> None:
    assert format_count(count) == said


@pytest.mark.parametrize(
    ("seconds", "said"),
    [
        (None, "–"),
        (0.314, "0.31 s"),
        (0.999, "1.0 s"),
        (4.21, "4.2 s"),
        (9.97, "10 s"),
        (41.6, "42 s"),
        (125, "2 min 5 s"),
    ],
)
def test_seconds_are_said_as_a_person_says_them(seconds: float | None, said: str) -> None:
    assert format_seconds(seconds) == said


@pytest.mark.parametrize(
    ("speed", "said"), [(None, "–"), (7.26, "7.3 tok/s"), (9.97, "10 tok/s"), (1234.5, "1,234 tok/s")]
)
def test_a_speed_names_its_unit(speed: float | None, said: str) -> None:
    assert format_speed(speed) == said


@pytest.mark.parametrize(
    ("cost", "said"),
    [(None, "–"), (0, "free"), (0.000001, "<$0.00001"), (0.000214, "$0.00021"), (0.0314, "$0.0314"), (1.5, "$1.50")],
)
def test_a_cost_is_never_rounded_to_nothing(cost: float | None, said: str) -> None:
    assert format_cost(cost) == said


def test_estimates_carry_a_tilde() -> None:
    assert format_count(345, is_estimate=True) == "~345"
    assert format_speed(48, is_estimate=True) == "~48 tok/s"
    assert format_cost(0.5, is_estimate=True) == "~$0.50"
    assert format_cost(0, is_estimate=True) == "free"
    assert format_cost(0.000001, is_estimate=True) == "<$0.00001"


def test_a_sum_with_an_unknown_part_is_a_lower_bound() -> None:
    assert format_cost(0.5, is_lower_bound=True) == "≥ $0.50"
    assert format_cost(0, is_lower_bound=True) == "–"
    assert format_cost(0.000001, is_lower_bound=True) == "–"
