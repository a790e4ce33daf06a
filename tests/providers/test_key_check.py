"""Is a key good? No more is said than the answer tells."""

from __future__ import annotations

import pytest

from chatui.config.config import Config, ProviderSettings
from chatui.conversation.failure import FailureKind
from chatui.providers.endpoint import Endpoint
from chatui.providers.key_check import KeyState, check_key_of
from chatui.providers.registry import build_rows
from tests.sse_server import Script, SSEServer, Stall, refusal

LIST = Script([b'{"data": [{"id": "one"}]}'], headers={"content-type": "application/json"}, framing="length")


def _endpoint(base_url: str, key: str = "sk-12345678901234", name: str = "lab", command: str = "") -> Endpoint:
    config = Config(providers={name: ProviderSettings(name, base_url, api_key=key, api_key_cmd=command)})
    return build_rows(config, {})[name].provider


@pytest.mark.parametrize(
    ("answer", "state", "is_usable"),
    [
        (LIST, KeyState.VALID, True),
        (refusal(401), KeyState.REFUSED, False),
        (refusal(403), KeyState.REFUSED, False),
        (refusal(402), KeyState.NO_FUNDS, False),
        (refusal(404), KeyState.NO_MODEL_LIST, True),
        (refusal(429), KeyState.NOT_CHECKED, True),
        (refusal(500), KeyState.NOT_CHECKED, True),
        (refusal(503), KeyState.NOT_CHECKED, True),
        (Script([], status=302, headers={"location": "https://elsewhere.example/v1"}), KeyState.NOT_CHECKED, False),
        (Script([b"<html><title>Login</title>"]), KeyState.NO_MODEL_LIST, True),
        (Script([b'{"data"']), KeyState.NO_MODEL_LIST, True),
    ],
)
async def test_each_answer_has_its_state(answer: Script, state: KeyState, is_usable: bool) -> None:
    async with SSEServer() as server:
        server.add(answer)
        endpoint = _endpoint(server.base_url)
        check = await check_key_of(endpoint)
        await endpoint.aclose()
    assert (check.state, check.is_usable) == (state, is_usable)
    assert check.key is not None
    assert check.address == server.base_url
    assert (check.failure is None) is (state is KeyState.VALID)


async def test_without_a_key_it_answers_or_wants_one() -> None:
    async with SSEServer() as server:
        server.add(LIST, refusal(401))
        endpoint = _endpoint(server.base_url, key="")
        first, second = await check_key_of(endpoint), await check_key_of(endpoint)
        await endpoint.aclose()
    assert (first.state, first.is_usable, first.key) == (KeyState.NO_KEY, True, None)
    assert (second.state, second.is_usable) == (KeyState.MISSING, False)


async def test_a_list_that_is_open_to_all_tells_nothing() -> None:
    async with SSEServer() as server:
        server.add(LIST)
        endpoint = _endpoint(server.base_url, name="openrouter")
        check = await check_key_of(endpoint)
        await endpoint.aclose()
    assert (check.state, check.is_usable, check.failure) == (KeyState.NOT_CHECKED, True, None)


async def test_a_placeholder_and_a_broken_address_are_never_asked() -> None:
    async with SSEServer() as server:
        placeholder = await check_key_of(_endpoint(server.base_url, key="YOUR_API_KEY"))
        assert server.requests == []
    broken = await check_key_of(_endpoint("ftp://x"))
    for check in (placeholder, broken):
        assert (check.state, check.is_usable) == (KeyState.MISSING, False)
        assert check.failure is not None


async def test_no_connection_and_silence_are_not_checked() -> None:
    async with SSEServer() as server:
        server.add(Script([Stall()]))
        endpoint = _endpoint(server.base_url)
        silent = await check_key_of(endpoint, seconds=0.2)
        await endpoint.aclose()
    gone = _endpoint(server.base_url)
    nobody = await check_key_of(gone)
    await gone.aclose()
    for check, kind in ((silent, FailureKind.TIMEOUT), (nobody, FailureKind.NETWORK)):
        assert (check.state, check.is_usable) == (KeyState.NOT_CHECKED, False)
        assert check.failure is not None
        assert check.failure.kind is kind


async def test_a_slow_key_command_is_not_waited_for() -> None:
    check = await check_key_of(_endpoint("http://127.0.0.1:1", key="", command="sleep 60"), seconds=0.1)
    assert check.state is KeyState.NOT_CHECKED
