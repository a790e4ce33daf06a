"""Estimates of tokens where nobody has counted; always shown with `~`."""

from __future__ import annotations

from chatui.conversation.request import Request

_CHARACTERS_PER_TOKEN = 4.0
"""English prose and code, over the tokenizers in use; other scripts come to about one token per character."""

_TOKENS_PER_TURN = 4
"""What a chat template adds around each turn."""


_TOKENS_PER_IMAGE = 1000
"""Between what Gemini (258) and Claude (up to 1,600) count for one of ordinary size."""


def estimate_tokens(text: str) -> float:
    """Estimate the tokens of `text`: a quarter per ASCII character, one for any other."""
    if text.isascii():
        return len(text) / _CHARACTERS_PER_TOKEN
    ascii_count = len(text.encode("ascii", "ignore"))
    return ascii_count / _CHARACTERS_PER_TOKEN + (len(text) - ascii_count)


def estimate_message_tokens(text: str, images: int = 0) -> float:
    """Estimate the tokens of one message, with its images and with what a chat template adds around it."""
    return estimate_tokens(text) + _TOKENS_PER_TURN + images * _TOKENS_PER_IMAGE


def estimate_request_tokens(request: Request) -> int:
    """Estimate the input tokens of a whole request."""
    text = estimate_tokens(request.system) + sum(estimate_tokens(turn.text) for turn in request.turns)
    images = sum(turn.image_count for turn in request.turns)
    turns = len(request.turns) + bool(request.system)
    return round(text) + _TOKENS_PER_TURN * turns + _TOKENS_PER_IMAGE * images
