"""The demo provider: the events that come for a request, and when."""

from __future__ import annotations

import asyncio
from contextlib import aclosing

import pytest

from chatui.conversation.events import Alive, Ended, ReasoningDelta, ReplyEvent, TextDelta, UsageReported
from chatui.conversation.failure import FailureKind
from chatui.conversation.message import Role
from chatui.conversation.model_info import ModelInfo
from chatui.conversation.request import Request, Turn
from chatui.conversation.usage import Price, Usage
from chatui.providers.base import ModelList, Provider, RetrySettings
from chatui.providers.demo.book import load_book
from chatui.providers.demo.provider import DemoProvider
from chatui.providers.demo.topic import Topic
from tests.providers.demo_topics import TOPICS
from tests.providers.fake_time import FakeTime

BOOK = load_book()


def demo(time: FakeTime | None = None) -> DemoProvider:
    time = time or FakeTime()
    return DemoProvider(lambda: TOPICS, time.sleep, time.clock)


def ask(*texts: str, model: str = "guide") -> Request:
    """A request whose turns alternate, the user first."""
    roles = (Role.USER, Role.ASSISTANT)
    return Request(model, tuple(Turn(roles[number % 2], text) for number, text in enumerate(texts)))


async def collect(provider: Provider, request: Request) -> list[ReplyEvent]:
    async with aclosing(provider.stream(request)) as events:
        return [event async for event in events]


def text_of(events: list[ReplyEvent]) -> str:
    return "".join(event.text for event in events if isinstance(event, TextDelta))


def thought_of(events: list[ReplyEvent]) -> str:
    return "".join(event.text for event in events if isinstance(event, ReasoningDelta))


def ended(events: list[ReplyEvent]) -> Ended:
    """The last event; there is exactly one end."""
    assert [event for event in events if isinstance(event, Ended)] == events[-1:]
    last = events[-1]
    assert isinstance(last, Ended)
    return last


async def test_a_question_is_answered_word_by_word() -> None:
    time = FakeTime()
    events = await collect(demo(time), ask("how do I switch model?"))
    assert events == [
        TextDelta("`/model` "),
        TextDelta("(Ctrl+T): "),
        TextDelta("Choose "),
        TextDelta("the "),
        TextDelta("model "),
        TextDelta("of "),
        TextDelta("the "),
        TextDelta("next "),
        TextDelta("reply"),
        UsageReported(Usage(input=6, output=14, estimated=True)),
        Ended("stop"),
    ]
    assert time.slept == pytest.approx([0.25 + 1 / 60, *[1 / 60] * 8])


@pytest.mark.parametrize("name", ["markdown", "code", "table", "long", "slow", "unicode", "reasoning"])
@pytest.mark.parametrize("prompt", ["/demo {}", "{}", "show me {}, please!", "Show {}"])
async def test_it_shows_what_is_asked_for(name: str, prompt: str) -> None:
    events = await collect(demo(), ask(prompt.format(name)))
    assert text_of(events) == BOOK.shows[name].script.text
    assert thought_of(events) == BOOK.shows[name].script.thought
    assert ended(events) == Ended("stop")


async def test_reasoning_comes_before_the_answer() -> None:
    kinds = [type(event) for event in await collect(demo(), ask("/demo reasoning"))]
    assert kinds.index(TextDelta) == kinds.count(ReasoningDelta) > 0


async def test_a_slow_reply_takes_a_third_of_a_second_per_word() -> None:
    time = FakeTime()
    await collect(demo(time), ask("/demo slow"))
    assert time.slept[1:4] == pytest.approx([0.3, 0.3, 0.3])


@pytest.mark.parametrize("prompt", ["/demo", "/demo nothing-like-this", "  /DEMO  "])
async def test_without_a_name_it_lists_what_it_can_show(prompt: str) -> None:
    text = text_of(await collect(demo(), ask(prompt)))
    assert "**not an AI**" in text
    for name in (*BOOK.shows, "error"):
        assert f"- `/demo {name}`" in text
    assert "`stall`" in text


@pytest.mark.parametrize("prompt", ["/demo error", "/demo error 418", "error", "show me a failure"])
async def test_without_a_known_failure_it_lists_them(prompt: str) -> None:
    text = text_of(await collect(demo(), ask(prompt)))
    assert all(f"- `/demo error {name}`: " in text for name in BOOK.faults)


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        ("401", FailureKind.AUTHENTICATION),
        ("402", FailureKind.FUNDS),
        ("404", FailureKind.NOT_FOUND),
        ("500", FailureKind.SERVER),
        ("503", FailureKind.OVERLOADED),
    ],
)
@pytest.mark.parametrize("prompt", ["/demo error {}", "/demo {}", "error {}", "simulate an error {}"])
async def test_a_refusal_comes_at_once_and_every_time(name: str, kind: FailureKind, prompt: str) -> None:
    provider = demo()
    for _ in range(4):
        (only,) = await collect(provider, ask(prompt.format(name)))
        assert isinstance(only, Ended)
        assert only.failure is not None
        assert (only.failure.kind, only.failure.status, only.interrupted) == (kind, int(name), False)


async def test_429_asks_for_two_seconds_and_gives_way_at_the_third_attempt() -> None:
    provider = demo()
    request = ask("/demo error 429")
    for _ in range(2):
        failure = ended(await collect(provider, request)).failure
        assert failure is not None
        assert (failure.kind, failure.status, failure.retry_after) == (FailureKind.RATE_LIMIT, 429, 2.0)
    events = await collect(provider, request)
    assert text_of(events) == BOOK.faults["429"].script.rest
    assert ended(events) == Ended("stop")
    assert ended(await collect(provider, request)).failure is not None


