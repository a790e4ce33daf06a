"""Loading: a conversation that was saved and loaded is the one that was live."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from chatui.conversation.conversation import Conversation
from chatui.conversation.events import Added, Finished, Loaded, ReasoningDelta, Started, TextDelta
from chatui.conversation.message import Message, Status
from tests.conversation.messages import NOON, prompt, reply, stored


def look(conversation: Conversation) -> object:
    """All that can be seen of a conversation."""
    ids = [message.id for message in conversation]
    return (
        len(conversation),
        [conversation.message(message_id) for message_id in ids],
        [conversation.siblings(message_id) for message_id in ids],
        [conversation.leaf_below(message_id) for message_id in ids],
        [message.id for message in conversation.path()],
        conversation.active,
        conversation.next_id(),
    )


@st.composite
def live_conversations(draw: st.DrawFn) -> tuple[Conversation, list[Message]]:
    """A conversation as it was had, branches and all, and its messages as they were saved, in that order."""
    conversation = Conversation()
    saved: list[Message] = []
    for _ in range(draw(st.integers(1, 6))):
        places = [None, *(message.id for message in saved)]
        conversation.activate(draw(st.sampled_from(places)))
        asked = prompt(conversation.next_id(), conversation.active, draw(st.text(max_size=5)))
        conversation.apply(Added(asked))
        saved.append(asked)
        for _ in range(draw(st.integers(0, 2))):
            conversation.apply(Started(conversation.next_id(), asked.id, "demo/guide", NOON))
            for text in draw(st.lists(st.text(max_size=5), max_size=3)):
                conversation.apply(TextDelta(text) if draw(st.booleans()) else ReasoningDelta(text))
            assert conversation.live is not None
            answer = conversation.live.snapshot(draw(st.sampled_from(Status)))
            conversation.apply(Finished(answer))
            saved.append(answer)
    return conversation, saved


@settings(max_examples=100, deadline=None)
@given(live_conversations(), st.data())
def test_live_equals_reloaded(had: tuple[Conversation, list[Message]], data: st.DataObject) -> None:
    live, saved = had
    tail_from = data.draw(st.integers(0, len(saved)))
    middle = data.draw(st.integers(0, tail_from))
    reloaded = Conversation()
    reloaded.apply(Loaded([stored(message) for message in saved[tail_from:]]))
    reloaded.apply(Loaded([stored(message) for message in saved[middle:tail_from]]))
    reloaded.apply(Loaded([stored(message) for message in saved[:middle]]))
    reloaded.activate(live.active)
    assert look(reloaded) == look(live)


@settings(max_examples=50, deadline=None)
@given(live_conversations())
def test_messages_added_one_by_one_make_the_same(had: tuple[Conversation, list[Message]]) -> None:
    live, saved = had
    rebuilt = Conversation()
    for message in saved:
        rebuilt.apply(Added(message))
    rebuilt.activate(live.active)
    assert look(rebuilt) == look(live)


def test_older_messages_join_in_front_and_the_leaf_stays() -> None:
    conversation = Conversation()
    conversation.apply(Added(prompt("m3", "m2")))
    assert [message.id for message in conversation.path()] == ["m3"]
    conversation.apply(Loaded([stored(prompt("m1")), stored(reply("m2", "m1"))]))
    assert [message.id for message in conversation] == ["m1", "m2", "m3"]
    assert [message.id for message in conversation.path()] == ["m1", "m2", "m3"]
    assert conversation.active == "m3"


def test_siblings_stay_in_order_when_the_older_one_comes_later() -> None:
    conversation = Conversation()
    conversation.apply(Added(reply("m3", "m1")))
    conversation.apply(Loaded([stored(prompt("m1")), stored(reply("m2", "m1"))]))
    assert conversation.siblings("m3") == ["m2", "m3"]


def test_a_message_that_is_there_is_not_replaced_by_an_older_one() -> None:
    conversation = Conversation()
    conversation.apply(Added(prompt("m1", text="new")))
    conversation.apply(Loaded([stored(prompt("m1", text="old"))]))
    assert len(conversation) == 1
    assert conversation.message("m1").text == "new"


def test_the_live_reply_goes_on_while_older_messages_come() -> None:
    conversation = Conversation()
    conversation.apply(Added(prompt("m3", "m2")))
    conversation.apply(Started("m4", "m3", "demo/guide", NOON))
    conversation.apply(TextDelta("a"))
    conversation.apply(Loaded([stored(prompt("m1")), stored(reply("m2", "m1"))]))
    conversation.apply(TextDelta("b"))
    assert conversation.live is not None
    assert conversation.live.text_parts == ["a", "b"]
    assert conversation.next_id() == "m5"


def test_nothing_is_decoded_that_nobody_looks_at() -> None:
    decoded: list[str] = []
    conversation = Conversation()
    conversation.apply(Loaded([stored(prompt("m1"), decoded), stored(reply("m2", "m1"), decoded)]))
    conversation.activate("m2")
    assert len(list(conversation.path())) == len(list(conversation)) == 2
    assert conversation.siblings("m2") == ["m2"]
    assert conversation.leaf_below("m1") == "m2"
    assert decoded == []


def test_a_message_is_decoded_once_and_then_shows_decoded_everywhere() -> None:
    decoded: list[str] = []
    message = prompt("m1")
    conversation = Conversation()
    conversation.apply(Loaded([stored(message, decoded)]))
    conversation.activate("m1")
    assert not isinstance(conversation.path()[0], Message)
    assert conversation.message("m1") is conversation.message("m1") is message
    assert decoded == ["m1"]
    assert list(conversation) == list(conversation.path()) == [message]


@pytest.mark.parametrize("messages", [[], [prompt("m1")]])
def test_loading_nothing_changes_nothing(messages: list[Message]) -> None:
    conversation = Conversation()
    for message in messages:
        conversation.apply(Added(message))
    before = look(conversation)
    conversation.apply(Loaded([]))
    assert look(conversation) == before
