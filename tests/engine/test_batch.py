"""A batch asks many prompts, so many at a time."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import suppress

import pytest

from chatui.conversation.attachment import attach_image
from chatui.conversation.events import Ended, TextDelta, UsageReported
from chatui.conversation.failure import Failure, FailureKind
from chatui.conversation.message import Message, Role, Status
from chatui.conversation.request import PlacedImage, Turn
from chatui.conversation.usage import Price, Usage
from chatui.engine.backoff import BackOff, HeldProvider
from chatui.engine.batch import Batch, BatchItem, BatchLimits
from chatui.engine.roster import Roster
from chatui.providers.base import RetrySettings
from tests.engine.fake_provider import NO_WAIT, REFUSED, STOP, FakeProvider, Step, say
from tests.engine.stage import NOW, turn_loop

CAT = attach_image("cat.png", "image/png", b"a cat")
DOG = attach_image("dog.png", "image/png", b"a dog")
LIMITED = Ended(failure=Failure(FailureKind.RATE_LIMIT, "Slow down.", status=429))


def item(n: int, model: str = "fake/one", **fields: object) -> BatchItem:
    return BatchItem(n, model, (Turn(Role.USER, f"Prompt {n}"),), **fields)  # type: ignore[arg-type]  # any field of an item


async def several(items: Sequence[BatchItem]) -> AsyncIterator[BatchItem]:
    for each in items:
        yield each


class Ran:
    """A batch over some prompts, and what it delivered."""

    def __init__(self, provider: FakeProvider, **limits: object) -> None:
        self.batch = Batch(
            Roster({"fake": provider}),
            BatchLimits(**limits),  # type: ignore[arg-type]  # any field of the limits
            now=lambda: NOW,
            chance=lambda: 0.0,
        )
        self.delivered: list[tuple[int, Message]] = []

    async def run(self, items: Sequence[BatchItem]) -> None:
        await self.batch.run(several(items), lambda each, message: self.delivered.append((each.n, message)))

    @property
    def statuses(self) -> dict[int, Status]:
        return {n: message.status for n, message in self.delivered}


async def test_every_prompt_is_answered_once() -> None:
    provider = FakeProvider(say("Yes"))
    ran = Ran(provider, concurrency=3)
    await ran.run([item(n) for n in range(1, 11)])
    assert sorted(ran.statuses) == list(range(1, 11))
    assert sorted(request.turns[0].text for request in provider.requests) == sorted(f"Prompt {n}" for n in range(1, 11))
    assert (ran.batch.tally.complete, ran.batch.tally.failed, ran.batch.running) == (10, 0, {})


async def test_no_more_run_at_a_time_than_are_allowed() -> None:
    gates = [asyncio.Event() for _ in range(12)]
    scripts: list[list[Step]] = [[gate, TextDelta("Yes"), STOP] for gate in gates]
    provider = FakeProvider(*scripts)
    ran = Ran(provider, concurrency=4)
    task = asyncio.create_task(ran.run([item(n) for n in range(1, 13)]))
    for finished, gate in enumerate(gates):
        await turn_loop()
        assert provider.open_streams == len(ran.batch.running) == min(4, 12 - finished)
        gate.set()
    await task
    assert len(provider.requests) == 12


async def test_a_failed_prompt_fails_alone() -> None:
    provider = FakeProvider(say("One"), [REFUSED], say("Three"))
    ran = Ran(provider, concurrency=1)
    await ran.run([item(1), item(2), item(3)])
    assert ran.statuses == {1: Status.COMPLETE, 2: Status.FAILED, 3: Status.COMPLETE}


async def test_a_prompt_takes_at_most_one_request_and_its_retries() -> None:
    provider = FakeProvider([LIMITED], retry=RetrySettings(max_retries=2, initial_backoff=0.0))
    ran = Ran(provider, concurrency=1)
    await ran.run([item(1)])
    assert (len(provider.requests), ran.delivered[0][1].attempts) == (3, 3)
    assert (ran.batch.tally.retried, ran.batch.tally.requests) == (1, 3)


async def test_a_prompt_that_cannot_be_read_sends_nothing() -> None:
    provider = FakeProvider(say("Yes"))
    ran = Ran(provider)
    await ran.run([item(1, problem="Prompt 1 is not JSON.")])
    assert provider.requests == []
    failure = ran.delivered[0][1].failure
    assert failure is not None
    assert (failure.kind, failure.message) == (FailureKind.CONFIGURATION, "Prompt 1 is not JSON.")


async def test_an_unknown_provider_fails_alone() -> None:
    ran = Ran(FakeProvider(say("Yes")))
    await ran.run([item(1, "nobody/x"), item(2)])
    assert ran.statuses == {1: Status.FAILED, 2: Status.COMPLETE}


async def test_after_so_many_failures_nothing_more_is_sent() -> None:
    provider = FakeProvider([REFUSED])
    ran = Ran(provider, concurrency=1, max_failures=2)
    await ran.run([item(n) for n in range(1, 9)])
    assert len(provider.requests) == 2
    assert ran.batch.stop_reason == "2 prompts failed; --max-failures is 2."


def costly(tokens: int) -> list[Step]:
    return [TextDelta("Yes"), UsageReported(Usage(0, tokens)), STOP]


async def test_no_reply_begins_that_could_cost_too_much() -> None:
    provider = FakeProvider(costly(1_000_000), price=Price(0.0, 1.0))
    ran = Ran(provider, concurrency=1, max_cost=3.5)
    await ran.run([item(n) for n in range(1, 9)])
    assert (len(provider.requests), ran.batch.tally.usd) == (3, 3.0)
    assert "--max-cost 3.5" in ran.batch.stop_reason


async def test_without_a_price_a_limit_of_cost_lets_nothing_through() -> None:
    provider = FakeProvider(say("Yes"))
    ran = Ran(provider, max_cost=1.0)
    await ran.run([item(1)])
    assert provider.requests == []
    assert ran.statuses == {1: Status.FAILED}


async def test_cancelling_delivers_no_half_reply() -> None:
    gate = asyncio.Event()
    provider = FakeProvider(say("Done"), [TextDelta("Half"), gate, STOP])
    ran = Ran(provider, concurrency=1)
    task = asyncio.create_task(ran.run([item(1), item(2)]))
    await provider.waits.wait()
    task.cancel()
    with suppress(asyncio.CancelledError):
        await task
    assert ran.statuses == {1: Status.COMPLETE}
    assert provider.open_streams == 0


async def test_what_goes_wrong_in_delivering_ends_the_batch() -> None:
    def deliver(each: BatchItem, message: Message) -> None:
        raise OSError("full")

    batch = Batch(Roster({"fake": FakeProvider(say("Yes"))}), BatchLimits())
    with pytest.raises(OSError, match="full"):
        await batch.run(several([item(1), item(2)]), deliver)


async def test_a_hold_is_seen_while_it_lasts() -> None:
    fake = FakeProvider(say("Yes"), retry=NO_WAIT)
    backoff = BackOff(RetrySettings(), lambda: 1.0)
    provider = HeldProvider(fake, backoff, NO_WAIT)
    batch = Batch(Roster({"fake": provider}), BatchLimits())
    assert batch.hold_left() == 0.0
    backoff.refuse(Failure(FailureKind.RATE_LIMIT, "", retry_after=30.0), await backoff.enter())
    task = asyncio.create_task(batch.run(several([item(1)]), lambda each, message: None))
    await turn_loop()
    assert fake.requests == []
    assert batch.hold_left() > 29.0
    task.cancel()
    with suppress(asyncio.CancelledError):
        await task


@pytest.mark.parametrize(
    "change",
    [
        lambda: item(1, system="Be brief."),
        lambda: item(1, params={"temperature": 0.0}),
        lambda: item(1, id="a"),
        lambda: item(1, "fake/two"),
        lambda: item(2),
        lambda: item(1, source="{"),
        lambda: BatchItem(1, "fake/one", (Turn(Role.USER, "Prompt 1", placed=(PlacedImage(8, CAT),)),)),
    ],
)
def test_whatever_decides_the_answer_changes_the_hash(change: Callable[[], BatchItem]) -> None:
    assert change().hash != item(1).hash


def test_the_place_does_not_change_the_hash() -> None:
    turns = (Turn(Role.USER, "Hi"),)
    assert BatchItem(1, "fake/one", turns).hash == BatchItem(9, "fake/one", turns).hash


def test_the_hash_of_words_alone_is_the_one_that_results_files_have_since_ever() -> None:
    assert item(1).hash == "f7c33007a19f2d7a4ac4c805591aef87"


@pytest.mark.parametrize(
    "other",
    [
        PlacedImage(0, CAT),
        PlacedImage(2, DOG),
        PlacedImage(2, CAT, "low"),
        PlacedImage(2, "https://example.org/cat.png"),
    ],
)
def test_another_image_another_place_and_another_look_are_another_prompt(other: PlacedImage) -> None:
    def with_image(placed: PlacedImage) -> BatchItem:
        return BatchItem(1, "fake/one", (Turn(Role.USER, "Hi", placed=(placed,)),))

    assert with_image(other).hash != with_image(PlacedImage(2, CAT)).hash
    named_otherwise = attach_image("tom.png", "image/png", CAT.data)
    assert with_image(PlacedImage(2, named_otherwise)).hash == with_image(PlacedImage(2, CAT)).hash


@pytest.mark.parametrize("takes_images", [True, None])
async def test_images_go_along_to_a_model_that_takes_them_or_may(takes_images: bool | None) -> None:
    fake = FakeProvider(say("A cat."))
    fake.takes_images = takes_images
    turns = (Turn(Role.USER, "What?", placed=(PlacedImage(5, CAT),)),)
    ran = Ran(fake)
    await ran.run([BatchItem(1, "fake/one", turns)])
    assert ran.statuses == {1: Status.COMPLETE}
    assert fake.requests[0].turns == turns


async def test_a_model_that_takes_no_images_is_not_asked_about_one() -> None:
    fake = FakeProvider(say("?"))
    fake.takes_images = False
    shown = Turn(Role.USER, "What?", placed=(PlacedImage(5, "https://example.org/cat.png"),))
    items = [BatchItem(1, "fake/one", (shown, Turn(Role.ASSISTANT, "A cat."), Turn(Role.USER, "Sure?"))), item(2)]
    ran = Ran(fake)
    await ran.run(items)
    assert ran.statuses == {1: Status.FAILED, 2: Status.COMPLETE}
    failures = [message.failure.message for _, message in ran.delivered if message.failure is not None]
    assert failures == ["fake/one takes no images."]
    assert [request.turns for request in fake.requests] == [item(2).turns]
