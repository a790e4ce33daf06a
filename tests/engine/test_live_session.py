"""The live session: prompts, siblings, the header, what was not read yet, and sums."""

from __future__ import annotations

import asyncio
from contextlib import aclosing
from dataclasses import replace
from datetime import UTC, datetime

import pytest

from chatui.conversation.events import Started, TextDelta
from chatui.conversation.message import Role, Status
from chatui.conversation.request import Turn
from chatui.conversation.session import SessionHeader
from chatui.conversation.usage import Price
from chatui.engine.live_session import LiveSession
from tests.engine.conftest import SetStage
from tests.engine.fake_provider import REFUSED, AskedProvider, FakeProvider, say
from tests.engine.stage import ID, NOW, Stage, collect, last_message, messages_of, status_of


async def _talk(stage: Stage, *prompts: str) -> LiveSession:
    live = stage.make()
    for prompt in prompts:
        await collect(live.send(prompt))
    return live


def _branch(live: LiveSession) -> list[str]:
    return [live.conversation.message(message.id).text for message in live.conversation.path()]


async def test_nothing_is_on_disk_before_the_first_prompt(set_stage: SetStage) -> None:
    stage = set_stage()
    live = stage.make()
    assert await live.rename("Mine") is None
    assert await live.choose_model("fake/two") is None
    await live.aclose()
    assert not stage.path.exists()


async def test_a_conversation_is_there_when_it_is_opened_again(set_stage: SetStage) -> None:
    stage = set_stage(say("First."), say("Second."))
    live = await _talk(stage, "One?", "Two?")
    await live.aclose()
    again = stage.open()
    assert [message.text for message in messages_of(again)] == ["One?", "First.", "Two?", "Second."]
    assert messages_of(again) == messages_of(live)
    assert again.conversation.active == live.conversation.active == "m4"
    assert again.header == live.header
    assert again.notices == ()


async def test_the_request_holds_the_branch_and_the_header(set_stage: SetStage) -> None:
    stage = set_stage(say("First."))
    live = stage.make()
    await live.set_system("Be terse.")
    await live.set_params({"temperature": 0.7})
    await collect(live.send("One?"))
    await collect(live.send("Two?"))
    request = stage.provider.requests[1]
    user, assistant = Role.USER, Role.ASSISTANT
    assert request.turns == (Turn(user, "One?"), Turn(assistant, "First."), Turn(user, "Two?"))
    assert (request.model, request.system, request.params) == ("one", "Be terse.", {"temperature": 0.7})


async def test_the_first_prompt_gives_the_title_and_settles_the_model(set_stage: SetStage) -> None:
    stage = set_stage(say("x"))
    live = stage.make()
    assert (live.header.title, live.header.model, live.model) == ("", "", "fake/one")
    await collect(live.send("What is SSE?"))
    await live.rename("  My\n title ")
    await collect(live.send("And WebSockets?"))
    header = stage.open_header()
    assert (header.title, header.model) == ("My title", "fake/one")


async def test_changes_of_the_header_are_saved(set_stage: SetStage) -> None:
    stage = set_stage(say("x"))
    live = await _talk(stage, "?")
    assert await live.rename("Mine") is None
    assert await live.set_system("Be terse.") is None
    assert await live.set_params({"temperature": 0.5}) is None
    assert await live.choose_model("fake/two") is None
    assert stage.open_header() == live.header
    assert replace(live.header, created=NOW) == SessionHeader(
        ID, NOW, title="Mine", model="fake/two", system="Be terse.", params={"temperature": 0.5}
    )


async def test_another_model_answers_from_the_next_reply_on(set_stage: SetStage) -> None:
    stage = set_stage(say("x"))
    live = await _talk(stage, "?")
    await live.choose_model("fake/two")
    assert live.model_info.id == "two"
    await collect(live.send("?"))
    assert [message.model for message in stage.read()] == [None, "fake/one", None, "fake/two"]
    assert [request.model for request in stage.provider.requests] == ["one", "two"]


async def test_a_model_that_names_only_its_provider_is_settled_for_the_reply(set_stage: SetStage) -> None:
    stage = set_stage(say("x"))
    live = stage.make()
    await live.choose_model("fake/")
    await collect(live.send("?"))
    assert (last_message(live).model, stage.open_header().model) == ("fake/one", "fake/one")
    assert stage.provider.requests[0].model == "one"


async def test_asking_for_the_first_model_can_be_stopped(set_stage: SetStage) -> None:
    provider = AskedProvider("fake", say("x"))
    stage = set_stage(provider=provider)
    live = stage.make()
    await live.choose_model("fake/")
    task = asyncio.create_task(collect(live.send("?")))
    await provider.waits.wait()
    live.stop()
    assert status_of(await task) is Status.CANCELLED
    assert provider.was_cancelled
    assert not provider.requests


async def test_a_model_chosen_while_another_is_asked_for_wins(set_stage: SetStage) -> None:
    provider = AskedProvider("fake")
    live = set_stage(provider=provider).make()
    await live.choose_model("fake/")
    settling = asyncio.create_task(live.settle_model())
    await provider.waits.wait()
    await live.choose_model("fake/mine")
    provider.may_answer.set()
    await settling
    assert live.model == "fake/mine"


async def test_the_model_is_on_disk_before_the_provider_is_asked(set_stage: SetStage) -> None:
    stage = set_stage()
    headers: list[SessionHeader] = []
    stage.provider.attempts = [[lambda: headers.append(stage.open_header()), *say("x")]]
    await collect(stage.make().send("?"))
    assert [header.model for header in headers] == ["fake/one"]


