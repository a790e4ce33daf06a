"""The chat completions protocol: what is sent, and what any payload comes to."""

from __future__ import annotations

from typing import Any

import pytest

from chatui.conversation.attachment import attach_image
from chatui.conversation.events import UsageReported
from chatui.conversation.message import Role
from chatui.conversation.request import PlacedImage, Request, Turn
from chatui.conversation.usage import Usage
from chatui.providers.openai import encode_request
from tests.providers.chunks import DONE, STOP, chunk, decode, summarize


def test_a_request_holds_only_what_is_needed() -> None:
    request = Request("m", [Turn(Role.USER, "hi"), Turn(Role.ASSISTANT, "ho"), Turn(Role.USER, "?")])
    assert encode_request(request, has_stream_options=False) == {
        "model": "m",
        "stream": True,
        "messages": [
            {"role": "user", "content": "hi"},
            {"role": "assistant", "content": "ho"},
            {"role": "user", "content": "?"},
        ],
    }


def test_the_system_prompt_comes_first_and_params_and_usage_are_asked_for() -> None:
    request = Request("m", [Turn(Role.USER, "hi")], system="be terse", params={"temperature": 0.5, "stream": False})
    body = encode_request(request, has_stream_options=True)
    assert body["messages"][0] == {"role": "system", "content": "be terse"}
    assert body["stream_options"] == {"include_usage": True}
    assert body["temperature"] == 0.5
    assert body["stream"] is True


@pytest.mark.parametrize(
    ("payload", "text", "reasoning"),
    [
        pytest.param(chunk(content="a"), "a", "", id="content"),
        pytest.param(chunk(content=None, role="assistant"), "", "", id="null content"),
        pytest.param(chunk(content=["a", {"type": "text", "text": "b"}, 3]), "ab", "", id="content in parts"),
        pytest.param(chunk(content={"type": "text", "text": "b"}), "b", "", id="content as one part"),
        pytest.param(chunk(content=[{"text": {"value": "b"}}]), "b", "", id="text as an object"),
        pytest.param(
            chunk(
                content=[
                    {"type": "thinking", "thinking": [{"type": "text", "text": "w"}]},
                    {"type": "text", "text": "a"},
                ]
            ),
            "a",
            "w",
            id="thinking parts",
        ),
        pytest.param(chunk(reasoning_content="w", reasoning="w", reasoning_text="w"), "", "w", id="never twice"),
        pytest.param(chunk(reasoning_content="", reasoning="w"), "", "w", id="the first that holds something"),
        pytest.param(chunk(reasoning_content=None, reasoning=None, reasoning_text="w"), "", "w", id="reasoning_text"),
        pytest.param(chunk(reasoning_details=[{"type": "reasoning.text", "text": "w"}]), "", "w", id="details"),
        pytest.param(chunk(content="a", reasoning="w"), "a", "w", id="both in one chunk"),
        pytest.param(chunk(refusal="I cannot"), "I cannot", "", id="a refusal is the answer"),
        pytest.param({"choices": [{"text": "a"}]}, "a", "", id="text"),
        pytest.param({"choices": [{"delta": "a"}]}, "a", "", id="delta as a string"),
        pytest.param({"choices": [{"message": {"content": "a", "reasoning_content": "w"}}]}, "a", "w", id="message"),
        pytest.param({"choices": [{"delta": {}, "message": {"content": "a"}}]}, "a", "", id="message beside a delta"),
        pytest.param({"choices": [{"index": 1, "delta": {"content": "x"}}]}, "", "", id="another answer"),
        pytest.param(
            {"choices": [{"index": 1, "delta": {"content": "x"}}, {"index": 0, "delta": {"content": "a"}}]},
            "a",
            "",
            id="answer 0 among others",
        ),
        pytest.param({"id": 5, "choices": "x"}, "", "", id="choices of a wrong type"),
        pytest.param({"choices": [None, 3, "x", []]}, "", "", id="choices of wrong types"),
        pytest.param(chunk(content=5, reasoning=["w"], refusal=1), "", "", id="fields of wrong types"),
        pytest.param(chunk(content=[[[["deep"]]]]), "", "", id="parts in parts"),
        pytest.param(chunk(content="  \r\n a\n"), "  \r\n a\n", "", id="white space is kept"),
        pytest.param('{"choices":[{"delta":{"content":"\\ud83d\\ude42\\ud83d"}}]}', "🙂\ufffd", "", id="surrogates"),
        pytest.param(
            '{"choices":[{"delta":{"content":"a"}}],"created":' + "9" * 5000 + "}", "a", "", id="giant integer"
        ),
        pytest.param('{"choices":[{"delta":{"content":"a"}}],"x":NaN}', "a", "", id="NaN"),
        pytest.param('{"choices":[{"delta":{"content":"a\nb"}}]}', "a\nb", "", id="a line end inside a string"),
        pytest.param('\ufeff{"choices":[{"delta":{"content":"a"}}]}', "a", "", id="a byte order mark"),
    ],
)
def test_text_and_reasoning_of_a_chunk(payload: object, text: str, reasoning: str) -> None:
    assert summarize(decode(payload, STOP))[:2] == (text, reasoning)


