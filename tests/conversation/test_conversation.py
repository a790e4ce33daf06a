"""The fold: what each event does to a conversation."""

from __future__ import annotations

import pytest

from chatui.conversation.conversation import Conversation, LiveReply
from chatui.conversation.events import (
    Added,
    Alive,
    Ended,
    Event,
    Finished,
    ReasoningDelta,
    Retrying,
    SaveFailed,
    Started,
    TextDelta,
    UsageReported,
)
from chatui.conversation.failure import Failure, FailureKind
from chatui.conversation.message import Message, Role, Status
from chatui.conversation.usage import Usage
from tests.conversation.messages import NOON, prompt, reply

STARTED = Started("m2", "m1", "demo/guide", NOON)


def fold(*events: Event) -> Conversation:
    conversation = Conversation()
    for event in events:
        conversation.apply(event)
    return conversation


def fold_live(*events: Event) -> LiveReply:
    live = fold(Added(prompt("m1")), STARTED, *events).live
    assert live is not None
    return live


def test_a_new_conversation_is_empty() -> None:
    conversation = Conversation()
    assert len(conversation) == 0
    assert list(conversation) == []
    assert list(conversation.path()) == []
    assert conversation.active is None
    assert conversation.live is None
    assert conversation.next_id() == "m1"


def test_a_message_that_is_added_becomes_the_active_leaf() -> None:
    message = prompt("m1")
    conversation = fold(Added(message))
    assert conversation.active == "m1"
    assert conversation.message("m1") is message
    assert "m1" in conversation
    assert "m2" not in conversation
    assert list(conversation.path()) == [message]


def test_a_message_that_is_not_there_is_a_key_error() -> None:
    with pytest.raises(KeyError):
        Conversation().message("m1")


def test_a_reply_that_started_is_live_and_not_yet_a_message() -> None:
    conversation = fold(Added(prompt("m1")), STARTED)
    assert conversation.live == LiveReply("m2", "m1", "demo/guide", NOON)
    assert len(conversation) == 1
    assert conversation.active == "m1"


def test_deltas_gather_in_the_live_reply() -> None:
    live = fold_live(ReasoningDelta("Hm"), ReasoningDelta("."), TextDelta("Hel"), TextDelta("lo"))
    assert live.snapshot(Status.INTERRUPTED) == Message(
        "m2",
        Role.ASSISTANT,
        "Hello",
        NOON,
        "m1",
        status=Status.INTERRUPTED,
        model="demo/guide",
        reasoning="Hm.",
    )


@pytest.mark.parametrize(
    ("events", "has_content"),
    [
        ([], False),
        ([Alive()], False),
        ([TextDelta("")], False),
        ([ReasoningDelta("")], False),
        ([UsageReported(Usage(1))], False),
        ([TextDelta(" ")], True),
        ([ReasoningDelta("a")], True),
    ],
)
def test_content_is_text_or_reasoning(events: list[Event], has_content: bool) -> None:
    assert fold_live(*events).has_content is has_content


def test_the_last_usage_wins_and_nothing_is_summed() -> None:
    live = fold_live(UsageReported(Usage(1, 1)), UsageReported(Usage(2, 3)))
    assert live.usage == Usage(2, 3)
    assert live.snapshot(Status.COMPLETE).usage == Usage(2, 3)


def test_a_cost_that_the_server_named_stays_until_it_names_another() -> None:
    assert fold_live(UsageReported(Usage(1), 0.5), UsageReported(Usage(2))).reported_cost == 0.5
    assert fold_live(UsageReported(Usage(1), 0.5), UsageReported(Usage(2), 0.0)).reported_cost == 0.0


def test_retries_count_as_attempts() -> None:
    failure = Failure(FailureKind.RATE_LIMIT, "Too fast", 429)
    assert fold_live().attempts == 1
    live = fold_live(Retrying(failure, 1, 3, 1.0), Retrying(failure, 2, 3, 2.0))
    assert live.attempts == 3
    assert live.snapshot(Status.FAILED).attempts == 3


def test_a_finished_reply_is_the_active_leaf_and_no_longer_live() -> None:
    answer = reply("m2", "m1")
    conversation = fold(Added(prompt("m1")), STARTED, TextDelta("Hello"), Finished(answer))
    assert conversation.live is None
    assert conversation.active == "m2"
    assert list(conversation.path()) == [prompt("m1"), answer]


def test_a_finished_message_replaces_the_one_of_the_same_id() -> None:
    cut, whole = reply("m2", "m1", "Hel"), reply("m2", "m1", "Hello")
    conversation = fold(Added(prompt("m1")), Finished(cut), Finished(whole))
    assert conversation.message("m2") is whole
    assert list(conversation) == [prompt("m1"), whole]
    assert conversation.siblings("m2") == ["m2"]


@pytest.mark.parametrize(
    "event",
    [
        TextDelta("a"),
        ReasoningDelta("a"),
        UsageReported(Usage(1)),
        Alive(),
        Ended("stop"),
        Retrying(Failure(FailureKind.SERVER, "no"), 1, 3, 1.0),
        SaveFailed("disk full"),
    ],
)
def test_without_a_live_reply_an_event_of_one_changes_nothing(event: Event) -> None:
    conversation = fold(Added(prompt("m1")), event)
    assert conversation.live is None
    assert list(conversation) == [prompt("m1")]
    assert conversation.active == "m1"


@pytest.mark.parametrize("event", [Alive(), Ended("stop"), SaveFailed("disk full")])
def test_a_live_reply_is_not_touched_by_what_is_not_for_it(event: Event) -> None:
    assert fold_live(event) == fold_live()
