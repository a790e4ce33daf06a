"""Estimates of tokens."""

from __future__ import annotations

import pytest

from chatui.conversation.attachment import attach_image
from chatui.conversation.message import Role
from chatui.conversation.request import PlacedImage, Request, Turn
from chatui.engine.tokens import estimate_request_tokens, estimate_tokens


@pytest.mark.parametrize(
    ("text", "tokens"), [("", 0.0), ("word", 1.0), ("12345678", 2.0), ("漢字", 2.0), ("word漢🙂", 3.0)]
)
def test_ascii_counts_a_quarter_and_everything_else_one(text: str, tokens: float) -> None:
    assert estimate_tokens(text) == tokens


def test_a_request_counts_its_texts_and_a_little_for_each_turn() -> None:
    turns = (Turn(Role.USER, "12345678"), Turn(Role.ASSISTANT, "1234"))
    assert estimate_request_tokens(Request("one", turns)) == 2 + 1 + 2 * 4
    assert estimate_request_tokens(Request("one", turns, system="1234")) == 2 + 1 + 1 + 3 * 4


def test_an_image_within_the_text_counts_as_one_beside_it() -> None:
    image = attach_image("cat.png", "image/png", b"a cat")
    beside = Request("one", (Turn(Role.USER, "1234", (image,)),))
    within = Request("one", (Turn(Role.USER, "1234", placed=(PlacedImage(2, image),)),))
    assert estimate_request_tokens(within) == estimate_request_tokens(beside) > 500
