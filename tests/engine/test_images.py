"""Images that go along with prompts: kept before the request leaves, sent again later, never left out untold."""

from __future__ import annotations

from collections.abc import AsyncGenerator
from contextlib import aclosing
from pathlib import Path

import pytest

from chatui.conversation.attachment import attach_image
from chatui.conversation.events import Event, Finished, Started, Warned
from chatui.conversation.message import Status
from chatui.engine.live_session import LiveSession
from tests.engine.fake_provider import FakeProvider, say
from tests.engine.stage import ID, Stage, collect, last_message, problems_of

CAT = attach_image("cat.png", "image/png", b"a cat")


@pytest.fixture
def provider() -> FakeProvider:
    provider = FakeProvider(say("A cat."))
    provider.takes_images = True
    return provider


@pytest.fixture
async def stage(tmp_path: Path, provider: FakeProvider) -> AsyncGenerator[Stage, None]:
    stage = Stage(tmp_path, provider)
    yield stage
    await stage.aclose()


def make(stage: Stage) -> LiveSession:
    """A new session as the app makes one."""
    live = stage.sessions.make(ID)
    stage.watch(live)
    live.attached.add(CAT)
    return live


def warnings_of(events: list[Event]) -> list[str]:
    return [event.message for event in events if isinstance(event, Warned)]


async def test_an_image_is_on_disk_before_the_request_leaves(stage: Stage) -> None:
    live = make(stage)
    async with aclosing(live.send("What?")) as events:
        async for event in events:
            if isinstance(event, Started):
                break
        (prompt,) = stage.read()
        assert prompt.attachments == (CAT.attachment,)
        (path,) = stage.places.attachments.iterdir()
        assert path.read_bytes() == b"a cat"
        assert stage.provider.requests == []


async def test_it_is_to_be_kept_until_its_prompt_is_on_disk(stage: Stage) -> None:
    live = make(stage)
    assert list(live.attached) == [CAT]
    events = live.send("What?")
    assert list(live.attached) == []
    assert live.attached.to_keep == (CAT,)
    async with aclosing(events):
        async for event in events:
            if isinstance(event, Started):
                break
            assert live.attached.to_keep == (CAT,)
        assert not live.attached.to_keep


async def test_one_whose_prompt_the_disk_refuses_is_to_be_kept_further(stage: Stage) -> None:
    stage.places.sessions.parent.mkdir(parents=True)
    stage.places.sessions.write_text("in the way")
    live = make(stage)
    await collect(live.send("What?"))
    assert live.attached.to_keep == (CAT,)
    assert list(live.attached) == []
    stage.places.sessions.unlink()
    await collect(live.send("Sure?"))
    assert not live.attached.to_keep


async def test_it_is_sent_with_its_prompt_in_this_turn_and_the_next(stage: Stage) -> None:
    live = make(stage)
    assert warnings_of(await collect(live.send("What?"))) == []
    await collect(live.send("Sure?"))
    assert [[turn.images for turn in request.turns] for request in stage.provider.requests] == [
        [(CAT,)],
        [(CAT,), (), ()],
    ]


async def test_an_edited_prompt_takes_along_what_the_old_one_took(stage: Stage) -> None:
    live = make(stage)
    await collect(live.send("What?"))
    await collect(live.send("What is it?", instead_of="m1"))
    assert [message.attachments for message in stage.read() if message.parent is None] == [(CAT.attachment,)] * 2
    assert [turn.images for turn in stage.provider.requests[-1].turns] == [(CAT,)]


async def test_a_session_that_is_opened_again_sends_it_from_the_disk(stage: Stage) -> None:
    await collect(make(stage).send("What?"))
    await stage.aclose()
    live = stage.open()
    await collect(live.send("Sure?"))
    assert stage.provider.requests[-1].turns[0].images == (CAT,)
    await collect(live.ask_again())
    assert stage.provider.requests[-1].turns[0].images == (CAT,)


async def test_one_that_is_gone_is_told_and_leaves_a_word(stage: Stage) -> None:
    await collect(make(stage).send("What?"))
    await stage.aclose()
    for path in stage.places.attachments.iterdir():
        path.unlink()
    events = await collect(stage.open().send("Sure?"))
    assert warnings_of(events) == ["Not sent, because no longer on this computer: cat.png."]
    turn = stage.provider.requests[-1].turns[0]
    assert turn.images == ()
    assert turn.text == "What?\n\n[Here was an image, cat.png, that cannot be shown to you.]"


async def test_a_model_that_takes_none_is_not_asked(stage: Stage) -> None:
    stage.provider.takes_images = False
    live = make(stage)
    await collect(live.send("What?"))
    failure = last_message(live).failure
    assert failure is not None
    assert failure.message == "fake/one takes no images."
    assert 'set images = true in [providers.fake.models."one"]' in failure.advice
    assert stage.provider.requests == []


async def test_earlier_images_stay_behind_where_a_model_takes_none(stage: Stage) -> None:
    live = make(stage)
    await collect(live.send("What?"))
    stage.provider.takes_images = False
    events = await collect(live.send("Sure?"))
    assert warnings_of(events) == ["fake/one takes no images, so the image of earlier prompts did not go along."]
    assert [turn.images for turn in stage.provider.requests[-1].turns] == [(), (), ()]
    assert last_message(live).status is Status.COMPLETE


async def test_where_nobody_knows_it_is_sent_and_told(stage: Stage) -> None:
    stage.provider.takes_images = None
    live = make(stage)
    told = warnings_of(await collect(live.send("What?")))
    assert told == ["Whether fake/one takes images is not known; it was asked with the image."]
    assert stage.provider.requests[0].turns[0].images == (CAT,)
    # Once is enough: the next prompt has none of its own.
    assert warnings_of(await collect(live.send("Sure?"))) == []


async def test_a_disk_that_refuses_an_image_is_told_and_it_is_sent_all_the_same(stage: Stage) -> None:
    stage.places.attachments.parent.mkdir(parents=True)
    stage.places.attachments.write_text("in the way")
    live = make(stage)
    events = await collect(live.send("What?"))
    (problem,) = problems_of(events)
    assert "attachments is a file, but a folder of that name is needed" in problem
    assert stage.provider.requests[0].turns[0].images == (CAT,)


async def test_what_is_not_kept_is_sent_and_leaves_no_file(stage: Stage) -> None:
    live = stage.sessions.make(is_kept=False)
    stage.watch(live)
    live.attached.add(CAT)
    await collect(live.send("What?"))
    await collect(live.send("Sure?"))
    assert stage.provider.requests[-1].turns[0].images == (CAT,)
    assert not stage.places.attachments.exists()


async def test_a_comparison_refuses_in_the_lane_that_takes_none(tmp_path: Path) -> None:
    blind, seeing = FakeProvider(say("?"), name="blind"), FakeProvider(say("A cat."), name="seeing")
    blind.takes_images, seeing.takes_images = False, True
    stage = Stage(tmp_path, seeing)
    stage.roster.offer(blind)
    live = make(stage)
    comparison = live.make_comparison(["blind/one", "seeing/one"])
    async with aclosing(live.compare(comparison, "What?")) as events:
        finished = [each.event.message async for each in events if isinstance(each.event, Finished)]
    assert sorted(message.status for message in finished) == [Status.COMPLETE, Status.FAILED]
    assert blind.requests == []
    assert seeing.requests[0].turns[0].images == (CAT,)
    assert [path.read_bytes() for path in stage.places.attachments.iterdir()] == [b"a cat"]
    await stage.aclose()
