"""The roster."""

from __future__ import annotations

import asyncio
from contextlib import aclosing

import pytest

from chatui.conversation.failure import Failure
from chatui.conversation.model_info import ModelInfo
from chatui.conversation.usage import Price
from chatui.engine.roster import Roster
from chatui.providers.base import ModelList
from tests.engine.fake_provider import AskedProvider, FakeProvider
from tests.engine.stage import turn_loop


def _make(*names: str) -> tuple[Roster, dict[str, AskedProvider]]:
    providers = {name: AskedProvider(name) for name in names}
    return Roster(providers, names), providers


def test_a_model_is_found_by_its_providers_name() -> None:
    provider = FakeProvider(name="work", price=Price(1.0, 2.0))
    roster = Roster({"work": provider})
    assert roster.find("work/vendor/big-1") == (provider, "vendor/big-1")
    assert roster.describe("work/vendor/big-1") == ModelInfo("work", "vendor/big-1", price=Price(1.0, 2.0))


def test_an_empty_id_is_for_the_provider_to_fill() -> None:
    provider = FakeProvider(name="env")
    assert Roster({"env": provider}).find("env/") == (provider, "")


@pytest.mark.parametrize(
    ("model", "told", "advice"),
    [
        ("gpt", "“gpt” does not name a model.", "provider/model"),
        ("", "“” does not name a model.", "provider/model"),
        ("/x", "“/x” does not name a model.", "provider/model"),
        ("nobody/x", "There is no provider “nobody”.", "[providers.nobody]"),
        ("nobody/", "There is no provider “nobody”.", "[providers.nobody]"),
    ],
)
def test_what_is_missing_is_told(model: str, told: str, advice: str) -> None:
    found = Roster({"work": FakeProvider(name="work")}).find(model)
    assert isinstance(found, Failure)
    assert found.message == told
    assert advice in found.advice


def test_nothing_is_known_of_a_model_that_nobody_serves() -> None:
    assert Roster({}).describe("nobody/x") == ModelInfo("nobody", "x")


def test_a_server_found_later_joins() -> None:
    roster, _ = _make("a")
    local = FakeProvider(name="ollama")
    roster.offer(local)
    roster.offer(local)
    assert roster.find("ollama/x") == (local, "x")
    assert roster.offered == ("a", "ollama")


async def test_a_model_that_names_only_its_provider_is_the_first_on_offer() -> None:
    roster = Roster({"env": FakeProvider(name="env")})
    assert await roster.settle("env/") == "env/one"


@pytest.mark.parametrize("model", ["env/two", "nobody/", "gpt"])
async def test_any_other_model_is_what_it_is(model: str) -> None:
    assert await Roster({"env": FakeProvider(name="env")}).settle(model) == model


async def test_without_an_offer_the_model_stays_open() -> None:
    provider = AskedProvider("env")
    provider.answer = ModelList()
    provider.may_answer.set()
    assert await Roster({"env": provider}).settle("env/") == "env/"


async def test_lists_come_as_they_are_given() -> None:
    roster, providers = _make("slow", "fast")
    seen = []
    providers["fast"].may_answer.set()
    async with aclosing(roster.list_models()) as answers:
        async for name, answer in answers:
            seen.append((name, answer.models[0].name))
            providers["slow"].may_answer.set()
    assert seen == [("fast", "fast/one"), ("slow", "slow/one")]


async def test_only_those_on_offer_are_asked() -> None:
    providers = {name: AskedProvider(name) for name in ("a", "b")}
    providers["b"].may_answer.set()
    async with aclosing(Roster(providers, ["b"]).list_models()) as answers:
        assert [name async for name, _ in answers] == ["b"]


async def test_leaving_early_cancels_the_rest() -> None:
    roster, providers = _make("fast", "slow", "slower")
    providers["fast"].may_answer.set()
    async with aclosing(roster.list_models()) as answers:
        async for _ in answers:
            break
    assert [provider.was_cancelled for provider in providers.values()] == [False, True, True]


async def test_a_cancelled_question_cancels_all() -> None:
    roster, providers = _make("a", "b")

    async def ask() -> None:
        async with aclosing(roster.list_models()) as answers:
            async for _ in answers:
                raise AssertionError("nobody answers")

    task = asyncio.create_task(ask())
    await turn_loop()
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    assert all(provider.was_cancelled for provider in providers.values())


async def test_closing_it_closes_every_provider() -> None:
    roster, providers = _make("a", "b")
    await roster.aclose()
    assert [provider.closes for provider in providers.values()] == [1, 1]
