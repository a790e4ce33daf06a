"""An optional field that a server does not take: left out, told, remembered; and a conversation that is too long."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from chatui.conversation.events import FieldRefused
from chatui.conversation.failure import Failure, FailureKind
from chatui.conversation.message import Status
from chatui.engine.adaptations import say_refused
from chatui.engine.fitting import fit_path, read_window
from chatui.engine.memory import Memory
from chatui.providers.refused_field import find_refused_field
from chatui.storage.prompt_history import PromptHistory
from tests.providers.work import GOOD
from tests.reliability.talk import Talk, talk
from tests.sse_server import Recorded, Script, SSEServer, deltas, finish, refusal

_EXTRA = {"detail": [{"type": "extra_forbidden", "loc": ["body", "stream_options"], "msg": "Extra inputs"}]}
_MAX_TOKENS = (
    "Unsupported parameter: 'max_tokens' is not supported with this model. Use 'max_completion_tokens' instead."
)


def _refuse(status: int, payload: object) -> Script:
    return Script([json.dumps(payload).encode()], status, {"content-type": "application/json"})


def _told(here: Talk) -> list[FieldRefused]:
    return [event for event in here.events if isinstance(event, FieldRefused)]


def _fields(server: SSEServer) -> list[set[str]]:
    return [set(request.json) - {"model", "messages", "stream"} for request in server.requests]


@pytest.mark.parametrize("status", [400, 422])
async def test_stream_options_are_left_out_told_and_remembered(server: SSEServer, tmp_path: Path, status: int) -> None:
    server.add(_refuse(status, _EXTRA), GOOD, GOOD)
    async with talk(server, tmp_path) as here:
        reply = await here.ask()
        assert (reply.status, reply.text, reply.attempts) == (Status.COMPLETE, "Hello", 1)
        (refused,) = _told(here)
        said = "The server did not take stream_options: it was left out, now and from here on."
        assert say_refused(refused) == said
        await here.ask()
        assert _told(here) == []
        assert here.memory.state.refused_fields == {"work": {"stream_options": ""}}
    assert _fields(server) == [{"stream_options"}, set(), set()]


async def test_the_next_start_remembers(server: SSEServer, tmp_path: Path) -> None:
    server.add(_refuse(400, _EXTRA), GOOD, GOOD)
    for _ in range(2):
        async with talk(server, tmp_path) as here:
            await here.ask()
    assert _fields(server) == [{"stream_options"}, set(), set()]
    memory = Memory(tmp_path / "state" / "state.toml", PromptHistory(tmp_path / "prompts"))
    assert memory.state.refused_fields == {"work": {"stream_options": ""}}


async def test_a_limit_moves_to_the_name_that_the_server_wants(server: SSEServer, tmp_path: Path) -> None:
    error = {"error": {"message": _MAX_TOKENS, "param": "max_tokens", "code": "unsupported_parameter"}}
    server.add(_refuse(400, error), GOOD)
    async with talk(server, tmp_path) as here:
        await here.live.set_params({"max_tokens": 50})
        assert (await here.ask()).text == "Hello"
        assert say_refused(_told(here)[0]).endswith("it was sent as max_completion_tokens, now and from here on.")
        assert here.memory.state.refused_fields == {"work/m": {"max_tokens": "max_completion_tokens"}}
    assert server.requests[1].json["max_completion_tokens"] == 50


async def test_a_wrong_value_is_left_out_this_once_and_not_remembered(server: SSEServer, tmp_path: Path) -> None:
    server.add(_refuse(400, {"error": {"message": "temperature must be between 0 and 2"}}), GOOD)
    async with talk(server, tmp_path) as here:
        await here.live.set_params({"temperature": 9})
        assert (await here.ask()).text == "Hello"
        assert say_refused(_told(here)[0]).endswith("this once.")
        assert here.memory.state.refused_fields == {}


async def test_what_an_earlier_run_left_out_is_told_once_in_each_run(server: SSEServer, tmp_path: Path) -> None:
    error = {"error": {"message": "temperature is not supported"}}
    server.add(_refuse(400, error), GOOD, GOOD, GOOD)
    async with talk(server, tmp_path) as here:
        await here.live.set_params({"temperature": 0.5})
        await here.ask()
    async with talk(server, tmp_path) as here:
        await here.live.set_params({"temperature": 0.5})
        await here.ask()
        assert [refused.field for refused in _told(here)] == ["temperature"]
        await here.ask()
        assert _told(here) == []


async def test_one_field_after_the_other(server: SSEServer, tmp_path: Path) -> None:
    def answer(request: Recorded) -> Script:
        unknown = [name for name in ("seed", "top_p", "stream_options") if name in request.json]
        return _refuse(400, {"error": {"message": f"unknown field '{unknown[0]}'"}}) if unknown else GOOD

    async with SSEServer(answer) as picky, talk(picky, tmp_path) as here:
        await here.live.set_params({"seed": 1, "top_p": 0.9})
        assert (await here.ask()).text == "Hello"
        assert [refused.field for refused in _told(here)] == ["seed", "top_p", "stream_options"]


async def test_a_refusal_that_stays_is_told_and_nothing_is_learned(server: SSEServer, tmp_path: Path) -> None:
    server.add(*[refusal(400, "bad request: stream_options, messages, and all")] * 3)
    async with talk(server, tmp_path) as here:
        reply = await here.ask()
        assert reply.status is Status.FAILED
        assert _told(here) == []
        assert here.memory.state.refused_fields == {}
    assert len(server.requests) == 2


@pytest.mark.parametrize(
    ("status", "text", "sent", "field"),
    [
        (400, "Unrecognized request argument supplied: logprobs", ["logprobs"], "logprobs"),
        (400, "please stop sending so much", ["stop"], None),
        (400, "'stop' is not allowed", ["stop"], "stop"),
        (400, "my-temperature-sensor", ["temperature"], None),
        (400, '{"param": "stream_options.include_usage"}', ["temperature", "stream_options"], "stream_options"),
        (400, "the model is wrong", ["model"], None),
        (401, "stream_options", ["stream_options"], None),
        (500, "stream_options", ["stream_options"], None),
        (400, "[" * 100_000, ["stream_options"], None),
        (422, '{"detail":[{"loc":["body","seed"]}]}', ["seed"], "seed"),
        (400, '{"a":{"a":{"a":{"a":{"a":{"a":{"a":{"a":{"param":"seed"}}}}}}}}}', ["temperature"], None),
    ],
)
def test_the_field_that_a_refusal_names(status: int, text: str, sent: list[str], field: str | None) -> None:
    found = find_refused_field(status, text.encode(), sent, "")
    assert (None if found is None else found.field) == field


async def test_a_context_that_is_too_long_offers_how_much_to_leave_out(server: SSEServer, tmp_path: Path) -> None:
    error = "This model's maximum context length is 110 tokens. However, you requested 130 tokens."
    server.add(GOOD, GOOD, refusal(400, error), GOOD)
    async with talk(server, tmp_path) as here:
        await here.ask("first " * 20)
        await here.ask("second " * 20)
        reply = await here.ask("third " * 20)
        assert reply.failure is not None
        assert reply.failure.kind is FailureKind.CONTEXT_TOO_LONG
        assert "It would fit without the 2 oldest messages (~39 tokens)" in reply.failure.advice
        fit, problem = await here.live.trim()
        assert problem is None
        assert fit is not None
        assert (fit.left_out, fit.window, fit.said) == (2, 110, "the 2 oldest messages (~39 tokens)")
        assert len(list(here.live.conversation)) == 6
        await here.ask("fourth")
        sent = [message["content"].split()[0] for message in server.requests[3].json["messages"]]
        assert sent == ["second", "Hello", "third", "fourth"]
        await here.live.aclose()
        assert here.sessions.open(here.live.header.id).header.sent_from == fit.first_id


async def test_all_can_be_sent_again_and_a_lone_prompt_cannot_be_trimmed(server: SSEServer, tmp_path: Path) -> None:
    server.add(GOOD, Script([deltas("b"), finish()]), GOOD)
    async with talk(server, tmp_path) as here:
        assert await here.live.trim() == (None, None)
        await here.ask("one")
        assert await here.live.trim() == (None, None)
        await here.ask("two")
        fit, _ = await here.live.trim()
        assert fit is not None
        assert await here.live.send_all() is None
        await here.ask("three")
    assert len(server.requests[2].json["messages"]) == 5


def test_nothing_can_be_left_out_of_one_prompt() -> None:
    assert fit_path([], "", 100) is None


@pytest.mark.parametrize(
    ("message", "window"),
    [
        ("This model's maximum context length is 8192 tokens. However, you requested 9000.", 8192),
        ("maximum context length is 128,000 tokens", 128_000),
        ("the request exceeds the available context size (4096 tokens)", 4096),
        ("prompt is too long: 208310 tokens > 200000 maximum", 200_000),
        ("too long", None),
    ],
)
def test_servers_say_how_large_the_window_is(message: str, window: int | None) -> None:
    assert read_window(Failure(FailureKind.CONTEXT_TOO_LONG, message)) == window
    assert read_window(Failure(FailureKind.SERVER, message)) is None
    assert read_window(None) is None
