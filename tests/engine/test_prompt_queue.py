"""Prompts that wait."""

from __future__ import annotations

from chatui.engine.prompt_queue import PromptQueue


def test_prompts_keep_their_order_and_the_newest_comes_back() -> None:
    queue = PromptQueue()
    for text in ("one", "two", "three"):
        queue.add(text)
    shown = queue.prompts
    assert shown == ("one", "two", "three")
    assert queue.take_back() == "three"
    assert queue.take_next() == "one"
    assert list(queue.prompts) == ["two"]


def test_an_empty_queue_has_nothing_to_give() -> None:
    queue = PromptQueue()
    assert (queue.take_next(), queue.take_back(), queue.prompts) == (None, None, ())
