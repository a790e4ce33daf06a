"""Which field a refusal names, and what becomes of a request without it."""

from __future__ import annotations

import json
from contextlib import aclosing

import pytest

from chatui.conversation.events import Ended, FieldRefused, TextDelta, Warned
from chatui.conversation.request import Request
from chatui.providers.cassette import Cassette, Reply, TimedEvent, encode_cassette
from chatui.providers.openai import encode_request
from chatui.providers.recording import Recording, RecordingProvider
from chatui.providers.refused_field import find_refused_field
from tests.ui.held import HeldProvider


def test_a_refused_field_is_left_out_or_sent_by_another_name() -> None:
    request = Request("m", (), params={"a": 1, "b": 2, "c": 3}, refused={"a": "", "b": "d", "x": "", "model": ""})
    body = encode_request(request, has_stream_options=False)
    assert body == {"model": "m", "c": 3, "d": 2, "messages": [], "stream": True}


def test_the_other_name_does_not_overwrite_what_the_user_set() -> None:
    request = Request("m", (), params={"a": 1, "b": 2}, refused={"a": "b"})
    assert encode_request(request, has_stream_options=False)["b"] == 2


def test_a_limit_that_has_no_other_name_is_left_out() -> None:
    named = find_refused_field(400, b"'max_tokens' is not supported", ["max_tokens"], "")
    assert named == FieldRefused("max_tokens", "")
    both = b"max_tokens and max_completion_tokens cannot both be set"
    assert find_refused_field(400, both, ["max_tokens", "max_completion_tokens"], "") == FieldRefused(
        "max_tokens", "", is_lasting=False
    )


def test_a_pointer_counts_before_the_words() -> None:
    refusal = json.dumps(
        {"error": {"message": "temperature and top_p together are unknown", "param": "top_p"}}
    ).encode()
    found = find_refused_field(400, refusal, ["temperature", "top_p"], "said")
    assert found == FieldRefused("top_p", "said")


@pytest.mark.parametrize("event", [FieldRefused("a", "b"), Warned("a")])
def test_a_cassette_holds_no_notices_of_ours(event: FieldRefused | Warned) -> None:
    with pytest.raises(TypeError):
        encode_cassette(Cassette("m", (Reply((TimedEvent(0.0, TextDelta("a")), TimedEvent(0.1, event))),)))


async def test_a_recording_passes_notices_on_and_leaves_them_out() -> None:
    written: list[bytes] = []
    held = HeldProvider()
    held.give(Warned("careful"), TextDelta("a"))
    held.end()
    provider = RecordingProvider(held, Recording(written.append))
    async with aclosing(provider.stream(Request("one", ()))) as events:
        assert [type(event) for event in [event async for event in events]] == [Warned, TextDelta, Ended]
    assert b"careful" not in written[0]