async def test_429_counts_the_attempts_of_each_prompt_apart() -> None:
    provider = demo()
    one, other = ask("/demo error 429"), ask("hello", "Hello!", "/demo error 429")
    ends = [ended(await collect(provider, request)) for request in (one, other, one, other, one, other)]
    assert [end.failure is None for end in ends] == [False] * 4 + [True] * 2


async def test_reset_cuts_the_reply_in_the_middle() -> None:
    events = await collect(demo(), ask("/demo error reset"))
    end = ended(events)
    assert text_of(events).endswith("right in the middle of")
    assert end.interrupted
    assert end.failure is not None
    assert end.failure.kind is FailureKind.NETWORK
    assert end.finish_reason is None
    assert not [event for event in events if isinstance(event, UsageReported)]


async def test_empty_ends_well_without_a_word() -> None:
    events = await collect(demo(), ask("/demo error empty"))
    assert events == [UsageReported(Usage(input=5, estimated=True)), Ended("stop")]


@pytest.mark.parametrize(("name", "reason"), [("filter", "content_filter"), ("length", "length")])
async def test_filter_and_length_give_their_finish_reason(name: str, reason: str) -> None:
    events = await collect(demo(), ask(f"/demo error {name}"))
    assert text_of(events) == BOOK.faults[name].script.text != ""
    assert ended(events) == Ended(reason)


async def test_stall_stays_alive_for_a_minute_and_goes_on() -> None:
    time = FakeTime()
    events = await collect(demo(time), ask("/demo error stall"))
    assert events.count(Alive()) == 60
    assert time.now - 1000.0 > 60
    assert text_of(events).endswith("Thank you for your patience.")
    assert ended(events) == Ended("stop")


@pytest.mark.parametrize("name", ["reset", "length"])
@pytest.mark.parametrize("more", [(), ("Please continue.",)])
async def test_a_reply_that_broke_off_can_be_continued(name: str, more: tuple[str, ...]) -> None:
    provider = demo()
    first = text_of(await collect(provider, ask(f"/demo error {name}")))
    rest = await collect(provider, ask(f"/demo error {name}", first, *more))
    script = BOOK.faults[name].script
    assert first + text_of(rest) == script.text + script.rest
    assert ended(rest) == Ended("stop")


async def test_a_stopped_reply_can_be_continued_at_any_letter() -> None:
    provider = demo()
    whole = text_of(await collect(provider, ask("hello")))
    assert text_of(await collect(provider, ask("hello", whole[:25]))) == whole[25:]


async def test_continue_after_a_whole_reply_is_a_question_like_any_other() -> None:
    provider = demo()
    whole = text_of(await collect(provider, ask("hello")))
    assert text_of(await collect(provider, ask("hello", whole, "continue"))).startswith("I only know chatui")


async def test_a_reply_after_a_reply_answers_the_last_prompt() -> None:
    provider = demo()
    events = await collect(provider, ask("hello", "something it never said"))
    assert text_of(events) == BOOK.pages["hello"].text


async def test_a_request_without_turns_is_answered_honestly() -> None:
    assert text_of(await collect(demo(), Request("guide", ()))).startswith("I only know chatui")


async def test_a_pasted_book_costs_no_time() -> None:
    events = await collect(demo(), ask("lorem ipsum " * 100_000))
    assert text_of(events).startswith("I only know chatui")


async def test_topics_are_made_when_they_are_first_needed_and_once() -> None:
    made: list[str] = []

    def make_topics() -> tuple[Topic, ...]:
        made.append("topics")
        return TOPICS

    time = FakeTime()
    provider = DemoProvider(make_topics, time.sleep, time.clock)
    assert made == []
    for _ in range(2):
        assert text_of(await collect(provider, ask("how do I switch model?"))).startswith("`/model`")
    assert made == ["topics"]


async def test_the_reasoner_tells_how_it_found_its_answer() -> None:
    events = await collect(demo(), ask("how do I switch model?", model="reasoner"))
    assert thought_of(events).startswith("The words of it that I know: switch, model.")
    assert text_of(events).startswith("`/model`")


async def test_the_slow_model_is_slow_at_everything() -> None:
    time = FakeTime()
    await collect(demo(time), ask("hello", model="slow"))
    assert time.slept[1] == pytest.approx(0.3)


async def test_another_model_is_not_found() -> None:
    end = ended(await collect(demo(), ask("hello", model="gpt")))
    assert end.failure is not None
    assert (end.failure.kind, end.failure.status) == (FailureKind.NOT_FOUND, 404)
    assert "demo/guide" in end.failure.advice


async def test_it_offers_its_models_free_of_charge() -> None:
    provider: Provider = demo()
    guide = ModelInfo("demo", "guide", 32_000, price=Price(0.0, 0.0), price_as_of="built in", takes_images=False)
    assert provider.name == "demo"
    assert provider.retry == RetrySettings()
    assert provider.describe("guide") == guide
    models = await provider.list_models()
    assert [model.name for model in models.models] == ["demo/guide", "demo/reasoner", "demo/slow"]
    assert models == ModelList(models.models)
    await provider.aclose()


async def test_it_can_be_stopped_in_mid_reply() -> None:
    provider = DemoProvider(lambda: TOPICS)
    heard: list[ReplyEvent] = []
    has_begun = asyncio.Event()

    async def listen() -> None:
        async with aclosing(provider.stream(ask("/demo error stall"))) as events:
            async for event in events:
                heard.append(event)
                has_begun.set()

    task = asyncio.create_task(listen())
    await has_begun.wait()
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    assert heard == [TextDelta("Now ")]
