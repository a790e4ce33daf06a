"""The tree: branches, siblings, and ids that are never given twice."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chatui.conversation.conversation import Conversation
from chatui.conversation.events import Added, Finished, Loaded, Started
from tests.conversation.messages import NOON, prompt, reply, stored


def make_tree() -> Conversation:
    """One prompt with two answers, of which the second was followed up; then another first prompt.

    m1 ─┬─ m2
        └─ m3 ─ m4 ─ m5
    m6
    """
    conversation = Conversation()
    conversation.apply(Added(prompt("m1")))
    conversation.apply(Finished(reply("m2", "m1")))
    conversation.activate("m1")
    conversation.apply(Finished(reply("m3", "m1")))
    conversation.apply(Added(prompt("m4", "m3")))
    conversation.apply(Finished(reply("m5", "m4")))
    conversation.apply(Added(prompt("m6")))
    return conversation


def ids_on_screen(conversation: Conversation) -> list[str]:
    return [message.id for message in conversation.path()]


@pytest.mark.parametrize(
    ("leaf", "branch"),
    [("m2", ["m1", "m2"]), ("m5", ["m1", "m3", "m4", "m5"]), ("m3", ["m1", "m3"]), ("m6", ["m6"])],
)
def test_the_branch_on_screen_is_the_way_from_the_first_message_to_the_leaf(leaf: str, branch: list[str]) -> None:
    conversation = make_tree()
    conversation.activate(leaf)
    assert conversation.active == leaf
    assert ids_on_screen(conversation) == branch


def test_the_branch_is_the_same_until_something_changes() -> None:
    conversation = make_tree()
    assert list(conversation.path()) == list(conversation.path())
    conversation.activate("m5")
    before = list(conversation.path())
    conversation.apply(Finished(reply("m5", "m4", "Better")))
    assert [message.id for message in before] == ids_on_screen(conversation)
    assert conversation.path()[-1] == reply("m5", "m4", "Better")


def test_no_branch_need_be_on_screen() -> None:
    conversation = make_tree()
    conversation.activate(None)
    assert conversation.active is None
    assert ids_on_screen(conversation) == []
    assert len(conversation) == 6


def test_a_leaf_that_is_not_there_is_a_key_error_and_changes_nothing() -> None:
    conversation = make_tree()
    with pytest.raises(KeyError, match="m7"):
        conversation.activate("m7")
    assert conversation.active == "m6"


@pytest.mark.parametrize(
    ("message_id", "siblings"),
    [("m1", ["m1", "m6"]), ("m2", ["m2", "m3"]), ("m3", ["m2", "m3"]), ("m4", ["m4"]), ("m6", ["m1", "m6"])],
)
def test_siblings_answer_the_same_parent(message_id: str, siblings: list[str]) -> None:
    assert make_tree().siblings(message_id) == siblings


def test_the_list_of_siblings_is_the_callers_own() -> None:
    conversation = make_tree()
    conversation.siblings("m2").clear()
    assert conversation.siblings("m2") == ["m2", "m3"]


@pytest.mark.parametrize(("message_id", "leaf"), [("m1", "m5"), ("m2", "m2"), ("m3", "m5"), ("m6", "m6")])
def test_the_leaf_below_is_the_newest(message_id: str, leaf: str) -> None:
    assert make_tree().leaf_below(message_id) == leaf


def test_a_message_whose_parent_is_missing_begins_its_branch() -> None:
    conversation = Conversation()
    conversation.apply(Added(reply("m2", "m1")))
    assert ids_on_screen(conversation) == ["m2"]


def test_parents_in_a_ring_end_every_walk() -> None:
    conversation = Conversation()
    conversation.apply(Loaded([stored(prompt("m1", "m2")), stored(reply("m2", "m1")), stored(prompt("m3", "m3"))]))
    conversation.activate("m2")
    assert ids_on_screen(conversation) == ["m1", "m2"]
    assert conversation.leaf_below("m1") == "m2"
    conversation.activate("m3")
    assert ids_on_screen(conversation) == ["m3"]
    assert conversation.leaf_below("m3") == "m3"


def test_the_id_of_a_live_reply_is_taken() -> None:
    conversation = Conversation()
    conversation.apply(Added(prompt("m1")))
    conversation.apply(Started("m2", "m1", "demo/guide", NOON))
    assert conversation.next_id() == "m3"


@given(st.lists(st.from_regex(r"\A(m[0-9]{1,14}|m|x9|M9|m-1|m²|m1.5|m 1|\w*)\Z"), max_size=12))
def test_the_next_id_is_new_whatever_the_ids_are(ids: list[str]) -> None:
    conversation = Conversation()
    for message_id in ids:
        conversation.apply(Added(prompt(message_id)))
        assert conversation.next_id() not in conversation


def test_ids_go_on_being_new_beyond_any_number() -> None:
    conversation = Conversation()
    conversation.apply(Added(prompt("m99999999999")))
    for _ in range(3):
        message_id = conversation.next_id()
        assert message_id not in conversation
        conversation.apply(Added(prompt(message_id)))
    conversation.apply(Started(conversation.next_id(), None, "demo/guide", NOON))
    live = conversation.live
    assert live is not None
    assert conversation.next_id() not in (live.id, *(message.id for message in conversation))


def test_a_number_of_five_thousand_digits_is_no_number() -> None:
    conversation = Conversation()
    conversation.apply(Added(prompt(f"m{'9' * 5000}")))
    assert conversation.next_id() == "m1"


@pytest.mark.parametrize(("leaf", "fork"), [("m2", "m2"), ("m5", "m3"), ("m6", "m6")])
def test_the_last_fork_is_the_last_message_on_the_branch_with_siblings(leaf: str, fork: str) -> None:
    conversation = make_tree()
    conversation.activate(leaf)
    assert conversation.last_fork() == fork


def test_a_fork_that_comes_later_is_seen_and_without_one_there_is_none() -> None:
    conversation = Conversation()
    assert conversation.last_fork() is None
    conversation.apply(Added(prompt("m1")))
    conversation.apply(Finished(reply("m2", "m1")))
    assert conversation.last_fork() is None
    conversation.activate("m1")
    conversation.apply(Finished(reply("m3", "m1")))
    assert conversation.last_fork() == "m3"
