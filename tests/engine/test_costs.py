"""Sums of costs."""

from __future__ import annotations

from chatui.conversation.message import Message, Role
from chatui.conversation.usage import Usage
from chatui.engine.costs import CostSum, sum_costs
from tests.engine.stage import NOW


def _reply(cost: float | None, *, estimated: bool = False) -> Message:
    return Message("m2", Role.ASSISTANT, "x", NOW, usage=Usage(1, 1, estimated=estimated), cost=cost)


def test_nothing_costs_nothing_that_is_known() -> None:
    total = sum_costs([Message("m1", Role.USER, "x", NOW)])
    assert total == CostSum()
    assert total.known_usd is None
    assert not total.is_lower_bound


def test_known_costs_are_summed_exactly() -> None:
    total = sum_costs([_reply(0.1)] * 10)
    assert (total.known_usd, total.replies, total.is_lower_bound) == (1.0, 10, False)


def test_an_unknown_part_makes_a_lower_bound() -> None:
    total = sum_costs([_reply(0.5), _reply(None)])
    assert (total.known_usd, total.is_lower_bound) == (0.5, True)


def test_where_all_is_unknown_nothing_is_known() -> None:
    total = sum_costs([_reply(None), _reply(None)])
    assert (total.known_usd, total.is_lower_bound) == (None, False)


def test_a_free_reply_cost_zero_and_that_is_known() -> None:
    assert sum_costs([_reply(0.0)]).known_usd == 0.0


def test_estimates_are_counted() -> None:
    assert sum_costs([_reply(0.5, estimated=True), _reply(0.5)]).estimated == 1