def test_pieces_are_joined_over_chunks() -> None:
    half = '{"choices":[{"delta":{"content":"\\ud83d"}}]}'
    other = '{"choices":[{"delta":{"content":"\\ude42"}}]}'
    assert summarize(decode(chunk(content="<th"), chunk(content="ink>w</think>a"), half, other, STOP))[:2] == (
        "a🙂",
        "w",
    )
    thought = '{"choices":[{"delta":{"reasoning":"\\ud83d"}}]}'
    assert summarize(decode(thought, STOP))[:2] == ("", "\ufffd")


def test_what_was_held_back_comes_before_the_end() -> None:
    assert summarize(decode(chunk(content="<thi"), STOP))[0] == "<thi"


def test_a_think_tag_is_text_where_the_reasoning_has_its_own_field() -> None:
    assert summarize(decode(chunk(reasoning="w"), chunk(content="<think>x"), STOP))[:2] == ("<think>x", "w")


def test_a_whole_message_at_the_end_is_not_told_again() -> None:
    last = {"choices": [{"delta": {}, "message": {"content": "ab"}, "finish_reason": "stop"}]}
    assert summarize(decode(chunk(content="a"), chunk(content="b"), last))[0] == "ab"


@pytest.mark.parametrize(
    ("usage", "expected", "cost"),
    [
        ({"prompt_tokens": 3, "completion_tokens": 2}, Usage(3, 2), None),
        ({"prompt_tokens": 3, "prompt_tokens_details": {"cached_tokens": 2}}, Usage(3, 0, cached=2), None),
        ({"prompt_tokens": 3, "prompt_cache_hit_tokens": 1}, Usage(3, 0, cached=1), None),
        (
            {"completion_tokens": 9, "completion_tokens_details": {"reasoning_tokens": 4}},
            Usage(0, 9, reasoning=4),
            None,
        ),
        ({"input_tokens": 3.0, "output_tokens": 2, "cost": 0.5}, Usage(3, 2), 0.5),
        ({"prompt_tokens": 3, "cost": {"total_cost": "0.25"}}, Usage(3), 0.25),
        ({"prompt_tokens": 3, "cost": "x", "prompt_tokens_details": None}, Usage(3), None),
        ({"prompt_tokens": 3, "completion_tokens": -5, "cost": -1, "total_tokens": True}, Usage(3), None),
        ({"prompt_tokens": 3, "completion_tokens": 1e300, "cost": True}, Usage(3), None),
    ],
)
@pytest.mark.parametrize("place", ["payload", "choice", "x_groq"])
def test_usage_is_read_wherever_it_lies(
    usage: dict[str, object], expected: Usage, cost: float | None, place: str
) -> None:
    payload: dict[str, Any] = {"choices": [{"index": 0, "delta": {}}]}
    holder = {"payload": payload, "choice": payload["choices"][0], "x_groq": payload.setdefault("x_groq", {})}[place]
    holder["usage"] = usage
    assert UsageReported(expected, cost) in decode(payload, STOP)


@pytest.mark.parametrize(
    "usage", [None, {}, [], 5, {"prompt_tokens": 0}, {"prompt_tokens": None}, {"prompt_tokens": "9"}]
)
def test_usage_that_says_nothing_is_not_reported(usage: object) -> None:
    assert not any(isinstance(event, UsageReported) for event in decode({"choices": [], "usage": usage}, STOP))


def test_usage_is_reported_again_only_when_it_changed_and_also_after_done() -> None:
    first, second = ({"usage": {"prompt_tokens": 3, "completion_tokens": n}} for n in (1, 2))
    events = decode(first, first, chunk(content="a"), STOP, DONE, second, chunk(content="ignored"))
    assert [event.usage.output for event in events if isinstance(event, UsageReported)] == [1, 2]
    assert summarize(events)[0] == "a"


def test_images_go_after_the_text_as_data_urls() -> None:
    image = attach_image("cat.png", "image/png", b"a cat")
    request = Request("m", [Turn(Role.USER, "What?", (image,)), Turn(Role.ASSISTANT, "A cat.")])
    assert encode_request(request, has_stream_options=False)["messages"] == [
        {
            "role": "user",
            "content": [
                {"type": "text", "text": "What?"},
                {"type": "image_url", "image_url": {"url": "data:image/png;base64,YSBjYXQ="}},
            ],
        },
        {"role": "assistant", "content": "A cat."},
    ]


def test_images_within_the_text_stay_where_they_are() -> None:
    image = attach_image("cat.png", "image/png", b"a cat")
    placed = (PlacedImage(3, image), PlacedImage(6, "https://example.org/dog.png", "low"), PlacedImage(6, image))
    turns = [Turn(Role.USER, "A: B: ", placed=placed), Turn(Role.USER, "", placed=(PlacedImage(0, image),))]
    messages = encode_request(Request("m", turns), has_stream_options=False)["messages"]
    at_hand = {"type": "image_url", "image_url": {"url": "data:image/png;base64,YSBjYXQ="}}
    assert [message["content"] for message in messages] == [
        [
            {"type": "text", "text": "A: "},
            at_hand,
            {"type": "text", "text": "B: "},
            {"type": "image_url", "image_url": {"url": "https://example.org/dog.png", "detail": "low"}},
            at_hand,
        ],
        [at_hand],
    ]
