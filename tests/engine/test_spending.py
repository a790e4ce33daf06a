"""Spending adds up by model, and is priced elsewhere."""

from __future__ import annotations

from pathlib import Path

import pytest

from chatui.conversation.message import Message, Role
from chatui.conversation.model_info import ModelInfo
from chatui.conversation.usage import Price, Usage
from chatui.engine.spending import Ledger, price_elsewhere, project, read_session
from tests.engine.fake_provider import FakeProvider, say
from tests.engine.stage import NOW, Stage, collect


def reply(model: str | None, usage: Usage | None, cost: float | None = None) -> Message:
    return Message("m2", Role.ASSISTANT, "text", NOW, model=model, usage=usage, cost=cost)


def test_replies_are_counted_by_model() -> None:
    ledger = Ledger()
    ledger.add_messages(
        [
            reply("a/b", Usage(10, 5, 2), 0.5),
            reply("a/b", Usage(1, 1, estimated=True)),
            reply(None, Usage(3, 3), 0.25),
            reply("a/b", None),
        ]
    )
    assert set(ledger.by_model) == {"a/b", ""}
    assert ledger.by_model["a/b"].usage == Usage(11, 6, 2, estimated=True)
    assert (ledger.total.replies, ledger.total.usd, ledger.total.cost.is_lower_bound) == (3, 0.75, True)


def test_the_cheapest_comes_first_and_the_unknown_last() -> None:
    usage = Usage(1_000_000, 1_000_000, 500_000)
    models = [
        ModelInfo("a", "unknown"),
        ModelInfo("a", "dear", price=Price(5, 25)),
        ModelInfo("a", "cheap", price=Price(1, 2, 0.1)),
    ]
    found = [(each.info.id, each.cost) for each in price_elsewhere(usage, models)]
    assert found == [("cheap", pytest.approx(2.55)), ("dear", 30.0), ("unknown", None)]


def test_a_month_keeps_the_proportions() -> None:
    assert project(Usage(80, 20, 40), 1000) == Usage(800, 200, 400, estimated=True)
    assert project(Usage(), 1000) == Usage(750, 250, estimated=True)


async def test_all_branches_of_a_session_count(tmp_path: Path) -> None:
    stage = Stage(tmp_path, FakeProvider(say("Yes")))
    live = stage.make()
    await collect(live.send("Hi"))
    await collect(live.ask_again())
    await stage.aclose()
    assert [message.text for message in read_session(stage.shelf, stage.path.stem)] == ["Hi", "Yes", "Yes"]
