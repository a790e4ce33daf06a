"""What a reply costs."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chatui.conversation.usage import Price, Usage

tokens = st.integers(0, 10**9)
prices = st.builds(Price, st.floats(0, 1e3), st.floats(0, 1e3), st.none() | st.floats(0, 1e3))


@pytest.mark.parametrize(
    ("price", "usage", "cost"),
    [
        (Price(0.28, 0.42), Usage(), 0.0),
        (Price(0.28, 0.42), Usage(1_000_000, 0), 0.28),
        (Price(0.28, 0.42), Usage(0, 1_000_000), 0.42),
        (Price(0.28, 0.42), Usage(1_000_000, 0, cached=400_000), 0.28),
        (Price(0.28, 0.42, 0.028), Usage(1_000_000, 0, cached=1_000_000), 0.028),
        (Price(0.28, 0.42, 0.0), Usage(1_000_000, 0, cached=500_000), 0.14),
        (Price(1.0, 2.0), Usage(12, 345), (12 + 690) / 1e6),
        (Price(0.0, 0.0), Usage(12, 345), 0.0),
    ],
)
def test_the_cost_is_tokens_times_price(price: Price, usage: Usage, cost: float) -> None:
    assert price.cost(usage) == pytest.approx(cost)


def test_reasoning_is_part_of_the_output_and_not_paid_twice() -> None:
    assert Price(1, 1).cost(Usage(0, 10, reasoning=10)) == Price(1, 1).cost(Usage(0, 10))


def test_more_cached_tokens_than_sent_ones_earn_no_money() -> None:
    assert Price(1.0, 1.0, 0.0).cost(Usage(10, 0, cached=20)) == 0.0


@given(prices, st.builds(Usage, tokens, tokens, tokens, tokens, st.booleans()))
def test_a_cost_is_never_negative(price: Price, usage: Usage) -> None:
    assert price.cost(usage) >= 0
