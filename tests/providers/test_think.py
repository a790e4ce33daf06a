"""`<think>` at the start of an answer."""

from __future__ import annotations

import pytest

from chatui.conversation.events import ReasoningDelta, TextDelta
from chatui.providers.think import ThinkSplitter


def split(*pieces: str) -> tuple[str, str]:
    splitter = ThinkSplitter()
    deltas = [delta for piece in pieces for delta in splitter.feed(piece)] + splitter.flush()
    reasoning = "".join(delta.text for delta in deltas if isinstance(delta, ReasoningDelta))
    return reasoning, "".join(delta.text for delta in deltas if isinstance(delta, TextDelta))


@pytest.mark.parametrize(
    ("text", "reasoning", "answer"),
    [
        pytest.param("<think>why</think>so", "why", "so", id="a thought and an answer"),
        pytest.param("\n <think>why</think>\n\nso", "why", "so", id="the blanks around the tags go"),
        pytest.param("<think>\nwhy\n</think>so \n", "\nwhy\n", "so \n", id="the thought is kept as it came"),
        pytest.param("  so\n", "", "  so\n", id="an answer without thought is kept as it came"),
        pytest.param("so <think>no</think>", "", "so <think>no</think>", id="a tag later on is text"),
        pytest.param("<think>a</think>b<think>c</think>", "a", "b<think>c</think>", id="a second tag is text"),
        pytest.param("<thinking>", "", "<thinking>", id="another tag is text"),
        pytest.param("<think>never closed </thi", "never closed </thi", "", id="a thought may have no end"),
        pytest.param("<thi", "", "<thi", id="half a tag is text"),
        pytest.param("   ", "", "   ", id="blanks alone are text"),
        pytest.param("<think>a </ b </think >c</think>d", "a </ b </think >c", "d", id="only the tag itself closes"),
        pytest.param("<think></think>", "", "", id="both may be empty"),
        pytest.param("", "", "", id="nothing is nothing"),
    ],
)
def test_reasoning_and_answer(text: str, reasoning: str, answer: str) -> None:
    assert split(text) == (reasoning, answer)
    assert split(*text) == (reasoning, answer)


def test_what_cannot_become_a_tag_is_given_at_once() -> None:
    splitter = ThinkSplitter()
    assert splitter.feed("<th") == []
    assert splitter.feed("e") == [TextDelta("<the")]
    assert splitter.feed("<think>") == [TextDelta("<think>")]


def test_nothing_is_split_after_pass_through() -> None:
    splitter = ThinkSplitter()
    splitter.pass_through()
    assert splitter.feed("<think>a</think>") == [TextDelta("<think>a</think>")]
    splitter.pass_through()
    assert splitter.feed("b") == [TextDelta("b")]