async def test_a_change_while_a_reply_streams_does_not_touch_its_checkpoint(set_stage: SetStage) -> None:
    hold = asyncio.Event()
    stage = set_stage([TextDelta("Half"), hold, *say(" whole")])
    live = stage.make()
    task = asyncio.create_task(collect(live.send("?")))
    await stage.provider.waits.wait()
    await live.rename("Renamed")
    assert stage.checkpoint.exists()
    assert stage.open_header().title == "Renamed"
    hold.set()
    await task
    assert stage.open_header().title == "Renamed"
    assert stage.read()[-1].text == "Half whole"


async def test_one_reply_at_a_time(set_stage: SetStage) -> None:
    stage = set_stage([asyncio.Event()])
    live = stage.make()
    task = asyncio.create_task(collect(live.send("?")))
    await stage.provider.waits.wait()
    assert live.is_streaming
    with pytest.raises(RuntimeError, match="already running"):
        await collect(live.send("Me too"))
    with pytest.raises(RuntimeError, match="already running"):
        await collect(live.ask_again())
    assert len(live.conversation) == 1
    live.stop()
    assert status_of(await task) is Status.CANCELLED


async def test_asking_again_makes_a_sibling(set_stage: SetStage) -> None:
    stage = set_stage(say("First."), say("Better."))
    live = await _talk(stage, "?")
    events = await collect(live.ask_again())
    assert isinstance(events[0], Started)
    assert live.conversation.siblings("m2") == ["m2", "m3"]
    assert (last_message(live).parent, live.conversation.active) == ("m1", "m3")
    assert stage.provider.requests[1].turns == (Turn(Role.USER, "?"),)
    await live.aclose()
    again = stage.open()
    assert again.conversation.siblings("m2") == ["m2", "m3"]
    assert again.conversation.active == "m3"


async def test_an_edited_prompt_becomes_a_sibling_and_the_old_branch_stays(set_stage: SetStage) -> None:
    stage = set_stage(say("First."), say("Second."), say("Other."))
    live = await _talk(stage, "One?", "Two?")
    await collect(live.send("Two, but better?", instead_of="m3"))
    assert live.conversation.siblings("m3") == ["m3", "m5"]
    assert _branch(live) == ["One?", "First.", "Two, but better?", "Other."]
    assert [turn.text for turn in stage.provider.requests[2].turns] == ["One?", "First.", "Two, but better?"]
    await live.show_branch("m3")
    assert _branch(live) == ["One?", "First.", "Two?", "Second."]
    await live.aclose()
    again = stage.open()
    assert again.conversation.active == "m4"
    assert again.conversation.siblings("m3") == ["m3", "m5"]


async def test_the_first_prompt_is_edited_too_and_its_own_title_with_it(set_stage: SetStage) -> None:
    stage = set_stage(say("First."), say("Second."))
    live = await _talk(stage, "One?")
    await collect(live.send("Another one?", instead_of="m1"))
    assert live.conversation.siblings("m1") == ["m1", "m3"]
    assert stage.provider.requests[1].turns == (Turn(Role.USER, "Another one?"),)
    assert live.header.title == "Another one?"
    await live.rename("Mine")
    await collect(live.send("A third?", instead_of="m1"))
    assert live.header.title == "Mine"


async def test_asking_again_without_a_prompt_yields_nothing(set_stage: SetStage) -> None:
    stage = set_stage(say("x"))
    live = stage.make()
    assert await collect(live.ask_again()) == []
    assert (live.last_prompt(), live.last_reply()) == (None, None)
    assert not live.is_streaming


async def test_asking_again_goes_on_with_the_model_of_the_session(set_stage: SetStage) -> None:
    stage = set_stage(say("x"))
    live = await _talk(stage, "?")
    await live.choose_model("fake/two")
    await collect(live.ask_again())
    reply = live.last_reply()
    assert reply is not None
    assert reply.model == "fake/two"
    prompt = live.last_prompt()
    assert prompt is not None
    assert prompt.id == "m1"


async def test_replies_that_failed_are_not_sent_along(set_stage: SetStage) -> None:
    stage = set_stage([REFUSED], say("Now."))
    await _talk(stage, "One?", "Two?")
    assert stage.provider.requests[1].turns == (Turn(Role.USER, "One?"), Turn(Role.USER, "Two?"))


async def test_the_context_in_use_is_estimated_until_it_is_counted(set_stage: SetStage) -> None:
    provider = FakeProvider(say("four", "five"), price=Price(1.0, 1.0))
    live = set_stage(provider=provider).make()
    assert live.context_used == (0, False)
    async with aclosing(live.send("12345678")) as events:
        async for event in events:
            if isinstance(event, TextDelta):
                assert live.context_used[1]
    assert live.context_used == live.context_used == (8, True)


async def test_what_a_reply_cost_counts_at_once(set_stage: SetStage) -> None:
    live = set_stage(provider=FakeProvider(say("four"), price=Price(1e6, 1e6))).make()
    assert live.total_cost.known_usd is None
    await collect(live.send("four"))
    assert live.total_cost.known_usd == 6.0
    assert live.total_cost.estimated == 1


async def test_a_clock_that_jumps_back_leaves_the_order_as_it_was(set_stage: SetStage) -> None:
    stage = set_stage(say("x"))
    live = await _talk(stage, "One?")
    live._now = lambda: datetime(1971, 1, 1, tzinfo=UTC)
    await collect(live.send("Two?"))
    await live.aclose()
    assert [message.text for message in messages_of(stage.open())] == ["One?", "x", "Two?", "x"]


async def test_a_closed_session_may_be_closed_again(set_stage: SetStage) -> None:
    live = await _talk(set_stage(say("x")), "?")
    await live.aclose()
    await live.aclose()
    assert not live.is_streaming
