"""The tally counts replies and keeps no text."""

from __future__ import annotations

from array import array

import pytest

from chatui.conversation.message import Message, Role, Status
from chatui.conversation.usage import Timing, Usage
from chatui.engine.tally import Tally, find_percentile
from tests.engine.stage import NOW


def reply(status: Status = Status.COMPLETE, **fields: object) -> Message:
    return Message("m2", Role.ASSISTANT, "text", NOW, status=status, **fields)  # type: ignore[arg-type]  # any field of a message


def test_replies_are_counted_by_how_they_ended() -> None:
    tally = Tally()
    for status in (Status.COMPLETE, Status.FAILED, Status.INTERRUPTED, Status.COMPLETE):
        tally.add(reply(status, attempts=2 if status is Status.FAILED else 1))
    assert (tally.complete, tally.failed, tally.finished, tally.retried, tally.requests) == (2, 2, 4, 1, 5)


def test_tokens_and_costs_add_up_and_unknown_ones_are_known_to_be() -> None:
    tally = Tally()
    tally.add(reply(usage=Usage(10, 20, 3, 4), cost=0.5))
    tally.add(reply(usage=Usage(1, 2, estimated=True)))
    tally.add(reply())
    assert (tally.input, tally.output, tally.cached, tally.reasoning) == (11, 22, 3, 4)
    cost = tally.cost
    assert (cost.known_usd, cost.is_lower_bound, cost.estimated) == (0.5, True, 1)


def test_times_to_the_first_token_have_a_mean_and_percentiles() -> None:
    tally = Tally()
    assert tally.mean_first_token() is None
    for first in (0.1, 0.2, 0.6):
        tally.add(reply(timing=Timing(first_token=first, total=1.0)))
    tally.add(reply(timing=Timing(total=2.0)))
    assert tally.mean_first_token() == pytest.approx(0.3)
    assert tally.reply_seconds == 5.0


@pytest.mark.parametrize(("percent", "found"), [(0, 1.0), (50, 5.0), (95, 10.0), (100, 10.0)])
def test_a_percentile_is_one_of_the_values(percent: float, found: float) -> None:
    assert find_percentile(array("d", range(10, 0, -1)), percent) == found


def test_no_values_have_no_percentile() -> None:
    assert find_percentile(array("d"), 50) is None
